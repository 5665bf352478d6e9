//! The section `otlp`: how metrics of OpenTelemetry become series.

use std::collections::BTreeSet;

use crate::fault::Reading;
use crate::names::Names;
use crate::yaml::{Fields, Node};

/// How metrics of OpenTelemetry become series.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the file")]
pub struct Otlp {
    /// Whether every attribute of a resource becomes a label.
    pub promote_all_resource_attributes: bool,
    /// The attributes that do.
    pub promote_resource_attributes: Vec<String>,
    /// The attributes that do not, where all others do.
    pub ignore_resource_attributes: Vec<String>,
    /// How names are written.
    pub translation_strategy: String,
    /// Whether `target_info` keeps what identifies the resource.
    pub keep_identifying_resource_attributes: bool,
    /// Whether histograms become native ones with custom buckets.
    pub convert_histograms_to_nhcb: bool,
    /// Whether scopes become labels.
    pub promote_scope_metadata: bool,
    /// Whether labels that begin with `_` get `key` before it.
    pub label_name_underscore_sanitization: bool,
    /// Whether underscores in a row stay.
    pub label_name_preserve_multiple_underscores: bool,
}

impl Default for Otlp {
    fn default() -> Self {
        Self {
            promote_all_resource_attributes: false,
            promote_resource_attributes: Vec::new(),
            ignore_resource_attributes: Vec::new(),
            translation_strategy: STRATEGIES
                .first()
                .map(|one| (*one).to_owned())
                .unwrap_or_default(),
            keep_identifying_resource_attributes: false,
            convert_histograms_to_nhcb: false,
            promote_scope_metadata: false,
            label_name_underscore_sanitization: true,
            label_name_preserve_multiple_underscores: true,
        }
    }
}

/// The strategies, the default first; the last two need names in UTF-8.
const STRATEGIES: [&str; 4] = [
    "UnderscoreEscapingWithSuffixes",
    "UnderscoreEscapingWithoutSuffixes",
    "NoUTF8EscapingWithSuffixes",
    "NoTranslation",
];

impl Otlp {
    pub(crate) fn read(node: &Node, names: Names, reading: &Reading) -> Self {
        let (fields, default) = (Fields::of(node, "config.plain", reading), Self::default());
        let flag = |name, default| fields.flag(name).unwrap_or(default);
        let otlp = Self {
            promote_all_resource_attributes: flag("promote_all_resource_attributes", false),
            promote_resource_attributes: attributes(
                &fields,
                "promote_resource_attributes",
                "promoted",
            ),
            ignore_resource_attributes: attributes(
                &fields,
                "ignore_resource_attributes",
                "ignored",
            ),
            translation_strategy: fields
                .text("translation_strategy")
                .filter(|text| !text.is_empty())
                .unwrap_or(default.translation_strategy),
            keep_identifying_resource_attributes: flag(
                "keep_identifying_resource_attributes",
                false,
            ),
            convert_histograms_to_nhcb: flag("convert_histograms_to_nhcb", false),
            promote_scope_metadata: flag("promote_scope_metadata", false),
            label_name_underscore_sanitization: flag("label_name_underscore_sanitization", true),
            label_name_preserve_multiple_underscores: flag(
                "label_name_preserve_multiple_underscores",
                true,
            ),
        };
        otlp.check(names, &fields);
        fields.finish();
        otlp
    }

    fn check(&self, names: Names, fields: &Fields<'_>) {
        if self.promote_all_resource_attributes && !self.promote_resource_attributes.is_empty() {
            let message = "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously";
            fields.fault("promote_resource_attributes", message);
        }
        if !self.promote_all_resource_attributes && !self.ignore_resource_attributes.is_empty() {
            let message = "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true";
            fields.fault("ignore_resource_attributes", message);
        }
        let strategy = &self.translation_strategy;
        let place = STRATEGIES.iter().position(|known| known == strategy);
        let message = match place {
            None => format!("unsupported OTLP translation strategy {strategy:?}"),
            Some(2..) if names == Names::Legacy => {
                format!(
                    "OTLP translation strategy {strategy:?} is not allowed when UTF8 is disabled"
                )
            }
            Some(_) => return,
        };
        fields.fault("translation_strategy", message);
    }
}

fn attributes(fields: &Fields<'_>, name: &'static str, adjective: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    for attribute in fields.texts(name).unwrap_or_default() {
        let attribute = attribute.trim().to_owned();
        let fault = if attribute.is_empty() {
            format!("empty {adjective} OTel resource attribute")
        } else if seen.contains(&attribute) {
            format!("duplicated {adjective} OTel resource attribute {attribute:?}")
        } else {
            seen.insert(attribute);
            continue;
        };
        fields.fault(name, format!("invalid '{name}': {fault}"));
    }
    seen.into_iter().collect()
}
