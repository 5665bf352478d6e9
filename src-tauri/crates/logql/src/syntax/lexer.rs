//! From text to tokens.

use watchglass_template::duration::parse_prometheus;
use watchglass_template::text::unquoted;

use super::numbers;
use super::tokens::{Token, TokenKind};
use crate::tree::Span;

/// All tokens of a text; the last is the end or a fault.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { text, place: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next();
        let last = matches!(token.kind, TokenKind::End | TokenKind::Fault(_));
        tokens.push(token);
        if last {
            return tokens;
        }
    }
}

/// Longer ones before those with which they begin.
const SYMBOLS: &[&str] = &[
    "|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", ">=", "<=", "|", "=", ">", "<", "+", "-", "*",
    "/", "%", "^", ",", "(", ")", "{", "}",
];

const FLAGS: &[&str] = &["--strict", "--keep-empty"];

struct Lexer<'a> {
    text: &'a str,
    place: usize,
}

fn is_word_start(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or("")
    }

    fn token(&mut self, kind: TokenKind, length: usize) -> Token<'a> {
        let span = Span { start: self.place, end: self.place + length };
        self.place = span.end;
        Token { kind, text: self.text.get(span.start..span.end).unwrap_or(""), span }
    }

    fn fault(&mut self, message: impl Into<String>) -> Token<'a> {
        let length = self.rest().len();
        self.token(TokenKind::Fault(message.into()), length)
    }

    fn skip_spaces(&mut self) {
        loop {
            let rest = self.rest();
            let behind = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            let behind = match behind.strip_prefix('#') {
                Some(comment) => {
                    comment.find('\n').and_then(|end| comment.get(end..)).unwrap_or("")
                }
                None => behind,
            };
            if behind.len() == rest.len() {
                return;
            }
            self.place = self.text.len() - behind.len();
        }
    }

    fn next(&mut self) -> Token<'a> {
        self.skip_spaces();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return self.token(TokenKind::End, 0) };
        let second = rest.chars().nth(1);
        match first {
            '"' | '`' => self.quoted(first),
            '[' => self.range(),
            '0'..='9' => self.number(),
            '.' if second.is_some_and(|second| second.is_ascii_digit()) => self.number(),
            word if is_word_start(word) => {
                let length = rest.find(|one: char| !is_word(one)).unwrap_or(rest.len());
                self.token(TokenKind::Word, length)
            }
            _ => self.symbol(first),
        }
    }

    fn symbol(&mut self, first: char) -> Token<'a> {
        let rest = self.rest();
        if let Some(flag) = FLAGS.iter().find(|flag| rest.starts_with(**flag)) {
            return self.token(TokenKind::Flag, flag.len());
        }
        match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => self.token(TokenKind::Symbol, symbol.len()),
            None => self.fault(format!("unexpected character {first:?}")),
        }
    }

    fn quoted(&mut self, quote: char) -> Token<'a> {
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((place, character)) = characters.next() {
            match character {
                own if own == quote => {
                    let text = self.rest().get(..=place).unwrap_or("");
                    return match unquoted(text) {
                        Some(inner) => self.token(TokenKind::Text(inner), place + 1),
                        None => self.fault("invalid char escape"),
                    };
                }
                '\n' if quote == '"' => break,
                '\\' if quote == '"' => drop(characters.next()),
                _ => {}
            }
        }
        self.fault("literal not terminated")
    }

    /// `[5m]`: what stands between the brackets is a duration of Prometheus.
    fn range(&mut self) -> Token<'a> {
        let rest = self.rest();
        let Some(end) = rest.find(']') else {
            return self.fault("missing closing ']' in duration");
        };
        let inner = rest.get(1..end).unwrap_or("").trim();
        match parse_prometheus(inner) {
            Ok(0) => self.fault("duration must be greater than 0"),
            Ok(nanos) => self.token(TokenKind::Range(nanos), end + 1),
            Err(message) => self.fault(message),
        }
    }

    /// A number; with letters behind it first a duration, then a size.
    fn number(&mut self) -> Token<'a> {
        let rest = self.rest();
        if let Some((nanos, length)) = numbers::duration_at(rest) {
            return self.token(TokenKind::Duration(nanos), length);
        }
        if let Some((bytes, length)) = numbers::bytes_at(rest) {
            return self.token(TokenKind::Bytes(bytes), length);
        }
        let length = numbers::number_length(rest);
        match numbers::number(rest.get(..length).unwrap_or("")) {
            Some(number) => self.token(TokenKind::Number(number), length.max(1)),
            None => self.fault(format!(
                "bad number syntax: {}",
                watchglass_template::text::quoted(rest.get(..length).unwrap_or(""))
            )),
        }
    }
}
