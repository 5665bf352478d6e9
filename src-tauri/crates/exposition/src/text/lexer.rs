//! Tokens of the text formats, and the moves that both dialects share.

use memchr::{memchr, memchr3};

/// Which text format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Prometheus text 0.0.4: blanks where one likes, comments, empty lines.
    Prometheus,
    /// `OpenMetrics` 1.0: one space where a space belongs, `# EOF` at the end.
    OpenMetrics,
}

/// What the lexer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Invalid,
    End,
    Linebreak,
    Help,
    Type,
    Unit,
    EofWord,
    Text,
    Comment,
    MetricName,
    QuotedString,
    BraceOpen,
    BraceClose,
    LabelName,
    LabelValue,
    Comma,
    Equal,
    Timestamp,
    Value,
}

impl Token {
    /// Upstream's name, which its messages show.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "INVALID",
            Self::End => "EOF",
            Self::Linebreak => "LINEBREAK",
            Self::Help => "HELP",
            Self::Type => "TYPE",
            Self::Unit => "UNIT",
            Self::EofWord => "EOFWORD",
            Self::Text => "TEXT",
            Self::Comment => "COMMENT",
            Self::MetricName => "MNAME",
            Self::QuotedString => "QSTRING",
            Self::BraceOpen => "BOPEN",
            Self::BraceClose => "BCLOSE",
            Self::LabelName => "LNAME",
            Self::LabelValue => "LVALUE",
            Self::Comma => "COMMA",
            Self::Equal => "EQUAL",
            Self::Timestamp => "TIMESTAMP",
            Self::Value => "VALUE",
        }
    }
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Line,
    MetadataName,
    MetadataText,
    Labels,
    LabelValue,
    Value,
    Timestamp,
    Exemplar,
    ExemplarValue,
    ExemplarTimestamp,
}

/// What a quoted text may hold besides escapes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quotable {
    pub(super) linebreaks: bool,
    pub(super) nulls: bool,
}

/// A place in the text. Bytes `start..at` are the token found last.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) start: usize,
    pub(super) at: usize,
    pub(super) state: State,
    pub(super) dialect: Dialect,
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(bytes: &'a [u8], dialect: Dialect) -> Self {
        Self { bytes, start: 0, at: 0, state: State::Line, dialect }
    }

    /// The next token.
    pub(super) fn token(&mut self) -> Token {
        match self.dialect {
            Dialect::Prometheus => self.prometheus(),
            Dialect::OpenMetrics => self.open_metrics(),
        }
    }

    /// The bytes of the token found last.
    pub(super) fn found(&self) -> &'a [u8] {
        self.slice(self.start, self.at)
    }

    /// A part of the text, cut at its end.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        let end = to.min(self.bytes.len());
        self.bytes.get(from.min(end)..end).unwrap_or_default()
    }

    /// The byte at hand. A Prometheus text ends with a line break even if none is written.
    #[inline]
    pub(super) fn here(&self) -> Option<u8> {
        match self.bytes.get(self.at) {
            Some(&byte) => Some(byte),
            None if self.dialect == Dialect::Prometheus && self.at == self.bytes.len() => {
                Some(b'\n')
            }
            None => None,
        }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Takes one byte.
    pub(super) fn take(&mut self, token: Token, next: State) -> Token {
        self.at += 1;
        self.state = next;
        token
    }

    /// Takes bytes while `wanted` holds.
    #[inline]
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.at += rest.iter().position(|&byte| !wanted(byte)).unwrap_or(rest.len());
    }

    /// Takes everything up to the next line break or the end.
    pub(super) fn take_line(&mut self) {
        self.at = memchr(b'\n', self.rest()).map_or(self.bytes.len(), |length| self.at + length);
    }

    /// Takes a name; the first byte has been looked at.
    #[inline]
    pub(super) fn name(&mut self, token: Token, next: State) -> Token {
        let colons = token == Token::MetricName;
        self.take_while(|byte| is_name_start(byte, colons) || byte.is_ascii_digit());
        self.state = next;
        token
    }

    /// Takes a text in quotes.
    pub(super) fn quoted(&mut self, token: Token, next: State, quotable: Quotable) -> Token {
        self.at += 1;
        loop {
            self.skip_plain(quotable);
            match self.bytes.get(self.at) {
                Some(b'"') => return self.take(token, next),
                Some(b'\\') => {
                    self.at += 1;
                    if matches!(self.bytes.get(self.at), None | Some(b'\n')) {
                        return Token::Invalid;
                    }
                    self.at += 1;
                }
                Some(b'\n') if quotable.linebreaks => self.at += 1,
                Some(0) if quotable.nulls => self.at += 1,
                Some(_) => return Token::Invalid,
                None => {
                    // The line break that is not written counts as read.
                    self.at += usize::from(self.here().is_some());
                    return Token::Invalid;
                }
            }
        }
    }

    /// Takes what needs no second look within quotes.
    fn skip_plain(&mut self, quotable: Quotable) {
        let rest = self.rest();
        let length = memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
        let plain = self.slice(self.at, self.at + length);
        let length = if quotable.nulls { length } else { memchr(0, plain).unwrap_or(length) };
        self.at += length;
    }
}

/// Whether a metric name (with colons) or label name may begin so.
#[inline]
pub(super) const fn is_name_start(byte: u8, colons: bool) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || (colons && byte == b':')
}
