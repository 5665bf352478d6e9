//! Pictures from values with plotters: PNG and SVG for exports, notifications and reports.
//!
//! A [`Plot`] says in plain values what is to be seen; [`svg`] and [`png`] paint the same picture of it. Coordinates are
//! eighths of a pixel, so that lines are smooth in both. Colours are those of the UI's design tokens, letters are Inter,
//! which lies in `assets/fonts`: neither a font nor a clock of the system is asked.
//!
//! Absent on purpose: where values come from, files, the time zone of the machine.

mod canvas;
mod error;
mod legend;
mod lettering;
mod numbers;
mod paint;
mod palette;
mod plot;
mod thin;
mod time_axis;
mod unit;
mod value_axis;
mod write;

pub use error::Error;
pub use palette::{Theme, colour_slots, name_hash};
pub use plot::{Level, MOST_PIXELS, Plot, Series, Size, Threshold};
pub use unit::Unit;
pub use write::{png, svg};
