//! The lines of log records in memory, as [`StreamReader`] shows them: each batch that arrived is a part.

use std::collections::BTreeMap;
use std::sync::Arc;

use watchglass_model::{Labels, Logs, Timestamp};

use crate::{
    LineBatch, LineDetail, Matcher, MemoryStore, MetadataSets, Nanos, NanosRange, ReadError,
    StreamPart, StreamReader, StreamScan, StreamVolume, all_match, line_of, stream_labels,
};

/// A time of a record as times of lines are told; the end of time lies within [`NanosRange::ALL`].
pub fn nanos(time: Timestamp) -> Nanos {
    Nanos::try_from(time.0).unwrap_or(Nanos::MAX).min(Nanos::MAX - 1)
}

struct BatchPart {
    batch: Arc<Logs>,
    bounds: (Nanos, Nanos),
    scan: Arc<StreamScan>,
}

impl StreamPart for BatchPart {
    fn bounds(&self) -> (Nanos, Nanos) {
        self.bounds
    }

    fn read(&self, visit: &mut dyn FnMut(LineBatch<'_>)) -> Result<(), ReadError> {
        let (batch, scan) = (&*self.batch, &*self.scan);
        let streams = streams_of(batch);
        let stream_of: Vec<u32> = batch.rows.iter().map(|row| row.resource).collect();
        let times: Vec<Nanos> = batch.rows.iter().map(|row| nanos(row.timestamp())).collect();
        let mut rows = wanted_rows(&streams, &stream_of, &times, scan);
        if scan.exact {
            rows.retain(|row| {
                let record = batch.get(*row as usize);
                record.is_some_and(|record| scan.holds_lines(line_of(record).as_bytes()))
            });
        }
        if rows.is_empty() {
            return Ok(());
        }
        let (mut text, mut ends) = (String::new(), Vec::new());
        let mut shown = vec![false; times.len()];
        for row in &rows {
            shown[*row as usize] = true;
        }
        for (record, shown) in batch.iter().zip(&shown) {
            if *shown && scan.lines > LineDetail::Nothing {
                text.push_str(&line_of(record));
            }
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        let is_wanted = |row: usize| shown.get(row).is_some_and(|shown| *shown);
        let metadata = MetadataSets::of(batch, &scan.metadata, is_wanted, true);
        visit(LineBatch {
            streams: &streams,
            stream_of: &stream_of,
            times: &times,
            ends: &ends,
            text: text.as_bytes(),
            metadata: metadata.column(),
            rows: Some(&rows),
        });
        Ok(())
    }
}

/// The labels of the streams of a batch, by the numbers of its resources; records without one have the first.
pub fn streams_of(batch: &Logs) -> Vec<Labels> {
    let count = u32::try_from(batch.arena.resources.len().max(1)).unwrap_or(u32::MAX);
    (0..count).map(|number| stream_labels(batch.arena.resource(number))).collect()
}

/// The rows of the streams and times that a scan wants.
pub fn wanted_rows(
    streams: &[Labels],
    stream_of: &[u32],
    times: &[Nanos],
    scan: &StreamScan,
) -> Vec<u32> {
    let passing: Vec<bool> =
        streams.iter().map(|labels| all_match(&scan.matchers, labels)).collect();
    let rows = (0_u32..).zip(stream_of.iter().zip(times));
    let wanted = rows.filter(|(_, (stream, time))| {
        passing.get(**stream as usize).is_some_and(|passes| *passes) && scan.range.contains(**time)
    });
    wanted.map(|(row, _)| row).collect()
}

impl StreamReader for MemoryStore {
    fn select(&self, scan: &StreamScan) -> Result<Vec<Box<dyn StreamPart>>, ReadError> {
        let scan = Arc::new(scan.clone());
        let mut parts: Vec<Box<dyn StreamPart>> = Vec::new();
        for (times, batch) in self.logs_with_times() {
            let bounds = (nanos(times.start), nanos(times.end));
            if scan.range.touches(bounds.0, bounds.1) {
                parts.push(Box::new(BatchPart { batch, bounds, scan: Arc::clone(&scan) }));
            }
        }
        Ok(parts)
    }

    fn volumes(
        &self,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<StreamVolume>, ReadError> {
        let mut volumes = Volumes::default();
        for (_, batch) in self.logs_with_times() {
            let streams = streams_of(&batch);
            let mut own: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
            for record in batch.iter().filter(|one| range.contains(nanos(one.row.timestamp()))) {
                let counted = own.entry(record.row.resource).or_default();
                counted.0 += 1;
                counted.1 += line_of(record).len() as u64;
            }
            for (stream, (entries, bytes)) in own {
                if let Some(labels) = streams.get(stream as usize)
                    && all_match(matchers, labels)
                {
                    volumes.add(labels, entries, bytes);
                }
            }
        }
        Ok(volumes.finish())
    }
}

/// Volumes being summed, a stream each.
#[derive(Debug, Default)]
pub struct Volumes {
    by_labels: BTreeMap<Labels, StreamVolume>,
}

impl Volumes {
    /// Adds what a part holds of a stream.
    pub fn add(&mut self, labels: &Labels, entries: u64, bytes: u64) {
        let new = || StreamVolume { labels: labels.clone(), entries: 0, bytes: 0, parts: 0 };
        let volume = self.by_labels.entry(labels.clone()).or_insert_with(new);
        volume.entries += entries;
        volume.bytes += bytes;
        volume.parts += 1;
    }

    /// All of them, by labels.
    pub fn finish(self) -> Vec<StreamVolume> {
        self.by_labels.into_values().collect()
    }
}
