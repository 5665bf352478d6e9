//! A request of remote write as columns, and the series in it as views.

use std::borrow::Cow;

use watchglass_model::{Labels, LabelsBuilder, Millis};

use crate::entry::MetricType;
use crate::labels::{LabelError, validated};

use super::rows::{ExemplarRow, FloatSample, HistogramSample, MetadataRow, SeriesRow, places};

/// All series of a request, side by side; texts are borrowed from its bytes. A million samples cost a dozen
/// allocations.
#[derive(Debug, Default)]
pub struct WriteBatch<'a> {
    /// Texts. In 2.0 the request's own table; in 1.0 names and values in the order they came.
    pub(super) symbols: Vec<&'a [u8]>,
    /// Places in `symbols` of names and values by turns.
    pub(super) references: Vec<u32>,
    /// The same for exemplars.
    pub(super) exemplar_references: Vec<u32>,
    pub(super) samples: Vec<FloatSample>,
    pub(super) histograms: Vec<HistogramSample>,
    pub(super) exemplars: Vec<ExemplarRow>,
    pub(super) series: Vec<SeriesRow>,
    pub(super) metadata: Vec<(Cow<'a, str>, Metadata<'a>)>,
}

/// Names and values.
type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

/// What a metric is, as the sender says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata<'a> {
    /// Its type.
    pub kind: MetricType,
    /// What it tells.
    pub help: Cow<'a, str>,
    /// Its unit.
    pub unit: Cow<'a, str>,
}

/// A measurement behind samples.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteExemplar {
    /// What tells it apart; or why its labels cannot be read.
    pub labels: Result<Labels, LabelError>,
    /// What was measured.
    pub value: f64,
    /// When; zero where not known.
    pub time: Millis,
}

impl<'a> WriteBatch<'a> {
    /// The series, in the order of the request. The same labels may come more than once.
    pub fn series(&self) -> impl ExactSizeIterator<Item = WriteSeries<'_>> {
        (0..self.series.len()).map(|place| WriteSeries { batch: self, place })
    }

    /// What metrics are, by family (1.0).
    pub fn metadata(&self) -> &[(Cow<'a, str>, Metadata<'a>)] {
        &self.metadata
    }

    /// Floats and histograms together.
    pub const fn sample_count(&self) -> usize {
        self.samples.len() + self.histograms.len()
    }

    fn symbol(&self, reference: u32) -> Option<&'a [u8]> {
        self.symbols.get(reference as usize).copied()
    }

    fn text(&self, reference: u32) -> Cow<'a, str> {
        String::from_utf8_lossy(self.symbol(reference).unwrap_or_default())
    }

    /// Names and values behind references.
    fn pairs(&self, references: &[u32]) -> Result<Pairs<'a>, LabelError> {
        let (pairs, rest) = references.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(LabelError::OddReferences(references.len()));
        }
        let pair = |[name, value]: &[u32; 2]| {
            self.symbol(*name).zip(self.symbol(*value)).ok_or(LabelError::OutsideSymbols {
                name: *name,
                value: *value,
                size: self.symbols.len(),
            })
        };
        pairs.iter().map(pair).collect()
    }
}

/// One series of a request.
#[derive(Debug, Clone, Copy)]
pub struct WriteSeries<'b> {
    batch: &'b WriteBatch<'b>,
    place: usize,
}

impl<'b> WriteSeries<'b> {
    /// What names it, if Prometheus would take it; else none of its samples is to be kept.
    pub fn labels(&self) -> Result<Labels, LabelError> {
        let pairs = self.batch.pairs(self.references())?;
        validated(
            pairs.into_iter().map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value))),
        )
    }

    /// The texts behind its references, names and values by turns; empty where a reference leads nowhere.
    pub fn texts(&self) -> impl Iterator<Item = &'b [u8]> + use<'b> {
        let batch = self.batch;
        self.references().iter().map(|reference| batch.symbol(*reference).unwrap_or_default())
    }

    /// Its references to symbols, names and values by turns; upstream quotes them when they lead nowhere.
    pub fn references(&self) -> &'b [u32] {
        let (before, own) = self.rows();
        let places = places(before.references_end, own.references_end);
        self.batch.references.get(places).unwrap_or_default()
    }

    /// Its floats.
    pub fn samples(&self) -> &'b [FloatSample] {
        let (before, own) = self.rows();
        self.batch.samples.get(places(before.samples_end, own.samples_end)).unwrap_or_default()
    }

    /// Its native histograms.
    pub fn histograms(&self) -> &'b [HistogramSample] {
        let (before, own) = self.rows();
        let places = places(before.histograms_end, own.histograms_end);
        self.batch.histograms.get(places).unwrap_or_default()
    }

    /// Its exemplars.
    pub fn exemplars(&self) -> impl ExactSizeIterator<Item = WriteExemplar> + use<'b> {
        let (batch, (before, own)) = (self.batch, self.rows());
        places(before.exemplars_end, own.exemplars_end).map(|place| batch.exemplar(place))
    }

    /// What its metric is (2.0).
    pub fn metadata(&self) -> Option<Metadata<'b>> {
        let MetadataRow { kind, help, unit } = self.rows().1.metadata?;
        Some(Metadata { kind, help: self.batch.text(help), unit: self.batch.text(unit) })
    }

    /// The row before and its own.
    fn rows(&self) -> (SeriesRow, SeriesRow) {
        let row = |place: usize| self.batch.series.get(place).copied().unwrap_or_default();
        (self.place.checked_sub(1).map(row).unwrap_or_default(), row(self.place))
    }
}

impl WriteBatch<'_> {
    fn exemplar(&self, place: usize) -> WriteExemplar {
        let row = |place: usize| self.exemplars.get(place).copied().unwrap_or_default();
        let (before, own) = (place.checked_sub(1).map(row).unwrap_or_default(), row(place));
        let places = places(before.references_end, own.references_end);
        let pairs = self.pairs(self.exemplar_references.get(places).unwrap_or_default());
        let labels = pairs.map(|pairs| {
            let mut labels = LabelsBuilder::default();
            for (name, value) in pairs {
                labels.set(String::from_utf8_lossy(name), String::from_utf8_lossy(value));
            }
            labels.build()
        });
        WriteExemplar { labels, value: own.value, time: own.time }
    }
}
