//! What a group of writes of series becomes in the journal: series by number, each declared once a journal with its
//! labels, then samples, exemplars, metadata and deletions.

use watchglass_model::{Labels, Sample, Timestamp};
use watchglass_storage::{MetricMetadata, SeriesExemplar};

use super::open::{State, read_sample, write_sample};
use super::tombstone::Tombstone;
use crate::codec::columns::{Corrupt, Reader, Writer};
use crate::journal::{Entry, Kind};

const VERSION: u8 = 1;

/// What is written as one entry of the journal.
#[derive(Debug, Default)]
pub(crate) struct Outgoing<'w> {
    /// Series that this journal did not know.
    pub(crate) declared: Vec<(u32, Labels)>,
    pub(crate) samples: Vec<(u32, &'w Sample)>,
    pub(crate) exemplars: Vec<(&'w Labels, &'w SeriesExemplar)>,
    pub(crate) metadata: Vec<(&'w str, &'w MetricMetadata)>,
    pub(crate) tombstones: Vec<&'w Tombstone>,
}

/// The same, read.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) declared: Vec<(u32, Labels)>,
    pub(crate) samples: Vec<(u32, Sample)>,
    pub(crate) exemplars: Vec<(Labels, SeriesExemplar)>,
    pub(crate) metadata: Vec<(String, MetricMetadata)>,
    pub(crate) tombstones: Vec<Tombstone>,
}

impl Outgoing<'_> {
    /// The entry of the journal, if there is anything to write.
    pub(crate) fn entry(&self, received: Timestamp) -> Option<Entry> {
        (!self.is_empty()).then(|| Entry {
            kind: Kind::Series,
            received,
            wire: self.encode().into(),
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.declared.is_empty()
            && self.samples.is_empty()
            && self.exemplars.is_empty()
            && self.metadata.is_empty()
            && self.tombstones.is_empty()
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.raw(&[VERSION]);
        out.count(self.declared.len());
        for (series, labels) in &self.declared {
            out.varint(u64::from(*series));
            write_labels(labels, &mut out);
        }
        out.count(self.samples.len());
        let mut last = 0;
        for (series, _) in &self.samples {
            out.zigzag(i64::from(*series) - std::mem::replace(&mut last, i64::from(*series)));
        }
        // The time is told by the one before, whosever it is: what comes together was mostly read together.
        let mut state = State::default();
        for (_, sample) in &self.samples {
            (state.interval, state.value) = (0, 0.0);
            write_sample(&mut out, sample, &mut state);
        }
        out.count(self.exemplars.len());
        for (labels, exemplar) in &self.exemplars {
            write_labels(labels, &mut out);
            write_labels(&exemplar.labels, &mut out);
            out.zigzag(exemplar.time);
            out.double(exemplar.value);
        }
        out.count(self.metadata.len());
        for (name, metadata) in &self.metadata {
            for text in [*name, &metadata.kind, &metadata.help, &metadata.unit] {
                out.blob(text.as_bytes());
            }
        }
        out.count(self.tombstones.len());
        self.tombstones.iter().for_each(|tombstone| tombstone.write(&mut out));
        out.bytes
    }
}

impl Incoming {
    /// Reads what [`Outgoing::encode`] wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let from = &mut Reader { bytes };
        if from.array()? != [VERSION] {
            return Err(Corrupt("series of another version"));
        }
        let mut record = Self::default();
        for _ in 0..from.count(from.bytes.len())? {
            record.declared.push((from.index()?, read_labels(from)?));
        }
        let count = from.count(from.bytes.len())?;
        let mut numbers = Vec::with_capacity(count);
        let mut last = 0_i64;
        for _ in 0..count {
            last = last.wrapping_add(from.zigzag()?);
            numbers.push(u32::try_from(last).map_err(|_| Corrupt("a series beyond 32 bits"))?);
        }
        let mut state = State::default();
        record.samples.reserve(count);
        for series in numbers {
            (state.interval, state.value) = (0, 0.0);
            record.samples.push((series, read_sample(from, &mut state)?));
        }
        for _ in 0..from.count(from.bytes.len())? {
            let (series, labels) = (read_labels(from)?, read_labels(from)?);
            let (time, value) = (from.zigzag()?, from.double()?);
            record.exemplars.push((series, SeriesExemplar { labels, value, time }));
        }
        for _ in 0..from.count(from.bytes.len())? {
            let (name, kind) = (from.text()?.to_owned(), from.text()?.to_owned());
            let (help, unit) = (from.text()?.to_owned(), from.text()?.to_owned());
            record.metadata.push((name, MetricMetadata { kind, help, unit }));
        }
        for _ in 0..from.count(from.bytes.len())? {
            record.tombstones.push(Tombstone::read(from)?);
        }
        Ok(record)
    }
}

fn write_labels(labels: &Labels, out: &mut Writer) {
    out.count(labels.len());
    for (name, value) in labels {
        out.blob(name.as_bytes());
        out.blob(value.as_bytes());
    }
}

fn read_labels(from: &mut Reader<'_>) -> Result<Labels, Corrupt> {
    let count = from.count(from.bytes.len())?;
    let pairs: Result<Vec<_>, Corrupt> =
        (0..count).map(|_| Ok((from.text()?, from.text()?))).collect();
    Ok(Labels::from_pairs(pairs?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::series;
    use super::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back_and_damage_never_panics(samples in series(), flip: usize) {
            let labels = Labels::from_pairs([("job", "api"), ("le", "0.5")]);
            let exemplar = SeriesExemplar { labels: labels.clone(), value: 0.25, time: -7 };
            let metadata = MetricMetadata { kind: "counter".into(), ..MetricMetadata::default() };
            let out = Outgoing {
                declared: vec![(7, labels.clone())],
                samples: samples.iter().map(|sample| (7, sample)).collect(),
                exemplars: vec![(&labels, &exemplar)],
                metadata: vec![("m", &metadata)],
                tombstones: Vec::new(),
            };
            let mut bytes = out.encode();
            let found = Incoming::decode(&bytes)?;
            prop_assert_eq!(&found.declared, &out.declared);
            let text = |all: &[(u32, Sample)]| format!("{all:?}");
            let expected: Vec<_> = samples.iter().map(|sample| (7, sample.clone())).collect();
            prop_assert_eq!(text(&found.samples), text(&expected));
            prop_assert_eq!(&found.exemplars, &[(labels.clone(), exemplar.clone())]);
            prop_assert_eq!(&found.metadata, &[("m".to_owned(), metadata.clone())]);
            let bits = bytes.len() * 8;
            bytes[flip % bits / 8] ^= 1 << (flip % 8);
            let _ = Incoming::decode(&bytes);
        }
    }
}
