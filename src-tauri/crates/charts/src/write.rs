//! A plot as SVG text and as PNG bytes.

use plotters::backend::SVGBackend;
use plotters::drawing::IntoDrawingArea;

use crate::canvas::{Canvas, FINE};
use crate::error::Error;
use crate::lettering::cut;
use crate::paint::paint;
use crate::plot::Plot;

/// An SVG document; its letters are Inter where the viewer has it.
pub fn svg(plot: &Plot) -> Result<String, Error> {
    let (width, height) = (plot.size.width(), plot.size.height());
    let fine = FINE.unsigned_abs();
    let mut text = String::new();
    {
        let backend = SVGBackend::with_string(&mut text, (width * fine, height * fine));
        let root = backend.into_drawing_area();
        paint(&root, plot)?;
        root.present().map_err(|reason| Error::Drawing(reason.to_string()))?;
    }
    // Plotters' own head knows one measure only; this one says how many pixels its eighths make.
    let (_, body) = text.split_once('>').unwrap_or_default();
    Ok(format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" xmlns=\"http://www.w3.org/2000/svg\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\" font-variant-numeric=\"tabular-nums\" role=\"img\">\n\
         <title>{}</title>{body}",
        width * fine,
        height * fine,
        escaped(&cut(&plot.title, 1.0, plotters::style::FontStyle::Normal, f64::INFINITY)),
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A PNG file with eight bits a channel and no transparency.
pub fn png(plot: &Plot) -> Result<Vec<u8>, Error> {
    let (width, height) = (plot.size.width(), plot.size.height());
    let mut pixels = vec![0; width as usize * height as usize * 3];
    paint(&Canvas::new(&mut pixels, plot.size).into_drawing_area(), plot)?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.map_err(|reason| Error::Drawing(reason.to_string()))?;
    Ok(file)
}
