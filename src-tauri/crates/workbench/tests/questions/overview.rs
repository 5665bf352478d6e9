//! Services, operations, metrics, attributes and runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::build::{Draft, Line, logs, points, span, spans, store};
use parking_lot::Mutex;
use watchglass_model::{
    ExemplarValue, MetricKind, PointValue, Points, Range, SpanKind, StatusCode, TimeRange,
    Timestamp,
};
use watchglass_storage::{Batch, Catalog, PointFilter, ReadError, Reader, WriteError};
use watchglass_workbench::{
    BucketSide, ExponentialBuckets, NewRun, Origin, Series, SeriesQuery, Value, attribute_keys,
    attribute_values, begin_run, end_run, metric_series, metrics, operations, runs, services,
};

const RANGE: TimeRange = TimeRange { start: Timestamp(0), end: Timestamp(10_000_000_000) };

#[test]
fn requests_are_entry_spans_and_all_spans_where_there_is_none() {
    let entry = |id, duration: u64| Draft {
        kind: SpanKind::Server,
        ..span(id, 99, 1_000, 1_000 + duration)
    };
    let failed = Draft {
        status: StatusCode::Error,
        start: 9_999_999_999,
        end: 9_999_999_999 + 40,
        ..entry(3, 0)
    };
    let line = |severity| Line { time: 5, severity, ..Line::default() };
    let store = store(&[
        spans("web", &[span(9, 1, 500, 900), entry(1, 10), entry(2, 20), failed]),
        spans("inner", &[span(10, 1, 500, 900)]),
        logs("web", &[line(9), line(17)]),
        logs("quiet", &[line(9)]),
    ]);
    let all = services(&store, RANGE).unwrap();
    let names: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["inner", "quiet", "web"]);
    let web = &all[2];
    assert_eq!((web.spans, web.requests, web.errors), (4, 3, 1));
    assert_eq!(web.percentiles, [20, 40, 40]);
    assert!((web.rate - 0.3).abs() < 1e-9);
    assert_eq!((web.log_records, web.log_errors), (2, 1));
    assert_eq!(web.language, "rust");
    assert_eq!((web.sparkline[0], web.sparkline[29], web.error_sparkline[29]), (2, 1, 1));
    assert_eq!((web.first_seen.0, web.last_seen.0), (5, 9_999_999_999));
    assert_eq!((all[0].requests, all[1].requests), (1, 0));
}

#[test]
fn operations_are_told_apart_by_name_and_kind() {
    let draft = |id, name, kind| Draft { name, kind, ..span(id, 1, 500, 500 + id) };
    let store = store(&[spans(
        "web",
        &[
            draft(1, "get", SpanKind::Client),
            draft(2, "get", SpanKind::Server),
            draft(3, "get", SpanKind::Server),
        ],
    )]);
    let all = operations(&store, "web", RANGE).unwrap();
    let found: Vec<_> = all.iter().map(|one| (one.kind, one.spans, one.percentiles)).collect();
    assert_eq!(found, [(SpanKind::Server, 2, [2, 3, 3]), (SpanKind::Client, 1, [1, 1, 1])]);
    assert!(operations(&store, "db", RANGE).unwrap().is_empty());
}

#[test]
fn metrics_are_listed_with_their_series_and_labels() {
    let store = store(&[
        points("web", 10, &[("route", "/a")]),
        points("web", 20, &[("route", "/a")]),
        points("web", 20, &[("route", "/b")]),
        points("db", 30, &[("table", "t")]),
    ]);
    let all = metrics(&store, RANGE, "").unwrap();
    assert_eq!(all.len(), 5);
    let queue = all.iter().find(|one| one.name == "queue.length").unwrap();
    assert_eq!((queue.kind, queue.series, queue.points), (MetricKind::Gauge, 3, 4));
    assert_eq!(queue.services, ["db", "web"]);
    assert_eq!(queue.label_keys, ["route", "table"]);
    assert_eq!(queue.last_seen, Timestamp(30));
    assert_eq!(metrics(&store, RANGE, "LATENCY").unwrap().len(), 3);
}

#[test]
fn series_have_their_points_in_order_of_time_once_each() {
    let store = store(&[
        points("web", 30, &[("route", "/a"), ("method", "GET")]),
        points("web", 10, &[("method", "GET"), ("route", "/a")]),
        points("web", 10, &[("method", "GET"), ("route", "/a")]),
        points("web", 20, &[("route", "/b")]),
    ]);
    let ask = |metric: &str, limit| {
        let filter = PointFilter { metric: Some(metric.into()), ..PointFilter::default() };
        let query = SeriesQuery { range: RANGE, filter, limit };
        metric_series(&store, &query)
    };
    let gauge = ask("queue.length", 10).unwrap();
    assert_eq!(gauge.total_series, 2);
    let times: Vec<u64> = gauge.series[0].times.iter().map(|time| time.0).collect();
    assert_eq!(times, [10, 30]);
    assert_eq!(gauge.series[0].values, [Some(3.0), Some(3.0)]);
    assert_eq!(gauge.series[0].sums, None);
    assert_eq!(ask("queue.length", 1).unwrap().series.len(), 1);

    let histogram = &ask("latency", 10).unwrap().series[0];
    assert_eq!(histogram.bounds.as_deref(), Some(&[1.0, 5.0][..]));
    assert_eq!(histogram.buckets.as_deref(), Some(&[vec![1, 2, 3], vec![1, 2, 3]][..]));
    assert_eq!(histogram.sums.as_deref(), Some(&[Some(12.5), Some(12.5)][..]));
    assert_eq!(histogram.exemplars.len(), 2);

    let summary = &ask("latency.summary", 10).unwrap().series[0];
    let quantiles = summary.quantiles.as_ref().unwrap();
    assert_eq!((quantiles[1].quantile, quantiles[1].values[0]), (0.99, Some(20.0)));
    assert!(ask("nothing", 10).is_err());
}

fn series_of(store: &dyn Reader, metric: &str) -> Series {
    let filter = PointFilter { metric: Some(metric.into()), ..PointFilter::default() };
    let found = metric_series(store, &SeriesQuery { range: RANGE, filter, limit: 10 });
    found.expect("the metric is there").series.swap_remove(0)
}

#[test]
fn an_exponential_histogram_keeps_its_buckets_and_scale_at_each_point() {
    let store = store(&[points("web", 10, &[]), points("web", 20, &[])]);
    let series = series_of(&store, "latency.exp");
    let at = |scale| {
        Some(ExponentialBuckets {
            scale,
            zero_count: 2,
            zero_threshold: 0.25,
            positive: BucketSide { offset: -4, bucket_counts: vec![2, 3] },
            negative: BucketSide { offset: 5, bucket_counts: Vec::new() },
        })
    };
    assert_eq!(series.exponential, Some(vec![at(3), at(-1)]));
    assert_eq!(series.counts, Some(vec![Some(7), Some(7)]));
    assert_eq!(series.sums, Some(vec![None, None]));
    assert_eq!(series.mins, Some(vec![Some(-8.0), Some(-8.0)]));
    assert_eq!(series.maxs, Some(vec![Some(4.0), Some(4.0)]));
    assert_eq!((series.bounds, series.buckets, series.exact), (None, None, None));
}

/// A batch of one metric's points, told from [`points`] by their row's number.
fn changed(time: u64, row: usize, change: impl Fn(&mut Points)) -> Batch {
    let Batch::Points(all) = points("web", time, &[]) else { unreachable!() };
    let mut batch = Points::clone(&all);
    batch.rows = vec![batch.rows[row]];
    change(&mut batch);
    Batch::Points(Arc::new(batch))
}

#[test]
fn numbers_keep_what_a_double_cannot_tell() {
    let gauge = |time, value| changed(time, 0, |batch| batch.rows[0].value = value);
    let store = store(&[
        gauge(10, PointValue::Int(i64::MIN + 1)),
        gauge(20, PointValue::Double(1.5)),
        gauge(30, PointValue::Double(f64::NEG_INFINITY)),
        gauge(40, PointValue::Empty),
    ]);
    let series = series_of(&store, "queue.length");
    let exact =
        [Some(Value::Int(i64::MIN + 1)), None, Some(Value::Double(f64::NEG_INFINITY)), None];
    assert_eq!(series.exact, Some(exact.to_vec()));
    assert_eq!((series.values[1], series.values[3]), (Some(1.5), None));
    assert_eq!(series.kind, MetricKind::Gauge);
}

#[test]
fn start_flags_and_metadata_are_kept() {
    let latency = |time, start, flags| {
        changed(time, 2, move |batch| {
            batch.rows[0].start = Timestamp(start);
            batch.rows[0].flags = flags;
            batch.metrics[2].metadata = batch.arena.resources[0].attributes;
            batch.exemplars[0].value = ExemplarValue::Int(9);
        })
    };
    let store = store(&[latency(10, 0, 0), latency(20, 7, 1)]);
    let series = series_of(&store, "latency");
    assert_eq!(series.starts, [None, Some(Timestamp(7))]);
    assert_eq!(series.flags, [0, 1]);
    assert_eq!(series.counts, Some(vec![Some(6), None]));
    assert_eq!(series.mins, Some(vec![Some(0.5), None]));
    assert_eq!(series.metadata, series.resource.attributes);
    assert_eq!(series.exemplars[0].exact, Some(Value::Int(9)));
    assert_eq!((series.unit.as_str(), series.description.as_str()), ("ms", "ms"));
}

#[test]
fn every_quantile_of_any_point_is_kept() {
    let fewer = changed(10, 4, |batch| {
        batch.summaries[0].quantiles = Range::since(1, 2);
    });
    let store = store(&[fewer, points("web", 20, &[])]);
    let quantiles = series_of(&store, "latency.summary").quantiles.unwrap();
    let found: Vec<_> = quantiles.into_iter().map(|one| (one.quantile, one.values)).collect();
    assert_eq!(found, [(0.99, vec![Some(20.0); 2]), (0.5, vec![None, Some(10.0)])]);
}

#[test]
fn attributes_are_offered_by_frequency() {
    let with = |id, attributes| Draft { attributes, ..span(id, 0, 500, 900) };
    let store = store(&[
        spans("web", &[with(1, &[("Http.route", "/a")]), with(2, &[("Http.route", "/b")])]),
        spans("db", &[with(3, &[("Http.route", "/b"), ("db.name", "shop")])]),
    ]);
    let keys = attribute_keys(&store, Origin::Traces, RANGE, "http").unwrap();
    assert_eq!((keys.len(), keys[0].text.as_str(), keys[0].count), (1, "Http.route", 3));
    let values = attribute_values(&store, Origin::Traces, RANGE, "Http.route", "").unwrap();
    let found: Vec<_> = values.iter().map(|one| (one.text.as_str(), one.count)).collect();
    assert_eq!(found, [("/b", 2), ("/a", 1)]);
    assert!(attribute_keys(&store, Origin::Logs, RANGE, "").unwrap().is_empty());
}

/// A catalog in memory.
#[derive(Debug, Default)]
struct Shelf(Mutex<BTreeMap<(String, String), String>>);

impl Catalog for Shelf {
    fn put(&self, kind: &str, key: &str, document: &str) -> Result<(), WriteError> {
        let place = (kind.to_owned(), key.to_owned());
        self.0.lock().insert(place, document.to_owned());
        Ok(())
    }

    fn remove(&self, kind: &str, key: &str) -> Result<(), WriteError> {
        self.0.lock().remove(&(kind.to_owned(), key.to_owned()));
        Ok(())
    }

    fn list(&self, kind: &str) -> Result<Vec<(String, String)>, ReadError> {
        let documents = self.0.lock();
        let of_kind = documents.iter().filter(|((one, _), _)| one == kind);
        Ok(of_kind.map(|((_, key), document)| (key.clone(), document.clone())).collect())
    }
}

#[test]
fn runs_are_kept_newest_first_and_end_once() {
    let shelf = Shelf::default();
    let new = NewRun {
        command: vec!["python".into(), "app.py".into()],
        git_dirty: true,
        ..NewRun::default()
    };
    let first = begin_run(&shelf, new.clone(), Timestamp(5)).unwrap();
    let second = begin_run(&shelf, new, Timestamp(5)).unwrap();
    assert_ne!(first.id, second.id);
    let ended = end_run(&shelf, &first.id, Some(3), Timestamp(9)).unwrap();
    assert_eq!((ended.end, ended.exit_code), (Some(Timestamp(9)), Some(3)));
    assert_eq!(end_run(&shelf, &first.id, Some(4), Timestamp(10)).unwrap(), ended);
    assert_eq!(runs(&shelf).unwrap(), [second, ended]);
    assert!(end_run(&shelf, "nothing", None, Timestamp(9)).is_err());
}
