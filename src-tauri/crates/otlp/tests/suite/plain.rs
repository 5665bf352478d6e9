//! A batch back as prost's types, row by row with what it hangs from, printed: NaN and -0 compare as they print.

use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList, any_value,
};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1 as metrics;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{Span, Status, span};
use watchglass_model::{
    Attributes, Buckets, ExemplarValue, LogRef, Logs, PointRef, PointValue, Points, ResourceRef,
    ScopeRef, SpanRef, Spans, ValueRef,
};

fn value(value: ValueRef<'_>) -> AnyValue {
    let value = match value {
        ValueRef::Empty => None,
        ValueRef::Text(text) => Some(any_value::Value::StringValue(text.to_owned())),
        ValueRef::Bool(bool) => Some(any_value::Value::BoolValue(bool)),
        ValueRef::Int(int) => Some(any_value::Value::IntValue(int)),
        ValueRef::Double(double) => Some(any_value::Value::DoubleValue(double)),
        ValueRef::Bytes(bytes) => Some(any_value::Value::BytesValue(bytes.to_vec())),
        ValueRef::Array(values) => Some(any_value::Value::ArrayValue(ArrayValue {
            values: values.iter().map(self::value).collect(),
        })),
        ValueRef::Map(entries) => {
            Some(any_value::Value::KvlistValue(KeyValueList { values: attributes(entries) }))
        }
    };
    AnyValue { value }
}

fn attributes(all: Attributes<'_>) -> Vec<KeyValue> {
    all.iter()
        .map(|(key, one)| KeyValue {
            key: key.to_owned(),
            value: Some(value(one)),
            key_strindex: 0,
        })
        .collect()
}

fn sender(resource: ResourceRef<'_>, scope: ScopeRef<'_>) -> String {
    let made = Resource {
        attributes: attributes(resource.attributes()),
        dropped_attributes_count: resource.row.dropped_attributes_count,
        entity_refs: Vec::new(),
    };
    let scope_made = InstrumentationScope {
        name: scope.name().to_owned(),
        version: scope.version().to_owned(),
        attributes: attributes(scope.attributes()),
        dropped_attributes_count: scope.row.dropped_attributes_count,
    };
    let service = match resource.attributes().get("service.name") {
        Some(ValueRef::Text(name)) if !name.is_empty() => name,
        _ => "unknown_service",
    };
    assert_eq!(resource.service(), service);
    let (outer, inner) = (resource.schema_url(), scope.schema_url());
    format!("{made:?} {outer:?} {scope_made:?} {inner:?}")
}

fn id(bytes: &[u8]) -> Vec<u8> {
    if bytes.iter().all(|byte| *byte == 0) { Vec::new() } else { bytes.to_vec() }
}

pub(crate) fn spans(batch: &Spans) -> Vec<String> {
    batch
        .iter()
        .map(|one| format!("{} {:?}", sender(one.resource(), one.scope()), span(one)))
        .collect()
}

fn span(one: SpanRef<'_>) -> Span {
    let row = one.row;
    let event = |event: watchglass_model::EventRef<'_>| span::Event {
        time_unix_nano: event.row.time.0,
        name: event.name().to_owned(),
        attributes: attributes(event.attributes()),
        dropped_attributes_count: event.row.dropped_attributes_count,
    };
    let link = |link: watchglass_model::LinkRef<'_>| span::Link {
        trace_id: id(&link.row.trace_id.0),
        span_id: id(&link.row.span_id.0),
        trace_state: link.trace_state().to_owned(),
        attributes: attributes(link.attributes()),
        dropped_attributes_count: link.row.dropped_attributes_count,
        flags: link.row.flags,
    };
    Span {
        trace_id: id(&row.trace_id.0),
        span_id: id(&row.span_id.0),
        trace_state: one.trace_state().to_owned(),
        parent_span_id: id(&row.parent_span_id.0),
        flags: row.flags,
        name: one.name().to_owned(),
        kind: row.kind as i32,
        start_time_unix_nano: row.start.0,
        end_time_unix_nano: row.end.0,
        attributes: attributes(one.attributes()),
        dropped_attributes_count: row.dropped_attributes_count,
        events: one.events().map(event).collect(),
        dropped_events_count: row.dropped_events_count,
        links: one.links().map(link).collect(),
        dropped_links_count: row.dropped_links_count,
        status: Some(Status { message: one.status_message().to_owned(), code: row.status as i32 }),
    }
}

pub(crate) fn logs(batch: &Logs) -> Vec<String> {
    batch
        .iter()
        .map(|one| format!("{} {:?}", sender(one.resource(), one.scope()), record(one)))
        .collect()
}

fn record(one: LogRef<'_>) -> LogRecord {
    let row = one.row;
    LogRecord {
        time_unix_nano: row.time.0,
        observed_time_unix_nano: row.observed_time.0,
        severity_number: row.severity_number,
        severity_text: one.severity_text().to_owned(),
        body: Some(value(one.body())),
        attributes: attributes(one.attributes()),
        dropped_attributes_count: row.dropped_attributes_count,
        flags: row.flags,
        trace_id: id(&row.trace_id.0),
        span_id: id(&row.span_id.0),
        event_name: one.event_name().to_owned(),
    }
}

pub(crate) fn points(batch: &Points) -> Vec<String> {
    let mut lines: Vec<String> = batch
        .metrics
        .iter()
        .map(|row| {
            let one = batch.metric(row);
            let facts = (one.name(), one.description(), one.unit());
            let metadata = attributes(one.metadata());
            let sender = sender(one.resource(), one.scope());
            let kind = (row.kind.name(), row.kind.temporality() as i32, row.kind.is_monotonic());
            format!("{sender} {facts:?} {metadata:?} {kind:?}")
        })
        .collect();
    lines.extend(batch.iter().map(point));
    lines
}

fn point(one: PointRef<'_>) -> String {
    let text = match one.row.value {
        PointValue::Empty | PointValue::Int(_) | PointValue::Double(_) => {
            format!("{:?}", number(one))
        }
        PointValue::Histogram(index) => format!("{:?}", histogram(one, index)),
        PointValue::ExponentialHistogram(index) => format!("{:?}", exponential(one, index)),
        PointValue::Summary(index) => format!("{:?}", summary(one, index)),
    };
    format!("{} {text}", one.row.metric)
}

fn exemplars(one: PointRef<'_>) -> Vec<metrics::Exemplar> {
    let all = one.exemplars().iter();
    all.map(|row| metrics::Exemplar {
        filtered_attributes: attributes(one.batch.arena.attributes(row.attributes)),
        time_unix_nano: row.time.0,
        span_id: id(&row.span_id.0),
        trace_id: id(&row.trace_id.0),
        value: match row.value {
            ExemplarValue::Empty => None,
            ExemplarValue::Int(int) => Some(metrics::exemplar::Value::AsInt(int)),
            ExemplarValue::Double(double) => Some(metrics::exemplar::Value::AsDouble(double)),
        },
    })
    .collect()
}

fn number(one: PointRef<'_>) -> metrics::NumberDataPoint {
    metrics::NumberDataPoint {
        attributes: attributes(one.attributes()),
        start_time_unix_nano: one.row.start.0,
        time_unix_nano: one.row.time.0,
        exemplars: exemplars(one),
        flags: one.row.flags,
        value: match one.row.value {
            PointValue::Int(int) => Some(metrics::number_data_point::Value::AsInt(int)),
            PointValue::Double(double) => Some(metrics::number_data_point::Value::AsDouble(double)),
            _ => None,
        },
    }
}

fn histogram(one: PointRef<'_>, index: u32) -> metrics::HistogramDataPoint {
    let made = one.batch.histograms[index as usize];
    metrics::HistogramDataPoint {
        attributes: attributes(one.attributes()),
        start_time_unix_nano: one.row.start.0,
        time_unix_nano: one.row.time.0,
        count: made.count,
        sum: made.sum,
        bucket_counts: made.counts.of(&one.batch.counts).to_vec(),
        explicit_bounds: made.bounds.of(&one.batch.doubles).to_vec(),
        exemplars: exemplars(one),
        flags: one.row.flags,
        min: made.min,
        max: made.max,
    }
}

fn exponential(one: PointRef<'_>, index: u32) -> metrics::ExponentialHistogramDataPoint {
    let made = one.batch.exponential_histograms[index as usize];
    let buckets = |side: Buckets| {
        Some(metrics::exponential_histogram_data_point::Buckets {
            offset: side.offset,
            bucket_counts: side.counts.of(&one.batch.counts).to_vec(),
        })
    };
    metrics::ExponentialHistogramDataPoint {
        attributes: attributes(one.attributes()),
        start_time_unix_nano: one.row.start.0,
        time_unix_nano: one.row.time.0,
        count: made.count,
        sum: made.sum,
        scale: made.scale,
        zero_count: made.zero_count,
        positive: buckets(made.positive),
        negative: buckets(made.negative),
        flags: one.row.flags,
        exemplars: exemplars(one),
        min: made.min,
        max: made.max,
        zero_threshold: made.zero_threshold,
    }
}

fn summary(one: PointRef<'_>, index: u32) -> metrics::SummaryDataPoint {
    let made = one.batch.summaries[index as usize];
    let quantiles = made.quantiles.of(&one.batch.quantiles).iter();
    metrics::SummaryDataPoint {
        attributes: attributes(one.attributes()),
        start_time_unix_nano: one.row.start.0,
        time_unix_nano: one.row.time.0,
        count: made.count,
        sum: made.sum,
        quantile_values: quantiles
            .map(|row| metrics::summary_data_point::ValueAtQuantile {
                quantile: row.quantile,
                value: row.value,
            })
            .collect(),
        flags: one.row.flags,
    }
}
