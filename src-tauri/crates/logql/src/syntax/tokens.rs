//! The tokens of LogQL and how error texts name them.

use crate::tree::Span;

/// What kind of token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// Behind the last.
    End,
    /// The text cannot be read on from here, and why.
    Fault(String),
    /// A name; a keyword or function where the grammar asks for one.
    Word,
    /// A number.
    Number(f64),
    /// `5m`, in nanoseconds.
    Duration(i64),
    /// `5KB`
    Bytes(u64),
    /// A text without its quotes.
    Text(String),
    /// `[5m]`, in nanoseconds.
    Range(i64),
    /// An operator or bracket.
    Symbol,
    /// `--strict`
    Flag,
}

/// A token and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) span: Span,
}

/// Words that mean something wherever they stand.
const KEYWORDS: &[&str] = &[
    "by",
    "without",
    "or",
    "and",
    "unless",
    "json",
    "regexp",
    "logfmt",
    "unpack",
    "pattern",
    "line_format",
    "label_format",
    "unwrap",
    "offset",
    "bool",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "decolorize",
    "drop",
    "keep",
];

impl Token<'_> {
    /// Whether it is this operator or bracket.
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// Whether it is this keyword, in any case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is a name that is no keyword.
    pub(super) fn is_name(&self) -> bool {
        self.kind == TokenKind::Word && !is_keyword(self.text)
    }

    /// As error texts name it.
    pub(super) fn description(&self, is_function: bool) -> String {
        match &self.kind {
            TokenKind::End => "$end".to_owned(),
            TokenKind::Fault(message) => message.clone(),
            TokenKind::Word if is_function || is_keyword(self.text) => {
                self.text.to_ascii_lowercase()
            }
            TokenKind::Word => "IDENTIFIER".to_owned(),
            TokenKind::Number(_) => "NUMBER".to_owned(),
            TokenKind::Duration(_) => "DURATION".to_owned(),
            TokenKind::Bytes(_) => "BYTES".to_owned(),
            TokenKind::Text(_) => "STRING".to_owned(),
            TokenKind::Range(_) => "RANGE".to_owned(),
            TokenKind::Symbol | TokenKind::Flag => self.text.to_owned(),
        }
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|own| own.eq_ignore_ascii_case(word))
}
