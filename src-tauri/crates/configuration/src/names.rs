//! Which names of metrics and labels are valid (`metric_name_validation_scheme`).

/// Which names are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Names {
    /// Any text that is not empty.
    #[default]
    Utf8,
    /// Letters, digits and underscores; colons in metrics.
    Legacy,
}

impl Names {
    /// Whether a label may have this name.
    pub fn is_label(self, name: &str) -> bool {
        let mut bytes = name.bytes();
        match self {
            Self::Utf8 => !name.is_empty(),
            Self::Legacy => {
                bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
                    && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            }
        }
    }

    /// Whether a metric may have this name.
    pub fn is_metric(self, name: &str) -> bool {
        self == Self::Utf8 && !name.is_empty() || self.is_label(&name.replace(':', "_"))
    }
}
