//! From text to tokens: text outside of actions, and what stands between `{{` and `}}`.

use crate::text::quoted_character;
use crate::tree::Span;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text outside of actions, trimmed as the markers beside it say.
    Text,
    /// `{{` and `}}`
    Open,
    Close,
    /// White space within an action.
    Space,
    /// `.name`
    Field,
    /// `.` alone.
    Dot,
    /// `$name` or `$`
    Variable,
    /// A keyword, a function, `true`, `false` or `nil`.
    Word,
    Number,
    /// A text in quotes of either kind.
    Quoted,
    /// A character in single quotes.
    Character,
    /// `|`, `(`, `)`, `,`, `=`, `:=`
    Symbol,
    End,
    Fault(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// All tokens; the last is the end or a fault.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { source, place: 0, tokens: Vec::new(), trims: false };
    lexer.outside();
    lexer.tokens
}

struct Lexer<'a> {
    source: &'a str,
    place: usize,
    tokens: Vec<Token<'a>>,
    /// Whether the action that was left last trims the text behind it.
    trims: bool,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.place..).unwrap_or("")
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let span = Span { start: self.place, end: self.place + length };
        let text = self.source.get(span.start..span.end).unwrap_or("");
        self.tokens.push(Token { kind, text, span });
        self.place = span.end;
    }

    fn fault(&mut self, message: impl Into<String>) {
        let length = self.rest().len();
        self.push(Kind::Fault(message.into()), length);
    }

    fn outside(&mut self) {
        loop {
            let rest = self.rest();
            let end = rest.find("{{");
            let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
            let mut kept = text;
            if std::mem::take(&mut self.trims) {
                kept = kept.trim_start_matches(SPACES);
            }
            let trims_before = end.and_then(|end| rest.get(end + 2..)).is_some_and(opens_with_trim);
            if trims_before {
                kept = kept.trim_end_matches(SPACES);
            }
            if !kept.is_empty() {
                let span = Span { start: self.place, end: self.place + text.len() };
                self.tokens.push(Token { kind: Kind::Text, text: kept, span });
            }
            self.place += text.len();
            if end.is_none() {
                self.push(Kind::End, 0);
                return;
            }
            if !self.action(if trims_before { 3 } else { 2 }) {
                return;
            }
        }
    }

    /// Reads an action whose opening is `opening` bytes long; false where it cannot be read.
    fn action(&mut self, opening: usize) -> bool {
        let start = self.place;
        let inner = self.source.get(start + opening..).unwrap_or("");
        if let Some(comment) = inner.trim_start_matches(SPACES).strip_prefix("/*") {
            return self.comment(comment);
        }
        self.push(Kind::Open, opening);
        loop {
            let rest = self.rest();
            if let Some(closing) = closing(rest) {
                self.trims = closing > 2;
                self.push(Kind::Close, closing);
                return true;
            }
            let Some(first) = rest.chars().next() else {
                self.fault("unclosed action");
                return false;
            };
            self.inside(first);
            if matches!(self.tokens.last(), Some(Token { kind: Kind::Fault(_), .. })) {
                return false;
            }
        }
    }

    fn comment(&mut self, comment: &'a str) -> bool {
        let Some(end) = comment.find("*/") else {
            self.fault("unclosed comment");
            return false;
        };
        let behind = comment.get(end + 2..).unwrap_or("");
        let Some(closing) = closing(behind) else {
            self.fault("comment ends before closing delimiter");
            return false;
        };
        self.trims = closing > 2;
        self.place = self.source.len() - behind.len() + closing;
        true
    }

    fn inside(&mut self, first: char) {
        let rest = self.rest();
        let length =
            |wanted: fn(char) -> bool| rest.find(|one: char| !wanted(one)).unwrap_or(rest.len());
        let second = rest.chars().nth(1);
        match first {
            space if SPACES.contains(&space) => {
                // The space before ` -}}` belongs to the marker.
                let spaces = length(|one| SPACES.contains(&one));
                let behind = rest.get(spaces - 1..).unwrap_or("");
                let marker = closing(behind).is_some_and(|closing| closing > 2);
                let kept = if marker { spaces - 1 } else { spaces };
                if kept > 0 {
                    self.push(Kind::Space, kept);
                }
            }
            '|' | '(' | ')' | ',' | '=' => self.push(Kind::Symbol, 1),
            ':' if second == Some('=') => self.push(Kind::Symbol, 2),
            ':' => self.fault("expected :="),
            '"' => self.quoted('"', "unterminated quoted string"),
            '`' => self.quoted('`', "unterminated raw quoted string"),
            '\'' => self.quoted('\'', "unterminated character constant"),
            '.' if second.is_some_and(|second| second.is_ascii_digit()) => self.number(),
            '.' if second.is_some_and(is_word) => {
                let end = rest.get(1..).unwrap_or("").find(|one: char| !is_word(one));
                self.push(Kind::Field, end.map_or(rest.len(), |end| end + 1));
            }
            '.' => self.push(Kind::Dot, 1),
            '$' => {
                let end = rest.get(1..).unwrap_or("").find(|one: char| !is_word(one));
                self.push(Kind::Variable, end.map_or(rest.len(), |end| end + 1));
            }
            '+' | '-' | '0'..='9' => self.number(),
            word if is_word(word) => {
                let length = length(is_word);
                self.push(Kind::Word, length);
            }
            other => {
                self.fault(format!(
                    "unexpected bad character U+{:04X} {} in command",
                    u32::from(other),
                    quoted_character(other)
                ));
            }
        }
    }

    fn quoted(&mut self, quote: char, unterminated: &str) {
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((place, character)) = characters.next() {
            match character {
                own if own == quote => {
                    let kind = if quote == '\'' { Kind::Character } else { Kind::Quoted };
                    return self.push(kind, place + 1);
                }
                '\n' if quote != '`' => break,
                '\\' if quote != '`' => drop(characters.next()),
                _ => {}
            }
        }
        self.fault(unterminated);
    }

    fn number(&mut self) {
        let rest = self.rest();
        let mut before = ' ';
        let end = rest.find(|one: char| {
            let exponent = matches!(before, 'e' | 'E' | 'p' | 'P' | ' ');
            let part = one.is_ascii_alphanumeric()
                || matches!(one, '.' | '_')
                || (matches!(one, '+' | '-') && exponent);
            before = one;
            !part
        });
        self.push(Kind::Number, end.unwrap_or(rest.len()));
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Whether an action begins with `- `, which trims the text before it.
fn opens_with_trim(inner: &str) -> bool {
    inner.strip_prefix('-').is_some_and(|behind| behind.starts_with(SPACES))
}

/// How many bytes of a closing delimiter stand here, a trim marker with its space included.
fn closing(rest: &str) -> Option<usize> {
    if rest.starts_with("}}") {
        return Some(2);
    }
    let marker = rest.strip_prefix(SPACES).and_then(|behind| behind.strip_prefix("-}}"));
    marker.map(|_| 4)
}
