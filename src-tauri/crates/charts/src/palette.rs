//! The UI's design tokens (`ui/src/design/tokens.css`) and colours of series (`ui/src/model/colours.ts`) as sRGB.

use std::collections::{BTreeSet, HashMap, HashSet};

use plotters::style::RGBColor;

use crate::numbers::{count, index};

/// Dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light ink on a dark ground.
    #[default]
    Dark,
    /// Dark ink on a light ground.
    Light,
}

/// The tokens that a picture needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    theme: Theme,
    pub(crate) surface: RGBColor,
    pub(crate) line: RGBColor,
    pub(crate) line_soft: RGBColor,
    pub(crate) ink: RGBColor,
    pub(crate) ink_2: RGBColor,
    pub(crate) ink_3: RGBColor,
    pub(crate) warn: RGBColor,
    pub(crate) bad: RGBColor,
}

/// Hues of series, as many as the UI has.
const HUES: usize = 12;

impl Palette {
    pub(crate) fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark => Self {
                theme,
                surface: oklch(0.205, 0.014, 240.0),
                line: oklch(0.32, 0.016, 240.0),
                line_soft: oklch(0.265, 0.014, 240.0),
                ink: oklch(0.95, 0.005, 240.0),
                ink_2: oklch(0.78, 0.01, 240.0),
                ink_3: oklch(0.66, 0.012, 240.0),
                warn: oklch(0.8, 0.13, 80.0),
                bad: oklch(0.71, 0.17, 25.0),
            },
            Theme::Light => Self {
                theme,
                surface: RGBColor(255, 255, 255),
                line: oklch(0.895, 0.006, 240.0),
                line_soft: oklch(0.935, 0.005, 240.0),
                ink: oklch(0.2, 0.012, 240.0),
                ink_2: oklch(0.42, 0.012, 240.0),
                ink_3: oklch(0.53, 0.012, 240.0),
                warn: oklch(0.54, 0.11, 75.0),
                bad: oklch(0.54, 0.19, 25.0),
            },
        }
    }

    /// The colour of a slot: twelve hues between 60° and 345°, then the same in a second tone.
    pub(crate) fn series(&self, slot: usize) -> RGBColor {
        let hue = (60.0 + count(slot % HUES) * 285.0 / count(HUES - 1)).round();
        let is_second = slot / HUES % 2 == 1;
        let (lightness, chroma) = match (self.theme, is_second) {
            (Theme::Dark, false) => (0.74, 0.12),
            (Theme::Dark, true) => (0.87, 0.07),
            (Theme::Light, false) => (0.6, 0.14),
            (Theme::Light, true) => (0.45, 0.11),
        };
        oklch(lightness, chroma, hue)
    }
}

/// The slots of series drawn together: each starts from the hash of its name, and where two would look alike the later
/// one (by name) takes the next free hue. The order given is kept.
pub fn colour_slots(names: &[String]) -> Vec<usize> {
    let mut taken = HashSet::new();
    let mut slots = HashMap::new();
    for name in names.iter().collect::<BTreeSet<_>>() {
        let slot = free_slot(name_hash(name) as usize % HUES, &taken);
        taken.insert(slot);
        slots.insert(name, slot);
    }
    names.iter().map(|name| slots.get(name).copied().unwrap_or_default()).collect()
}

fn free_slot(wanted: usize, taken: &HashSet<usize>) -> usize {
    // Five is prime to twelve: the next try is far away in hue, and all are reached.
    let tries = (0..2).flat_map(|tone| (0..HUES).map(move |step| (tone, step)));
    let mut slots = tries.map(|(tone, step)| tone * HUES + (wanted + step * 5) % HUES);
    slots.find(|slot| !taken.contains(slot)).unwrap_or(wanted)
}

/// The hash by which the UI names and colours series: FNV-1a over UTF-16, with a final mix.
pub fn name_hash(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for unit in name.encode_utf16() {
        hash = (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193);
    }
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^ (hash >> 13)
}

/// CSS Color 4's oklch in sRGB; what lies outside is clipped.
fn oklch(lightness: f64, chroma: f64, hue: f64) -> RGBColor {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let medium = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    RGBColor(
        channel(4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short),
        channel(-1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short),
        channel(-0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701 * short),
    )
}

fn channel(linear: f64) -> u8 {
    let curved =
        if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    u8::try_from(index(curved * 255.0)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_the_srgb_that_css_says() {
        // The examples of CSS Color 4: white, red, green.
        assert_eq!(oklch(1.0, 0.0, 0.0), RGBColor(255, 255, 255));
        assert_eq!(oklch(0.62796, 0.25768, 29.234), RGBColor(255, 0, 0));
        assert_eq!(oklch(0.51975, 0.17686, 142.495), RGBColor(0, 128, 0));
    }

    #[test]
    fn tokens_are_still_those_of_the_ui() {
        let tokens = include_str!("../../../../ui/src/design/tokens.css");
        for token in [
            "--surface: oklch(0.205 0.014 240)",
            "--line: oklch(0.32 0.016 240)",
            "--line-soft: oklch(0.265 0.014 240)",
            "--ink: oklch(0.95 0.005 240)",
            "--ink-2: oklch(0.78 0.01 240)",
            "--ink-3: oklch(0.66 0.012 240)",
            "--warn: oklch(0.8 0.13 80)",
            "--bad: oklch(0.71 0.17 25)",
            "--surface: #fff",
            "--line: oklch(0.895 0.006 240)",
            "--line-soft: oklch(0.935 0.005 240)",
            "--ink: oklch(0.2 0.012 240)",
            "--ink-2: oklch(0.42 0.012 240)",
            "--ink-3: oklch(0.53 0.012 240)",
            "--warn: oklch(0.54 0.11 75)",
            "--bad: oklch(0.54 0.19 25)",
        ] {
            assert!(tokens.contains(token), "{token}");
        }
    }

    #[test]
    fn the_hash_is_the_one_of_the_ui() {
        // `hash` of ui/src/model/colours.ts gives these.
        assert_eq!(name_hash(""), 1_572_119_809);
        assert_eq!(name_hash("web route=/cart"), 2_902_390_371);
    }

    #[test]
    fn series_together_have_colours_of_their_own() {
        let names: Vec<_> = (0..24).map(|number| format!("series {number}")).collect();
        let slots: HashSet<_> = colour_slots(&names).into_iter().collect();
        assert_eq!(slots.len(), 24);
        assert!(
            colour_slots(&["a".to_owned(), "a".to_owned()]).windows(2).all(|two| two[0] == two[1])
        );
    }
}
