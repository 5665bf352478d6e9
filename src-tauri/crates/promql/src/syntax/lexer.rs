//! From text to tokens, with the states of Prometheus's lexer: outside, inside braces, inside brackets.

use super::strings::quoted_character;
use super::tokens::{Token, TokenKind};
use crate::tree::Span;

/// All tokens of a text; the last is the end or a fault.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { text, place: 0, parens: 0, in_braces: false, in_brackets: false };
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

struct Lexer<'a> {
    text: &'a str,
    place: usize,
    parens: usize,
    in_braces: bool,
    in_brackets: bool,
}

/// Outside of a name.
fn is_word_start(character: char) -> bool {
    character == '_' || character.is_ascii_alphabetic()
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_ascii_alphanumeric()
}

/// Symbols of two characters come before those of one.
const SYMBOLS: &[&str] = &[
    "==", "!=", "<=", ">=", "</", ">/", "<", ">", "=", "+", "-", "*", "/", "%", "^", ",", "(", ")",
    "{", "}", "[", "]", "@",
];
const SYMBOLS_IN_BRACES: &[&str] = &["=~", "!~", "!=", "=", ",", "}"];
const SYMBOLS_IN_BRACKETS: &[&str] = &["+", "-", "*", "/", "%", "^", ",", ":", "(", ")", "]"];
const WORDS_IN_BRACKETS: &[&str] = &["step", "range", "min_of", "max_of"];

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or("")
    }

    fn next(&mut self) -> Token<'a> {
        self.skip_spaces();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return self.end() };
        if self.in_braces {
            return self.in_braces(first);
        }
        if first.is_ascii_digit() || (first == '.' && starts_with_digit(rest.get(1..))) {
            return self.number_or_duration();
        }
        if matches!(first, '"' | '\'' | '`') && !self.in_brackets {
            return self.quoted_text(first);
        }
        if self.in_brackets {
            return self.in_brackets(first);
        }
        if is_word_start(first) || first == ':' {
            return self.word();
        }
        self.symbol(SYMBOLS).unwrap_or_else(|| self.unknown(first))
    }

    fn skip_spaces(&mut self) {
        loop {
            let rest = self.rest();
            let behind = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            let behind = match behind.strip_prefix('#') {
                Some(comment) => {
                    comment.find(['\n', '\r']).and_then(|end| comment.get(end..)).unwrap_or("")
                }
                None => behind,
            };
            if behind.len() == rest.len() {
                return;
            }
            self.place = self.text.len() - behind.len();
        }
    }

    fn end(&mut self) -> Token<'a> {
        if self.in_braces {
            self.fault("unexpected end of input inside braces")
        } else if self.in_brackets {
            self.fault("unexpected end of input in duration expression")
        } else if self.parens > 0 {
            self.fault("unclosed left parenthesis")
        } else {
            self.token(TokenKind::End, 0)
        }
    }

    fn token(&mut self, kind: TokenKind, length: usize) -> Token<'a> {
        let span = Span { start: self.place, end: self.place + length };
        self.place = span.end;
        Token { kind, text: self.text.get(span.start..span.end).unwrap_or(""), span }
    }

    /// A fault covers everything from here to the end.
    fn fault(&mut self, message: impl Into<String>) -> Token<'a> {
        let length = self.rest().len();
        self.token(TokenKind::Fault(message.into()), length)
    }

    fn unknown(&mut self, first: char) -> Token<'a> {
        let second = self.rest().chars().nth(1);
        let message = match (first, second) {
            ('!', Some(second)) => {
                format!("unexpected character after '!': {}", quoted_character(second))
            }
            _ => format!("unexpected character: {}", quoted_character(first)),
        };
        self.fault(message)
    }

    fn symbol(&mut self, known: &[&str]) -> Option<Token<'a>> {
        let rest = self.rest();
        if !self.in_braces && rest.starts_with("=~") {
            return Some(self.fault("unexpected character after '=': '~'"));
        }
        let symbol = known.iter().find(|symbol| rest.starts_with(**symbol))?;
        match *symbol {
            "(" => self.parens += 1,
            ")" if self.parens == 0 => {
                return Some(self.fault("unexpected right parenthesis ')'"));
            }
            ")" => self.parens -= 1,
            "{" => self.in_braces = true,
            "}" if !self.in_braces => return Some(self.fault("unexpected character: '}'")),
            "}" => self.in_braces = false,
            "[" => self.in_brackets = true,
            "]" if !self.in_brackets => {
                return Some(self.fault("unexpected right bracket ']'"));
            }
            "]" => self.in_brackets = false,
            _ => {}
        }
        Some(self.token(TokenKind::Symbol, symbol.len()))
    }

    fn in_braces(&mut self, first: char) -> Token<'a> {
        if is_word_start(first) {
            let length = word_length(self.rest(), is_word);
            return self.token(TokenKind::Label, length);
        }
        if matches!(first, '"' | '\'' | '`') {
            return self.quoted_text(first);
        }
        if let Some(token) = self.symbol(SYMBOLS_IN_BRACES) {
            return token;
        }
        let message = match (first, self.rest().chars().nth(1)) {
            ('!', Some(second)) => format!(
                "unexpected character after '!' inside braces: {}",
                quoted_character(second)
            ),
            ('{', _) => "unexpected left brace '{'".to_owned(),
            _ => format!("unexpected character inside braces: {}", quoted_character(first)),
        };
        self.fault(message)
    }

    fn in_brackets(&mut self, first: char) -> Token<'a> {
        if first == '[' {
            return self.fault("unexpected left bracket '['");
        }
        let length = word_length(self.rest(), is_word);
        let word = self.rest().get(..length).unwrap_or("");
        if WORDS_IN_BRACKETS.iter().any(|own| own.eq_ignore_ascii_case(word)) {
            return self.token(TokenKind::Word, length);
        }
        self.symbol(SYMBOLS_IN_BRACKETS).unwrap_or_else(|| {
            self.fault(format!(
                "unexpected character in duration expression: {}",
                quoted_character(first)
            ))
        })
    }

    fn word(&mut self) -> Token<'a> {
        let length = word_length(self.rest(), |c| is_word(c) || c == ':');
        let word = self.rest().get(..length).unwrap_or("");
        let kind = if word.contains(':') {
            TokenKind::MetricWord
        } else if word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("nan") {
            TokenKind::Number
        } else {
            TokenKind::Word
        };
        self.token(kind, length)
    }

    fn number_or_duration(&mut self) -> Token<'a> {
        let rest = self.rest();
        if let Some(length) = number_length(rest) {
            return self.token(TokenKind::Number, length);
        }
        if let Some(length) = duration_length(rest) {
            return self.token(TokenKind::Duration, length);
        }
        let length = word_length(rest, |c| is_word(c) || c == '.');
        let word = rest.get(..length).unwrap_or("");
        self.fault(format!("bad number or duration syntax: {}", super::quoted(word)))
    }

    fn quoted_text(&mut self, quote: char) -> Token<'a> {
        match text_length(self.rest(), quote) {
            Ok(length) => self.token(TokenKind::Text, length),
            Err(message) => self.fault(message),
        }
    }
}

fn starts_with_digit(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
}

fn word_length(text: &str, part: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !part(c)).unwrap_or(text.len())
}

/// The length of a number at the start, if no letter follows it.
fn number_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let mut place = if hexadecimal { 2 } else { 0 };
    let mut seen_dot = false;
    let mut seen_exponent = false;
    while let Some(byte) = bytes.get(place) {
        let next = bytes.get(place + 1).copied();
        match byte {
            b'0'..=b'9' => {}
            b'a'..=b'f' | b'A'..=b'F' if hexadecimal => {}
            b'.' if !seen_dot && !hexadecimal && !matches!(next, Some(b'_' | b'.')) => {
                seen_dot = true;
            }
            b'e' | b'E' if !seen_exponent => {
                seen_exponent = true;
                if matches!(next, Some(b'+' | b'-')) {
                    place += 1;
                }
                if !bytes.get(place + 1).is_some_and(u8::is_ascii_digit) {
                    return None;
                }
            }
            b'_' if next.is_some_and(|next| !matches!(next, b'.' | b'_' | b'e' | b'E')) => {}
            b'.' => return None,
            other if other.is_ascii_alphanumeric() || *other == b'_' => return None,
            _ => break,
        }
        place += 1;
    }
    (place > 0).then_some(place)
}

/// The length of a duration at the start, if no letter or digit follows it; its units are not checked.
fn duration_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut place = 0;
    loop {
        let digits = bytes.get(place..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            break;
        }
        place += digits;
        if !matches!(bytes.get(place)?, b's' | b'm' | b'h' | b'd' | b'w' | b'y') {
            return None;
        }
        place += 1;
        if bytes.get(place) == Some(&b's') {
            place += 1;
        }
    }
    let next = text.get(place..)?.chars().next();
    (place > 0 && !next.is_some_and(is_word)).then_some(place)
}

/// The length of a quoted text with its quotes; escapes are checked.
fn text_length(text: &str, quote: char) -> Result<usize, String> {
    let mut characters = text.char_indices().skip(1);
    while let Some((place, character)) = characters.next() {
        if character == quote {
            return Ok(place + quote.len_utf8());
        }
        if quote == '`' {
            continue;
        }
        match character {
            '\n' => return Err("unterminated quoted string".to_owned()),
            '\\' => check_escape(&mut characters, quote)?,
            _ => {}
        }
    }
    Err(if quote == '`' { "unterminated raw string" } else { "unterminated quoted string" }
        .to_owned())
}

fn check_escape(
    characters: &mut impl Iterator<Item = (usize, char)>,
    quote: char,
) -> Result<(), String> {
    let ended = || "escape sequence not terminated".to_owned();
    let (_, escape) = characters.next().ok_or_else(ended)?;
    let (count, base, start) = match escape {
        'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' => return Ok(()),
        own if own == quote => return Ok(()),
        'x' => (2, 16, 0),
        'u' => (4, 16, 0),
        'U' => (8, 16, 0),
        '0'..='7' => (2, 8, escape.to_digit(8).unwrap_or(0)),
        other => {
            return Err(format!("unknown escape sequence {}", code_point(other)));
        }
    };
    let mut value: u32 = start;
    for _ in 0..count {
        let (_, character) = characters.next().ok_or_else(ended)?;
        let digit = character.to_digit(base).ok_or_else(|| {
            format!("illegal character {} in escape sequence", code_point(character))
        })?;
        value = value.wrapping_mul(base).wrapping_add(digit);
    }
    let fits =
        if matches!(escape, 'u' | 'U') { char::from_u32(value).is_some() } else { value < 256 };
    if fits { Ok(()) } else { Err("escape sequence is an invalid Unicode code point".to_owned()) }
}

/// As Go's `%#U`.
fn code_point(character: char) -> String {
    format!("U+{:04X} '{character}'", u32::from(character))
}
