//! Metrics: which there are, the series of one, a picture of them, and how many series there are of what.

mod cardinality;
mod draft;
mod list;
mod picture;
mod points;
mod series;

pub use cardinality::{Cardinality, LabelCost, LabelShare, Share, cardinality, label_costs};
pub use list::{Metric, metrics};
pub use picture::{PictureFormat, PictureQuery, PictureShow, local_offset, metric_picture};
pub use series::{
    BucketSide, ExponentialBuckets, MetricSeries, Series, SeriesExemplar, SeriesQuantile,
    SeriesQuery, metric_series,
};
