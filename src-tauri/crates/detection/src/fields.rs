//! The fields of a line: members of a JSON object, or pairs as logfmt and many text formats have them.

use std::fmt;

use memchr::memchr_iter;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// How deep objects are looked into: `{"trace":{"id":…}}` is `trace.id`.
const DEEPEST: u8 = 2;

/// Visits the texts and whole numbers of a JSON object with their paths, as far as it can be read.
pub(crate) fn each_json_field(line: &str, visit: &mut dyn FnMut(&str, &str)) {
    let mut path = String::new();
    let mut reader = serde_json::Deserializer::from_str(line);
    // A line that was cut off has told what it could.
    let _ = Member { path: &mut path, depth: 0, visit }.deserialize(&mut reader);
}

/// What stands behind a path.
struct Member<'v> {
    path: &'v mut String,
    depth: u8,
    visit: &'v mut dyn FnMut(&str, &str),
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        (self.visit)(self.path, text);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        (self.visit)(self.path, &number.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        (self.visit)(self.path, &number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Self { path, depth, visit } = self;
        let length = path.len();
        while object.next_key_seed(Step(path))?.is_some() {
            if depth < DEEPEST {
                object.next_value_seed(Member { path, depth: depth + 1, visit: &mut *visit })?;
            } else {
                object.next_value::<IgnoredAny>()?;
            }
            path.truncate(length);
        }
        Ok(())
    }
}

/// A key, which becomes the path's last step.
struct Step<'p>(&'p mut String);

impl<'de> DeserializeSeed<'de> for Step<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Step<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<(), E> {
        if !self.0.is_empty() {
            self.0.push('.');
        }
        self.0.push_str(key);
        Ok(())
    }
}

/// Visits what stands before and behind each `=`, wherever in the line it is: `[trace_id=0af7 span_id=b7ad]` too.
pub(crate) fn each_pair(line: &str, visit: &mut dyn FnMut(&str, &str)) {
    let mut end = 0;
    for equals in memchr_iter(b'=', line.as_bytes()) {
        // An equals sign within a value that was visited belongs to it.
        let Some(before) = line.get(end..equals) else { continue };
        let start = before.rfind(|letter: char| !is_of_key(letter)).map_or(0, |place| {
            place
                + before.get(place..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let key = before.get(start..).unwrap_or_default();
        let rest = line.get(equals + 1..).unwrap_or_default();
        if key.is_empty() {
            continue;
        }
        let (opening, value) = match rest.strip_prefix('"') {
            Some(quoted) => (1, until_quote(quoted)),
            None => (0, rest.split(ends_value).next().unwrap_or_default()),
        };
        end = equals + 1 + opening + value.len();
        visit(key, value);
    }
}

fn is_of_key(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-' | '@')
}

fn ends_value(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | ';' | ')' | ']' | '}')
}

/// The text up to the closing quote, escapes as they stand: no id and no level has any.
fn until_quote(text: &str) -> &str {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Walk = fn(&str, &mut dyn FnMut(&str, &str));

    fn all(walk: Walk, line: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        walk(line, &mut |key, value| found.push((key.to_owned(), value.to_owned())));
        found
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn objects_are_looked_into_twice() {
        let line =
            r#"{"a":"x","n":5,"t":{"id":"y","deep":{"z":"1","no":{"w":"2"}}},"l":["q"],"b":true}"#;
        let expected = [("a", "x"), ("n", "5"), ("t.id", "y")];
        assert_eq!(all(each_json_field, line), pairs(&expected));
    }

    #[test]
    fn a_line_that_was_cut_off_tells_what_it_can() {
        assert_eq!(
            all(each_json_field, r#"{"level":"warn","msg":"hal"#),
            pairs(&[("level", "warn")])
        );
    }

    #[test]
    fn pairs_are_found_wherever_they_stand() {
        let line = r#"12:00 INFO [trace_id=0af7 span_id=b7] (x=1), msg="a = \"b\" c=d" é=q last="#;
        let expected = [
            ("trace_id", "0af7"),
            ("span_id", "b7"),
            ("x", "1"),
            ("msg", r#"a = \"b\" c=d"#),
            ("last", ""),
        ];
        assert_eq!(all(each_pair, line), pairs(&expected));
    }
}
