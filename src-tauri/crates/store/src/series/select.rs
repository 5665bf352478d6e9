//! Selecting: heads and segments each say what they have, labels bring it together, and the samples of a series are
//! read when its cursor is asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::RwLock;
use rapidhash::RapidHashMap;
use watchglass_model::{Labels, Millis, Samples};
use watchglass_storage::{
    Matcher, MillisRange, ReadError, SeriesBlock, SeriesCursor, SeriesExtent,
};

use super::columns::{merge, remove};
use super::index::Index;
use super::table::ChunkPlace;
use super::tombstone::Tombstone;
use crate::head::Head;
use crate::view::{Shared, StoredSegment, View};

/// A series that a selection found, and where its samples lie, oldest place first.
pub(crate) struct Cursor {
    shared: Arc<Shared>,
    labels: Labels,
    places: Vec<Place>,
}

struct Place {
    source: Source,
    /// What was deleted after the place was written.
    deleted: Vec<MillisRange>,
}

enum Source {
    Head(Arc<Head>, u32),
    Segment(Arc<StoredSegment>, Vec<ChunkPlace>),
}

impl SeriesCursor for Cursor {
    fn labels(&self) -> &Labels {
        &self.labels
    }

    fn read(&self, range: MillisRange, into: &mut Samples) -> Result<(), ReadError> {
        into.clear();
        let mut some = Samples::default();
        for (number, place) in self.places.iter().enumerate() {
            if number == 0 {
                place.read(&self.shared, range, into);
            } else {
                some.clear();
                place.read(&self.shared, range, &mut some);
                merge(into, &some);
            }
        }
        Ok(())
    }
}

impl Place {
    fn read(&self, shared: &Shared, range: MillisRange, into: &mut Samples) {
        match &self.source {
            Source::Head(head, series) => head.series.read(*series, range, into),
            Source::Segment(segment, chunks) => segment.read_chunks(shared, chunks, range, into),
        }
        self.deleted.iter().for_each(|deleted| remove(into, *deleted));
    }
}

/// The series that pass `matchers` and have samples that may lie within `range`, by labels.
pub(crate) fn select(
    shared: &Arc<Shared>,
    matchers: &[Matcher],
    range: MillisRange,
) -> Vec<Cursor> {
    let view = shared.view();
    let tombstones = tombstones(&view);
    let mut found: RapidHashMap<Labels, Vec<Place>> = RapidHashMap::default();
    let mut add = |labels: Labels, number: u32, source: Source| {
        let later = tombstones.iter().filter(|(own, _)| *own > number);
        let later = later.filter(|(_, one)| one.range.overlaps(range) && one.covers(&labels));
        let deleted = later.map(|(_, one)| one.range).collect();
        found.entry(labels).or_default().push(Place { source, deleted });
    };
    for segment in view.segments.iter().rev() {
        for row in segment.select_series(shared, matchers, range) {
            add(row.labels, segment.number, Source::Segment(Arc::clone(segment), row.chunks));
        }
    }
    for head in view.heads.iter().rev() {
        for (series, labels) in head.series.select(matchers, range) {
            add(labels, head.number, Source::Head(Arc::clone(head), series));
        }
    }
    let mut cursors: Vec<_> = found
        .into_iter()
        .map(|(labels, places)| Cursor { shared: Arc::clone(shared), labels, places })
        .filter(|cursor| cursor.has_samples(range))
        .collect();
    cursors.sort_unstable_by(|one, other| one.labels.cmp(&other.labels));
    cursors
}

impl Cursor {
    /// Whether deletions left something.
    fn has_samples(&self, range: MillisRange) -> bool {
        if self.places.iter().all(|place| place.deleted.is_empty()) {
            return true;
        }
        let mut left = Samples::default();
        // A cursor of this store reads whatever can be read, and says so of the rest elsewhere.
        self.read(range, &mut left).is_ok() && !left.is_empty()
    }
}

/// What was deleted, with the number of the head that was the youngest then.
pub(crate) fn tombstones(view: &View) -> Vec<(u32, Tombstone)> {
    let stored = view.segments.iter().flat_map(|segment| {
        segment.series.tombstones.iter().map(|one| (segment.number, one.clone()))
    });
    let heads = view
        .heads
        .iter()
        .flat_map(|head| head.series.tombstones().into_iter().map(|one| (head.number, one)));
    stored.chain(heads).collect()
}

/// How much there is: a block a segment, and one a head.
pub(crate) fn extent(shared: &Shared) -> SeriesExtent {
    let view = shared.view();
    let sealed = view.segments.iter().rev().filter_map(|segment| {
        let summary = &segment.series;
        Some(SeriesBlock {
            number: segment.number,
            sealed: true,
            times: summary.times?,
            series: u64::from(summary.series),
            samples: summary.samples,
            deletions: summary.tombstones.len() as u64,
        })
    });
    let growing = view.heads.iter().rev().filter_map(|head| {
        Some(SeriesBlock {
            number: head.number,
            sealed: false,
            times: head.series.times()?,
            series: head.series.count(),
            samples: head.series.samples(),
            deletions: head.series.tombstones().len() as u64,
        })
    });
    SeriesExtent { blocks: sealed.chain(growing).collect() }
}

/// The names of the labels of some series, sorted.
pub(crate) fn label_names(
    shared: &Arc<Shared>,
    matchers: &[Matcher],
    range: MillisRange,
) -> Vec<String> {
    let mut names = BTreeSet::new();
    each_label(shared, None, matchers, range, &mut |name, _| keep(&mut names, name));
    names.into_iter().collect()
}

/// The values of a label of some series, sorted.
pub(crate) fn label_values(
    shared: &Arc<Shared>,
    name: &str,
    matchers: &[Matcher],
    range: MillisRange,
) -> Vec<String> {
    let mut values = BTreeSet::new();
    each_label(shared, Some(name), matchers, range, &mut |own, value| {
        if own == name {
            keep(&mut values, value);
        }
    });
    values.into_iter().collect()
}

fn keep(texts: &mut BTreeSet<String>, text: &str) {
    if !texts.contains(text) {
        texts.insert(text.to_owned());
    }
}

/// Shows the labels of some series, some of them often. Where all series are asked for and nothing was deleted, the
/// segments need not look at them.
fn each_label(
    shared: &Arc<Shared>,
    name: Option<&str>,
    matchers: &[Matcher],
    range: MillisRange,
    visit: &mut dyn FnMut(&str, &str),
) {
    let view = shared.view();
    if !matchers.is_empty() || !tombstones(&view).is_empty() {
        let found = select(shared, matchers, range);
        let labels = found.iter().flat_map(|cursor| &cursor.labels);
        return labels.for_each(|(name, value)| visit(name, value));
    }
    for head in &view.heads {
        for (_, labels) in head.series.select(&[], range) {
            labels.iter().for_each(|(name, value)| visit(name, value));
        }
    }
    let overlaps = |segment: &&Arc<StoredSegment>| {
        segment.series.times.is_some_and(|times| times.overlaps(range))
    };
    for segment in view.segments.iter().filter(overlaps) {
        segment.each_label(shared, name, visit);
    }
}

/// What the writer of the growing head asks of everything that is kept already.
pub(crate) struct Sources {
    shared: Arc<Shared>,
    view: Arc<View>,
    index: Arc<RwLock<Index>>,
    /// The newest sample outside of the heads that share the index.
    reach: Option<Millis>,
}

impl Sources {
    /// Everything that `shared` shows now, for a writer that knows series by the numbers of `index`.
    pub(crate) fn new(shared: &Arc<Shared>, index: &Arc<RwLock<Index>>) -> Self {
        let view = shared.view();
        let stored = view.segments.iter().filter_map(|segment| segment.series.times);
        let foreign = view.heads.iter().filter(|head| !Arc::ptr_eq(&head.series.index, index));
        let foreign = foreign.filter_map(|head| head.series.times());
        let reach = stored.chain(foreign).map(|times| times.end).max();
        Self { shared: Arc::clone(shared), index: Arc::clone(index), reach, view }
    }

    /// Adds the samples of a series within `range` to `into`.
    pub(crate) fn read_series(
        &self,
        labels: &Labels,
        series: u32,
        range: MillisRange,
        into: &mut Samples,
    ) {
        let mut some = Samples::default();
        if self.reach.is_some_and(|reach| reach >= range.start)
            || self.view.heads.iter().any(|head| !head.series.tombstones().is_empty())
        {
            let exact: Vec<_> =
                labels.iter().map(|(name, value)| Matcher::equal(name, value)).collect();
            let found = select(&self.shared, &exact, range);
            if let Some(cursor) = found.into_iter().find(|cursor| cursor.labels == *labels) {
                let read = cursor.read(range, &mut some);
                debug_assert!(read.is_ok(), "a cursor of this store reads what can be read");
            }
            return merge(into, &some);
        }
        let own = |head: &&Arc<Head>| Arc::ptr_eq(&head.series.index, &self.index);
        for head in self.view.heads.iter().rev().filter(own) {
            some.clear();
            head.series.read(series, range, &mut some);
            merge(into, &some);
        }
    }
}
