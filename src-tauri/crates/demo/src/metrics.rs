//! The six metrics of the shop: their exact names, units and labels, and the instruments that record them.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::metrics::{Counter, Histogram, Meter, UpDownCounter};
use opentelemetry::{Context, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::exemplar;

use crate::exemplars::{Exemplars, Offer};

/// Upper bounds of the duration buckets, as the semantic conventions advise for HTTP.
const DURATION_BOUNDS_SECONDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// What every HTTP server of the shop counts.
#[derive(Debug)]
pub(crate) struct HttpMetrics {
    requests: Tally<u64>,
    duration: Durations,
    active: UpDownCounter<i64>,
}

/// What the order service counts.
#[derive(Debug)]
pub(crate) struct OrderMetrics {
    pub(crate) checkouts: Tally<u64>,
    pub(crate) revenue: Tally<f64>,
    pub(crate) errors: Tally<u64>,
}

/// A counter whose measurements may become exemplars.
#[derive(Debug)]
pub(crate) struct Tally<T> {
    name: &'static str,
    counter: Counter<T>,
    exemplars: Arc<Exemplars>,
}

#[derive(Debug)]
struct Durations {
    name: &'static str,
    histogram: Histogram<f64>,
    exemplars: Arc<Exemplars>,
}

/// A request that was answered.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) route: &'a str,
    pub(crate) method: &'a str,
    pub(crate) status: u16,
    pub(crate) duration: Duration,
}

/// Counts one request as active for as long as it lives, also when its client goes away.
#[derive(Debug)]
pub(crate) struct ActiveRequest {
    active: UpDownCounter<i64>,
    labels: [KeyValue; 2],
}

impl HttpMetrics {
    pub(crate) fn new(meter: &Meter, exemplars: &Arc<Exemplars>) -> Self {
        let duration = meter
            .f64_histogram("http_request_duration_seconds")
            .with_description("Time from the arrival of an HTTP request to its answer")
            .with_unit("s")
            .with_boundaries(DURATION_BOUNDS_SECONDS.to_vec())
            .build();
        let requests = meter
            .u64_counter("http_requests_total")
            .with_description("HTTP requests answered")
            .with_unit("{request}")
            .build();
        let active = meter
            .i64_up_down_counter("http_active_requests")
            .with_description("HTTP requests in work")
            .with_unit("{request}")
            .build();
        Self {
            requests: Tally::new("http_requests_total", requests, exemplars),
            duration: Durations {
                name: "http_request_duration_seconds",
                histogram: duration,
                exemplars: Arc::clone(exemplars),
            },
            active,
        }
    }

    /// Counts a request as active until the guard is dropped.
    pub(crate) fn begin(&self, route: &str, method: &str) -> ActiveRequest {
        let labels = [label("route", route), label("method", method)];
        self.active.add(1, &labels);
        ActiveRequest { active: self.active.clone(), labels }
    }

    pub(crate) fn record(&self, cx: &Context, answered: &Answered<'_>) {
        let labels = [
            label("route", answered.route),
            label("method", answered.method),
            label("status", answered.status.to_string()),
        ];
        self.requests.add(cx, 1, &labels);
        self.duration.record(cx, answered.duration, &labels);
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.active.add(-1, &self.labels);
    }
}

impl OrderMetrics {
    pub(crate) fn new(meter: &Meter, exemplars: &Arc<Exemplars>) -> Self {
        let checkouts = meter
            .u64_counter("order_checkouts_total")
            .with_description("Checkouts tried, whether they went well or not")
            .with_unit("{checkout}")
            .build();
        let revenue = meter
            .f64_counter("order_revenue_total")
            .with_description("Money taken, in whole units of its currency")
            .with_unit("{currency_unit}")
            .build();
        let errors = meter
            .u64_counter("order_checkout_errors_total")
            .with_description("Checkouts that ended without an order, by reason")
            .with_unit("{checkout}")
            .build();
        Self {
            checkouts: Tally::new("order_checkouts_total", checkouts, exemplars),
            revenue: Tally::new("order_revenue_total", revenue, exemplars),
            errors: Tally::new("order_checkout_errors_total", errors, exemplars),
        }
    }
}

impl<T: Copy> Tally<T>
where
    exemplar::Value: From<T>,
{
    fn new(name: &'static str, counter: Counter<T>, exemplars: &Arc<Exemplars>) -> Self {
        Self { name, counter, exemplars: Arc::clone(exemplars) }
    }

    pub(crate) fn add(&self, cx: &Context, value: T, labels: &[KeyValue]) {
        self.counter.add(value, labels);
        let offer = Offer { metric: self.name, labels, value: value.into(), bucket: 0 };
        self.exemplars.offer(cx, &offer);
    }
}

impl Durations {
    fn record(&self, cx: &Context, duration: Duration, labels: &[KeyValue]) {
        let seconds = duration.as_secs_f64();
        self.histogram.record(seconds, labels);
        let bucket = DURATION_BOUNDS_SECONDS.partition_point(|bound| *bound < seconds);
        let offer = Offer { metric: self.name, labels, value: seconds.into(), bucket };
        self.exemplars.offer(cx, &offer);
    }
}

/// A label of a metric. Labels are strings, so that exemplars find their series again.
pub(crate) fn label(key: &'static str, value: impl Into<String>) -> KeyValue {
    KeyValue::new(key, value.into())
}
