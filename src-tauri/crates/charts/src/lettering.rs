//! Letters: Inter in two weights from bytes, how wide a text is, and texts cut to a width.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont};
use plotters::style::FontStyle;

use crate::numbers::single;

/// What SVG viewers look for, Inter first; PNG always has Inter.
pub(crate) const FAMILY: &str = "Inter, system-ui, sans-serif";
/// Plotters' sizes are heights of lines: this many times what CSS calls the font size.
pub(crate) const LINE: f64 = 1.24;
/// Longer texts are cut before they are measured.
const MOST_LETTERS: usize = 400;

static REGULAR: LazyLock<FontRef<'static>> =
    LazyLock::new(|| parsed(include_bytes!("../../../../assets/fonts/Inter-Regular.ttf")));
static SEMIBOLD: LazyLock<FontRef<'static>> =
    LazyLock::new(|| parsed(include_bytes!("../../../../assets/fonts/Inter-SemiBold.ttf")));

fn parsed(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the bundled font is a font: the tests read it")
}

/// The font of a style.
pub(crate) fn font(style: FontStyle) -> &'static FontRef<'static> {
    if matches!(style, FontStyle::Bold) { &SEMIBOLD } else { &REGULAR }
}

/// The scale that makes an em so many pixels.
pub(crate) fn scale(font: &FontRef<'_>, em: f32) -> PxScale {
    let units = font.units_per_em().unwrap_or(2_048.0);
    PxScale::from(em * font.height_unscaled() / units)
}

/// How wide a text is, in the measure of its size.
pub(crate) fn width(text: &str, em: f64, style: FontStyle) -> f64 {
    let font = font(style);
    let scaled = font.as_scaled(scale(font, single(em)));
    text.chars().map(|letter| f64::from(scaled.h_advance(scaled.glyph_id(letter)))).sum()
}

/// A text that is no wider than `most`, with an ellipsis where something is missing. What XML cannot hold is left out.
pub(crate) fn cut(text: &str, em: f64, style: FontStyle, most: f64) -> String {
    let is_fit = |letter: &char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let clean: String = text.chars().take(MOST_LETTERS).filter(is_fit).collect();
    let is_whole = text.chars().nth(MOST_LETTERS).is_none();
    if is_whole && width(&clean, em, style) <= most {
        return clean;
    }
    let room = most - width("…", em, style);
    let mut used = 0.0;
    let fits = clean.char_indices().take_while(|(_, letter)| {
        used += width(letter.encode_utf8(&mut [0; 4]), em, style);
        used <= room
    });
    let end = fits.last().map_or(0, |(at, letter)| at + letter.len_utf8());
    let (kept, _) = clean.split_at(end);
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_fits_and_says_that_it_was_cut() {
        let long = "http.server.duration route=/checkout ".repeat(100);
        let cut = cut(&long, 11.0, FontStyle::Normal, 120.0);
        assert!(cut.ends_with('…') && cut.starts_with("http.server"), "{cut}");
        assert!(width(&cut, 11.0, FontStyle::Normal) <= 120.0);
    }

    #[test]
    fn what_fits_stays_and_control_characters_go() {
        assert_eq!(cut("a\u{1}b\u{ffff}c\n", 11.0, FontStyle::Normal, 120.0), "abc");
    }

    #[test]
    fn figures_are_tabular_in_both_weights() {
        for style in [FontStyle::Normal, FontStyle::Bold] {
            let widths = ["1", "8"].map(|digit| width(digit, 100.0, style));
            assert!((widths[0] - widths[1]).abs() < 1e-9, "{widths:?}");
        }
    }
}
