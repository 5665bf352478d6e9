//! The metrics that were sent in a time range.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::ControlFlow;

use watchglass_model::{MetricKind, MetricRef, PointRef, Points, TimeRange, Timestamp};
use watchglass_storage::{PointFilter, PointScan, Reader};

use super::series::identity;
use crate::error::Result;
use crate::numbers::contains;

/// A metric of one name, over all senders.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// What kind of points it has; where senders differ, the latest decides.
    pub kind: MetricKind,
    /// Its unit.
    pub unit: String,
    /// What it tells.
    pub description: String,
    /// How many series.
    pub series: u64,
    /// How many points.
    pub points: u64,
    /// Who sends it, by name.
    pub services: Vec<String>,
    /// Its labels, by name.
    pub label_keys: Vec<String>,
    /// The last point's time.
    pub last_seen: Timestamp,
}

/// The metrics with points in `range` whose name or description holds `text`, by name.
pub fn metrics(reader: &dyn Reader, range: TimeRange, text: &str) -> Result<Vec<Metric>> {
    let scan = PointScan { range, filter: PointFilter::default() };
    let mut tallies = BTreeMap::new();
    reader.scan_points(&scan, &mut |batch, rows| {
        add(&mut tallies, batch, rows);
        ControlFlow::Continue(())
    })?;
    let all = tallies.into_iter();
    Ok(all
        .map(|(name, tally)| tally.metric(name))
        .filter(|metric| contains(&metric.name, text) || contains(&metric.description, text))
        .collect())
}

fn add(tallies: &mut BTreeMap<String, Tally>, batch: &Points, rows: &[u32]) {
    for point in rows.iter().filter_map(|row| batch.get(*row as usize)) {
        let metric = point.metric();
        if !tallies.contains_key(metric.name()) {
            tallies.insert(metric.name().to_owned(), Tally::of(metric));
        }
        if let Some(tally) = tallies.get_mut(metric.name()) {
            tally.add(point);
        }
    }
}

#[derive(Debug)]
struct Tally {
    kind: MetricKind,
    unit: String,
    description: String,
    series: HashSet<u64>,
    points: u64,
    services: BTreeSet<String>,
    label_keys: BTreeSet<String>,
    last_seen: Timestamp,
}

impl Tally {
    fn of(metric: MetricRef<'_>) -> Self {
        Self {
            kind: metric.row.kind,
            unit: String::new(),
            description: String::new(),
            series: HashSet::new(),
            points: 0,
            services: BTreeSet::new(),
            label_keys: BTreeSet::new(),
            last_seen: Timestamp::ZERO,
        }
    }

    fn add(&mut self, point: PointRef<'_>) {
        let metric = point.metric();
        self.points += 1;
        if point.row.time >= self.last_seen {
            self.last_seen = point.row.time;
            self.kind = metric.row.kind;
            metric.unit().clone_into(&mut self.unit);
            metric.description().clone_into(&mut self.description);
        }
        if !self.series.insert(identity(point)) {
            return;
        }
        let service = metric.resource().service();
        if !self.services.contains(service) {
            self.services.insert(service.to_owned());
        }
        for (key, _) in point.attributes().iter() {
            if !self.label_keys.contains(key) {
                self.label_keys.insert(key.to_owned());
            }
        }
    }

    fn metric(self, name: String) -> Metric {
        Metric {
            name,
            kind: self.kind,
            unit: self.unit,
            description: self.description,
            series: self.series.len() as u64,
            points: self.points,
            services: self.services.into_iter().collect(),
            label_keys: self.label_keys.into_iter().collect(),
            last_seen: self.last_seen,
        }
    }
}
