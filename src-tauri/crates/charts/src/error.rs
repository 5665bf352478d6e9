//! What can go wrong when a picture is made.

use crate::plot::{LEAST_HEIGHT, LEAST_WIDTH, MOST_PIXELS};

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A picture of that size would be unreadable or too large.
    #[error(
        "{width}×{height} is no size of a picture: it is {LEAST_WIDTH} to {MOST_PIXELS} pixels wide and \
         {LEAST_HEIGHT} to {MOST_PIXELS} high"
    )]
    Size {
        /// Wanted pixels from left to right.
        width: u32,
        /// Wanted pixels from top to bottom.
        height: u32,
    },
    /// Plotters or the PNG encoder refused.
    #[error("the picture cannot be drawn: {0}")]
    Drawing(String),
}
