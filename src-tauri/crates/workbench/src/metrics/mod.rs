//! Metrics: which there are, and the series of one.

mod draft;
mod list;
mod points;
mod series;

pub use list::{Metric, metrics};
pub use series::{
    BucketSide, ExponentialBuckets, MetricSeries, Series, SeriesExemplar, SeriesQuantile,
    SeriesQuery, metric_series,
};
