//! What every store must pass: asked the same, it answers the same as the store in memory. The questions are drawn
//! from what the reference holds, so a workload brings its own scans. A check panics with the first difference.

mod series;
mod streams;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use watchglass_model::{
    Attributes, Histogram, LogRef, PointRef, PointValue, ResourceRef, ScopeRef, Severity, SpanRef,
    StatusCode, TimeRange, Timestamp,
};

use crate::{
    Condition, Detail, LogFilter, LogScan, MemoryStore, PointFilter, PointScan, Reader, SpanFilter,
    SpanScan, Test, text_of,
};

pub use series::{SERIES_WINDOW, check_same_series_answers, check_series_store};
pub use streams::{check_same_stream_answers, stream_workload};

/// Asks `store` and `reference` the same and panics where the answers differ.
pub fn check_same_answers(store: &dyn Reader, reference: &MemoryStore) {
    for scan in span_scans(reference) {
        compare(&spans(store, &scan), &spans(reference, &scan), &scan);
    }
    for scan in log_scans(reference) {
        compare(&logs(store, &scan), &logs(reference, &scan), &scan);
    }
    for scan in point_scans(reference) {
        compare(&points(store, &scan), &points(reference, &scan), &scan);
    }
}

fn compare(found: &[String], expected: &[String], scan: &dyn std::fmt::Debug) {
    let different = found.iter().zip(expected).find(|(one, other)| one != other);
    assert!(different.is_none(), "{scan:?} shows other rows than it should: {different:#?}");
    assert_eq!(found.len(), expected.len(), "{scan:?} shows too many or too few rows");
}

/// Everything that a scan shows of spans, described and sorted.
pub fn spans(reader: &dyn Reader, scan: &SpanScan) -> Vec<String> {
    let mut found = Vec::new();
    let scanned = reader.scan_spans(scan, &mut |batch, rows| {
        let spans = rows.iter().filter_map(|row| batch.get(*row as usize));
        found.extend(spans.map(|span| describe_span(span, scan.detail)));
        ControlFlow::Continue(())
    });
    sorted(found, scanned)
}

/// Everything that a scan shows of log records, described and sorted.
pub fn logs(reader: &dyn Reader, scan: &LogScan) -> Vec<String> {
    let mut found = Vec::new();
    let scanned = reader.scan_logs(scan, &mut |batch, rows| {
        let records = rows.iter().filter_map(|row| batch.get(*row as usize));
        found.extend(records.map(|record| describe_log(record, scan.detail)));
        ControlFlow::Continue(())
    });
    sorted(found, scanned)
}

/// Everything that a scan shows of points, described and sorted.
pub fn points(reader: &dyn Reader, scan: &PointScan) -> Vec<String> {
    let mut found = Vec::new();
    let scanned = reader.scan_points(scan, &mut |batch, rows| {
        let points = rows.iter().filter_map(|row| batch.get(*row as usize));
        found.extend(points.map(describe_point));
        ControlFlow::Continue(())
    });
    sorted(found, scanned)
}

fn sorted(mut found: Vec<String>, scanned: Result<(), crate::ReadError>) -> Vec<String> {
    scanned.expect("a store that is whole can be scanned");
    found.sort_unstable();
    found
}

fn span_scans(reference: &MemoryStore) -> Vec<SpanScan> {
    let batches = reference.spans();
    let all = || batches.iter().flat_map(|batch| batch.iter());
    let mut filters = vec![SpanFilter::default()];
    let services: BTreeSet<_> = all().map(|span| span.service().to_owned()).collect();
    filters.extend(services.into_iter().chain(["nobody".to_owned()]).map(|service| SpanFilter {
        service: Some(service),
        min_duration: Some(1_000),
        ..SpanFilter::default()
    }));
    for status in [StatusCode::Unset, StatusCode::Ok, StatusCode::Error] {
        filters.push(SpanFilter { status: Some(status), ..SpanFilter::default() });
    }
    for span in all().step_by(17).take(12) {
        filters.push(SpanFilter { traces: Some(vec![span.row.trace_id]), ..SpanFilter::default() });
        filters.push(SpanFilter {
            operation: Some(span.name().to_owned()),
            max_duration: Some(span.duration()),
            ..SpanFilter::default()
        });
        for attributes in conditions(span.attributes()) {
            filters.push(SpanFilter { attributes: vec![attributes], ..SpanFilter::default() });
        }
    }
    let ranges = ranges(all().map(|span| span.row.start));
    combine(&filters, &ranges, |filter, range, detail| SpanScan { range, filter, detail })
}

fn log_scans(reference: &MemoryStore) -> Vec<LogScan> {
    let batches = reference.logs();
    let all = || batches.iter().flat_map(|batch| batch.iter());
    let mut filters = vec![LogFilter::default()];
    for severity in [Severity::Info, Severity::Error] {
        filters.push(LogFilter { severity: Some(severity), ..LogFilter::default() });
    }
    for record in all().step_by(13).take(12) {
        let (trace, span) = (record.row.trace_id, record.row.span_id);
        filters.push(LogFilter { trace: Some(trace), ..LogFilter::default() });
        filters.push(LogFilter {
            span: Some(span),
            service: Some(record.service().to_owned()),
            ..LogFilter::default()
        });
        let text: String = text_of(record.body()).chars().take(5).collect();
        filters.push(LogFilter { text: Some(text), ..LogFilter::default() });
        for attributes in conditions(record.attributes()) {
            filters.push(LogFilter { attributes: vec![attributes], ..LogFilter::default() });
        }
    }
    let ranges = ranges(all().map(|record| record.row.timestamp()));
    combine(&filters, &ranges, |filter, range, detail| LogScan { range, filter, detail })
}

fn point_scans(reference: &MemoryStore) -> Vec<PointScan> {
    let batches = reference.points();
    let all = || batches.iter().flat_map(|batch| batch.iter());
    let mut filters = vec![PointFilter::default()];
    for point in all().step_by(11).take(12) {
        filters.push(PointFilter {
            metric: Some(point.metric().name().to_owned()),
            ..PointFilter::default()
        });
        filters.push(PointFilter {
            service: Some(point.metric().resource().service().to_owned()),
            attributes: conditions(point.attributes()),
            ..PointFilter::default()
        });
    }
    let ranges = ranges(all().map(|point| point.row.time));
    combine(&filters, &ranges, |filter, range, _| PointScan { range, filter })
}

/// Conditions that a row with these attributes meets, and some that it does not.
fn conditions(attributes: Attributes<'_>) -> Vec<Condition> {
    let first = attributes.iter().take(1);
    first
        .flat_map(|(key, value)| {
            let text = text_of(value).into_owned();
            let part = text.chars().take(3).collect();
            let tests = [
                Test::Exists,
                Test::Equals(text.clone()),
                Test::Differs(text),
                Test::Contains(part),
            ];
            tests.map(|test| Condition { key: key.to_owned(), test })
        })
        .collect()
}

/// All time, and the middle third of the times that occur.
fn ranges(times: impl Iterator<Item = Timestamp>) -> Vec<TimeRange> {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    let at = |third: usize| times.get(times.len() * third / 3).copied().unwrap_or(Timestamp::MAX);
    vec![TimeRange::ALL, TimeRange { start: at(1), end: at(2) }]
}

fn combine<F: Clone, S>(
    filters: &[F],
    ranges: &[TimeRange],
    scan: impl Fn(F, TimeRange, Detail) -> S,
) -> Vec<S> {
    let details = [Detail::Core, Detail::Whole];
    let pairs = filters.iter().flat_map(|filter| ranges.iter().map(move |range| (filter, range)));
    pairs
        .flat_map(|(filter, range)| details.map(|detail| scan(filter.clone(), *range, detail)))
        .collect()
}

fn describe_span(span: SpanRef<'_>, detail: Detail) -> String {
    let row = span.row;
    let core = format!(
        "{} {} {} {} {:?} {:?} {:?} {:?} {} {} {} {} {}",
        row.trace_id,
        row.span_id,
        row.parent_span_id,
        span.name(),
        row.kind,
        row.start,
        row.end,
        row.status,
        span.status_message(),
        describe_resource(span.resource()),
        describe_scope(span.scope()),
        row.attributes.length,
        row.links.length + row.events.length,
    );
    if detail == Detail::Core {
        return core;
    }
    let events: Vec<_> = span
        .events()
        .map(|event| {
            let attributes = describe(event.attributes());
            let dropped = event.row.dropped_attributes_count;
            format!("{:?} {} {attributes} {dropped}", event.row.time, event.name())
        })
        .collect();
    let links: Vec<_> = span
        .links()
        .map(|link| {
            let attributes = describe(link.attributes());
            let row = link.row;
            let dropped = row.dropped_attributes_count;
            let state = link.trace_state();
            format!("{} {} {state} {} {attributes} {dropped}", row.trace_id, row.span_id, row.flags)
        })
        .collect();
    let dropped = [row.dropped_attributes_count, row.dropped_events_count, row.dropped_links_count];
    let attributes = describe(span.attributes());
    let state = span.trace_state();
    format!("{core} {state} {} {attributes} {events:?} {links:?} {dropped:?}", row.flags)
}

fn describe_log(record: LogRef<'_>, detail: Detail) -> String {
    let row = record.row;
    let core = format!(
        "{:?} {:?} {} {} {} {} {} {} {}",
        row.time,
        row.observed_time,
        row.severity_number,
        record.severity_text(),
        row.trace_id,
        row.span_id,
        describe_resource(record.resource()),
        describe_scope(record.scope()),
        row.attributes.length,
    );
    if detail == Detail::Core {
        return core;
    }
    let (body, attributes) = (text_of(record.body()), describe(record.attributes()));
    let dropped = row.dropped_attributes_count;
    format!("{core} {body} {} {} {attributes} {dropped}", record.event_name(), row.flags)
}

fn describe_point(point: PointRef<'_>) -> String {
    let metric = point.metric();
    let (row, batch) = (point.row, point.batch);
    let value = match row.value {
        PointValue::Histogram(index) => batch.histograms.get(index as usize).map(|one| {
            let (bounds, counts) = (one.bounds.of(&batch.doubles), one.counts.of(&batch.counts));
            let Histogram { count, sum, min, max, .. } = *one;
            format!("{count} {sum:?} {min:?} {max:?} {bounds:?} {counts:?}")
        }),
        PointValue::ExponentialHistogram(index) => {
            batch.exponential_histograms.get(index as usize).map(|one| {
                let sides = [one.positive, one.negative]
                    .map(|side| (side.offset, side.counts.of(&batch.counts)));
                let extremes = [one.sum, one.min, one.max];
                let zero = (one.zero_count, one.zero_threshold);
                format!("{} {} {extremes:?} {zero:?} {sides:?}", one.count, one.scale)
            })
        }
        PointValue::Summary(index) => batch.summaries.get(index as usize).map(|one| {
            let quantiles = one.quantiles.of(&batch.quantiles);
            format!("{} {} {quantiles:?}", one.count, one.sum)
        }),
        plain => Some(format!("{plain:?}")),
    };
    let exemplars: Vec<_> = point
        .exemplars()
        .iter()
        .map(|one| {
            let attributes = describe(batch.arena.attributes(one.attributes));
            format!("{:?} {:?} {} {} {attributes}", one.time, one.value, one.trace_id, one.span_id)
        })
        .collect();
    format!(
        "{} {} {} {:?} {} {} {} {} {:?} {:?} {} {value:?} {exemplars:?}",
        metric.name(),
        metric.description(),
        metric.unit(),
        metric.row.kind,
        describe(metric.metadata()),
        describe_resource(metric.resource()),
        describe_scope(metric.scope()),
        describe(point.attributes()),
        row.start,
        row.time,
        row.flags,
    )
}

fn describe_resource(resource: ResourceRef<'_>) -> String {
    let (attributes, dropped) =
        (describe(resource.attributes()), resource.row.dropped_attributes_count);
    format!("{} {attributes} {dropped} {}", resource.service(), resource.schema_url())
}

fn describe_scope(scope: ScopeRef<'_>) -> String {
    let (attributes, dropped) = (describe(scope.attributes()), scope.row.dropped_attributes_count);
    format!("{} {} {attributes} {dropped} {}", scope.name(), scope.version(), scope.schema_url())
}

/// Keys with values and their types.
fn describe(attributes: Attributes<'_>) -> String {
    let all = attributes.iter().map(|(key, value)| {
        let kind = std::mem::discriminant(&value);
        format!("{key}={}:{kind:?}", text_of(value))
    });
    all.collect::<Vec<_>>().join(",")
}
