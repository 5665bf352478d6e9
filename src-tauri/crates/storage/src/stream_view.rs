//! How Loki sees a log record: which attributes of its sender are the labels of a stream, and which pairs stand beside them
//! as structured metadata. The rules are those of Loki's OTLP endpoint (its documentation, "Ingesting logs to Loki using
//! OpenTelemetry Collector", "Default labels" and "Structured metadata").

use std::borrow::Cow;

use watchglass_model::{
    Attributes, Labels, LabelsBuilder, LogRef, ResourceRef, Severity, UNKNOWN_SERVICE, ValueRef,
};

use crate::{MetadataDetail, text_of};

/// The attribute of a resource that names those of its attributes that are labels, divided by commas, as the Collector's
/// Loki exporter had it. Receivers that take streams, not resources, write it.
pub const STREAM_LABELS: &str = "loki.resource.labels";

/// What Loki makes labels of where a sender does not say.
const DEFAULT_LABELS: [&str; 18] = [
    "service.name",
    "service.namespace",
    "service.instance.id",
    "deployment.environment",
    "deployment.environment.name",
    "cloud.region",
    "cloud.availability_zone",
    "k8s.cluster.name",
    "k8s.namespace.name",
    "k8s.pod.name",
    "k8s.container.name",
    "container.name",
    "k8s.replicaset.name",
    "k8s.deployment.name",
    "k8s.statefulset.name",
    "k8s.daemonset.name",
    "k8s.cronjob.name",
    "k8s.job.name",
];

/// The label that tells how severe an entry is.
pub const DETECTED_LEVEL: &str = "detected_level";

/// The labels of the stream that a sender's records belong to.
pub fn stream_labels(resource: ResourceRef<'_>) -> Labels {
    let attributes = resource.attributes();
    let mut labels = LabelsBuilder::default();
    if let Some(listed) = listed(resource) {
        for name in listed {
            if let Some(value) = attributes.get(name) {
                labels.set(label_name(name).into_owned(), text_of(value).into_owned());
            }
        }
        return labels.build();
    }
    labels.set("service_name".to_owned(), UNKNOWN_SERVICE.to_owned());
    for name in DEFAULT_LABELS {
        if let Some(value) = attributes.get(name) {
            labels.set(label_name(name).into_owned(), text_of(value).into_owned());
        }
    }
    labels.build()
}

/// The names that a sender lists as labels; none where it leaves that to Loki.
fn listed(resource: ResourceRef<'_>) -> Option<impl Iterator<Item = &str>> {
    match resource.attributes().get(STREAM_LABELS) {
        Some(ValueRef::Text(names)) => {
            Some(names.split(',').map(str::trim).filter(|name| !name.is_empty()))
        }
        _ => None,
    }
}

/// Whether a sender sent streams: then its records have no metadata but their own attributes.
fn is_stream(resource: ResourceRef<'_>) -> bool {
    listed(resource).is_some()
}

/// The line of a record: its body, spelled out if it is no text.
pub fn line_of(record: LogRef<'_>) -> Cow<'_, str> {
    text_of(record.body())
}

/// The name of an attribute as the name of a label: what is no ASCII letter, digit or underscore becomes an underscore.
pub fn label_name(name: &str) -> Cow<'_, str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let digit = name.as_bytes().first().is_some_and(u8::is_ascii_digit);
    if !digit && name.bytes().all(fits) {
        return Cow::Borrowed(name);
    }
    let mut out = String::from(if digit { "key_" } else { "" });
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    out.extend(name.chars().map(letter));
    Cow::Owned(out)
}

/// The name of a record's level: what its `severity_text` says, else the band of its number.
pub fn level_of(record: LogRef<'_>) -> &'static str {
    const SPELLINGS: [(&str, &str); 13] = [
        ("trace", "trace"),
        ("debug", "debug"),
        ("info", "info"),
        ("information", "info"),
        ("informational", "info"),
        ("notice", "info"),
        ("warn", "warn"),
        ("warning", "warn"),
        ("err", "error"),
        ("error", "error"),
        ("critical", "critical"),
        ("crit", "critical"),
        ("fatal", "fatal"),
    ];
    let text = record.severity_text();
    let spelled = SPELLINGS.iter().find(|(one, _)| one.eq_ignore_ascii_case(text));
    match (spelled, Severity::of(record.row.severity_number)) {
        (Some((_, level)), _) => level,
        (None, Severity::Unspecified) => "unknown",
        (None, band) => band.name(),
    }
}

/// The pairs that all records of a sender and an instrumentation share, in the order in which later ones win.
pub fn shared_metadata(record: LogRef<'_>, wanted: &MetadataDetail) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let resource = record.resource();
    if is_stream(resource) {
        return pairs;
    }
    let mut push = |name: &str, value: Cow<'_, str>| push(&mut pairs, wanted, name, value);
    for (name, value) in resource.attributes().iter() {
        if !DEFAULT_LABELS.contains(&name) {
            flatten(&label_name(name), value, &mut push);
        }
    }
    let scope = record.scope();
    push("scope_name", Cow::Borrowed(scope.name()));
    push("scope_version", Cow::Borrowed(scope.version()));
    push("scope_dropped_attributes_count", count(scope.row.dropped_attributes_count));
    for (name, value) in scope.attributes().iter() {
        flatten(&label_name(name), value, &mut push);
    }
    pairs
}

/// The pairs of a record beside [`shared_metadata`], in the order in which later ones win; some may be empty.
pub fn own_metadata(
    record: LogRef<'_>,
    wanted: &MetadataDetail,
    pair: &mut dyn FnMut(&str, Cow<'_, str>),
) {
    let mut push = |name: &str, value: Cow<'_, str>| {
        if wanted.wants(name) {
            pair(name, value);
        }
    };
    if wanted.wants(DETECTED_LEVEL) {
        push(DETECTED_LEVEL, Cow::Borrowed(level_of(record)));
    }
    let row = record.row;
    if !is_stream(record.resource()) {
        let observed = row.observed_time.0;
        if row.time.0 != 0 && observed != 0 && wanted.wants("observed_timestamp") {
            push("observed_timestamp", Cow::Owned(observed.to_string()));
        }
        if row.severity_number != 0 {
            push("severity_number", Cow::Owned(row.severity_number.to_string()));
        }
        push("severity_text", Cow::Borrowed(record.severity_text()));
        push("flags", count(row.flags));
        push("dropped_attributes_count", count(row.dropped_attributes_count));
    }
    attribute_metadata(record, &mut push);
    if !row.trace_id.is_none() && wanted.wants("trace_id") {
        push("trace_id", Cow::Owned(row.trace_id.to_string()));
    }
    if !row.span_id.is_none() && wanted.wants("span_id") {
        push("span_id", Cow::Owned(row.span_id.to_string()));
    }
    push("event_name", Cow::Borrowed(record.event_name()));
}

/// The pairs that the attributes of a record make.
pub fn attribute_metadata(record: LogRef<'_>, pair: &mut dyn FnMut(&str, Cow<'_, str>)) {
    for (name, value) in record.attributes().iter() {
        flatten(&label_name(name), value, pair);
    }
}

fn push(
    pairs: &mut Vec<(String, String)>,
    wanted: &MetadataDetail,
    name: &str,
    value: Cow<'_, str>,
) {
    if wanted.wants(name) && !value.is_empty() {
        pairs.push((name.to_owned(), value.into_owned()));
    }
}

/// A count that is told unless it is zero.
fn count(count: u32) -> Cow<'static, str> {
    if count == 0 { Cow::Borrowed("") } else { Cow::Owned(count.to_string()) }
}

/// Maps become pairs of their entries, with their keys joined by underscores.
fn flatten(name: &str, value: ValueRef<'_>, push: &mut dyn FnMut(&str, Cow<'_, str>)) {
    match value {
        ValueRef::Map(entries) => flatten_map(name, entries, push),
        other => push(name, text_of(other)),
    }
}

fn flatten_map(name: &str, entries: Attributes<'_>, push: &mut dyn FnMut(&str, Cow<'_, str>)) {
    for (key, value) in entries.iter() {
        flatten(&format!("{name}_{}", label_name(key)), value, push);
    }
}
