//! Label matchers: the part of a selector that names one label.

use watchglass_model::{Labels, METRIC_NAME};
use watchglass_pattern::{Pattern, PatternFault};

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchOperator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Matches,
    /// `!~`
    NotMatches,
}

impl MatchOperator {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Matches => "=~",
            Self::NotMatches => "!~",
        }
    }
}

/// One label's condition. A label that a series lacks has the empty value.
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// How it compares.
    pub operator: MatchOperator,
    /// The text or pattern to compare with.
    pub value: String,
    pattern: Option<Pattern>,
}

impl Matcher {
    /// A matcher; a pattern that Go would not compile is a fault.
    pub fn new(
        name: impl Into<String>,
        operator: MatchOperator,
        value: impl Into<String>,
    ) -> Result<Self, PatternFault> {
        let (name, value) = (name.into(), value.into());
        let pattern = match operator {
            MatchOperator::Equal | MatchOperator::NotEqual => None,
            MatchOperator::Matches | MatchOperator::NotMatches => Some(Pattern::anchored(&value)?),
        };
        Ok(Self { name, operator, value, pattern })
    }

    /// `name="value"`
    pub fn equal(name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        Self { name, operator: MatchOperator::Equal, value, pattern: None }
    }

    /// `__name__="metric"`
    pub fn metric(name: impl Into<String>) -> Self {
        Self::equal(METRIC_NAME, name)
    }

    /// The compiled pattern of `=~` and `!~`.
    pub fn pattern(&self) -> Option<&Pattern> {
        self.pattern.as_ref()
    }

    /// Whether a label of this value passes.
    pub fn matches(&self, value: &str) -> bool {
        let found = match &self.pattern {
            Some(pattern) => pattern.matches(value),
            None => self.value == value,
        };
        found != matches!(self.operator, MatchOperator::NotEqual | MatchOperator::NotMatches)
    }

    /// Whether series without this label pass.
    pub fn matches_absence(&self) -> bool {
        self.matches("")
    }
}

/// Whether a series passes all matchers.
pub fn all_match(matchers: &[Matcher], labels: &Labels) -> bool {
    matchers.iter().all(|matcher| matcher.matches(labels.get(&matcher.name)))
}
