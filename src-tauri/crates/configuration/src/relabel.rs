//! Relabelling (Prometheus `model/relabel`): rules that rewrite label sets, keep them or drop them. Read from
//! `relabel_configs` and its kin, checked, and applied without anything but the labels.

mod apply;
mod check;

use watchglass_pattern::Pattern;

pub use apply::{Step, relabel, relabel_steps};

use crate::fault::Reading;
use crate::names::Names;
use crate::yaml::{Fields, Node};

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Writes a label where the pattern matches.
    Replace,
    /// Drops sets that the pattern does not match.
    Keep,
    /// Drops sets that the pattern matches.
    Drop,
    /// Drops sets whose target label differs from the source.
    KeepEqual,
    /// Drops sets whose target label equals the source.
    DropEqual,
    /// Writes the hash of the source modulo a number.
    HashMod,
    /// Copies labels whose names match to other names.
    LabelMap,
    /// Removes labels whose names match.
    LabelDrop,
    /// Removes labels whose names do not match.
    LabelKeep,
    /// Writes the source in lower case.
    Lowercase,
    /// Writes the source in upper case.
    Uppercase,
}

impl Action {
    const ALL: [Self; 11] = [
        Self::Replace,
        Self::Keep,
        Self::Drop,
        Self::KeepEqual,
        Self::DropEqual,
        Self::HashMod,
        Self::LabelMap,
        Self::LabelDrop,
        Self::LabelKeep,
        Self::Lowercase,
        Self::Uppercase,
    ];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::KeepEqual => "keepequal",
            Self::DropEqual => "dropequal",
            Self::HashMod => "hashmod",
            Self::LabelMap => "labelmap",
            Self::LabelDrop => "labeldrop",
            Self::LabelKeep => "labelkeep",
            Self::Lowercase => "lowercase",
            Self::Uppercase => "uppercase",
        }
    }

    /// From its name in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RelabelRule {
    /// The labels whose values are joined to the source.
    pub source_labels: Vec<String>,
    /// What stands between them.
    pub separator: String,
    /// What the source, or a label's name, must match as a whole.
    pub regex: Pattern,
    /// What a hash is taken modulo.
    pub modulus: u64,
    /// The label that is written; `replace` may build its name from groups.
    pub target_label: String,
    /// What is written, with the groups of the pattern.
    pub replacement: String,
    /// What the rule does.
    pub action: Action,
    /// Which names are valid.
    pub names: Names,
}

const SEPARATOR: &str = ";";
const REGEX: &str = "(.*)";
const REPLACEMENT: &str = "$1";

impl RelabelRule {
    /// Reads and checks one rule.
    pub(crate) fn read(node: &Node, names: Names, reading: &Reading) -> Option<Self> {
        let fields = Fields::of(node, "relabel.plain", reading);
        let action = match fields.text("action") {
            None => Some(Action::Replace),
            Some(text) if text.is_empty() => {
                fields.fault("action", "relabel action cannot be empty");
                None
            }
            Some(text) => {
                let action = Action::from_name(&text);
                if action.is_none() {
                    fields.fault("action", format!("unknown relabel action {text:?}"));
                }
                action
            }
        };
        let or = |name, default: &str| fields.text(name).unwrap_or_else(|| default.to_owned());
        let rule = Self {
            source_labels: fields.texts("source_labels").unwrap_or_default(),
            separator: or("separator", SEPARATOR),
            regex: regex(&fields)?,
            modulus: fields.count("modulus").unwrap_or_default(),
            target_label: or("target_label", ""),
            replacement: or("replacement", REPLACEMENT),
            action: action?,
            names,
        };
        if let Err((field, message)) = rule.check(fields.node("source_labels").is_some()) {
            fields.fault(field, message);
        }
        fields.finish();
        Some(rule)
    }

    /// The rules of a list; `null` is what is said of an empty item.
    pub(crate) fn all(
        fields: &Fields<'_>,
        name: &'static str,
        null: &str,
        names: Names,
    ) -> Vec<Self> {
        let read = |node, reading: &_| Self::read(node, names, reading);
        fields.sections(name, null, read).into_iter().flatten().collect()
    }
}

fn regex(fields: &Fields<'_>) -> Option<Pattern> {
    let text = fields.text("regex").unwrap_or_else(|| REGEX.to_owned());
    // Upstream reads the expression together with its anchors; the plain form is matched faster.
    match Pattern::anchored(&text).or_else(|_| Pattern::within("^(?s:", &text, ")$")) {
        Ok(regex) => Some(regex),
        Err(fault) => {
            fields.fault("regex", fault.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests;
