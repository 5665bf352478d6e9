//! The samples of a series, as Prometheus has them: milliseconds and a float or a native histogram.

use std::sync::Arc;

use crate::FloatHistogram;

/// Milliseconds since the Unix epoch, the time of the Prometheus world; may be negative.
pub type Millis = i64;

/// The bits of the one NaN that says "the series ends here" (Prometheus `model/value/value.go`).
const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The staleness marker.
pub const STALE: f64 = f64::from_bits(STALE_BITS);

/// Whether `value` is the staleness marker and no other NaN.
pub const fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_BITS
}

/// The value of one sample.
#[derive(Debug, Clone, PartialEq)]
pub enum SampleValue {
    /// A float.
    Float(f64),
    /// A native histogram. A histogram whose sum is [`STALE`] is a staleness marker too.
    Histogram(Arc<FloatHistogram>),
}

impl SampleValue {
    /// Whether the series ends here.
    pub fn is_stale(&self) -> bool {
        match self {
            Self::Float(value) => is_stale(*value),
            Self::Histogram(histogram) => is_stale(histogram.sum),
        }
    }
}

/// One sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// When.
    pub time: Millis,
    /// What.
    pub value: SampleValue,
    /// When the counter or histogram began to count; zero where not known.
    pub start: Millis,
}

/// Samples of one series in the order of time, as columns: a reader fills the same columns series after series.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Samples {
    /// When, each later than the one before.
    pub times: Vec<Millis>,
    /// Floats; where a histogram stands, its sum.
    pub floats: Vec<f64>,
    /// Histograms with their places in the columns, in order. Empty for most series.
    pub histograms: Vec<(usize, Arc<FloatHistogram>)>,
    /// When each began to count, zero where not known; empty where none is known.
    pub starts: Vec<Millis>,
}

impl Samples {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Forgets all, keeps the memory.
    pub fn clear(&mut self) {
        self.times.clear();
        self.floats.clear();
        self.histograms.clear();
        self.starts.clear();
    }

    /// Adds a sample behind the others.
    #[inline]
    pub fn push(&mut self, sample: &Sample) {
        match &sample.value {
            SampleValue::Float(value) if sample.start == 0 && self.starts.is_empty() => {
                self.times.push(sample.time);
                self.floats.push(*value);
            }
            _ => self.push_with_all(sample),
        }
    }

    fn push_with_all(&mut self, sample: &Sample) {
        if sample.start != 0 && self.starts.is_empty() {
            self.starts.resize(self.times.len(), 0);
        }
        if sample.start != 0 || !self.starts.is_empty() {
            self.starts.push(sample.start);
        }
        match &sample.value {
            SampleValue::Float(value) => self.floats.push(*value),
            SampleValue::Histogram(histogram) => {
                self.histograms.push((self.times.len(), Arc::clone(histogram)));
                self.floats.push(histogram.sum);
            }
        }
        self.times.push(sample.time);
    }

    /// The histogram at a place, if one stands there.
    pub fn histogram(&self, place: usize) -> Option<&Arc<FloatHistogram>> {
        let found = self.histograms.binary_search_by_key(&place, |(own, _)| *own).ok()?;
        self.histograms.get(found).map(|(_, histogram)| histogram)
    }

    /// When the sample at a place began to count; zero where not known.
    pub fn start(&self, place: usize) -> Millis {
        self.starts.get(place).copied().unwrap_or(0)
    }

    /// The sample at a place.
    pub fn get(&self, place: usize) -> Option<Sample> {
        let time = *self.times.get(place)?;
        let value = match self.histogram(place) {
            Some(histogram) => SampleValue::Histogram(Arc::clone(histogram)),
            None => SampleValue::Float(*self.floats.get(place)?),
        };
        Some(Sample { time, value, start: self.start(place) })
    }

    /// All samples.
    pub fn iter(&self) -> impl Iterator<Item = Sample> + '_ {
        (0..self.len()).filter_map(|place| self.get(place))
    }
}
