//! Conditions on labels: `and` and its forms bind tighter than `or`.

use watchglass_storage::{MatchOperator, Matcher};

use super::parser::{Parsed, Parser};
use super::tokens::TokenKind;
use crate::tree::{Comparison, LabelFilter};

impl Parser<'_> {
    pub(super) fn label_filter(&mut self) -> Parsed<LabelFilter> {
        let mut left = self.all_of()?;
        while self.take_word("or") {
            self.link()?;
            let right = self.all_of()?;
            left = LabelFilter::Or(Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    /// Conditions joined by `and`, by a comma, or by nothing.
    fn all_of(&mut self) -> Parsed<LabelFilter> {
        let mut left = self.condition()?;
        loop {
            let joined = self.take_word("and") || self.take_symbol(",");
            let beside = self.peek().is_symbol("(") || self.peek().is_name();
            if !joined && !beside {
                return Ok(left);
            }
            self.link()?;
            let right = self.condition()?;
            left = LabelFilter::And(Box::new(left), Box::new(right));
        }
    }

    fn condition(&mut self) -> Parsed<LabelFilter> {
        if self.take_symbol("(") {
            let inner = self.deeper(Self::label_filter)?;
            self.expect_symbol(")")?;
            return Ok(inner);
        }
        if !self.peek().is_name() {
            return self.unexpected(&[]);
        }
        let start = self.peek().span.start;
        let name = self.take().text.to_owned();
        let Some(comparison) = self.comparison() else {
            let Some(operator) = self.match_operator() else {
                return self.unexpected(&[]);
            };
            self.take();
            let value = self.expect_text()?;
            return self.text_condition(start, name, operator, value);
        };
        let symbol = self.take();
        let matches = match symbol.text {
            "=" => Some(MatchOperator::Equal),
            "!=" => Some(MatchOperator::NotEqual),
            _ => None,
        };
        let negative = self.peek().is_symbol("-") || self.peek().is_symbol("+");
        let value = self.peek().kind.clone();
        match value {
            TokenKind::Text(value) if matches.is_some() => {
                self.take();
                let operator = matches.unwrap_or(MatchOperator::Equal);
                self.text_condition(start, name, operator, value)
            }
            TokenKind::Word
                if matches.is_some() && self.peek().is_word("ip") && self.is_function() =>
            {
                self.take();
                let addresses = self.addresses()?;
                Ok(LabelFilter::Ip { name, negated: symbol.text == "!=", addresses })
            }
            TokenKind::Duration(nanos) => {
                self.take();
                Ok(LabelFilter::Duration(name, comparison, nanos))
            }
            TokenKind::Bytes(bytes) => {
                self.take();
                Ok(LabelFilter::Bytes(name, comparison, bytes))
            }
            TokenKind::Number(_) => self.number_condition(name, comparison),
            _ if negative => self.number_condition(name, comparison),
            _ if matches.is_some() => self.unexpected(&[]),
            _ => self.unexpected(&["BYTES", "DURATION", "NUMBER"]),
        }
    }

    fn number_condition(&mut self, name: String, comparison: Comparison) -> Parsed<LabelFilter> {
        match self.take_number() {
            Some(number) => Ok(LabelFilter::Number(name, comparison, number)),
            None => self.unexpected(&["NUMBER"]),
        }
    }

    fn text_condition(
        &mut self,
        start: usize,
        name: String,
        operator: MatchOperator,
        value: String,
    ) -> Parsed<LabelFilter> {
        match Matcher::new(name, operator, value) {
            Ok(matcher) => Ok(LabelFilter::Text(matcher)),
            Err(fault) => self.fault(self.span_from(start), fault.to_string()),
        }
    }

    fn comparison(&self) -> Option<Comparison> {
        let token = self.peek();
        if token.is_symbol("=") {
            return Some(Comparison::Equal);
        }
        [
            Comparison::Greater,
            Comparison::GreaterOrEqual,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Equal,
            Comparison::NotEqual,
        ]
        .into_iter()
        .find(|comparison| token.is_symbol(comparison.text()))
    }
}
