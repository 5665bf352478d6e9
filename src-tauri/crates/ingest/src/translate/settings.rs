//! How metrics are translated: what Prometheus has in section `otlp` of its configuration, and a namespace.

use std::collections::BTreeSet;

use super::names::{Naming, escaped_label};

/// How metrics are translated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of Prometheus's configuration")]
pub struct TranslationSettings {
    /// How names are made.
    pub naming: Naming,
    /// What stands before every name, with an underscore between.
    pub namespace: Option<String>,
    /// Which attributes of the sender become labels of all its series.
    pub promotion: Promotion,
    /// Whether `target_info` keeps what `job` and `instance` are made of.
    pub keep_identifying: bool,
    /// Whether histograms with explicit bounds become native ones with custom buckets.
    pub custom_buckets: bool,
    /// Whether the instrumentation becomes labels (`otel_scope_…`).
    pub scope_labels: bool,
    /// Whether labels that begin with one underscore get `key` before it.
    pub sanitize_underscores: bool,
    /// Whether underscores in a row stay in labels.
    pub keep_underscores: bool,
}

impl Default for TranslationSettings {
    fn default() -> Self {
        Self {
            naming: Naming::default(),
            namespace: None,
            promotion: Promotion::default(),
            keep_identifying: false,
            custom_buckets: false,
            scope_labels: true,
            sanitize_underscores: true,
            keep_underscores: true,
        }
    }
}

impl TranslationSettings {
    /// The name of a label.
    pub(super) fn label(&self, name: &str) -> String {
        if !self.naming.escapes() {
            return name.to_owned();
        }
        escaped_label(name, self.sanitize_underscores, self.keep_underscores)
    }
}

/// Which attributes of the sender become labels of all its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promotion {
    /// Those named.
    Only(BTreeSet<String>),
    /// All but those named.
    AllBut(BTreeSet<String>),
}

impl Default for Promotion {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

impl Promotion {
    /// Whether an attribute does.
    pub(super) fn promotes(&self, attribute: &str) -> bool {
        match self {
            Self::Only(named) => named.contains(attribute),
            Self::AllBut(named) => !named.contains(attribute),
        }
    }
}
