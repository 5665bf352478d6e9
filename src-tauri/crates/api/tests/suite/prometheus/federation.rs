//! `/federate`: the latest samples, for another Prometheus.

use std::fs;
use std::ops::ControlFlow;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;
use watchglass_exposition::{Entry, Format, ReadOptions, Value};
use watchglass_model::{Bucket, FloatHistogram, Labels, STALE, Sample, SampleValue};
use watchglass_storage::SeriesWrite;

use super::write;
use crate::shop::Shop;

/// Now in milliseconds, as the workbench has it.
fn now(shop: &Shop) -> i64 {
    i64::try_from(shop.workbench.now().0 / 1_000_000).expect("it is this century")
}

#[tokio::test]
async fn the_latest_samples_come_by_name_with_what_tells_where_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "global: {external_labels: {region: eu, zone: z}}";
    fs::write(folder.path().join("prometheus.yml"), file).expect("a file");
    let shop = Shop::in_workspace(folder.path());
    let at = now(&shop) - 10_000;
    write(
        &shop,
        &[
            (
                &[("__name__", "up"), ("instance", "a"), ("zone", "own")],
                &[(at - 1, 7.0), (at, 1.0)],
            ),
            (&[("__name__", "big"), ("job", "a\"b")], &[(at, 123_456_789.0)]),
            (&[("__name__", "ended")], &[(at - 5, 1.0), (at, STALE)]),
            (&[("__name__", "old")], &[(at - 300_000, 1.0)]),
            (&[("job", "nameless")], &[(at, 1.0)]),
        ],
    );
    let page = shop.get("/prometheus/federate?match[]={__name__!=%22none%22}&match[]=up").await;
    assert_eq!(
        page.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
    );
    assert_eq!(
        page.text,
        format!(
            "# TYPE big untyped\n\
             big{{job=\"a\\\"b\",instance=\"\",region=\"eu\",zone=\"z\"}} 1.23456789e+08 {at}\n\
             # TYPE up untyped\n\
             up{{instance=\"a\",zone=\"own\",region=\"eu\"}} 1 {at}\n"
        )
    );
    assert_eq!(shop.get("/prometheus/federate").await.text, "");
    let fault = shop.get("/prometheus/federate?match[]=up%7B").await;
    assert_eq!(
        (fault.status.as_u16(), fault.text.as_str()),
        (400, "1:4: parse error: unexpected end of input inside braces\n")
    );
}

#[tokio::test]
async fn odd_names_are_escaped_or_quoted_as_the_client_asks() {
    let shop = Shop::open();
    let at = now(&shop) - 10_000;
    write(&shop, &[(&[("__name__", "http.up"), ("a.b", "c")], &[(at, 1.0)])]);
    let page = |accept: &'static str| {
        let request = Request::get("/prometheus/federate?match[]=%7B%22http.up%22%7D")
            .header("accept", accept)
            .body(Body::empty());
        let shop = &shop;
        async move { shop.send(request.expect("it is valid")).await.text }
    };
    assert_eq!(
        page("*/*").await,
        format!("# TYPE http_up untyped\nhttp_up{{a_b=\"c\",instance=\"\"}} 1 {at}\n")
    );
    assert_eq!(
        page("text/plain;version=1.0.0;escaping=allow-utf-8").await,
        format!("# TYPE \"http.up\" untyped\n{{\"http.up\",\"a.b\"=\"c\",instance=\"\"}} 1 {at}\n")
    );
}

#[tokio::test]
async fn native_histograms_are_told_to_readers_of_protobuf_alone() {
    let shop = Shop::open();
    let at = now(&shop) - 10_000;
    let histogram = FloatHistogram {
        schema: 3,
        count: 7.0,
        sum: 4.5,
        zero_threshold: 0.001,
        zero_count: 1.0,
        positive: vec![Bucket { index: 2, count: 2.0 }, Bucket { index: 5, count: 3.0 }],
        negative: vec![Bucket { index: 0, count: 1.0 }],
        ..FloatHistogram::default()
    };
    let labels = Labels::from_pairs([("__name__", "size"), ("job", "a")]);
    let value = SampleValue::Histogram(Arc::new(histogram.clone()));
    let samples = vec![(labels, vec![Sample { time: at, value, start: 0 }])];
    let done = Box::new(|written: Result<_, _>| drop(written.expect("memory takes it")));
    let series = SeriesWrite { samples, ..SeriesWrite::default() };
    shop.pipeline.series_writer().write(Arc::new(series), done);
    write(&shop, &[(&[("__name__", "up")], &[(at, 1.0)])]);
    let address = "/prometheus/federate?match[]=up&match[]=size";
    assert_eq!(shop.get(address).await.text.lines().count(), 2, "text has no form for them");
    let accept = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    let request = Request::get(address).header("accept", accept).body(Body::empty());
    let response = shop.router.clone().oneshot(request.expect("it is valid")).await;
    let body = response.expect("routes do not fail").into_body().collect().await;
    let body = body.expect("the body is whole").to_bytes();
    let mut found = Vec::new();
    let options = ReadOptions::default();
    let read = watchglass_exposition::read(&body, Format::Protobuf, options, |entry| {
        if let Entry::Sample(sample) = entry {
            found.push((sample.time, sample.value.clone()));
        }
        ControlFlow::Continue(())
    });
    read.expect("it is an exposition");
    assert!(
        matches!(&found[0], (Some(time), Value::Histogram(one)) if *time == at && one.equals(&histogram)),
        "{found:?}"
    );
    assert!(matches!(&found[1], (Some(time), Value::Float(1.0)) if *time == at), "{found:?}");
}
