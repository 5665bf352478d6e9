//! Numbers, texts and places as Go writes them, which is how Prometheus shows them.

use watchglass_model::Labels;

use crate::syntax::quoted;
pub(crate) use watchglass_model::general_notation as general;

/// A number that has no digits.
fn special(value: f64) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("NaN"),
        f64::INFINITY => Some("+Inf"),
        f64::NEG_INFINITY => Some("-Inf"),
        _ => None,
    }
}

/// Go's `strconv.FormatFloat(value, 'f', -1, 64)`: never an exponent.
pub(crate) fn plain(value: f64) -> String {
    special(value).map_or_else(|| format!("{value}"), str::to_owned)
}

/// A number as `OpenMetrics` writes it: `1` as `1.0`, so that it is seen to be none of the integers.
pub(crate) fn open_metrics(value: f64) -> String {
    let text = general(value);
    let plain = value.is_finite() && !text.contains(['.', 'e']);
    if plain { text + ".0" } else { text }
}

/// Labels in braces: `{__name__="up", job="api"}`.
pub(crate) fn braced(labels: &Labels) -> String {
    let pairs: Vec<_> = labels
        .iter()
        .map(|(name, value)| {
            let name = if is_legacy_name(name) { name.to_owned() } else { quoted(name) };
            format!("{name}={}", quoted(value))
        })
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

/// Whether a label's name needs no quotes.
pub(crate) fn is_legacy_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `line:column` of a byte in a query, both from 1, the column in bytes.
pub(crate) fn position(query: &str, byte: usize) -> String {
    let before = query.as_bytes().get(..byte.min(query.len())).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    format!("{line}:{column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_go_writes_them() {
        let cases = [
            (0.0, "0"),
            (1.5, "1.5"),
            (100_000.0, "100000"),
            (1_000_000.0, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (123_456_789.25, "1.2345678925e+08"),
            (123_456.5, "123456.5"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (f64::INFINITY, "+Inf"),
            (-1.1, "-1.1"),
        ];
        for (value, text) in cases {
            assert_eq!(general(value), text);
        }
        assert_eq!(plain(1e21), "1000000000000000000000");
    }

    #[test]
    fn a_place_is_a_line_and_a_column() {
        assert_eq!(position("sum(\n  up)", 7), "2:3");
        assert_eq!(position("up", 0), "1:1");
    }
}
