//! Plotters' backend for PNG: smooth lines and well-set letters on RGB pixels, drawn in eighths of a pixel.
//!
//! Plotters' own bitmap backend knows whole pixels only and places letters without their side bearings.

use std::convert::Infallible;

use ab_glyph::{Font, ScaleFont, point};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use crate::lettering::{LINE, font, scale, width};
use crate::numbers::{index, single, whole};
use crate::plot::Size;

/// Units of coordinates in a pixel.
pub(crate) const FINE: i32 = 8;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;
type Place = (f64, f64);

/// RGB pixels, row by row.
#[derive(Debug)]
pub(crate) struct Canvas<'a> {
    size: Size,
    pixels: &'a mut [u8],
    /// How much of each pixel the path that is being drawn covers.
    mask: Vec<u8>,
    /// The places in the mask that are not zero.
    touched: Vec<usize>,
}

impl<'a> Canvas<'a> {
    /// On three bytes a pixel.
    pub(crate) fn new(pixels: &'a mut [u8], size: Size) -> Self {
        let mask = vec![0; size.width() as usize * size.height() as usize];
        Self { size, pixels, mask, touched: Vec::new() }
    }

    /// Where a pixel lies in the mask; none outside of the picture.
    fn at(&self, x: i32, y: i32) -> Option<usize> {
        let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
        let is_inside = x < self.size.width() && y < self.size.height();
        is_inside.then(|| y as usize * self.size.width() as usize + x as usize)
    }

    /// Covers a pixel, as much as anything of the same shape does.
    fn cover(&mut self, x: i32, y: i32, part: f64) {
        let part = u8::try_from(index(part.min(1.0) * 255.0)).unwrap_or(u8::MAX);
        let Some(at) = self.at(x, y) else { return };
        let Some(covered) = self.mask.get_mut(at) else { return };
        if *covered == 0 && part > 0 {
            self.touched.push(at);
        }
        *covered = part.max(*covered);
    }

    /// Paints what is covered and begins anew.
    fn paint(&mut self, colour: BackendColor) {
        for at in self.touched.drain(..) {
            let part = self.mask.get_mut(at).map(std::mem::take).unwrap_or_default();
            let share = f64::from(part) / 255.0 * colour.alpha;
            let pixel = self.pixels.get_mut(at * 3..at * 3 + 3).unwrap_or_default();
            for (old, new) in pixel.iter_mut().zip(<[u8; 3]>::from(colour.rgb)) {
                let mixed = f64::from(*old) + (f64::from(new) - f64::from(*old)) * share;
                *old = u8::try_from(index(mixed)).unwrap_or(u8::MAX);
            }
        }
    }

    /// Covers a line from `a` to `b` that reaches `half` to each side and has round ends.
    fn cover_line(&mut self, a: Place, b: Place, half: f64) {
        let is_steep = (b.1 - a.1).abs() > (b.0 - a.0).abs();
        // Steps go along the longer side, so that each looks at a few pixels across only.
        let turn = |(x, y): Place| if is_steep { (y, x) } else { (x, y) };
        let (a, b) = if turn(a).0 <= turn(b).0 { (turn(a), turn(b)) } else { (turn(b), turn(a)) };
        let (along, across) = (b.0 - a.0, b.1 - a.1);
        let square = along * along + across * across;
        let reach = (half + 1.0) * std::f64::consts::SQRT_2;
        for step in whole((a.0 - reach).floor())..=whole((b.0 + reach).ceil()) {
            let middle = f64::from(step) + 0.5;
            let share = if along > 0.0 { ((middle - a.0) / along).clamp(0.0, 1.0) } else { 0.0 };
            let near = a.1 + across * share;
            for side in whole((near - reach).floor())..=whole((near + reach).ceil()) {
                let spot = (middle - a.0, f64::from(side) + 0.5 - a.1);
                let foot =
                    if square > 0.0 { (spot.0 * along + spot.1 * across) / square } else { 0.0 };
                let foot = foot.clamp(0.0, 1.0);
                let distance = (spot.0 - along * foot).hypot(spot.1 - across * foot);
                let (x, y) = if is_steep { (side, step) } else { (step, side) };
                self.cover(x, y, half + 0.5 - distance);
            }
        }
    }

    /// Covers an upright rectangle.
    fn cover_rectangle(&mut self, a: Place, b: Place) {
        let overlap = |low: f64, high: f64, pixel: i32| {
            (high.min(f64::from(pixel) + 1.0) - low.max(f64::from(pixel))).max(0.0)
        };
        let (left, right) = (a.0.min(b.0), a.0.max(b.0));
        let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
        for y in whole(top.floor())..whole(bottom.ceil()) {
            for x in whole(left.floor())..whole(right.ceil()) {
                self.cover(x, y, overlap(left, right, x) * overlap(top, bottom, y));
            }
        }
    }
}

/// From eighths to pixels.
fn pixels((x, y): BackendCoord) -> Place {
    (f64::from(x) / f64::from(FINE), f64::from(y) / f64::from(FINE))
}

/// Half a stroke in pixels, wide enough to be seen.
fn half_of(style: &impl BackendStyle) -> f64 {
    (f64::from(style.stroke_width()) / f64::from(FINE) / 2.0).max(0.5)
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let fine = FINE.unsigned_abs();
        (self.size.width() * fine, self.size.height() * fine)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        self.cover_rectangle(pixels((x, y)), pixels((x + 1, y + 1)));
        self.paint(colour);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !fill {
            return self.draw_path([from, (to.0, from.1), to, (from.0, to.1), from], style);
        }
        self.cover_rectangle(pixels(from), pixels(to));
        self.paint(style.color());
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let mut before: Option<Place> = None;
        for place in path.into_iter().map(pixels) {
            self.cover_line(before.unwrap_or(place), place, half_of(style));
            before = Some(place);
        }
        self.paint(style.color());
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Drawn {
        let centre = pixels(centre);
        self.cover_line(centre, centre, f64::from(radius) / f64::from(FINE));
        self.paint(style.color());
        Ok(())
    }

    /// Placed as the SVG backend does: its anchors are parts of an em around the baseline.
    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        place: BackendCoord,
    ) -> Drawn {
        let em = style.size() / LINE / f64::from(FINE);
        let (mut x, y) = pixels(place);
        x -= width(text, em, style.style())
            * match style.anchor().h_pos {
                HPos::Left => 0.0,
                HPos::Center => 0.5,
                HPos::Right => 1.0,
            };
        let baseline = y + em
            * match style.anchor().v_pos {
                VPos::Top => 0.76,
                VPos::Center => 0.27,
                VPos::Bottom => -0.27,
            };
        let font = font(style.style());
        let scale = scale(font, single(em));
        let scaled = font.as_scaled(scale);
        for letter in text.chars() {
            let glyph = scaled.glyph_id(letter);
            let placed = glyph.with_scale_and_position(scale, point(single(x), single(baseline)));
            x += f64::from(scaled.h_advance(glyph));
            let Some(outline) = font.outline_glyph(placed) else { continue };
            let corner = outline.px_bounds().min;
            let (left, top) = (whole(corner.x.into()), whole(corner.y.into()));
            outline.draw(|column, row, part| {
                let column = left.saturating_add_unsigned(column);
                self.cover(column, top.saturating_add_unsigned(row), part.into());
            });
        }
        self.paint(style.color());
        Ok(())
    }
}
