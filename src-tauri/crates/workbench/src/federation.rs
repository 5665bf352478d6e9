//! The latest samples of series, as another Prometheus takes them over.

use std::collections::BTreeMap;

use watchglass_model::{Labels, Millis, Sample, Samples};
use watchglass_storage::{Matcher, MillisRange, ReadError, SeriesReader};

use crate::workbench::Workbench;

/// The latest samples of some series, by name and labels, and what tells where they come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Federated {
    /// Series that have a name, each with its latest sample.
    pub samples: Vec<(Labels, Sample)>,
    /// `external_labels` of `prometheus.yml`, and an empty `instance` that keeps the scraper from setting its own.
    pub external: BTreeMap<String, String>,
}

impl Federated {
    /// The labels of a series but its name, and then the external ones that it does not have itself.
    pub fn labels_of<'a>(&'a self, labels: &'a Labels) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = labels.iter().filter(|(name, _)| *name != watchglass_model::METRIC_NAME);
        let external = self.external.iter().filter(|(name, _)| labels.get(name).is_empty());
        own.chain(external.map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

impl Workbench {
    /// The latest samples, within the lookback, of the series that pass any of the selectors. Series that have ended are
    /// left out.
    pub async fn federate(&self, selectors: Vec<Vec<Matcher>>) -> Result<Federated, ReadError> {
        let now = Millis::try_from(self.now().0 / 1_000_000).unwrap_or(Millis::MAX);
        let lookback = self.promql_options().lookback;
        let range = MillisRange { start: now.saturating_sub(lookback), end: now };
        let samples = self.ask_series(move |reader| latest(reader, &selectors, range)).await?;
        let configuration = self.configuration().configuration;
        let labels = configuration.map(|one| one.global.external_labels.clone());
        let mut external = BTreeMap::from([("instance".to_owned(), String::new())]);
        for (name, value) in labels.iter().flat_map(Labels::iter) {
            external.insert(name.to_owned(), value.to_owned());
        }
        Ok(Federated { samples, external })
    }
}

fn latest(
    reader: &dyn SeriesReader,
    selectors: &[Vec<Matcher>],
    range: MillisRange,
) -> Result<Vec<(Labels, Sample)>, ReadError> {
    let mut found = BTreeMap::new();
    let mut samples = Samples::default();
    for matchers in selectors {
        for cursor in reader.select(matchers, range)? {
            let labels = cursor.labels();
            let key = (labels.name().to_owned(), labels.clone());
            if key.0.is_empty() || found.contains_key(&key) {
                continue;
            }
            cursor.read(range, &mut samples)?;
            if let Some(last) = samples.iter().last().filter(|last| !last.value.is_stale()) {
                found.insert(key, last);
            }
        }
    }
    Ok(found.into_iter().map(|((_, labels), sample)| (labels, sample)).collect())
}
