//! How many series there are of what.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench as workbench;

/// The series within a range.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cardinality {
    pub(crate) total: SeriesShare,
    /// Those with most series first.
    pub(crate) metrics: Vec<MetricShare>,
    /// Metrics that have more series at the end than at the beginning, those that grew most first.
    pub(crate) grown: Vec<MetricShare>,
    /// Those with most values first.
    pub(crate) labels: Vec<LabelShare>,
    /// Those of most series first.
    pub(crate) pairs: Vec<PairShare>,
    /// Labels of single metrics, those without which most series would be saved first.
    pub(crate) costs: Vec<LabelCost>,
}

/// Some of the series.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesShare {
    /// With a sample within the range.
    pub(crate) series: u64,
    /// Alive when the range begins.
    pub(crate) before: u64,
    /// Alive when it ends.
    pub(crate) after: u64,
    /// Of the names and values of their labels.
    pub(crate) bytes: u64,
}

/// The series of a metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricShare {
    pub(crate) name: String,
    pub(crate) share: SeriesShare,
}

/// The series with a label.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelShare {
    pub(crate) name: String,
    pub(crate) series: u64,
    pub(crate) values: u64,
    /// Of its name and values on all these series.
    pub(crate) bytes: u64,
}

/// The series with a value of a label.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairShare {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) series: u64,
    /// Of name and value on all these series.
    pub(crate) bytes: u64,
}

/// What a label of a metric costs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelCost {
    pub(crate) metric: String,
    pub(crate) label: String,
    /// Of the metric.
    pub(crate) series: u64,
    pub(crate) values: u64,
    /// How many series would be left without the label.
    pub(crate) without: u64,
}

/// What each label of a metric costs, the dearest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelCosts {
    pub(crate) labels: Vec<LabelCost>,
}

impl From<workbench::Cardinality> for Cardinality {
    fn from(found: workbench::Cardinality) -> Self {
        let metric =
            |(name, share): (String, workbench::Share)| MetricShare { name, share: share.into() };
        Self {
            total: found.total.into(),
            metrics: found.names.into_iter().map(metric).collect(),
            grown: found.grown.into_iter().map(metric).collect(),
            labels: found
                .labels
                .into_iter()
                .map(|(name, workbench::LabelShare { series, values, bytes })| LabelShare {
                    name,
                    series,
                    values,
                    bytes,
                })
                .collect(),
            pairs: found
                .pairs
                .into_iter()
                .map(|(name, value, workbench::LabelShare { series, bytes, .. })| PairShare {
                    name,
                    value,
                    series,
                    bytes,
                })
                .collect(),
            costs: found.costs.into_iter().map(LabelCost::from).collect(),
        }
    }
}

impl From<workbench::Share> for SeriesShare {
    fn from(workbench::Share { series, before, after, bytes }: workbench::Share) -> Self {
        Self { series, before, after, bytes }
    }
}

impl From<workbench::LabelCost> for LabelCost {
    fn from(cost: workbench::LabelCost) -> Self {
        let workbench::LabelCost { metric, label, series, values, without } = cost;
        Self { metric, label, series, values, without }
    }
}
