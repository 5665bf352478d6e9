//! Selectors and matchers.

use watchglass_storage::{MatchOperator, Matcher};

use super::parser::{Parsed, Parser};

impl Parser<'_> {
    /// `{a="b", c=~"d"}`
    pub(super) fn selector(&mut self) -> Parsed<Vec<Matcher>> {
        self.expect_symbol("{")?;
        let mut matchers = Vec::new();
        if self.take_symbol("}") {
            return Ok(matchers);
        }
        loop {
            if !self.peek().is_name() {
                let expected: &[&str] =
                    if matchers.is_empty() { &["IDENTIFIER", "}"] } else { &["IDENTIFIER"] };
                return self.unexpected(expected);
            }
            matchers.push(self.matcher()?);
            if self.take_symbol("}") {
                return Ok(matchers);
            }
            if !self.take_symbol(",") {
                return self.unexpected(&["}", ","]);
            }
        }
    }

    /// `a="b"`
    pub(super) fn matcher(&mut self) -> Parsed<Matcher> {
        let start = self.peek().span.start;
        let name = self.expect_name()?;
        let Some(operator) = self.match_operator() else {
            return self.unexpected(&["=", "=~", "!~", "!="]);
        };
        self.take();
        let value = self.expect_text()?;
        Matcher::new(name, operator, value)
            .or_else(|fault| self.fault(self.span_from(start), fault.to_string()))
    }

    /// The operator of a matcher that stands here.
    pub(super) fn match_operator(&self) -> Option<MatchOperator> {
        [
            MatchOperator::Equal,
            MatchOperator::NotEqual,
            MatchOperator::Matches,
            MatchOperator::NotMatches,
        ]
        .into_iter()
        .find(|operator| self.peek().is_symbol(operator.text()))
    }
}
