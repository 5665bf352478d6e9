//! From an exposition to samples: labels merged and relabelled, limits kept, and what vanished marked as ended.
//!
//! A target's memory holds what became of each series at earlier scrapes, by the text that the target writes for it.

mod series;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use rapidhash::{RapidHashMap, RapidHashSet};
use watchglass_configuration::ScrapeConfig;
use watchglass_exposition::{Entry, Format, ReadOptions, Sample as Exposed, Value, read};
use watchglass_model::{Labels, Millis, STALE, Sample, SampleValue};
use watchglass_storage::{MetricMetadata, SeriesExemplar, SeriesWrite};

use series::{Kept, series};

/// What a target exposed before.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    known: RapidHashMap<Box<[u8]>, Known>,
    /// Counts scrapes; each leaves its number at the series that it saw.
    scrape: u64,
    metadata: BTreeMap<String, MetricMetadata>,
}

/// What is known of one text.
#[derive(Debug)]
struct Known {
    /// The labels of the series; none where relabelling dropped it.
    labels: Option<Labels>,
    /// The last scrape that brought it.
    seen: u64,
    /// The last scrape after which it is to be marked as ended when it does not come.
    tracked: Option<u64>,
}

/// What a scrape brought.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Samples exposed.
    pub(crate) scraped: u64,
    /// Those that relabelling left.
    pub(crate) relabelled: u64,
    /// Series that were not known.
    pub(crate) added: u64,
}

impl Memory {
    /// Takes an exposition at `time`. Where it fails, none of its samples count, and what it had not brought up to there
    /// is marked as ended; the rest is if the next scrape does not bring it either, as upstream has it.
    pub(crate) fn absorb(
        &mut self,
        body: &[u8],
        format: Format,
        target: &Labels,
        config: &ScrapeConfig,
        time: Millis,
        write: &mut SeriesWrite,
    ) -> (Counts, Result<(), String>) {
        self.scrape += 1;
        let mut draft = Draft {
            memory: self,
            target,
            config,
            time,
            write: SeriesWrite::default(),
            counts: Counts::default(),
            fault: None,
            metadata: BTreeMap::new(),
        };
        let options = ReadOptions {
            native_histograms: config.histograms.native,
            classic_beside_native: config.histograms.always_classic,
            ..ReadOptions::default()
        };
        let done = read(body, format, options, |entry| draft.entry(&entry));
        let Draft { write: drafted, counts, fault, metadata, .. } = draft;
        let fault = done.err().map(|fault| fault.to_string()).or(fault);
        if let Some(fault) = fault {
            self.end_vanished(time, write);
            return (counts, Err(fault));
        }
        *write = drafted;
        self.remember_metadata(metadata, write);
        self.end_vanished(time, write);
        self.known.retain(|_, known| known.seen == self.scrape);
        (counts, Ok(()))
    }

    /// A scrape without an answer: everything is marked as ended.
    pub(crate) fn absorb_nothing(&mut self, time: Millis, write: &mut SeriesWrite) {
        self.scrape += 1;
        self.end_vanished(time, write);
    }

    /// The target is gone: all that its last scrape brought is marked as ended.
    pub(crate) fn end(&mut self, time: Millis, write: &mut SeriesWrite) {
        self.absorb_nothing(time, write);
        self.known.clear();
    }

    /// What the target says of its metrics.
    pub(crate) fn metadata(&self) -> &BTreeMap<String, MetricMetadata> {
        &self.metadata
    }

    /// Marks what the scrape before brought and this one did not.
    fn end_vanished(&self, time: Millis, write: &mut SeriesWrite) {
        let vanished = self
            .known
            .values()
            .filter(|known| known.tracked.map(|last| last + 1) == Some(self.scrape));
        let mut vanished: Vec<_> = vanished.filter_map(|known| known.labels.as_ref()).collect();
        if vanished.is_empty() {
            return;
        }
        // Two texts may name the same series.
        let here: RapidHashSet<_> = self
            .known
            .values()
            .filter(|known| known.tracked == Some(self.scrape))
            .filter_map(|known| known.labels.as_ref())
            .collect();
        vanished.retain(|labels| !here.contains(labels));
        write
            .samples
            .extend(vanished.into_iter().map(|labels| (labels.clone(), vec![ended(time)])));
    }

    fn remember_metadata(
        &mut self,
        found: BTreeMap<String, MetricMetadata>,
        write: &mut SeriesWrite,
    ) {
        for (metric, metadata) in found {
            if self.metadata.get(&metric) != Some(&metadata) {
                write.metadata.push((metric.clone(), metadata.clone()));
                self.metadata.insert(metric, metadata);
            }
        }
    }
}

/// A marker that a series ends.
pub(crate) const fn ended(time: Millis) -> Sample {
    Sample { time, value: SampleValue::Float(STALE), start: 0 }
}

/// A scrape on its way.
struct Draft<'a> {
    memory: &'a mut Memory,
    target: &'a Labels,
    config: &'a ScrapeConfig,
    time: Millis,
    write: SeriesWrite,
    counts: Counts,
    fault: Option<String>,
    metadata: BTreeMap<String, MetricMetadata>,
}

impl Draft<'_> {
    fn entry(&mut self, entry: &Entry<'_>) -> ControlFlow<()> {
        match entry {
            Entry::Help { metric, text } => self.describe(metric).help = text.to_string(),
            Entry::Type { metric, kind } => {
                kind.as_str().clone_into(&mut self.describe(metric).kind);
            }
            Entry::Unit { metric, unit } => (*unit).clone_into(&mut self.describe(metric).unit),
            Entry::Sample(sample) => {
                if let Err(fault) = self.sample(sample) {
                    self.fault = Some(fault);
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn describe(&mut self, metric: &str) -> &mut MetricMetadata {
        let unknown = || MetricMetadata { kind: "unknown".to_owned(), ..MetricMetadata::default() };
        self.metadata.entry(metric.to_owned()).or_insert_with(unknown)
    }

    fn sample(&mut self, exposed: &Exposed<'_>) -> Result<(), String> {
        self.counts.scraped += 1;
        let own_time = exposed.time.filter(|_| self.config.honor_timestamps);
        let is_tracked = own_time.is_none() || self.config.track_timestamps_staleness;
        let known_before = self.memory.known.len();
        let Some(labels) = self.labels(exposed, is_tracked)? else { return Ok(()) };
        self.counts.relabelled += 1;
        let limit = self.config.limits.samples;
        if limit > 0 && self.counts.relabelled > limit {
            // Reading goes on, so that the number of samples scraped is the true one; but a series that is too much is
            // not known by that.
            self.fault = Some("sample limit exceeded".to_owned());
            if self.memory.known.len() > known_before {
                self.memory.known.remove(exposed.series.text());
            }
            return Ok(());
        }
        self.counts.added += u64::from(self.memory.known.len() > known_before);
        let time = own_time.unwrap_or(self.time);
        if !exposed.exemplars.is_empty() {
            let exemplars = exposed.exemplars.iter().map(|one| SeriesExemplar {
                labels: one.labels(),
                value: one.value,
                time: one.time.unwrap_or(time),
            });
            self.write.exemplars.push((labels.clone(), exemplars.collect()));
        }
        let value = match &exposed.value {
            Value::Float(value) => SampleValue::Float(*value),
            Value::Histogram(histogram) => SampleValue::Histogram(Arc::from(histogram.clone())),
        };
        let sample = Sample { time, value, start: exposed.start.unwrap_or(0) };
        self.write.samples.push((labels, vec![sample]));
        Ok(())
    }

    /// The labels under which a sample is kept; none where relabelling drops it.
    fn labels(
        &mut self,
        exposed: &Exposed<'_>,
        is_tracked: bool,
    ) -> Result<Option<Labels>, String> {
        let (text, scrape) = (exposed.series.text(), self.memory.scrape);
        if !self.memory.known.contains_key(text) {
            let labels = match series(&exposed.series, self.target, self.config)? {
                Kept::As(labels) => Some(labels),
                Kept::Not => None,
            };
            let known = Known { labels, seen: scrape, tracked: None };
            self.memory.known.insert(text.into(), known);
        }
        let Some(known) = self.memory.known.get_mut(text) else { return Ok(None) };
        known.seen = scrape;
        if is_tracked {
            known.tracked = Some(scrape);
        }
        Ok(known.labels.clone())
    }
}
