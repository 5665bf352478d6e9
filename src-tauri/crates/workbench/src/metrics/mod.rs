//! Metrics: which there are, the series of one, and a picture of them.

mod draft;
mod list;
mod picture;
mod points;
mod series;

pub use list::{Metric, metrics};
pub use picture::{PictureFormat, PictureQuery, PictureShow, local_offset, metric_picture};
pub use series::{
    BucketSide, ExponentialBuckets, MetricSeries, Series, SeriesExemplar, SeriesQuantile,
    SeriesQuery, metric_series,
};
