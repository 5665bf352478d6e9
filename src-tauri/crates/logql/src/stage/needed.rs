//! Which labels parsers must find. What nobody looks at is not extracted, and a line is read only as far as it takes:
//! Loki does the same, and it can be seen, for a fault behind that point is never noticed.

use std::collections::BTreeSet;

use super::{ERROR, ERROR_DETAILS, row::Row};
use crate::functions;
use crate::tree::{LabelFilter, LabelSource, Stage, StageKind, Unwrap};

/// The labels that something looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Needed {
    /// All that there are.
    All,
    /// These.
    Named(Vec<String>),
}

impl Needed {
    /// What the series of a metric query need: the labels that tell them apart and those that stages ask for.
    pub(crate) fn of_metric(groups: &[String], stages: &[Stage], unwrap: Option<&Unwrap>) -> Self {
        let mut names: BTreeSet<String> = groups.iter().cloned().collect();
        let mut all = false;
        for stage in stages {
            all |= !stage_names(&stage.kind, &mut names);
        }
        if let Some(unwrap) = unwrap {
            names.insert(unwrap.label.clone());
            for filter in &unwrap.filters {
                filter_names(filter, &mut names);
            }
        }
        // Whoever asks for failures must see those at the end of the line.
        if all || names.contains(ERROR) || names.contains(ERROR_DETAILS) {
            return Self::All;
        }
        Self::Named(names.into_iter().collect())
    }

    /// Whether no label is needed.
    pub(crate) const fn is_nothing(&self) -> bool {
        matches!(self, Self::Named(names) if names.is_empty())
    }

    /// Whether a label is needed, under its own name or as one that lost it.
    pub(crate) fn wants(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names
                .iter()
                .any(|own| own.strip_suffix("_extracted").unwrap_or(own) == name || own == name),
        }
    }

    /// Whether a label is needed whose name begins with `prefix` and an underscore.
    pub(crate) fn wants_within(&self, prefix: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names
                .iter()
                .any(|own| own.strip_prefix(prefix).is_some_and(|behind| behind.starts_with('_'))),
        }
    }

    /// Counts one that was found; true where no more are needed.
    pub(crate) fn found_one(&self, row: &mut Row<'_>) -> bool {
        match self {
            Self::All => false,
            Self::Named(names) => row.count_found() >= names.len(),
        }
    }

    /// Whether all that are needed have been found.
    pub(crate) fn is_done(&self, row: &Row<'_>) -> bool {
        matches!(self, Self::Named(names) if row.found() >= names.len())
    }
}

/// Adds the labels that a stage looks at; false where that may be any.
fn stage_names(stage: &StageKind, names: &mut BTreeSet<String>) -> bool {
    match stage {
        StageKind::Label(filter) => filter_names(filter, names),
        StageKind::LineFormat(source) => return template_names(source, names),
        StageKind::LabelFormat(formats) => {
            for format in formats {
                match &format.source {
                    LabelSource::Label(source) => {
                        names.insert(source.clone());
                    }
                    LabelSource::Template(source) => {
                        if !template_names(source, names) {
                            return false;
                        }
                    }
                }
            }
        }
        _ => {}
    }
    true
}

fn template_names(source: &str, names: &mut BTreeSet<String>) -> bool {
    let Ok(template) = functions::template(source) else { return false };
    let (fields, whole) = template.fields();
    names.extend(fields);
    !whole
}

fn filter_names(filter: &LabelFilter, names: &mut BTreeSet<String>) {
    match filter {
        LabelFilter::Text(matcher) => drop(names.insert(matcher.name.clone())),
        LabelFilter::Number(name, ..)
        | LabelFilter::Duration(name, ..)
        | LabelFilter::Bytes(name, ..)
        | LabelFilter::Ip { name, .. } => drop(names.insert(name.clone())),
        LabelFilter::And(left, right) | LabelFilter::Or(left, right) => {
            filter_names(left, names);
            filter_names(right, names);
        }
    }
}
