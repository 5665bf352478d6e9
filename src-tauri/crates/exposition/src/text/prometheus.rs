//! The tokens of Prometheus' text format 0.0.4 (`model/textparse/promlex.l`).

use super::lexer::{Lexer, Quotable, State, Token, is_name_start};

const QUOTABLE: Quotable = Quotable { linebreaks: true, nulls: true };

impl Lexer<'_> {
    pub(super) fn prometheus(&mut self) -> Token {
        if self.state == State::MetadataText {
            return self.metadata_text();
        }
        self.take_while(is_blank);
        let Some(byte) = self.here() else { return Token::End };
        self.start = self.at;
        match self.state {
            State::Line => self.line_start(byte),
            State::MetadataName => match byte {
                b'"' => self.quoted(Token::MetricName, State::MetadataText, QUOTABLE),
                byte if is_name_start(byte, true) => {
                    self.name(Token::MetricName, State::MetadataText)
                }
                _ => Token::Invalid,
            },
            State::Labels => self.within_braces(byte),
            State::LabelValue if byte == b'"' => {
                self.quoted(Token::LabelValue, State::Labels, QUOTABLE)
            }
            State::Value => match byte {
                b'{' => self.take(Token::BraceOpen, State::Labels),
                b'\n' | 0 => Token::Invalid,
                _ => {
                    self.take_while(|byte| !matches!(byte, b'{' | b' ' | b'\t' | b'\n' | 0));
                    self.state = State::Timestamp;
                    Token::Value
                }
            },
            State::Timestamp => match byte {
                b'\n' => self.take(Token::Linebreak, State::Line),
                b'0'..=b'9' => {
                    self.take_while(|byte| byte.is_ascii_digit());
                    Token::Timestamp
                }
                _ => Token::Invalid,
            },
            _ => Token::Invalid,
        }
    }

    fn line_start(&mut self, byte: u8) -> Token {
        match byte {
            b'\n' => self.take(Token::Linebreak, State::Line),
            b'{' => self.take(Token::BraceOpen, State::Labels),
            b'#' => self.comment(),
            byte if is_name_start(byte, true) => self.name(Token::MetricName, State::Value),
            _ => Token::Invalid,
        }
    }

    fn within_braces(&mut self, byte: u8) -> Token {
        match byte {
            b'"' => self.quoted(Token::QuotedString, State::Labels, QUOTABLE),
            b'}' => self.take(Token::BraceClose, State::Value),
            b'=' => self.take(Token::Equal, State::LabelValue),
            b',' => self.take(Token::Comma, State::Labels),
            byte if is_name_start(byte, false) => self.name(Token::LabelName, State::Labels),
            _ => Token::Invalid,
        }
    }

    /// A `#`: the word of metadata, or else a comment up to the end of the line.
    fn comment(&mut self) -> Token {
        self.at += 1;
        let hash = self.at;
        self.take_while(is_blank);
        if self.at > hash {
            for (word, token) in [(&b"HELP"[..], Token::Help), (b"TYPE", Token::Type)] {
                let after = self.rest().strip_prefix(word).and_then(<[u8]>::first);
                if after.is_some_and(|&byte| is_blank(byte)) {
                    self.at += word.len();
                    self.take_while(is_blank);
                    self.state = State::MetadataName;
                    return token;
                }
            }
        }
        self.take_line();
        Token::Comment
    }

    /// The rest of a line of metadata, with the blank before it.
    fn metadata_text(&mut self) -> Token {
        self.start = self.at;
        self.take_line();
        if self.found().iter().all(|&byte| is_blank(byte)) {
            self.start = self.at;
        }
        self.state = State::Line;
        Token::Text
    }
}

const fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}
