//! The tokens of PromQL and how error texts name them (`promql/parser/lex.go`, `Item`).

use super::strings::quoted;
use crate::tree::{Aggregator, Span};

/// What kind of token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Behind the last.
    End,
    /// The text cannot be read on from here, and why.
    Fault(String),
    /// A word without a colon; a keyword where the grammar asks for one.
    Word,
    /// A word with a colon: the name of a metric.
    MetricWord,
    /// A word inside braces: never a keyword.
    Label,
    /// A number as it is written, `Inf` and `NaN` too.
    Number,
    /// `5m`
    Duration,
    /// A text with its quotes.
    Text,
    /// An operator or a bracket.
    Symbol,
}

/// A token and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) span: Span,
}

const OPERATORS: &[&str] =
    &["+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "=~", "!~", "@", "</", ">/"];
const OPERATOR_WORDS: &[&str] = &["and", "or", "unless", "atan2"];
const KEYWORDS: &[&str] = &[
    "offset",
    "smoothed",
    "anchored",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "fill",
    "fill_left",
    "fill_right",
];
/// Words that cannot name a metric.
const RESERVED: &[&str] = &["on", "ignoring", "group_left", "group_right", "bool", "atan2"];
const PREPROCESSORS: &[&str] = &["start", "end", "step", "range"];

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|own| own.eq_ignore_ascii_case(word))
}

/// The aggregation operator of this name, in any case.
pub(super) fn aggregator(word: &str) -> Option<Aggregator> {
    use Aggregator::{
        Avg, Bottomk, Count, CountValues, Group, LimitRatio, Limitk, Max, Min, Quantile, Stddev,
        Stdvar, Sum, Topk,
    };
    [
        Sum,
        Avg,
        Count,
        Min,
        Max,
        Group,
        Stddev,
        Stdvar,
        Topk,
        Bottomk,
        CountValues,
        Quantile,
        Limitk,
        LimitRatio,
    ]
    .into_iter()
    .find(|own| own.name().eq_ignore_ascii_case(word))
}

impl Token<'_> {
    /// Whether it is this operator or bracket.
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// Whether it is this keyword, in any case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it may name a metric.
    pub(super) fn names_metric(&self) -> bool {
        match self.kind {
            TokenKind::Word => !is_one_of(self.text, RESERVED),
            TokenKind::MetricWord => true,
            _ => false,
        }
    }

    /// Whether it may name a function.
    pub(super) fn names_function(&self) -> bool {
        self.kind == TokenKind::Word
            && aggregator(self.text).is_none()
            && !is_one_of(self.text, OPERATOR_WORDS)
            && !is_one_of(self.text, KEYWORDS)
    }

    /// As error texts name it.
    pub(super) fn description(&self) -> String {
        match self.kind {
            TokenKind::End => "end of input".to_owned(),
            TokenKind::Fault(_) => "error".to_owned(),
            TokenKind::Symbol if OPERATORS.contains(&self.text) => format!("<op:{}>", self.text),
            TokenKind::Symbol => quoted(self.text),
            TokenKind::Word => self.word_description(),
            TokenKind::MetricWord => format!("metric identifier {}", quoted(self.text)),
            TokenKind::Label => format!("identifier {}", quoted(self.text)),
            TokenKind::Number => format!("number {}", self.shortened()),
            TokenKind::Duration => format!("duration {}", self.shortened()),
            TokenKind::Text => format!("string {}", self.shortened()),
        }
    }

    fn word_description(&self) -> String {
        let word = self.text;
        if is_one_of(word, KEYWORDS) {
            format!("<{word}>")
        } else if is_one_of(word, OPERATOR_WORDS) {
            format!("<op:{word}>")
        } else if aggregator(word).is_some() {
            format!("<aggr:{word}>")
        } else if is_one_of(word, PREPROCESSORS) {
            quoted(word)
        } else {
            format!("identifier {}", quoted(word))
        }
    }

    fn shortened(&self) -> String {
        if self.text.len() > 10 {
            let start: String = self.text.chars().take(10).collect();
            format!("{}...", quoted(&start))
        } else {
            quoted(self.text)
        }
    }
}
