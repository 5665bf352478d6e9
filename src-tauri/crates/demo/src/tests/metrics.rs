//! That the six metrics arrive under their exact names, with their labels and with exemplars that are true.

use std::collections::{BTreeSet, HashMap};

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Exemplar, HistogramDataPoint, Metric, exemplar,
};

use super::receiver::Arrived;
use super::visit::{TRACE, Visit};

struct Expected {
    name: &'static str,
    unit: &'static str,
    labels: &'static [&'static str],
    has_exemplars: bool,
}

const EXPECTED: [Expected; 6] = [
    Expected {
        name: "order_checkouts_total",
        unit: "{checkout}",
        labels: &["customer_tier"],
        has_exemplars: true,
    },
    Expected {
        name: "order_revenue_total",
        unit: "{currency_unit}",
        labels: &["currency"],
        has_exemplars: true,
    },
    Expected {
        name: "order_checkout_errors_total",
        unit: "{checkout}",
        labels: &["reason"],
        has_exemplars: true,
    },
    Expected {
        name: "http_requests_total",
        unit: "{request}",
        labels: &["method", "route", "status"],
        has_exemplars: true,
    },
    Expected {
        name: "http_request_duration_seconds",
        unit: "s",
        labels: &["method", "route", "status"],
        has_exemplars: true,
    },
    Expected {
        name: "http_active_requests",
        unit: "{request}",
        labels: &["method", "route"],
        has_exemplars: false,
    },
];

#[tokio::test]
async fn six_metrics_arrive_with_their_labels_and_exemplars_of_real_traces() {
    let visit = Visit::start(1).await;
    for _ in 0..20 {
        visit.check_out("laptop", 2).await;
    }
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let names: BTreeSet<_> = arrived.metrics.iter().map(|(_, it)| it.name.as_str()).collect();
        let expected_names: BTreeSet<_> = EXPECTED.iter().map(|expected| expected.name).collect();
        assert_eq!(names, expected_names);
        for expected in EXPECTED {
            let exports = arrived.metrics.iter().filter(|(_, it)| it.name == expected.name);
            let exports: Vec<_> = exports.map(|(_, metric)| metric).collect();
            for metric in &exports {
                assert_eq!(metric.unit, expected.unit, "{}", metric.name);
                assert!(!metric.description.is_empty(), "{}", metric.name);
                for attributes in attributes(metric) {
                    let keys: BTreeSet<_> = attributes.iter().map(|it| it.key.as_str()).collect();
                    assert_eq!(keys, expected.labels.iter().copied().collect(), "{}", metric.name);
                }
            }
            let exemplars: Vec<_> = exports.iter().flat_map(|metric| exemplars(metric)).collect();
            assert_eq!(!exemplars.is_empty(), expected.has_exemplars, "{}", expected.name);
            for exemplar in exemplars {
                assert_eq!(exemplar.trace_id, TRACE);
                assert!(arrived.spans.iter().any(|(_, span)| span.span_id == exemplar.span_id));
            }
        }
    });
}

#[tokio::test]
async fn counts_are_cumulative_and_add_up() {
    let visit = Visit::start(1).await;
    for _ in 0..10 {
        visit.check_out("laptop", 2).await;
    }
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        assert!((last_sum(arrived, "order_checkouts_total") - 10.0).abs() < f64::EPSILON);
        let errors = last_sum(arrived, "order_checkout_errors_total");
        let revenue = last_sum(arrived, "order_revenue_total");
        assert!(errors > 0.0 && errors < 10.0, "{errors}");
        assert!((revenue - (10.0 - errors) * 2.0 * 1299.0).abs() < 0.01, "{revenue}");
        // Each request was over before the last export.
        assert!(last_sum(arrived, "http_active_requests").abs() < f64::EPSILON);
    });
}

#[tokio::test]
async fn an_exemplar_lies_in_a_bucket_that_counts_it_and_is_as_long_as_its_span() {
    let visit = Visit::start(1).await;
    for _ in 0..10 {
        visit.check_out("book", 1).await;
    }
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let spans: HashMap<_, _> =
            arrived.spans.iter().map(|(_, span)| (span.span_id.clone(), span)).collect();
        let mut seen = 0;
        for (_, metric) in &arrived.metrics {
            let Some(Data::Histogram(histogram)) = &metric.data else {
                continue;
            };
            assert_eq!(histogram.aggregation_temporality(), AggregationTemporality::Cumulative);
            for point in &histogram.data_points {
                for exemplar in &point.exemplars {
                    let seconds = seconds(exemplar);
                    assert!(point.bucket_counts[bucket(point, seconds)] > 0);
                    let span = spans[&exemplar.span_id];
                    let nanos = span.end_time_unix_nano - span.start_time_unix_nano;
                    let spanned = std::time::Duration::from_nanos(nanos).as_secs_f64();
                    // The request is timed around its span, by another clock.
                    assert!(seconds > spanned - 0.002, "{seconds} and {spanned}");
                    assert!(seconds < spanned + 1.0, "{seconds} and {spanned}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 0);
    });
}

fn attributes(metric: &Metric) -> Vec<&Vec<KeyValue>> {
    match metric.data.as_ref().unwrap() {
        Data::Sum(sum) => sum.data_points.iter().map(|point| &point.attributes).collect(),
        Data::Histogram(it) => it.data_points.iter().map(|point| &point.attributes).collect(),
        other => panic!("{other:?}"),
    }
}

fn exemplars(metric: &Metric) -> Vec<&Exemplar> {
    match metric.data.as_ref().unwrap() {
        Data::Sum(sum) => sum.data_points.iter().flat_map(|point| &point.exemplars).collect(),
        Data::Histogram(it) => it.data_points.iter().flat_map(|point| &point.exemplars).collect(),
        other => panic!("{other:?}"),
    }
}

/// The sum over all series of a metric of the order service, as of its last export.
#[expect(clippy::cast_precision_loss, reason = "counts of a test are small")]
fn last_sum(arrived: &Arrived, name: &str) -> f64 {
    use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;

    let of_orders = arrived.metrics.iter().filter(|(service, _)| service == "order-service");
    let (_, metric) = of_orders.rev().find(|(_, it)| it.name == name).unwrap();
    let Some(Data::Sum(sum)) = &metric.data else { panic!("{name} is no sum") };
    let values = sum.data_points.iter().map(|point| match point.value.unwrap() {
        Value::AsInt(count) => count as f64,
        Value::AsDouble(amount) => amount,
    });
    values.sum()
}

fn seconds(exemplar: &Exemplar) -> f64 {
    match exemplar.value.unwrap() {
        exemplar::Value::AsDouble(seconds) => seconds,
        exemplar::Value::AsInt(_) => panic!("a duration is a double"),
    }
}

fn bucket(point: &HistogramDataPoint, seconds: f64) -> usize {
    point.explicit_bounds.partition_point(|bound| *bound < seconds)
}
