//! `watchglass.yaml`: what a workspace sets of Watchglass itself. Everything has a default.

use std::path::Path;

use crate::fault::{Faults, Reading};
use crate::yaml::{Fields, Node, tree};

/// What a workspace sets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkspaceSettings {
    /// How PromQL is read and evaluated.
    pub promql: PromqlSettings,
    /// What stands before the names of OpenTelemetry metrics, with an underscore between; empty for nothing.
    pub otlp_namespace: String,
}

/// How PromQL is read and evaluated: what Prometheus has behind feature flags. All is off, as it is there, so that a
/// query that works here works in production.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PromqlSettings {
    /// Experimental functions and aggregations, `anchored` and `smoothed`, `fill`.
    pub experimental: bool,
    /// Names of metrics go when the query is done, not at the operation that changes their meaning.
    pub delayed_name_removal: bool,
    /// The times at which counters began tell resets.
    pub use_start_timestamps: bool,
}

impl WorkspaceSettings {
    /// Reads a file's text.
    pub fn read(text: &str) -> Result<Self, Faults> {
        let (node, reading) = (tree(text)?, Reading::within(Path::new("")));
        let fields = Fields::of(&node, "settings", &reading);
        let settings = Self {
            promql: fields.section("promql").map(|node| promql(node, &reading)).unwrap_or_default(),
            otlp_namespace: fields
                .section("otlp")
                .map(|node| otlp_namespace(node, &reading))
                .unwrap_or_default(),
        };
        fields.finish();
        reading.verdict(settings)
    }
}

fn promql(node: &Node, reading: &Reading) -> PromqlSettings {
    let fields = Fields::of(node, "promql", reading);
    let flag = |name| fields.flag(name).unwrap_or_default();
    let settings = PromqlSettings {
        experimental: flag("experimental"),
        delayed_name_removal: flag("delayed_name_removal"),
        use_start_timestamps: flag("use_start_timestamps"),
    };
    fields.finish();
    settings
}

fn otlp_namespace(node: &Node, reading: &Reading) -> String {
    let fields = Fields::of(node, "otlp", reading);
    let namespace = fields.text("namespace").unwrap_or_default();
    fields.finish();
    namespace
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_all_defaults() {
        for text in ["", "promql:\notlp:\n", "promql: {experimental: false}"] {
            assert_eq!(WorkspaceSettings::read(text), Ok(WorkspaceSettings::default()), "{text}");
        }
    }

    #[test]
    fn what_is_set_is_read() {
        let text =
            "promql:\n  experimental: true\n  use_start_timestamps: yes\notlp: {namespace: shop}\n";
        let expected = WorkspaceSettings {
            promql: PromqlSettings {
                experimental: true,
                use_start_timestamps: true,
                ..PromqlSettings::default()
            },
            otlp_namespace: "shop".to_owned(),
        };
        assert_eq!(WorkspaceSettings::read(text), Ok(expected));
    }

    #[test]
    fn faults_are_told_where_they_stand() {
        for (text, line, column, word) in [
            ("promql:\n  experimental: true\n  experimantal: true\n", 3, 3, "experimantal"),
            ("promql:\n  experimental: often\n", 2, 17, "often"),
        ] {
            let faults = WorkspaceSettings::read(text).expect_err("it has a fault");
            let fault = faults.first();
            assert_eq!((fault.place.line, fault.place.column), (line, column), "{fault}");
            assert!(fault.message.contains(word), "{fault}");
        }
    }
}
