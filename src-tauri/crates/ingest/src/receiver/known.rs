//! Series that were written before: senders name them again with each sample, and reading labels takes longer than
//! reading samples.

use std::hash::{BuildHasher, Hasher};

use parking_lot::Mutex;
use rapidhash::RapidHashMap;
use watchglass_exposition::LabelError;
use watchglass_exposition::write::WriteSeries;
use watchglass_model::Labels;

/// So many series are known at most; then all are forgotten.
const MOST: usize = 1 << 18;

/// Labels by a hash of the texts that name them.
#[derive(Debug, Default)]
pub(super) struct KnownSeries(Mutex<RapidHashMap<u64, Labels>>);

impl KnownSeries {
    /// The labels of a series, if Prometheus would take them.
    pub(super) fn labels(&self, series: &WriteSeries<'_>) -> Result<Labels, LabelError> {
        let key = self.key(series);
        if let Some(labels) = self.0.lock().get(&key).filter(|labels| are_of(labels, series)) {
            return Ok(labels.clone());
        }
        let labels = series.labels()?;
        let mut known = self.0.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, labels.clone());
        Ok(labels)
    }

    fn key(&self, series: &WriteSeries<'_>) -> u64 {
        let mut hasher = self.0.lock().hasher().build_hasher();
        for text in series.texts() {
            hasher.write(text);
            hasher.write_u8(0xff);
        }
        hasher.finish()
    }
}

/// Whether a series is named by these very labels, in their order.
fn are_of(labels: &Labels, series: &WriteSeries<'_>) -> bool {
    let known = labels.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
    known.eq(series.texts())
}
