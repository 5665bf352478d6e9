//! The tokens of `OpenMetrics` 1.0 (`model/textparse/openmetricslex.l`).

use super::lexer::{Lexer, Quotable, State, Token, is_name_start};

const QUOTABLE: Quotable = Quotable { linebreaks: false, nulls: true };
const NAME: Quotable = Quotable { linebreaks: true, nulls: false };
const IN_EXEMPLAR: Quotable = Quotable { linebreaks: false, nulls: false };

impl Lexer<'_> {
    pub(super) fn open_metrics(&mut self) -> Token {
        let Some(byte) = self.here() else { return Token::End };
        self.start = self.at;
        match self.state {
            State::Line => match byte {
                b'{' => self.take(Token::BraceOpen, State::Labels),
                b'#' => self.metadata_word(),
                byte if is_name_start(byte, true) => self.name(Token::MetricName, State::Value),
                _ => Token::Invalid,
            },
            State::MetadataName => match byte {
                b'"' => self.quoted(Token::MetricName, State::MetadataText, NAME),
                byte if is_name_start(byte, true) => {
                    self.name(Token::MetricName, State::MetadataText)
                }
                _ => Token::Invalid,
            },
            State::MetadataText => self.metadata_line(byte),
            State::Labels => match byte {
                b'"' => self.quoted(Token::QuotedString, State::Labels, NAME),
                b'}' => self.take(Token::BraceClose, State::Value),
                b'=' => self.take(Token::Equal, State::LabelValue),
                _ => self.label_name(byte),
            },
            State::LabelValue if byte == b'"' => {
                self.quoted(Token::LabelValue, State::Labels, QUOTABLE)
            }
            State::Value if byte == b'{' => self.take(Token::BraceOpen, State::Labels),
            State::Value => self.word(byte, Token::Value, State::Timestamp),
            State::Timestamp => self.after_value(byte),
            State::Exemplar => match byte {
                b'"' => self.quoted(Token::QuotedString, State::Exemplar, IN_EXEMPLAR),
                b'}' => self.take(Token::BraceClose, State::ExemplarValue),
                b'=' => self.take(Token::Equal, State::ExemplarValue),
                _ => self.label_name(byte),
            },
            State::ExemplarValue if byte == b'"' => {
                self.quoted(Token::LabelValue, State::Exemplar, IN_EXEMPLAR)
            }
            State::ExemplarValue => self.word(byte, Token::Value, State::ExemplarTimestamp),
            State::ExemplarTimestamp if byte == b'\n' => self.take(Token::Linebreak, State::Line),
            State::ExemplarTimestamp => self.word(byte, Token::Timestamp, State::ExemplarTimestamp),
            State::LabelValue => Token::Invalid,
        }
    }

    fn label_name(&mut self, byte: u8) -> Token {
        match byte {
            b',' => self.take(Token::Comma, self.state),
            byte if is_name_start(byte, false) => self.name(Token::LabelName, self.state),
            _ => Token::Invalid,
        }
    }

    /// A space and what follows it up to the next space or line break.
    fn word(&mut self, byte: u8, token: Token, next: State) -> Token {
        if byte != b' ' {
            return Token::Invalid;
        }
        self.at += 1;
        let first = self.at;
        self.take_while(|byte| !matches!(byte, b' ' | b'\n' | 0));
        if self.at == first {
            return Token::Invalid;
        }
        self.state = next;
        token
    }

    fn after_value(&mut self, byte: u8) -> Token {
        const EXEMPLAR: &[u8] = b" # {";
        if byte == b'\n' {
            return self.take(Token::Linebreak, State::Line);
        }
        let same = EXEMPLAR.iter().zip(self.rest()).take_while(|(one, other)| one == other).count();
        if same < 3 {
            return self.word(byte, Token::Timestamp, State::Timestamp);
        }
        self.at += same;
        if same < EXEMPLAR.len() {
            return Token::Invalid;
        }
        self.state = State::Exemplar;
        Token::Comment
    }

    /// `# ` and one of the words that may follow it. Bytes that agree with one of them are taken even if it ends early.
    fn metadata_word(&mut self) -> Token {
        const WORDS: [(&[u8], Token); 4] = [
            (b"# HELP ", Token::Help),
            (b"# TYPE ", Token::Type),
            (b"# UNIT ", Token::Unit),
            (b"# EOF", Token::EofWord),
        ];
        let rest = self.rest();
        let mut longest = 0;
        for (word, token) in WORDS {
            let same = word.iter().zip(rest).take_while(|(one, other)| one == other).count();
            longest = longest.max(same);
            if same < word.len() {
                continue;
            }
            self.at += same;
            if token == Token::EofWord {
                self.at += usize::from(self.here() == Some(b'\n'));
            } else {
                self.state = State::MetadataName;
            }
            return token;
        }
        self.at += longest;
        Token::Invalid
    }

    /// A space, the text of metadata, and the line break.
    fn metadata_line(&mut self, byte: u8) -> Token {
        if byte != b' ' {
            return Token::Invalid;
        }
        self.take_line();
        if self.here().is_none() {
            return Token::Invalid;
        }
        self.take(Token::Text, State::Line)
    }
}
