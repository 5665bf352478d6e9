//! What rules do to labels.

use md5::{Digest, Md5};
use watchglass_model::{Labels, LabelsBuilder};

use super::{Action, RelabelRule};

/// Applies the rules in their order. False: the set is dropped, and what is left of it means nothing.
pub fn relabel(labels: &mut LabelsBuilder, rules: &[RelabelRule]) -> bool {
    rules.iter().all(|rule| rule.apply(labels))
}

/// What one rule did.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<'r> {
    /// The rule.
    pub rule: &'r RelabelRule,
    /// The labels that it found.
    pub before: Labels,
    /// The labels that it left; none where it dropped the set.
    pub after: Option<Labels>,
}

impl Step<'_> {
    /// Whether the rule did anything.
    pub fn has_effect(&self) -> bool {
        self.after.as_ref() != Some(&self.before)
    }
}

/// What each rule does, up to the one that drops the set.
pub fn relabel_steps<'r>(labels: &Labels, rules: &'r [RelabelRule]) -> Vec<Step<'r>> {
    let (mut steps, mut builder) = (Vec::new(), LabelsBuilder::from(labels));
    for rule in rules {
        let before = builder.build();
        let after = rule.apply(&mut builder).then(|| builder.build());
        let is_dropped = after.is_none();
        steps.push(Step { rule, before, after });
        if is_dropped {
            break;
        }
    }
    steps
}

impl RelabelRule {
    fn apply(&self, labels: &mut LabelsBuilder) -> bool {
        match self.action {
            Action::Keep => return self.regex.matches(&self.source(labels)),
            Action::Drop => return !self.regex.matches(&self.source(labels)),
            Action::KeepEqual => return labels.get(&self.target_label) == self.source(labels),
            Action::DropEqual => return labels.get(&self.target_label) != self.source(labels),
            Action::Replace => self.replace(labels),
            Action::HashMod => {
                let hash = hash(&self.source(labels)) % self.modulus.max(1);
                labels.set(self.target_label.as_str(), hash.to_string());
            }
            Action::LabelMap => self.map_names(labels),
            Action::LabelDrop => {
                labels.retain(|name| !self.regex.matches(name));
            }
            Action::LabelKeep => {
                labels.retain(|name| self.regex.matches(name));
            }
            Action::Lowercase => {
                let source = self.source(labels).to_lowercase();
                labels.set(self.target_label.as_str(), source);
            }
            Action::Uppercase => {
                let source = self.source(labels).to_uppercase();
                labels.set(self.target_label.as_str(), source);
            }
        }
        true
    }

    fn source(&self, labels: &LabelsBuilder) -> String {
        let mut source = String::new();
        for (place, name) in self.source_labels.iter().enumerate() {
            if place > 0 {
                source.push_str(&self.separator);
            }
            source.push_str(labels.get(name));
        }
        source
    }

    /// A name that comes out invalid is passed over; a value that comes out empty removes the label.
    fn replace(&self, labels: &mut LabelsBuilder) {
        let source = self.source(labels);
        let Some(target) = self.regex.expand(&source, &self.target_label) else { return };
        if !self.names.is_label(&target) {
            return;
        }
        let value = self.regex.expand(&source, &self.replacement).unwrap_or_default();
        labels.set(target, value);
    }

    fn map_names(&self, labels: &mut LabelsBuilder) {
        let mapped: Vec<_> = labels
            .iter()
            .filter_map(|(name, value)| {
                let name = self.regex.expand(name, &self.replacement)?;
                Some((name, value.to_owned()))
            })
            .collect();
        for (name, value) in mapped {
            labels.set(name, value);
        }
    }
}

/// The last eight bytes of the MD5 sum, which is what upstream has always taken.
fn hash(text: &str) -> u64 {
    let sum = Md5::digest(text.as_bytes());
    sum.iter().skip(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
