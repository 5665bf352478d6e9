//! Services, operations, metrics, attributes and runs.

use std::collections::BTreeMap;

use crate::build::{Draft, Line, logs, points, span, spans, store};
use parking_lot::Mutex;
use watchglass_model::{MetricKind, SpanKind, StatusCode, TimeRange, Timestamp};
use watchglass_storage::{Catalog, PointFilter, ReadError, WriteError};
use watchglass_workbench::{
    NewRun, Origin, SeriesQuery, attribute_keys, attribute_values, begin_run, end_run,
    metric_series, metrics, operations, runs, services,
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
    assert_eq!(ask("latency.exp", 10).unwrap().series[0].values[0], Some(7.0));
    assert!(ask("nothing", 10).is_err());
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
