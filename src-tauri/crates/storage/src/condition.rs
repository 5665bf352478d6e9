//! Conditions on attributes, the same for every signal.

use std::borrow::Cow;

use watchglass_model::{Attributes, ValueRef};

/// A condition on the attribute under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The attribute's name.
    pub key: String,
    /// What must hold.
    pub test: Test,
}

/// What must hold for an attribute. Values are compared as [`text_of`] writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It is there.
    Exists,
    /// It is this.
    Equals(String),
    /// It is not this, or not there.
    Differs(String),
    /// It holds this text, in any case of ASCII letters.
    Contains(String),
}

impl Condition {
    /// Whether one of several sets of attributes (a span's, its resource's, …) meets the condition.
    /// `Differs` asks that none of them has the value.
    pub fn holds<'a>(&self, sets: impl Iterator<Item = Attributes<'a>>) -> bool {
        let mut values = sets.filter_map(|set| set.get(&self.key));
        match &self.test {
            Test::Exists => values.next().is_some(),
            Test::Equals(wanted) => values.any(|value| text_of(value) == wanted.as_str()),
            Test::Differs(unwanted) => values.all(|value| text_of(value) != unwanted.as_str()),
            Test::Contains(part) => values.any(|value| contains(&text_of(value), part)),
        }
    }
}

/// Whether `text` holds `part`, in any case of ASCII letters.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty() || text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// A value as people read it: text as it is, numbers in decimal, bytes in hexadecimal, nested values as JSON.
pub fn text_of(value: ValueRef<'_>) -> Cow<'_, str> {
    match value {
        ValueRef::Empty => Cow::Borrowed(""),
        ValueRef::Text(text) => Cow::Borrowed(text),
        ValueRef::Bool(true) => Cow::Borrowed("true"),
        ValueRef::Bool(false) => Cow::Borrowed("false"),
        other => {
            let mut out = String::new();
            write_json(&mut out, other);
            Cow::Owned(out)
        }
    }
}

fn write_json(out: &mut String, value: ValueRef<'_>) {
    use std::fmt::Write;
    // Writing into a string cannot fail.
    let _ = match value {
        ValueRef::Empty => write!(out, "null"),
        ValueRef::Text(text) => {
            write_quoted(out, text);
            Ok(())
        }
        ValueRef::Bool(bool) => write!(out, "{bool}"),
        ValueRef::Int(int) => write!(out, "{int}"),
        ValueRef::Double(double) => write!(out, "{double}"),
        ValueRef::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}")),
        ValueRef::Array(values) => {
            write_list(out, ['[', ']'], values.iter(), write_json);
            Ok(())
        }
        ValueRef::Map(entries) => {
            write_list(out, ['{', '}'], entries.iter(), |out, (key, value)| {
                write_quoted(out, key);
                out.push(':');
                write_json(out, value);
            });
            Ok(())
        }
    };
}

fn write_list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    write_one: impl Fn(&mut String, T),
) {
    out.push(open);
    for (number, item) in items.enumerate() {
        if number > 0 {
            out.push(',');
        }
        write_one(out, item);
    }
    out.push(close);
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
}
