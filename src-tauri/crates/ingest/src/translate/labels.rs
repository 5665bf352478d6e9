//! Labels: of the sender (`job`, `instance`, `target_info`), of the instrumentation (`otel_scope_…`), of the point.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use watchglass_model::{
    Attributes, Labels, LabelsBuilder, METRIC_NAME, ResourceRef, ScopeRef, ValueRef,
};

use super::names::Naming;

/// The attributes that `job` and `instance` are made of.
const IDENTIFYING: [&str; 3] = ["service.name", "service.namespace", "service.instance.id"];

/// A sender as a scrape would know it.
pub(super) struct Sender<'a> {
    attributes: Attributes<'a>,
    job: String,
    instance: String,
}

impl<'a> Sender<'a> {
    pub(super) fn of(resource: ResourceRef<'a>) -> Self {
        let attributes = resource.attributes();
        let text = |key: &str| attributes.get(key).map(text_of).unwrap_or_default();
        let (name, namespace) = (text("service.name"), text("service.namespace"));
        let job = if name.is_empty() || namespace.is_empty() {
            name
        } else {
            format!("{namespace}/{name}")
        };
        Self { attributes, job, instance: text("service.instance.id") }
    }

    /// The labels of a point but its name.
    pub(super) fn labels(
        &self,
        naming: Naming,
        scope: ScopeRef<'_>,
        point: Attributes<'_>,
    ) -> Labels {
        let mut labels = LabelsBuilder::default();
        add(&mut labels, naming, "", point);
        for (name, value) in [
            ("otel_scope_name", scope.name()),
            ("otel_scope_version", scope.version()),
            ("otel_scope_schema_url", scope.schema_url()),
        ] {
            labels.set(name, value);
        }
        add(&mut labels, naming, "otel_scope_", scope.attributes());
        self.identify(&mut labels);
        labels.build()
    }

    fn identify(&self, labels: &mut LabelsBuilder) {
        for (name, value) in [("job", &self.job), ("instance", &self.instance)] {
            if !value.is_empty() {
                labels.set(name, value.as_str());
            }
        }
    }

    /// The series that tells what the sender is; none where nothing tells it from others, or nothing more is known.
    pub(super) fn target_info(&self, naming: Naming) -> Option<Labels> {
        let more = self.attributes.iter().any(|(key, _)| !IDENTIFYING.contains(&key));
        if !more || (self.job.is_empty() && self.instance.is_empty()) {
            return None;
        }
        let mut labels = LabelsBuilder::default();
        for (key, value) in self.attributes.iter().filter(|(key, _)| !IDENTIFYING.contains(key)) {
            join(&mut labels, naming.label(key), &text_of(value));
        }
        self.identify(&mut labels);
        labels.set(METRIC_NAME, "target_info");
        Some(labels.build())
    }
}

fn add(labels: &mut LabelsBuilder, naming: Naming, prefix: &str, attributes: Attributes<'_>) {
    for (key, value) in attributes.iter() {
        let name = format!("{prefix}{}", naming.label(key));
        if name != METRIC_NAME {
            join(labels, name, &text_of(value));
        }
    }
}

/// Sets a label. Values of attributes whose names became the same stand in one, with a semicolon between.
fn join(labels: &mut LabelsBuilder, name: String, value: &str) {
    let known = labels.get(&name);
    let joined = if known.is_empty() { value.to_owned() } else { format!("{known};{value}") };
    labels.set(name, joined);
}

/// A value as the text of a label: what is no text is written as JSON.
pub(super) fn text_of(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(text) => text.to_owned(),
        ValueRef::Empty => String::new(),
        other => json(other),
    }
}

fn json(value: ValueRef<'_>) -> String {
    let quoted = |text: &str| format!("{text:?}");
    match value {
        ValueRef::Empty => "null".to_owned(),
        ValueRef::Text(text) => quoted(text),
        ValueRef::Bool(value) => value.to_string(),
        ValueRef::Int(value) => value.to_string(),
        ValueRef::Double(value) => value.to_string(),
        ValueRef::Bytes(bytes) => STANDARD.encode(bytes),
        ValueRef::Array(values) => {
            let items: Vec<_> = values.iter().map(json).collect();
            format!("[{}]", items.join(","))
        }
        ValueRef::Map(entries) => {
            let items: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{}:{}", quoted(key), json(value)))
                .collect();
            format!("{{{}}}", items.join(","))
        }
    }
}
