//! Places, and labels as Loki shows them.

use watchglass_template::text::quoted;

/// Line and column of a byte in a query, both from 1, the column in characters.
pub(crate) fn position(query: &str, byte: usize) -> (usize, usize) {
    let before = query.get(..byte.min(query.len())).unwrap_or(query);
    let line = before.split('\n').count();
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// `{app="api", level="error"}`
pub(crate) fn braced<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<_> =
        pairs.into_iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
    format!("{{{}}}", pairs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_line_and_a_column_in_characters() {
        assert_eq!(position("{a=\"ü\"} x", 9), (1, 9));
        assert_eq!(position("sum(\n  x)", 7), (2, 3));
        assert_eq!(position("x", 0), (1, 1));
    }
}
