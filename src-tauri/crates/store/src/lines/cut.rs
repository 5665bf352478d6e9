//! Cutting a text into what is always the same (its template) and what varies (its values). Lines of JSON and logfmt are
//! cut at their values, free text at its words with digits. Any text can be cut: one that cannot be understood is one value.

use std::ops::Range;

/// Stands in a template for a value. Texts that hold it are not cut.
pub(super) const PLACE: char = '\0';
const PLACE_TEXT: &str = "\0";

/// A text that was cut.
#[derive(Debug, Default)]
pub(super) struct Cut {
    pub(super) template: String,
    /// Where the values stand in the text.
    pub(super) values: Vec<Range<usize>>,
}

impl Cut {
    fn clear(&mut self) {
        self.template.clear();
        self.values.clear();
    }

    /// All of it is one value.
    pub(super) fn whole(&mut self, text: &str) {
        self.clear();
        self.template.push(PLACE);
        self.values.push(0..text.len());
    }

    /// Cuts a line.
    pub(super) fn line(&mut self, line: &str) {
        self.clear();
        let understood = !line.contains(PLACE)
            && if line.starts_with('{') { self.json(line) } else { self.logfmt(line) };
        if !understood {
            self.whole(line);
        }
    }

    /// Cuts free text at its words with digits; `10ms` is a number and a word, `8f3a` one value.
    pub(super) fn words(&mut self, text: &str) {
        self.clear();
        if text.contains(PLACE) {
            return self.whole(text);
        }
        let bytes = text.as_bytes();
        let mut fixed = 0;
        let mut at = 0;
        while let Some(start) = position(bytes, at, |byte| byte.is_ascii_alphanumeric()) {
            let end = position(bytes, start, |byte| !byte.is_ascii_alphanumeric());
            let end = end.unwrap_or(bytes.len());
            at = end;
            let word = bytes.get(start..end).unwrap_or_default();
            if let Some(length) = varying(word) {
                self.cut(text, fixed, start..start + length);
                fixed = start + length;
            }
        }
        self.template.push_str(text.get(fixed..).unwrap_or_default());
    }

    fn cut(&mut self, text: &str, fixed: usize, value: Range<usize>) {
        self.template.push_str(text.get(fixed..value.start).unwrap_or_default());
        self.template.push(PLACE);
        self.values.push(value);
    }

    /// Cuts an object at its strings, numbers and words that are not keys. It need not be sound JSON.
    fn json(&mut self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let mut fixed = 0;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let value = match byte {
                b'"' => {
                    let Some(end) = closing_quote(bytes, at + 1) else { return false };
                    let next = position(bytes, end + 1, |byte| !byte.is_ascii_whitespace());
                    let is_key = next.is_some_and(|next| bytes.get(next) == Some(&b':'));
                    let value = at + 1..end;
                    at = end + 1;
                    if is_key {
                        continue;
                    }
                    value
                }
                b'{' | b'}' | b'[' | b']' | b',' | b':' => {
                    at += 1;
                    continue;
                }
                byte if byte.is_ascii_whitespace() => {
                    at += 1;
                    continue;
                }
                byte if byte.is_ascii_alphanumeric() || *byte == b'-' => {
                    let start = at;
                    at = position(bytes, at, |byte| {
                        matches!(byte, b',' | b'}' | b']' | b'"' | b'{' | b'[' | b':')
                            || byte.is_ascii_whitespace()
                    })
                    .unwrap_or(bytes.len());
                    start..at
                }
                _ => return false,
            };
            self.cut(line, fixed, value.clone());
            fixed = value.end;
        }
        self.template.push_str(line.get(fixed..).unwrap_or_default());
        true
    }

    /// Cuts a line of `key=value` pairs; other words are values if they hold digits. Without two pairs it is no logfmt.
    fn logfmt(&mut self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let (mut fixed, mut at, mut pairs) = (0, 0, 0);
        while let Some(start) = position(bytes, at, |byte| byte != b' ') {
            let end = position(bytes, start, |byte| matches!(byte, b' ' | b'=' | b'"'));
            let end = end.unwrap_or(bytes.len());
            let value = if end > start && bytes.get(end) == Some(&b'=') {
                pairs += 1;
                if bytes.get(end + 1) == Some(&b'"') {
                    let Some(close) = closing_quote(bytes, end + 2) else { return false };
                    at = close + 1;
                    end + 2..close
                } else {
                    at = position(bytes, end + 1, |byte| byte == b' ').unwrap_or(bytes.len());
                    end + 1..at
                }
            } else {
                at = end.max(start + 1);
                let word = bytes.get(start..at).unwrap_or_default();
                if !word.iter().any(u8::is_ascii_digit) {
                    continue;
                }
                start..at
            };
            // Two values need something between them that tells where the first ends.
            if value.start == fixed && fixed > 0 {
                return false;
            }
            self.cut(line, fixed, value.clone());
            fixed = value.end;
        }
        self.template.push_str(line.get(fixed..).unwrap_or_default());
        pairs >= 2
    }
}

fn position(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|byte| wanted(*byte)).map(|place| from + place)
}

/// The quote that ends a string which begins at `from`.
fn closing_quote(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let found = from + memchr::memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes.get(found) == Some(&b'"') {
            return Some(found);
        }
        from = found + 2;
    }
}

/// How much of a word varies: none without digits; the digits alone where a short unit follows them.
fn varying(word: &[u8]) -> Option<usize> {
    let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = word.split_at(digits);
    let is_unit = rest.len() <= 2
        && rest.iter().all(u8::is_ascii_alphabetic)
        && rest.first().is_some_and(|first| !first.is_ascii_hexdigit());
    if !number.is_empty() && is_unit {
        return Some(digits);
    }
    word.iter().any(u8::is_ascii_digit).then_some(word.len())
}

/// What the values of a template are called: the keys of JSON with those around them, joined by `.` where one lies in
/// another, behind `{`; the keys of logfmt behind `=`; otherwise nothing but their number.
pub(super) fn names(template: &str) -> Vec<String> {
    if template == PLACE_TEXT {
        return vec![String::new()];
    }
    if template.starts_with('{') { json_names(template) } else { logfmt_names(template) }
}

fn json_names(template: &str) -> Vec<String> {
    let bytes = template.as_bytes();
    let mut names = Vec::new();
    // The keys that lead to where we are; objects in arrays have the key of the array.
    let mut keys: Vec<&str> = Vec::new();
    let mut depths: Vec<usize> = Vec::new();
    let mut key = "";
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = closing_quote(bytes, at + 1).unwrap_or(bytes.len());
                match template.get(at + 1..end).unwrap_or_default() {
                    PLACE_TEXT => names.push(json_name(&keys, key)),
                    text => key = text,
                }
                at = end;
            }
            b'\0' => names.push(json_name(&keys, key)),
            b'{' | b'[' => {
                depths.push(keys.len());
                if !key.is_empty() && *byte == b'{' {
                    keys.push(std::mem::take(&mut key));
                }
            }
            b'}' | b']' => {
                let depth = depths.pop().unwrap_or(0);
                key = if keys.len() > depth { keys.get(depth).copied().unwrap_or("") } else { key };
                keys.truncate(depth);
            }
            _ => {}
        }
        at += 1;
    }
    names
}

fn json_name(keys: &[&str], key: &str) -> String {
    let mut name = String::from("{");
    for outer in keys {
        name.push_str(outer);
        name.push('.');
    }
    name.push_str(key);
    name
}

fn logfmt_names(template: &str) -> Vec<String> {
    let places = template.match_indices(PLACE);
    let named = places.enumerate().map(|(number, (place, _))| {
        let before = template.get(..place).unwrap_or_default();
        let before = before.strip_suffix('"').unwrap_or(before);
        match before.strip_suffix('=') {
            Some(before) => {
                let start = before.rfind([' ', '"', PLACE]).map_or(0, |place| place + 1);
                format!("={}", before.get(start..).unwrap_or_default())
            }
            None => format!(" {number}"),
        }
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn put_together(text: &str, cut: &Cut) -> String {
        let mut pieces = cut.template.split(PLACE);
        let mut out = pieces.next().unwrap().to_owned();
        for (value, piece) in cut.values.iter().zip(pieces) {
            out.push_str(&text[value.clone()]);
            out.push_str(piece);
        }
        out
    }

    #[test]
    fn json_is_cut_at_its_values_and_each_has_the_name_of_its_keys() {
        let mut cut = Cut::default();
        let line = r#"{"a": "x\"y", "b":{"c":-1.5,"d":[1,true]} , "e":null,"f":""}"#;
        cut.line(line);
        assert_eq!(
            cut.template,
            "{\"a\": \"\0\", \"b\":{\"c\":\0,\"d\":[\0,\0]} , \"e\":\0,\"f\":\"\0\"}"
        );
        assert_eq!(names(&cut.template), ["{a", "{b.c", "{b.d", "{b.d", "{e", "{f"]);
        assert_eq!(put_together(line, &cut), line);
    }

    #[test]
    fn logfmt_is_cut_at_its_values() {
        let mut cut = Cut::default();
        let line = r#"12:30:01 level=info msg="a b=c" took=12ms user="#;
        cut.line(line);
        assert_eq!(cut.template, "\0 level=\0 msg=\"\0\" took=\0 user=\0");
        assert_eq!(names(&cut.template), [" 0", "=level", "=msg", "=took", "=user"]);
        assert_eq!(put_together(line, &cut), line);
    }

    #[test]
    fn words_are_cut_where_they_hold_digits() {
        let mut cut = Cut::default();
        cut.words("GET /orders/83 took 12ms, id 8f3a; naïve2 10.0.0.7");
        assert_eq!(cut.template, "GET /orders/\0 took \0ms, id \0; naï\0 \0.\0.\0.\0");
    }

    proptest! {
        #[test]
        fn any_text_is_put_together_again(text in r#"([a-z0-9\PC]|["\\{}=: ,\[\]]|\x00|ms){0,60}"#) {
            let mut cut = Cut::default();
            let ways: [fn(&mut Cut, &str); 4] = [
                Cut::line, Cut::words, Cut::whole,
                |cut, text| { cut.line(&format!("{{{text}")); },
            ];
            for (number, way) in ways.into_iter().enumerate() {
                way(&mut cut, &text);
                let text = if number == 3 { format!("{{{text}") } else { text.clone() };
                prop_assert_eq!(put_together(&text, &cut), text.clone());
                prop_assert_eq!(cut.template.matches(PLACE).count(), cut.values.len());
                prop_assert_eq!(names(&cut.template).len(), cut.values.len());
            }
        }
    }
}
