//! prost's requests row by row with what each row hangs from, in the words of the model: ids of wrong length are
//! none, unknown kinds are unspecified, what only profiles have is gone.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, metric};
use opentelemetry_proto::tonic::resource::v1::Resource;

fn value(mut one: AnyValue) -> AnyValue {
    one.value = match one.value {
        Some(any_value::Value::StringValueStrindex(_)) => None,
        Some(any_value::Value::ArrayValue(mut array)) => {
            array.values = array.values.into_iter().map(value).collect();
            Some(any_value::Value::ArrayValue(array))
        }
        Some(any_value::Value::KvlistValue(mut list)) => {
            attributes(&mut list.values);
            Some(any_value::Value::KvlistValue(list))
        }
        other => other,
    };
    one
}

fn attributes(all: &mut [KeyValue]) {
    for one in all {
        one.key_strindex = 0;
        one.value = Some(value(one.value.take().unwrap_or_default()));
    }
}

fn id(id: &mut Vec<u8>, length: usize) {
    if id.len() != length || id.iter().all(|byte| *byte == 0) {
        id.clear();
    }
}

fn known(number: &mut i32, last: i32) {
    if !(0..=last).contains(number) {
        *number = 0;
    }
}

fn sender(
    resource: Option<&Resource>,
    outer: &str,
    scope: Option<&InstrumentationScope>,
    inner: &str,
) -> String {
    let mut resource = resource.cloned().unwrap_or_default();
    let mut scope = scope.cloned().unwrap_or_default();
    resource.entity_refs.clear();
    attributes(&mut resource.attributes);
    attributes(&mut scope.attributes);
    format!("{resource:?} {outer:?} {scope:?} {inner:?}")
}

pub(crate) fn spans(request: ExportTraceServiceRequest) -> Vec<String> {
    let mut lines = Vec::new();
    for outer in request.resource_spans {
        for inner in outer.scope_spans {
            let sender = sender(
                outer.resource.as_ref(),
                &outer.schema_url,
                inner.scope.as_ref(),
                &inner.schema_url,
            );
            for mut span in inner.spans {
                id(&mut span.trace_id, 16);
                id(&mut span.span_id, 8);
                id(&mut span.parent_span_id, 8);
                known(&mut span.kind, 5);
                attributes(&mut span.attributes);
                for event in &mut span.events {
                    attributes(&mut event.attributes);
                }
                for link in &mut span.links {
                    id(&mut link.trace_id, 16);
                    id(&mut link.span_id, 8);
                    attributes(&mut link.attributes);
                }
                known(&mut span.status.get_or_insert_default().code, 2);
                lines.push(format!("{sender} {span:?}"));
            }
        }
    }
    lines
}

pub(crate) fn logs(request: ExportLogsServiceRequest) -> Vec<String> {
    let mut lines = Vec::new();
    for outer in request.resource_logs {
        for inner in outer.scope_logs {
            let sender = sender(
                outer.resource.as_ref(),
                &outer.schema_url,
                inner.scope.as_ref(),
                &inner.schema_url,
            );
            for mut record in inner.log_records {
                id(&mut record.trace_id, 16);
                id(&mut record.span_id, 8);
                attributes(&mut record.attributes);
                record.body = Some(value(record.body.unwrap_or_default()));
                lines.push(format!("{sender} {record:?}"));
            }
        }
    }
    lines
}

pub(crate) fn points(request: ExportMetricsServiceRequest) -> Vec<String> {
    let (mut lines, mut points) = (Vec::new(), Vec::new());
    for outer in request.resource_metrics {
        for inner in outer.scope_metrics {
            let sender = sender(
                outer.resource.as_ref(),
                &outer.schema_url,
                inner.scope.as_ref(),
                &inner.schema_url,
            );
            for mut metric in inner.metrics {
                attributes(&mut metric.metadata);
                let facts = (&metric.name, &metric.description, &metric.unit);
                let (kind, rows) = content(metric.data.unwrap_or(NOTHING));
                let place = lines.len();
                points.extend(rows.into_iter().map(|row| format!("{place} {row}")));
                lines.push(format!("{sender} {facts:?} {:?} {kind:?}", metric.metadata));
            }
        }
    }
    lines.extend(points);
    lines
}

const NOTHING: metric::Data =
    metric::Data::Gauge(opentelemetry_proto::tonic::metrics::v1::Gauge { data_points: Vec::new() });

fn exemplars(all: &mut [Exemplar]) {
    for one in all {
        id(&mut one.trace_id, 16);
        id(&mut one.span_id, 8);
        attributes(&mut one.filtered_attributes);
    }
}

macro_rules! rows {
    ($points:expr) => {
        rows!($points, |_point| {})
    };
    ($points:expr, $and:expr) => {{
        let mut points = $points;
        for point in &mut points {
            attributes(&mut point.attributes);
            $and(&mut *point);
        }
        points.iter().map(|point| format!("{point:?}")).collect()
    }};
}

fn content(content: metric::Data) -> ((&'static str, i32, bool), Vec<String>) {
    use opentelemetry_proto::tonic::metrics::v1 as of;
    match content {
        metric::Data::Gauge(one) => (
            ("gauge", 0, false),
            rows!(one.data_points, |point: &mut of::NumberDataPoint| exemplars(
                &mut point.exemplars
            )),
        ),
        metric::Data::Sum(mut one) => {
            known(&mut one.aggregation_temporality, 2);
            (
                ("sum", one.aggregation_temporality, one.is_monotonic),
                rows!(one.data_points, |point: &mut of::NumberDataPoint| {
                    exemplars(&mut point.exemplars);
                }),
            )
        }
        metric::Data::Histogram(mut one) => {
            known(&mut one.aggregation_temporality, 2);
            (
                ("histogram", one.aggregation_temporality, false),
                rows!(one.data_points, |point: &mut of::HistogramDataPoint| {
                    exemplars(&mut point.exemplars);
                }),
            )
        }
        metric::Data::ExponentialHistogram(mut one) => {
            known(&mut one.aggregation_temporality, 2);
            (
                ("exponential_histogram", one.aggregation_temporality, false),
                rows!(one.data_points, |point: &mut of::ExponentialHistogramDataPoint| {
                    point.positive.get_or_insert_default();
                    point.negative.get_or_insert_default();
                    exemplars(&mut point.exemplars);
                }),
            )
        }
        metric::Data::Summary(one) => (("summary", 0, false), rows!(one.data_points)),
    }
}
