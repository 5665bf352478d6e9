//! Expressions that give lines: selectors and the stages behind them.

use watchglass_storage::{Matcher, Nanos};

use super::Span;

/// A selector and its pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct LogExpr {
    /// `{app="api"}`; at least one of them does not match the empty value.
    pub matchers: Vec<Matcher>,
    /// What is done with each line, in order.
    pub stages: Vec<Stage>,
    /// Where it stands.
    pub span: Span,
}

/// One stage of a pipeline and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What it does.
    pub kind: StageKind,
    /// Where it stands, with the bar before it.
    pub span: Span,
}

/// What a stage does.
#[derive(Debug, Clone, PartialEq)]
pub enum StageKind {
    /// `|= "text"`
    Line(LineFilter),
    /// `| json`, `| json label="path"`
    Json(Vec<Extraction>),
    /// `| logfmt`, `| logfmt label="key"`
    Logfmt(Logfmt),
    /// `| regexp "(?P<label>…)"`
    Regexp(String),
    /// `| pattern "<label> …"`
    Pattern(String),
    /// `| unpack`
    Unpack,
    /// `| label = "value"`
    Label(LabelFilter),
    /// `| line_format "{{ .label }}"`
    LineFormat(String),
    /// `| label_format new=old, other="{{ .label }}"`
    LabelFormat(Vec<LabelFormat>),
    /// `| decolorize`
    Decolorize,
    /// `| drop label, other="value"`
    Drop(Vec<LabelChoice>),
    /// `| keep label, other="value"`
    Keep(Vec<LabelChoice>),
}

/// How a line filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineOperator {
    /// `|=`
    Contains,
    /// `!=`
    NotContains,
    /// `|~`
    Matches,
    /// `!~`
    NotMatches,
    /// `|>`
    Pattern,
    /// `!>`
    NotPattern,
}

impl LineOperator {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Contains => "|=",
            Self::NotContains => "!=",
            Self::Matches => "|~",
            Self::NotMatches => "!~",
            Self::Pattern => "|>",
            Self::NotPattern => "!>",
        }
    }

    /// Whether lines that are found are dropped.
    pub const fn is_negative(self) -> bool {
        matches!(self, Self::NotContains | Self::NotMatches | Self::NotPattern)
    }
}

/// `|= "a" or "b"`: a line passes if it has any of them; with a negative operator, if it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFilter {
    /// How it compares.
    pub operator: LineOperator,
    /// What with; at least one.
    pub operands: Vec<LineOperand>,
}

/// One operand of a line filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOperand {
    /// A text, regular expression or pattern.
    Text(String),
    /// `ip("10.0.0.0/8")`
    Ip(String),
}

/// `label="path"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extraction {
    /// The label that gets the value.
    pub label: String,
    /// Where the value stands in the line.
    pub path: String,
}

/// `logfmt --strict --keep-empty label="key"`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logfmt {
    /// A line with a fault fails.
    pub strict: bool,
    /// Keys without a value become labels too.
    pub keep_empty: bool,
    /// All keys where there are none.
    pub extractions: Vec<Extraction>,
}

/// How a number, duration or size is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `==`, `=`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparison {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// Whether it holds.
    #[expect(clippy::float_cmp, reason = "that is what it does")]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }
}

/// A condition on labels.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelFilter {
    /// `label = "value"`
    Text(Matcher),
    /// `label > 5`
    Number(String, Comparison, f64),
    /// `label > 5s`, in nanoseconds.
    Duration(String, Comparison, Nanos),
    /// `label > 5KB`
    Bytes(String, Comparison, u64),
    /// `label = ip("10.0.0.0/8")`; negated by `!=`.
    Ip {
        /// The label.
        name: String,
        /// Whether what matches is dropped.
        negated: bool,
        /// An address, a range or a block.
        addresses: String,
    },
    /// Both; both are always looked at.
    And(Box<LabelFilter>, Box<LabelFilter>),
    /// Either; the right one is looked at only where the left one does not hold.
    Or(Box<LabelFilter>, Box<LabelFilter>),
}

/// `label=other` or `label="template"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelFormat {
    /// The label that gets the value.
    pub label: String,
    /// Where the value comes from.
    pub source: LabelSource,
}

/// Where a formatted label gets its value from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelSource {
    /// Another label, which goes.
    Label(String),
    /// A template.
    Template(String),
}

/// A label of `drop` and `keep`, whatever its value or only with some.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelChoice {
    /// `label`
    Name(String),
    /// `label="value"`
    Matcher(Matcher),
}

impl LabelChoice {
    /// The label.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Matcher(matcher) => &matcher.name,
        }
    }
}
