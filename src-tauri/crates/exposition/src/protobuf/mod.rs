//! The protobuf exposition: `io.prometheus.client.MetricFamily`, each with its length before it.
//!
//! Classic histograms and summaries come out as the series that the text formats would hold; a native histogram comes
//! out whole (upstream `model/textparse/protobufparse.go`).

mod family;
mod message;
mod metric;

pub(crate) use family::read;
