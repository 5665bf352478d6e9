//! The labels of a stream: `{app="shop", level="info"}` as text, or an object.

use std::borrow::Cow;
use std::fmt;

/// Names and values, in any order.
pub(crate) type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// The labels of a stream, in the order of their names, each with a value that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamLabels<'a> {
    pairs: Pairs<'a>,
}

/// Why a stream's labels cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// Not written as labels are.
    #[error("error parsing labels `{text}`: column {column}: {reason}")]
    Syntax {
        /// The labels as they came.
        text: String,
        /// Where, from 1.
        column: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A name that no label may have.
    #[error(
        "the label name {0:?} is not allowed: letters, digits and _ make a name, and no digit begins it"
    )]
    Name(String),
    /// The same name twice.
    #[error("the labels name {0:?} twice")]
    Twice(String),
    /// No labels at all.
    #[error("at least one label with a value is required per stream")]
    None,
    /// Not a shape that labels have.
    #[error(
        "the labels of a stream are an object of texts, or a text such as {{app=\"shop\"}}: {0}"
    )]
    Shape(String),
}

impl<'a> StreamLabels<'a> {
    /// Puts labels in order. Labels without a value are as good as absent.
    pub(crate) fn new(mut pairs: Pairs<'a>) -> Result<Self, LabelFault> {
        pairs.retain(|(_, value)| !value.is_empty());
        pairs.sort_unstable();
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !is_name(name)) {
            return Err(LabelFault::Name(name.to_string()));
        }
        if let Some([(name, _), _]) = pairs.array_windows().find(|[(a, _), (b, _)]| a == b) {
            return Err(LabelFault::Twice(name.to_string()));
        }
        if pairs.is_empty() { Err(LabelFault::None) } else { Ok(Self { pairs }) }
    }

    /// Reads labels as a selector has them: `{name="value", …}`, with values in double quotes or in backquotes.
    pub(crate) fn parse(text: &'a str) -> Result<Self, LabelFault> {
        let mut reading = Reading { rest: text };
        let pairs = reading.pairs().map_err(|reason| LabelFault::Syntax {
            text: text.to_owned(),
            column: text.len() - reading.rest.len() + 1,
            reason,
        })?;
        Self::new(pairs)
    }

    /// The value of a label; empty where it is absent.
    pub fn get(&self, name: &str) -> &str {
        let place = self.pairs.binary_search_by(|(one, _)| one.as_ref().cmp(name));
        place.ok().and_then(|place| self.pairs.get(place)).map_or("", |(_, value)| value)
    }

    /// In the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        self.pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

impl fmt::Display for StreamLabels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, (name, value)) in self.iter().enumerate() {
            let comma = if place > 0 { ", " } else { "" };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

struct Reading<'a> {
    rest: &'a str,
}

impl<'a> Reading<'a> {
    fn pairs(&mut self) -> Result<Pairs<'a>, &'static str> {
        self.take('{', "a stream's labels begin with {")?;
        let mut pairs = Vec::new();
        loop {
            self.space();
            if self.rest.starts_with('}') {
                break;
            }
            let end = self
                .rest
                .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .unwrap_or(self.rest.len());
            let (name, rest) = self.rest.split_at(end);
            if name.is_empty() {
                return Err("a label name is expected here");
            }
            self.rest = rest;
            self.take('=', "= is expected behind a label name")?;
            self.space();
            pairs.push((Cow::Borrowed(name), self.value()?));
            self.space();
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None if self.rest.starts_with('}') => break,
                None => return Err(", or } is expected behind a label"),
            }
        }
        self.take('}', "} ends a stream's labels")?;
        self.space();
        if self.rest.is_empty() { Ok(pairs) } else { Err("nothing may stand behind }") }
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, letter: char, or: &'static str) -> Result<(), &'static str> {
        self.space();
        self.rest = self.rest.strip_prefix(letter).ok_or(or)?;
        Ok(())
    }

    fn value(&mut self) -> Result<Cow<'a, str>, &'static str> {
        if let Some(raw) = self.rest.strip_prefix('`') {
            let (value, rest) = raw.split_once('`').ok_or("the closing ` is missing")?;
            self.rest = rest;
            return Ok(Cow::Borrowed(value));
        }
        let quoted = self.rest.strip_prefix('"').ok_or("a value in double quotes is expected")?;
        let end = quoted.find(['"', '\\']).ok_or("the closing \" is missing")?;
        if let Some((value, rest)) = quoted.split_at_checked(end)
            && let Some(rest) = rest.strip_prefix('"')
        {
            self.rest = rest;
            return Ok(Cow::Borrowed(value));
        }
        self.rest = quoted;
        self.escaped().map(Cow::Owned)
    }

    /// A value with escapes, up to and with its closing quote.
    fn escaped(&mut self) -> Result<String, &'static str> {
        let mut value = String::new();
        let mut letters = self.rest.chars();
        loop {
            let letter = letters.next().ok_or("the closing \" is missing")?;
            match letter {
                '"' => break,
                '\\' => value.push(escape(&mut letters).ok_or("an escape that does not exist")?),
                other => value.push(other),
            }
            self.rest = letters.as_str();
        }
        self.rest = letters.as_str();
        Ok(value)
    }
}

/// What Go writes behind a backslash in a quoted text. Bytes above 127 that are written one by one come as letters.
fn escape(letters: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match letters.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        same @ ('\\' | '"' | '\'') => same,
        'x' => hexadecimal(letters, 2)?,
        'u' => hexadecimal(letters, 4)?,
        'U' => hexadecimal(letters, 8)?,
        _ => return None,
    })
}

fn hexadecimal(letters: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut number: u32 = 0;
    for _ in 0..digits {
        number = number.checked_mul(16)? + letters.next()?.to_digit(16)?;
    }
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        match StreamLabels::parse(text) {
            Ok(labels) => labels.to_string(),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn labels_read_as_selectors_do() {
        let cases = [
            (r#"{a="b"}"#, r#"{a="b"}"#),
            (r#" { z = "1" , a="2", } "#, r#"{a="2", z="1"}"#),
            (r#"{a="q\"u\\o\nte\x41\u00e9"}"#, "{a=\"q\\\"u\\\\o\\nteA\u{e9}\"}"),
            ("{a=`raw\\n`}", r#"{a="raw\\n"}"#),
            (r#"{a="b", gone=""}"#, r#"{a="b"}"#),
        ];
        for (text, expected) in cases {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn faults_say_where_they_are() {
        let cases = [
            ("a", "column 1: a stream's labels begin with {"),
            ("{a=b}", "column 4: a value in double quotes is expected"),
            (r#"{a="b" c="d"}"#, "column 8: , or } is expected behind a label"),
            (r#"{a="b"} x"#, "column 9: nothing may stand behind }"),
            (r#"{a="b"#, "the closing \" is missing"),
            (r#"{a="\q"}"#, "an escape that does not exist"),
            (r#"{a!="b"}"#, "column 3: = is expected behind a label name"),
            (r#"{1a="b"}"#, "the label name \"1a\" is not allowed"),
            (r#"{a="b", a="c"}"#, "the labels name \"a\" twice"),
            ("{}", "at least one label with a value is required per stream"),
            (r#"{a=""}"#, "at least one label with a value is required per stream"),
        ];
        for (text, expected) in cases {
            assert!(parsed(text).contains(expected), "{text}: {}", parsed(text));
        }
    }
}
