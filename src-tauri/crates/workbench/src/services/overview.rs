//! Every service of a time range with its rate, errors, durations and log records.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use watchglass_model::{
    ResourceRef, Severity, SpanKind, SpanRef, StatusCode, TimeRange, Timestamp,
};
use watchglass_storage::{Detail, LogFilter, LogScan, Reader, SpanFilter, SpanScan};

use super::quantiles::Durations;
use crate::error::Result;
use crate::numbers::{float, ratio};
use crate::windows::step;

/// How many buckets a sparkline has.
pub const BUCKETS: usize = 30;

/// What a service did in a time range.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// `telemetry.sdk.language`, or empty.
    pub language: String,
    /// How many spans it sent.
    pub spans: u64,
    /// Its entry spans (server, consumer, or without a parent); all spans where there is none.
    pub requests: u64,
    /// Requests per second over the range.
    pub rate: f64,
    /// Failed requests.
    pub errors: u64,
    /// Failed requests of all.
    pub error_ratio: f64,
    /// Nanoseconds that 50, 95 and 99 of a hundred requests do not exceed.
    pub percentiles: [u64; 3],
    /// How many log records it sent.
    pub log_records: u64,
    /// How many of them are errors or worse.
    pub log_errors: u64,
    /// The first time in the range at which it was seen.
    pub first_seen: Timestamp,
    /// The last.
    pub last_seen: Timestamp,
    /// Requests in equal parts of the range.
    pub sparkline: Vec<u64>,
    /// Failed requests in equal parts of the range.
    pub error_sparkline: Vec<u64>,
}

/// The services that sent spans or log records, by name.
pub fn services(reader: &dyn Reader, range: TimeRange) -> Result<Vec<Service>> {
    let mut census = Census::new(range);
    let spans = SpanScan { range, filter: SpanFilter::default(), detail: Detail::Core };
    reader.scan_spans(&spans, &mut |batch, rows| {
        let mut places = HashMap::new();
        for span in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            let place = *places
                .entry(span.row.resource)
                .or_insert_with(|| census.place_of(span.resource()));
            census.add_span(place, span);
        }
        ControlFlow::Continue(())
    })?;
    let logs = LogScan { range, filter: LogFilter::default(), detail: Detail::Core };
    reader.scan_logs(&logs, &mut |batch, rows| {
        let mut places = HashMap::new();
        for record in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            let place = *places
                .entry(record.row.resource)
                .or_insert_with(|| census.place_of(record.resource()));
            let tally = &mut census.tallies[place];
            tally.see(record.row.timestamp());
            tally.log_records += 1;
            tally.log_errors += u64::from(record.severity() >= Severity::Error);
        }
        ControlFlow::Continue(())
    })?;
    Ok(census.services())
}

#[derive(Debug)]
struct Census {
    range: TimeRange,
    step: u64,
    places: BTreeMap<String, usize>,
    tallies: Vec<Tally>,
}

#[derive(Debug, Default)]
struct Tally {
    language: String,
    spans: u64,
    entries: Requests,
    /// What is no entry; counts only as long as there is no entry.
    others: Requests,
    log_records: u64,
    log_errors: u64,
    seen: Option<TimeRange>,
}

#[derive(Debug, Default)]
struct Requests {
    count: u64,
    errors: u64,
    durations: Durations,
    sparkline: [u64; BUCKETS],
    error_sparkline: [u64; BUCKETS],
}

impl Census {
    fn new(range: TimeRange) -> Self {
        Self { range, step: step(range, BUCKETS), places: BTreeMap::new(), tallies: Vec::new() }
    }

    fn place_of(&mut self, resource: ResourceRef<'_>) -> usize {
        let name = resource.service();
        let place = if let Some(place) = self.places.get(name) {
            *place
        } else {
            self.places.insert(name.to_owned(), self.tallies.len());
            self.tallies.push(Tally::default());
            self.tallies.len() - 1
        };
        let tally = &mut self.tallies[place];
        if tally.language.is_empty() {
            let language = resource.attributes().text("telemetry.sdk.language");
            language.clone_into(&mut tally.language);
        }
        place
    }

    fn add_span(&mut self, place: usize, span: SpanRef<'_>) {
        let row = span.row;
        let tally = &mut self.tallies[place];
        tally.spans += 1;
        tally.see(row.start);
        let is_entry = matches!(row.kind, SpanKind::Server | SpanKind::Consumer)
            || row.parent_span_id.is_none();
        let requests = if is_entry {
            &mut tally.entries
        } else if tally.entries.count == 0 {
            &mut tally.others
        } else {
            return;
        };
        let bucket = row.start.since(self.range.start) / self.step;
        let bucket = usize::try_from(bucket).unwrap_or(BUCKETS).min(BUCKETS - 1);
        requests.count += 1;
        requests.sparkline[bucket] += 1;
        requests.durations.add(span.duration());
        if row.status == StatusCode::Error {
            requests.errors += 1;
            requests.error_sparkline[bucket] += 1;
        }
    }

    fn services(self) -> Vec<Service> {
        let range = self.range;
        let mut tallies: Vec<_> = self.tallies.into_iter().map(Some).collect();
        let named = self.places.into_iter();
        named
            .filter_map(|(name, place)| Some((name, tallies.get_mut(place)?.take()?)))
            .map(|(name, tally)| tally.service(name, range))
            .collect()
    }
}

impl Tally {
    fn see(&mut self, time: Timestamp) {
        let moment = TimeRange { start: time, end: time };
        self.seen = Some(self.seen.map_or(moment, |seen| seen.including(time)));
    }

    fn service(self, name: String, range: TimeRange) -> Service {
        let first_seen = self.seen.map_or(range.start, |seen| seen.start);
        // A service that began a minute ago did not stand still before that.
        let nanoseconds = range.end.since(range.start.max(first_seen)).max(1_000_000_000);
        let seconds = float(nanoseconds) / 1e9;
        let mut requests = if self.entries.count == 0 { self.others } else { self.entries };
        Service {
            name,
            language: self.language,
            spans: self.spans,
            requests: requests.count,
            rate: float(requests.count) / seconds,
            errors: requests.errors,
            error_ratio: ratio(requests.errors, requests.count),
            percentiles: requests.durations.percentiles(),
            log_records: self.log_records,
            log_errors: self.log_errors,
            first_seen: self.seen.map_or(Timestamp::ZERO, |seen| seen.start),
            last_seen: self.seen.map_or(Timestamp::ZERO, |seen| seen.end),
            sparkline: requests.sparkline.to_vec(),
            error_sparkline: requests.error_sparkline.to_vec(),
        }
    }
}
