//! The Prometheus API: answers and errors as Prometheus 3.5.3 gives them to the same requests, where 3.14 does not differ.

mod administration;
mod faults;
mod federation;
mod queries;
mod settings;
mod status;
mod trees;

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;
use watchglass_model::{Labels, Sample, SampleValue};
use watchglass_storage::SeriesWrite;

use crate::shop::{Reply, Shop};

/// Below which the API lies on the main address.
const API: &str = "/prometheus/api/v1";

/// The labels of a series, and its samples: milliseconds and value.
type Drawn<'a> = (&'a [(&'a str, &'a str)], &'a [(i64, f64)]);

/// Writes samples.
fn write(shop: &Shop, series: &[Drawn<'_>]) {
    let samples = series.iter().map(|(labels, samples)| {
        let sample = |(time, value): &(i64, f64)| Sample {
            time: *time,
            value: SampleValue::Float(*value),
            start: 0,
        };
        (Labels::from_pairs(labels.iter().copied()), samples.iter().map(sample).collect())
    });
    let write = SeriesWrite { samples: samples.collect(), ..SeriesWrite::default() };
    let done = Box::new(|written: Result<_, _>| drop(written.expect("memory takes it")));
    shop.pipeline.series_writer().write(Arc::new(write), done);
}

/// Two series of `up` with samples at 0, 10 and 20 seconds.
fn with_samples() -> Shop {
    let shop = Shop::open();
    let samples: &[_] = &[(0, 1.0), (10_000, 2.0), (20_000, 3.0)];
    let api = [("__name__", "up"), ("instance", "a"), ("job", "api")];
    let web = [("__name__", "up"), ("job", "web"), ("odd.name", "x")];
    write(&shop, &[(&api, samples), (&web, samples)]);
    shop
}

/// Asks with a form.
async fn form(shop: &Shop, path: &str, form: &str) -> Reply {
    let request = Request::post(format!("{API}/{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()));
    shop.send(request.expect("the address is valid")).await
}

/// The data of a successful answer.
async fn data(shop: &Shop, path: &str) -> Value {
    let reply = shop.get(&format!("{API}/{path}")).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["status"]),
        (200, &"success".into()),
        "{path}"
    );
    reply.json()["data"].clone()
}
