//! What a rule must and must not say (`relabel.Config.Validate`).

use super::{Action, REGEX, REPLACEMENT, RelabelRule, SEPARATOR};
use crate::names::Names;

/// The field at fault, and what is wrong with it.
type Verdict = Result<(), (&'static str, String)>;

impl RelabelRule {
    /// `has_sources` tells an empty list of source labels from none.
    pub(super) fn check(&self, has_sources: bool) -> Verdict {
        let name = self.action.name();
        if self.modulus == 0 && self.action == Action::HashMod {
            let message = "relabel configuration for hashmod requires non-zero modulus";
            return Err(("modulus", message.to_owned()));
        }
        if self.writes_target() {
            self.check_target()?;
        }
        match self.action {
            Action::Lowercase | Action::Uppercase | Action::KeepEqual | Action::DropEqual
                if self.replacement != REPLACEMENT =>
            {
                Err(("replacement", format!("'replacement' can not be set for {name} action")))
            }
            Action::LabelMap if !self.is_template(&self.replacement) => {
                let message =
                    format!("{:?} is invalid 'replacement' for {name} action", self.replacement);
                Err(("replacement", message))
            }
            Action::KeepEqual | Action::DropEqual
                if self.regex.source() != REGEX || self.says_more() =>
            {
                let message = format!(
                    "{name} action requires only 'source_labels' and `target_label`, and no other fields"
                );
                Err(("action", message))
            }
            Action::LabelDrop | Action::LabelKeep
                if has_sources || !self.target_label.is_empty() || self.says_more() =>
            {
                Err(("action", format!("{name} action requires only 'regex', and no other fields")))
            }
            _ => Ok(()),
        }
    }

    const fn writes_target(&self) -> bool {
        use Action::{DropEqual, HashMod, KeepEqual, Lowercase, Replace, Uppercase};
        matches!(self.action, Replace | HashMod | Lowercase | Uppercase | KeepEqual | DropEqual)
    }

    fn check_target(&self) -> Verdict {
        let (name, target) = (self.action.name(), &self.target_label);
        if target.is_empty() {
            let message =
                format!("relabel configuration for {name} action requires 'target_label' value");
            return Err(("target_label", message));
        }
        let is_valid = match self.action {
            Action::Replace if target.contains('$') => self.is_template(target),
            _ => self.names.is_label(target),
        };
        if is_valid {
            return Ok(());
        }
        Err(("target_label", format!("{target:?} is invalid 'target_label' for {name} action")))
    }

    fn says_more(&self) -> bool {
        self.modulus != 0 || self.separator != SEPARATOR || self.replacement != REPLACEMENT
    }

    /// Whether a label's name may come of this template.
    fn is_template(&self, template: &str) -> bool {
        match self.names {
            Names::Utf8 => !template.is_empty(),
            Names::Legacy => is_legacy_template(template),
        }
    }
}

/// Upstream's `^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$`: a name in which references stand for letters.
pub(super) fn is_legacy_template(template: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let words = |text: &str| text.bytes().take_while(|byte| is_word(*byte)).count();
    if template.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let mut rest = template;
    while !rest.is_empty() {
        let Some(reference) = rest.strip_prefix('$') else {
            let length = words(rest);
            if length == 0 {
                return false;
            }
            rest = rest.get(length..).unwrap_or_default();
            continue;
        };
        let inner = reference.strip_prefix('{').unwrap_or(reference);
        let length = words(inner);
        let behind = inner.get(length..).unwrap_or_default();
        let behind =
            if inner.len() < reference.len() { behind.strip_prefix('}') } else { Some(behind) };
        match behind {
            Some(behind) if length > 0 => rest = behind,
            _ => return false,
        }
    }
    !template.is_empty()
}
