//! The Pushgateway API: groups, what a push makes of them, what it refuses, and what the store gets.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;
use parking_lot::Mutex;
use prost::Message;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use watchglass_ingest::{
    Endpoints, Gateway, Limits, Mistakes, Pipeline, Receiver, Refresh, TranslationSettings,
    receiver::pushgateway,
};
use watchglass_storage::{
    Catalog, Matcher, MemorySeries, MemoryStore, MillisRange, ReadError, SeriesReader, WriteError,
};

/// A catalog in memory, which may be told to fail.
#[derive(Debug, Default)]
struct Shelf {
    documents: Mutex<BTreeMap<String, String>>,
    is_broken: Mutex<bool>,
}

impl Shelf {
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<(), WriteError> {
        if *self.is_broken.lock() {
            return Err(WriteError::Disk("no space left".to_owned()));
        }
        change(&mut self.documents.lock());
        Ok(())
    }
}

impl Catalog for Shelf {
    fn put(&self, _: &str, key: &str, document: &str) -> Result<(), WriteError> {
        self.change(|all| drop(all.insert(key.to_owned(), document.to_owned())))
    }

    fn remove(&self, _: &str, key: &str) -> Result<(), WriteError> {
        self.change(|all| drop(all.remove(key)))
    }

    fn list(&self, _: &str) -> Result<Vec<(String, String)>, ReadError> {
        Ok(self.documents.lock().clone().into_iter().collect())
    }
}

/// A gateway over a store and a catalog in memory.
struct House {
    shelf: Arc<Shelf>,
    series: Arc<MemorySeries>,
    pipeline: Pipeline,
    gateway: Gateway,
    router: Router,
}

impl House {
    fn open() -> Self {
        Self::on(Arc::default(), Arc::new(MemorySeries::new(0)))
    }

    fn on(shelf: Arc<Shelf>, series: Arc<MemorySeries>) -> Self {
        let pipeline = Pipeline::new(
            Arc::new(MemoryStore::new()),
            Arc::<MemorySeries>::clone(&series),
            TranslationSettings::default(),
            Limits::default(),
        );
        let gateway = Gateway::open(Arc::<Shelf>::clone(&shelf), pipeline.clone()).unwrap();
        let mistakes = Mistakes::new(Endpoints::default());
        let receiver = Receiver::new(pipeline.clone(), mistakes, "pushgateway", 9091);
        let router = pushgateway::routes(receiver, gateway.clone(), "0.1.0");
        Self { shelf, series, pipeline, gateway, router }
    }

    /// The same after a restart.
    fn reopen(self) -> Self {
        Self::on(self.shelf, self.series)
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> (u16, String) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status.as_u16(), String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn push(&self, method: &str, path: &str, body: &str) {
        let (status, text) = self.send(method, path, &[], body.to_owned()).await;
        assert_eq!((status, text.as_str()), (200, ""), "{method} {path} {body}");
    }

    /// The sentence with which a push is refused.
    async fn refused(&self, path: &str, body: &str) -> String {
        let (status, text) = self.send("POST", path, &[], body.to_owned()).await;
        assert_eq!(status, 400, "{body}: {text}");
        text
    }

    async fn get(&self, path: &str) -> String {
        let (status, text) = self.send("GET", path, &[], "").await;
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// The lines of `/metrics` that begin so.
    async fn exposed(&self, beginning: &str) -> Vec<String> {
        let text = self.get("/metrics").await;
        text.lines().filter(|line| line.starts_with(beginning)).map(str::to_owned).collect()
    }

    /// The values of a metric's series in the store, stale ones as `stale`.
    fn stored(&self, metric: &str) -> Vec<(String, Vec<String>)> {
        let found = self.series.select(&[Matcher::equal("__name__", metric)], MillisRange::ALL);
        let mut samples = watchglass_model::Samples::default();
        found
            .unwrap()
            .iter()
            .map(|cursor| {
                cursor.read(MillisRange::ALL, &mut samples).unwrap();
                let values = samples.iter().map(|sample| match &sample.value {
                    value if value.is_stale() => "stale".to_owned(),
                    watchglass_model::SampleValue::Float(value) => value.to_string(),
                    watchglass_model::SampleValue::Histogram(one) => one.to_string(),
                });
                (cursor.labels().without("__name__").to_string(), values.collect())
            })
            .collect()
    }
}

fn series(labels: &str, values: &[&str]) -> (String, Vec<String>) {
    (labels.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
}

#[tokio::test]
async fn what_is_pushed_is_in_the_store_at_once_with_the_labels_of_its_group() {
    let house = House::open();
    let body = "# TYPE done counter\n# HELP done How many.\ndone{job=\"own\",kind=\"a\"} 3\n";
    house.push("PUT", "/metrics/job/night/instance/x", body).await;
    let labels = "{instance=\"x\", job=\"night\", kind=\"a\"}";
    assert_eq!(house.stored("done"), [series(labels, &["3"])]);
    let metadata = house.series.metadata(Some("done")).unwrap();
    assert_eq!((metadata[0].1[0].kind.as_str(), &*metadata[0].1[0].help), ("counter", "How many."));
    let counted = house.pipeline.counters("pushgateway").read(watchglass_model::Timestamp(0)).total;
    assert_eq!((counted.requests, counted.points, counted.refused), (1, 1, 0));
}

#[tokio::test]
async fn an_absent_instance_is_shown_empty_and_is_none_in_the_store() {
    let house = House::open();
    house.push("POST", "/metrics/job/night", "m 1.5\n").await;
    assert_eq!(house.exposed("m").await, ["m{instance=\"\",job=\"night\"} 1.5"]);
    assert_eq!(house.stored("m"), [series("{job=\"night\"}", &["1.5"])]);
    let with_own = "n{instance=\"own\"} 2\n";
    house.push("POST", "/metrics/job/night", with_own).await;
    assert_eq!(house.exposed("n").await, ["n{instance=\"own\",job=\"night\"} 2"]);
}

#[tokio::test]
async fn put_replaces_the_group_and_post_only_what_has_the_same_name() {
    let house = House::open();
    house.push("PUT", "/metrics/job/a", "x{l=\"1\"} 1\nx{l=\"2\"} 2\ny 3\n").await;
    house.push("POST", "/metrics/job/a", "x{l=\"1\"} 4\n").await;
    assert_eq!(house.exposed("x").await, ["x{instance=\"\",job=\"a\",l=\"1\"} 4"]);
    assert_eq!(house.exposed("y").await, ["y{instance=\"\",job=\"a\"} 3"]);
    house.push("PUT", "/metrics/job/a", "z 5\n").await;
    assert!(house.exposed("x").await.is_empty() && house.exposed("y").await.is_empty());
    let expected = [
        series("{job=\"a\", l=\"1\"}", &["1", "4", "stale"]),
        series("{job=\"a\", l=\"2\"}", &["2", "stale"]),
    ];
    assert_eq!(house.stored("x"), expected);
    assert_eq!(house.stored("y"), [series("{job=\"a\"}", &["3", "3", "stale"])]);
}

#[tokio::test]
async fn delete_ends_a_group_and_no_other() {
    let house = House::open();
    house.push("PUT", "/metrics/job/a", "x 1\n").await;
    house.push("PUT", "/metrics/job/a/instance/i", "x 2\n").await;
    let deleted = house.send("DELETE", "/metrics/job/a", &[], "").await;
    assert_eq!(deleted, (202, String::new()));
    assert_eq!(house.send("DELETE", "/metrics/job/none", &[], "").await.0, 202);
    assert_eq!(house.exposed("x").await, ["x{instance=\"i\",job=\"a\"} 2"]);
    let expected =
        [series("{instance=\"i\", job=\"a\"}", &["2"]), series("{job=\"a\"}", &["1", "stale"])];
    assert_eq!(house.stored("x"), expected);
    assert_eq!(house.stored("push_time_seconds")[1].1[1], "stale");
}

#[tokio::test]
async fn an_empty_push_moves_only_the_time() {
    let house = House::open();
    house.push("POST", "/metrics/job/a", "x 1\n").await;
    let before = house.exposed("push_time_seconds").await;
    house.push("POST", "/metrics/job/a", "").await;
    assert_eq!(house.exposed("x").await.len(), 1);
    assert_ne!(house.exposed("push_time_seconds").await, before);
    house.push("PUT", "/metrics/job/a", "").await;
    assert!(house.exposed("x").await.is_empty());
    assert_eq!(house.exposed("push_time_seconds").await.len(), 1);
}

#[tokio::test]
async fn times_of_pushes_are_told_and_cannot_be_pushed() {
    let house = House::open();
    house.push("POST", "/metrics/job/a", "push_time_seconds 7\n").await;
    let lines = house.exposed("push_").await;
    assert!(
        lines[0].starts_with("push_failure_time_seconds{instance=\"\",job=\"a\"} 0"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("push_time_seconds{instance=\"\",job=\"a\"} 1."), "{lines:?}");
    assert_eq!(lines.len(), 2);
}

#[tokio::test]
async fn a_sample_with_a_time_is_refused_and_the_failure_is_noted() {
    let house = House::open();
    let told = house.refused("/metrics/job/a", "x 1 1700000000000\n").await;
    let expected = "pushed metrics are invalid or inconsistent with existing metrics: \
                    pushed metrics must not have timestamps\n";
    assert_eq!(told, expected);
    let lines = house.exposed("push_").await;
    assert!(
        lines[0].starts_with("push_failure_time_seconds{instance=\"\",job=\"a\"} 1."),
        "{lines:?}"
    );
    assert_eq!(lines[1], "push_time_seconds{instance=\"\",job=\"a\"} 0");
    let report: Value = serde_json::from_str(&house.get("/api/v1/metrics").await).unwrap();
    assert_eq!(report["data"][0]["last_push_successful"], json!(false));
    house.push("POST", "/metrics/job/a", "x 1\n").await;
    let report: Value = serde_json::from_str(&house.get("/api/v1/metrics").await).unwrap();
    assert_eq!(report["data"][0]["last_push_successful"], json!(true));
}

#[tokio::test]
async fn types_must_agree_over_all_groups() {
    let house = House::open();
    house.push("POST", "/metrics/job/a", "# TYPE x counter\nx 1\n").await;
    let told = house.refused("/metrics/job/b", "# TYPE x gauge\nx 2\n").await;
    let expected = "collected metric \"x\" { label:{name:\"instance\" value:\"\"} \
                    label:{name:\"job\" value:\"b\"} gauge:{value:2}} is not a COUNTER\n";
    assert!(told.ends_with(expected), "{told}");
    // In its own group a push may change the type.
    house.push("POST", "/metrics/job/a", "# TYPE x gauge\nx 1\n").await;
}

#[tokio::test]
async fn no_series_may_come_twice() {
    let house = House::open();
    let twice = "was collected before with the same name and label values\n";
    assert!(house.refused("/metrics/job/a", "x 1\nx 2\n").await.ends_with(twice));
    house.push("POST", "/metrics/job/a/instance/i", "x 1\n").await;
    let told = house.refused("/metrics/job/a", "x{instance=\"i\"} 1\n").await;
    assert!(told.ends_with(twice), "{told}");
    // An instance that is empty in the key and one that is absent are two groups and one series.
    house.push("POST", "/metrics/job/a", "y 1\n").await;
    assert!(house.refused("/metrics/job/a/instance@base64/=", "y 1\n").await.ends_with(twice));
}

#[tokio::test]
async fn labels_must_be_valid() {
    let house = House::open();
    let told = house.refused("/metrics/job/a", "x{__own=\"1\"} 1\n").await;
    assert!(told.ends_with("has a label with an invalid name: __own\n"), "{told}");
    let told = house.refused("/metrics/job/a", "x{l=\"1\",l=\"2\"} 1\n").await;
    assert!(told.ends_with("has two or more labels with the same name: l\n"), "{told}");
}

#[tokio::test]
async fn a_body_that_is_no_exposition_reaches_no_group() {
    let house = House::open();
    let told = house.refused("/metrics/job/a", "x one\n").await;
    assert!(told.starts_with("text format parsing error in line 1: "), "{told}");
    assert_eq!(house.get("/metrics").await, "");
    assert!(house.refused("/metrics/job/a/b", "x 1\n").await.starts_with("odd number"));
}

#[tokio::test]
async fn a_whole_histogram_and_a_summary_are_exposed_and_reported() {
    let house = House::open();
    let body = "# TYPE h histogram\nh_bucket{a=\"b\",le=\"1\"} 2\nh_bucket{a=\"b\",le=\"+Inf\"} 3\nh_sum{a=\"b\"} 4.5\n\
         h_count{a=\"b\"} 3\n# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 2\ns_count 1\n";
    house.push("POST", "/metrics/job/a", body).await;
    let lines = house.exposed("h_bucket").await;
    assert_eq!(lines[0], "h_bucket{a=\"b\",instance=\"\",job=\"a\",le=\"1\"} 2");
    let report: Value = serde_json::from_str(&house.get("/api/v1/metrics").await).unwrap();
    let group = &report["data"][0];
    assert_eq!(group["labels"], json!({"job": "a"}));
    assert_eq!(group["h"]["type"], "HISTOGRAM");
    let metric = json!({
        "labels": {"a": "b", "instance": "", "job": "a"},
        "buckets": {"1": "2", "+Inf": "3"}, "sum": "4.5", "count": "3",
    });
    assert_eq!(group["h"]["metrics"], json!([metric]));
    assert_eq!(group["s"]["metrics"][0]["quantiles"], json!({"0.5": "1"}));
    let stored = house.stored("h_bucket");
    assert!(stored.contains(&series("{a=\"b\", job=\"a\", le=\"1.0\"}", &["2"])), "{stored:?}");
}

#[tokio::test]
async fn names_beyond_the_classic_ones_are_quoted() {
    let house = House::open();
    house.push("POST", "/metrics/job/a", "{\"a.b\",\"c.d\"=\"e\\\"f\"} 1\n").await;
    let expected = "{\"a.b\",\"c.d\"=\"e\\\"f\",instance=\"\",job=\"a\"} 1";
    assert_eq!(house.exposed("{").await, [expected]);
    assert_eq!(house.stored("a.b").len(), 1);
}

/// `io.prometheus.client.MetricFamily`, as far as a gauge needs it.
#[derive(Clone, PartialEq, Message)]
struct Family {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    help: String,
    #[prost(int32, tag = "3")]
    kind: i32,
    #[prost(message, repeated, tag = "4")]
    metrics: Vec<Metric>,
}

#[derive(Clone, PartialEq, Message)]
struct Metric {
    #[prost(message, optional, tag = "2")]
    gauge: Option<Gauge>,
}

#[derive(Clone, PartialEq, Message)]
struct Gauge {
    #[prost(double, tag = "1")]
    value: f64,
}

#[tokio::test]
async fn delimited_protobuf_is_taken_and_the_last_of_a_name_counts() {
    let house = House::open();
    let family = |value| Family {
        name: "g".into(),
        help: "A gauge.".into(),
        kind: 1,
        metrics: vec![Metric { gauge: Some(Gauge { value }) }],
    };
    let mut body = family(1.0).encode_length_delimited_to_vec();
    body.extend(family(2.0).encode_length_delimited_to_vec());
    let content_type = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    let headers = [("content-type", content_type)];
    assert_eq!(house.send("PUT", "/metrics/job/a", &headers, body).await.0, 200);
    assert_eq!(house.exposed("g").await, ["g{instance=\"\",job=\"a\"} 2"]);
    assert!(house.get("/metrics").await.contains("# HELP g A gauge.\n# TYPE g gauge\n"));
    let broken = house.send("PUT", "/metrics/job/a", &headers, vec![5, 1, 2]).await;
    assert_eq!(broken.0, 400, "{broken:?}");
}

#[tokio::test]
async fn gzip_is_undone_and_what_is_unknown_is_told() {
    let house = House::open();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(b"x 1\n").unwrap();
    let body = gzip.finish().unwrap();
    let sent = house.send("POST", "/metrics/job/a", &[("content-encoding", "gzip")], body).await;
    assert_eq!(sent.0, 200);
    assert_eq!(house.exposed("x").await.len(), 1);
    let odd = house.send("POST", "/metrics/job/a", &[("content-encoding", "br")], "x").await;
    assert_eq!((odd.0, odd.1.contains("\"br\"")), (400, true));
}

#[tokio::test]
async fn groups_outlive_a_restart_and_deleted_ones_do_not() {
    let house = House::open();
    house.push("PUT", "/metrics/job/a/path@base64/L3RtcA", "# TYPE x gauge\nx NaN\n").await;
    house.push("PUT", "/metrics/job/b", "x_total 1e300\n").await;
    house.push("PUT", "/metrics/job/c", "y 1\n").await;
    house.send("DELETE", "/metrics/job/c", &[], "").await;
    let before = house.get("/metrics").await;
    let report = house.get("/api/v1/metrics").await;
    let house = house.reopen();
    assert_eq!(house.get("/metrics").await, before);
    assert_eq!(house.get("/api/v1/metrics").await, report);
    assert!(before.contains("x{instance=\"\",job=\"a\",path=\"/tmp\"} NaN"), "{before}");
    assert!(!before.contains("job=\"c\""));
}

#[tokio::test]
async fn a_push_that_cannot_be_kept_is_not_acknowledged() {
    let house = House::open();
    *house.shelf.is_broken.lock() = true;
    let (status, told) = house.send("POST", "/metrics/job/a", &[], "x 1\n").await;
    assert_eq!(status, 503, "{told}");
    assert!(told.contains("no space left"), "{told}");
    assert_eq!(house.get("/metrics").await, "");
}

#[tokio::test]
async fn groups_cannot_grow_without_end() {
    let house = House::open();
    let long = "a".repeat(1 << 20);
    let mut status = 200;
    for place in 0..40 {
        let body = format!("x{{l=\"{place}{long}\"}} 1\n");
        (status, _) = house.send("POST", &format!("/metrics/job/{place}"), &[], body).await;
        if status != 200 {
            break;
        }
    }
    assert_eq!(status, 413);
    // A group may still be made smaller.
    house.push("PUT", "/metrics/job/0", "x 1\n").await;
}

#[tokio::test]
async fn values_are_written_again_at_every_interval() {
    let house = House::open();
    house.push("PUT", "/metrics/job/a", "x 1\n").await;
    let (refresh, closing) = (Refresh::default(), CancellationToken::new());
    refresh.set(Duration::from_millis(5));
    let running = tokio::spawn(house.gateway.clone().run(refresh, closing.clone()));
    crate::scene::until(|| house.stored("x")[0].1.len() >= 4).await;
    closing.cancel();
    running.await.unwrap();
    assert!(house.stored("x")[0].1.iter().all(|value| value == "1"));
}

#[tokio::test]
async fn what_upstream_guards_by_flags_is_answered_as_without_them() {
    let house = House::open();
    house.push("PUT", "/metrics/job/a", "x 1\n").await;
    let wiped = house.send("PUT", "/api/v1/admin/wipe", &[], "").await;
    assert_eq!(wiped, (404, "404 page not found\n".to_owned()));
    let quit = house.send("POST", "/-/quit", &[], "").await;
    assert_eq!(quit, (403, "Lifecycle API is not enabled.".to_owned()));
    assert_eq!(house.send("GET", "/-/quit", &[], "").await.0, 405);
    assert_eq!(house.send("GET", "/metrics/job/a", &[], "").await.0, 405);
    assert_eq!(house.exposed("x").await.len(), 1);
}

#[tokio::test]
async fn it_says_that_it_lives_and_what_it_is() {
    let house = House::open();
    assert_eq!(house.get("/-/healthy").await, "OK");
    assert_eq!(house.get("/-/ready").await, "OK");
    let status: Value = serde_json::from_str(&house.get("/api/v1/status").await).unwrap();
    assert_eq!(status["status"], "success");
    assert_eq!(status["data"]["flags"]["web.enable-admin-api"], "false");
    assert_eq!(status["data"]["build_information"]["version"], "0.1.0");
    let empty: Value = serde_json::from_str(&house.get("/api/v1/metrics").await).unwrap();
    assert_eq!(empty, json!({"status": "success", "data": []}));
}

#[tokio::test]
async fn a_slash_at_the_end_and_percent_signs_are_understood() {
    let house = House::open();
    house.push("POST", "/metrics/job/a%20b/", "x 1\n").await;
    assert_eq!(house.exposed("x").await, ["x{instance=\"\",job=\"a b\"} 1"]);
}
