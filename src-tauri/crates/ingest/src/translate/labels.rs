//! Labels: of the sender (`job`, `instance`, `target_info`), of the instrumentation (`otel_scope_…`), of the point.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use watchglass_model::{
    Attributes, Labels, LabelsBuilder, METRIC_NAME, ResourceRef, ScopeRef, ValueRef,
};

use super::TranslationSettings;
use super::names::with_namespace;

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
        settings: &TranslationSettings,
        scope: ScopeRef<'_>,
        point: Attributes<'_>,
    ) -> Labels {
        let mut labels = LabelsBuilder::default();
        add(&mut labels, settings, "", point);
        self.promote(&mut labels, settings);
        if settings.scope_labels {
            instrumentation(&mut labels, settings, scope);
        }
        self.identify(&mut labels);
        labels.build()
    }

    /// Attributes of the sender as labels, where the point does not have them itself.
    fn promote(&self, labels: &mut LabelsBuilder, settings: &TranslationSettings) {
        let promoted = self.attributes.iter().filter(|(key, _)| settings.promotion.promotes(key));
        for (key, value) in promoted {
            let name = settings.label(key);
            if name != METRIC_NAME && labels.get(&name).is_empty() {
                labels.set(name, text_of(value));
            }
        }
    }

    fn identify(&self, labels: &mut LabelsBuilder) {
        for (name, value) in [("job", &self.job), ("instance", &self.instance)] {
            if !value.is_empty() {
                labels.set(name, value.as_str());
            }
        }
    }

    /// The series that tells what the sender is; none where nothing tells it from others, or nothing more is known.
    pub(super) fn target_info(&self, settings: &TranslationSettings) -> Option<Labels> {
        let more = self.attributes.iter().any(|(key, _)| !IDENTIFYING.contains(&key));
        if !more || (self.job.is_empty() && self.instance.is_empty()) {
            return None;
        }
        let mut labels = LabelsBuilder::default();
        let told = self
            .attributes
            .iter()
            .filter(|(key, _)| settings.keep_identifying || !IDENTIFYING.contains(key));
        for (key, value) in told {
            join(&mut labels, settings.label(key), &text_of(value));
        }
        self.identify(&mut labels);
        let name = with_namespace("target_info".to_owned(), settings.namespace.as_deref());
        labels.set(METRIC_NAME, name);
        Some(labels.build())
    }
}

/// The instrumentation's name, version, schema and attributes.
fn instrumentation(
    labels: &mut LabelsBuilder,
    settings: &TranslationSettings,
    scope: ScopeRef<'_>,
) {
    for (name, value) in [
        ("otel_scope_name", scope.name()),
        ("otel_scope_version", scope.version()),
        ("otel_scope_schema_url", scope.schema_url()),
    ] {
        labels.set(name, value);
    }
    add(labels, settings, "otel_scope_", scope.attributes());
}

fn add(
    labels: &mut LabelsBuilder,
    settings: &TranslationSettings,
    prefix: &str,
    attributes: Attributes<'_>,
) {
    for (key, value) in attributes.iter() {
        let name = format!("{prefix}{}", settings.label(key));
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
