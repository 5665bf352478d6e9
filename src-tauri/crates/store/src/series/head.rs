//! The samples of one head, by the numbers of an [`Index`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::RwLock;
use watchglass_model::{Labels, Millis, Sample, Samples};
use watchglass_storage::{Matcher, MillisRange};

use super::columns::{append_within, merge};
use super::index::Index;
use super::open::OpenChunk;
use super::tombstone::Tombstone;

/// What arrived since the last seal.
#[derive(Debug, Default)]
pub(crate) struct SeriesHead {
    pub(crate) index: Arc<RwLock<Index>>,
    held: RwLock<Held>,
    footprint: AtomicUsize,
    samples: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    /// By the series' number, one more than the place of its chunk; zero where it has none.
    places: Vec<u32>,
    kept: Vec<Kept>,
    tombstones: Vec<Tombstone>,
}

/// The samples of one series.
#[derive(Debug, Default)]
struct Kept {
    chunk: OpenChunk,
    /// Those that were not the latest when they came, by time.
    late: Vec<Sample>,
}

impl SeriesHead {
    /// A head without samples, of series by the numbers of `index`.
    pub(crate) fn new(index: &Arc<RwLock<Index>>) -> Self {
        Self { index: Arc::clone(index), ..Self::default() }
    }

    /// Makes samples visible.
    pub(crate) fn keep<'s>(&self, samples: impl Iterator<Item = (u32, &'s Sample)>) {
        let mut held = self.held.write();
        let (mut grown, mut count, known) = (0, 0, held.kept.len());
        for (series, sample) in samples {
            let kept = held.kept(series);
            let before = kept.footprint();
            kept.insert(sample);
            grown += kept.footprint() - before;
            count += 1;
        }
        grown += (held.kept.len() - known) * size_of::<Kept>();
        self.footprint.fetch_add(grown, Ordering::Relaxed);
        self.samples.fetch_add(count, Ordering::Relaxed);
    }

    /// Forgets samples, and remembers to forget older ones elsewhere. Says which series were hit.
    pub(crate) fn delete(&self, tombstone: &Tombstone) -> Vec<u32> {
        let hit = self.index.read().select(&tombstone.matchers);
        let mut held = self.held.write();
        held.tombstones.push(tombstone.clone());
        for (series, _) in &hit {
            if let Some(place) = held.place(*series)
                && let Some(kept) = held.kept.get_mut(place)
            {
                kept.forget(tombstone.range);
            }
        }
        hit.into_iter().map(|(series, _)| series).collect()
    }

    /// What was deleted while this head was the youngest.
    pub(crate) fn tombstones(&self) -> Vec<Tombstone> {
        self.held.read().tombstones.clone()
    }

    /// The series that pass `matchers` and have samples that may lie within `range`.
    pub(crate) fn select(&self, matchers: &[Matcher], range: MillisRange) -> Vec<(u32, Labels)> {
        let mut found = self.index.read().select(matchers);
        let held = self.held.read();
        found.retain(|(series, _)| {
            let times = held.get(*series).and_then(Kept::times);
            times.is_some_and(|times| times.overlaps(range))
        });
        found
    }

    /// Adds the samples of a series within `range` to `into`.
    pub(crate) fn read(&self, series: u32, range: MillisRange, into: &mut Samples) {
        let held = self.held.read();
        if let Some(kept) = held.get(series).filter(|kept| kept.reaches(range)) {
            kept.read(range, into);
        }
    }

    /// All series with samples, sorted by labels.
    pub(crate) fn by_labels(&self) -> Vec<(Labels, u32)> {
        let index = self.index.read();
        let held = self.held.read();
        let with_samples = (0_u32..).zip(&held.places).filter(|(_, place)| **place != 0);
        let with_samples = with_samples
            .filter(|(series, _)| held.get(*series).is_some_and(|kept| kept.times().is_some()));
        let mut all: Vec<_> = with_samples
            .filter_map(|(series, _)| Some((index.labels(series)?.clone(), series)))
            .collect();
        all.sort_unstable();
        all
    }

    /// From the first to the last time; none without samples.
    pub(crate) fn times(&self) -> Option<MillisRange> {
        let held = self.held.read();
        held.kept.iter().filter_map(Kept::times).reduce(MillisRange::span)
    }

    /// Series with samples.
    pub(crate) fn count(&self) -> u64 {
        self.held.read().kept.iter().filter(|kept| kept.times().is_some()).count() as u64
    }

    /// Samples that came.
    pub(crate) fn samples(&self) -> u64 {
        self.samples.load(Ordering::Relaxed)
    }

    /// Whether there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        self.samples() == 0 && self.held.read().tombstones.is_empty()
    }

    /// Bytes of memory held, without the index, which outlives this head.
    pub(crate) fn footprint(&self) -> usize {
        self.footprint.load(Ordering::Relaxed)
    }
}

impl Held {
    fn place(&self, series: u32) -> Option<usize> {
        self.places.get(series as usize)?.checked_sub(1).map(|place| place as usize)
    }

    fn get(&self, series: u32) -> Option<&Kept> {
        self.kept.get(self.place(series)?)
    }

    fn kept(&mut self, series: u32) -> &mut Kept {
        let series = series as usize;
        if self.places.len() <= series {
            self.places.resize(series + 1, 0);
        }
        let place = &mut self.places[series];
        if *place == 0 {
            self.kept.push(Kept::default());
            *place = u32::try_from(self.kept.len()).expect("memory ends before 2^32 series");
        }
        &mut self.kept[*place as usize - 1]
    }
}

impl Kept {
    fn insert(&mut self, sample: &Sample) {
        if self.chunk.last().is_none_or(|last| last < sample.time) {
            self.chunk.push(sample);
        } else {
            let place = self.late.partition_point(|late| late.time < sample.time);
            self.late.insert(place, sample.clone());
        }
    }

    fn forget(&mut self, range: MillisRange) {
        self.late.retain(|sample| !range.contains(sample.time));
        if !self.chunk.times().is_some_and(|times| times.overlaps(range)) {
            return;
        }
        let mut all = Samples::default();
        std::mem::take(&mut self.chunk).read(MillisRange::ALL, &mut all);
        for sample in all.iter().filter(|sample| !range.contains(sample.time)) {
            self.chunk.push(&sample);
        }
    }

    fn times(&self) -> Option<MillisRange> {
        let late = self.late.first().zip(self.late.last());
        let late = late.map(|(first, last)| MillisRange { start: first.time, end: last.time });
        let both = [self.chunk.times(), late].into_iter().flatten();
        both.reduce(MillisRange::span)
    }

    fn reaches(&self, range: MillisRange) -> bool {
        self.times().is_some_and(|times| times.overlaps(range))
    }

    fn read(&self, range: MillisRange, into: &mut Samples) {
        if self.late.is_empty() {
            return self.chunk.read(range, into);
        }
        let (mut ordered, mut late) = (Samples::default(), Samples::default());
        self.chunk.read(range, &mut ordered);
        for sample in self.late.iter().filter(|sample| range.contains(sample.time)) {
            late.push(sample);
        }
        merge(&mut ordered, &late);
        append_within(&ordered, range, into);
    }

    /// Bytes of memory beside its own.
    fn footprint(&self) -> usize {
        self.chunk.footprint() + self.late.len() * size_of::<Sample>()
    }
}

/// The range from `time` on.
pub(crate) const fn since(time: Millis) -> MillisRange {
    MillisRange { start: time, end: Millis::MAX }
}
