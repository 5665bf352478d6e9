//! What is to be seen, as plain values.

use chrono::FixedOffset;
use watchglass_model::{TimeRange, Timestamp};

use crate::error::Error;
use crate::palette::Theme;
use crate::unit::Unit;

/// The longest side of a picture: what a 4K screen shows, and 50 MB while it is painted.
pub const MOST_PIXELS: u32 = 4_096;
/// What the labels of both axes need at least.
pub(crate) const LEAST_WIDTH: u32 = 240;
pub(crate) const LEAST_HEIGHT: u32 = 160;

/// A picture of lines over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// What is shown, in the first line.
    pub title: String,
    /// What the values are; the value axis is labelled in it.
    pub unit: Unit,
    /// From the left edge to the right one.
    pub range: TimeRange,
    /// The wall clock by which times are written.
    pub offset: FixedOffset,
    /// The lines, in the order of the legend; the first is painted last, above the others.
    pub series: Vec<Series>,
    /// Levels to compare with.
    pub thresholds: Vec<Threshold>,
    /// Dark or light.
    pub theme: Theme,
    /// In pixels.
    pub size: Size,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Which of the colours of series; see [`colour_slots`](crate::colour_slots).
    pub colour: usize,
    /// Values by time, in any order. The line is broken where there is none, or none that is finite.
    pub points: Vec<(Timestamp, Option<f64>)>,
}

/// A level that values are compared with, as a dashed line.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// What is written at its line.
    pub name: String,
    /// Where it lies; nothing is drawn where it is not finite.
    pub value: f64,
    /// What it means to cross it.
    pub level: Level,
}

/// What it means to cross a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Look at it.
    Warn,
    /// Something is wrong.
    Bad,
}

/// The size of a picture in pixels, within what can be read and held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// 240×160 to 4096×4096.
    pub fn new(width: u32, height: u32) -> Result<Self, Error> {
        let is_readable = width >= LEAST_WIDTH && height >= LEAST_HEIGHT;
        if is_readable && width <= MOST_PIXELS && height <= MOST_PIXELS {
            Ok(Self { width, height })
        } else {
            Err(Error::Size { width, height })
        }
    }

    /// Pixels from left to right.
    pub const fn width(self) -> u32 {
        self.width
    }

    /// Pixels from top to bottom.
    pub const fn height(self) -> u32 {
        self.height
    }
}
