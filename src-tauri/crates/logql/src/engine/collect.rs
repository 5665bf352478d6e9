//! Gathering what lines give: counts or numbers by series. Each thread has a collector of its own.

use rapidhash::RapidHashMap;
use watchglass_model::Labels;
use watchglass_storage::{LineBatch, Nanos};

use super::keys::SeriesBy;
use super::steps::{Seen, StepSums, Windows};
use crate::stage::Row;

/// A number and where it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) time: Nanos,
    pub(super) value: f64,
    /// Part and row: what arrived first among equal times.
    pub(super) place: (u32, u32),
}

/// What one series has gathered.
#[derive(Debug)]
pub(super) enum Gathered {
    /// Lines and bytes.
    Sums(StepSums),
    /// Numbers, in any order.
    Points(Vec<Point>),
}

/// Series by what tells them apart.
#[derive(Debug, Default)]
pub(super) struct Collector {
    places: RapidHashMap<Box<[u8]>, usize>,
    pub(super) series: Vec<(Labels, Gathered)>,
    key: Vec<u8>,
    /// Numbers and series held.
    pub(super) held: usize,
}

/// The places of series in a batch, by stream and set of metadata: of use while rows keep the labels with which they came.
#[derive(Debug, Default)]
pub(super) struct Known {
    last: Option<((u32, u32), usize)>,
    places: RapidHashMap<(u32, u32), usize>,
}

impl Collector {
    /// The place of the series of a row.
    pub(super) fn place(&mut self, row: &Row<'_>, by: &SeriesBy, empty: fn() -> Gathered) -> usize {
        by.write_key(row, &mut self.key);
        if let Some(place) = self.places.get(self.key.as_slice()) {
            return *place;
        }
        let place = self.series.len();
        self.series.push((by.labels(row), empty()));
        self.places.insert(self.key.clone().into_boxed_slice(), place);
        self.held += 1;
        place
    }

    /// The same, remembered for rows that share stream and metadata.
    pub(super) fn known_place(
        &mut self,
        batch: &LineBatch<'_>,
        number: usize,
        row: &mut Row<'_>,
        by: &SeriesBy,
        known: &mut Known,
        empty: fn() -> Gathered,
    ) -> usize {
        let stream = batch.stream_of.get(number).copied().unwrap_or(0);
        let own = (stream, batch.metadata.set(number).unwrap_or(u32::MAX));
        if let Some((last, place)) = known.last
            && last == own
        {
            return place;
        }
        let place = if let Some(place) = known.places.get(&own) {
            *place
        } else {
            let place = self.place(row, by, empty);
            known.places.insert(own, place);
            place
        };
        known.last = Some((own, place));
        place
    }

    pub(super) fn add_sum(&mut self, place: usize, seen: &Seen, sum: u64, steps: usize) {
        if let Some((_, Gathered::Sums(sums))) = self.series.get_mut(place) {
            sums.add(seen, 1, sum, steps);
        }
    }

    pub(super) fn add_point(&mut self, place: usize, point: Point) {
        if let Some((_, Gathered::Points(points))) = self.series.get_mut(place) {
            points.push(point);
            self.held += 1;
        }
    }

    /// Takes in what another thread has gathered.
    pub(super) fn merge(&mut self, other: Self, windows: &Windows) {
        let mut own = other.series;
        for (key, place) in other.places {
            let Some(slot) = own.get_mut(place) else { continue };
            let (labels, gathered) =
                std::mem::replace(slot, (Labels::EMPTY, Gathered::Points(Vec::new())));
            let mine = self.places.get(&key).and_then(|place| self.series.get_mut(*place));
            match (mine, gathered) {
                (Some((_, Gathered::Sums(mine))), Gathered::Sums(other)) => {
                    mine.merge(other, windows.grid.steps);
                }
                (Some((_, Gathered::Points(mine))), Gathered::Points(other)) => mine.extend(other),
                (_, gathered) => {
                    self.places.insert(key, self.series.len());
                    self.series.push((labels, gathered));
                }
            }
        }
    }
}
