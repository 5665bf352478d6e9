//! Where in a query a fault lies: the line of the query with a mark under the place.

/// A fault as the Prometheus API tells it, split into its message and its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault<'a> {
    /// What is wrong.
    pub(crate) message: &'a str,
    /// Line and byte in it, both from one.
    place: Option<(usize, usize)>,
}

impl<'a> Fault<'a> {
    /// Reads `invalid parameter "query": 1:5: parse error: …`, with or without its first parts.
    pub(crate) fn read(text: &'a str) -> Self {
        let text = text.strip_prefix("invalid parameter \"query\": ").unwrap_or(text);
        let placed = || {
            let (line, rest) = text.split_once(':')?;
            let (column, message) = rest.split_once(": ")?;
            Some(Self { message, place: Some((line.parse().ok()?, column.parse().ok()?)) })
        };
        placed().unwrap_or(Self { message: text, place: None })
    }

    /// Reads `parse error at line 1, col 5: …`, as the Loki API tells it.
    pub(crate) fn read_loki(text: &'a str) -> Self {
        let placed = || {
            let rest = text.strip_prefix("parse error at line ")?;
            let (line, rest) = rest.split_once(", col ")?;
            let (column, message) = rest.split_once(": ")?;
            Some(Self { message, place: Some((line.parse().ok()?, column.parse().ok()?)) })
        };
        placed().unwrap_or(Self { message: text, place: None })
    }

    /// The line of `query` that has the fault, and a line with a mark under its place; none where no place is known.
    pub(crate) fn marked(&self, query: &str) -> Option<String> {
        let (line, column) = self.place?;
        let line = query.lines().nth(line.checked_sub(1)?)?;
        let before = line.char_indices().take_while(|(at, _)| *at + 1 < column);
        // A tab is as wide below as above.
        let indent = before.map(|(_, one)| if one == '\t' { '\t' } else { ' ' });
        Some(format!("  {line}\n  {}^", indent.collect::<String>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_stands_under_the_place() {
        let fault = Fault::read("invalid parameter \"query\": 1:5: parse error: no");
        assert_eq!(fault.message, "parse error: no");
        assert_eq!(fault.marked("sum(]").unwrap(), "  sum(]\n      ^");
        let fault = Fault::read("2:3: parse error: no");
        assert_eq!(fault.marked("sum(\n\t(up").unwrap(), "  \t(up\n  \t ^");
        let wide = Fault::read("1:7: parse error: no");
        assert_eq!(wide.marked("\"äö\"]").unwrap(), "  \"äö\"]\n      ^");
    }

    #[test]
    fn loki_tells_the_place_in_other_words() {
        let fault = Fault::read_loki("parse error at line 1, col 9: syntax error: unexpected }");
        assert_eq!(fault.message, "syntax error: unexpected }");
        assert_eq!(fault.marked("{app=\"a\"}}").unwrap(), "  {app=\"a\"}}\n          ^");
        assert_eq!(Fault::read_loki("too much").marked("{}"), None);
    }

    #[test]
    fn a_fault_without_a_place_has_no_mark() {
        for text in ["unknown position: parse error: no", "query timed out", "9:1: far away"] {
            assert_eq!(Fault::read(text).marked("up"), None, "{text}");
        }
        assert_eq!(Fault::read("query timed out").message, "query timed out");
    }
}
