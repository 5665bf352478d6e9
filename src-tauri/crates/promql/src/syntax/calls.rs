//! Calls of functions and aggregations: names, arguments, grouping.

use super::parser::{Parsed, Parser};
use super::tokens::TokenKind;
use crate::functions::{self, function};
use crate::tree::{Aggregation, Aggregator, Call, Expr, Node, Number, Span};

impl Parser<'_> {
    pub(super) fn call(&mut self) -> Parsed<Expr> {
        let name = self.take();
        let arguments = self.arguments()?;
        // Among functions only those that are preprocessors too may be written in any case.
        let known = function(name.text).or_else(|| {
            let lower = name.text.to_ascii_lowercase();
            matches!(lower.as_str(), "start" | "end" | "step" | "range")
                .then(|| function(&lower))
                .flatten()
        });
        match known {
            None => {
                let quoted = super::quoted(name.text);
                self.fault(name.span, format!("unknown function with name {quoted}"));
            }
            Some(known) if known.experimental && !self.options.experimental_functions => {
                self.fault(name.span, format!("function \"{}\" is not enabled", known.name));
            }
            Some(_) => {}
        }
        let function = known.unwrap_or(&functions::UNKNOWN);
        let span = Span { start: name.span.start, end: self.last_end() };
        Ok(Expr { node: Node::Call(Call { function, arguments }), span })
    }

    /// `(a, b)`
    fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        self.expect_symbol("(", "", "")?;
        let mut arguments = Vec::new();
        if self.take_symbol(")").is_some() {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            let Some(comma) = self.take_symbol(",") else { break };
            if self.peek().is_symbol(")") {
                self.fault(comma.span, "trailing commas not allowed in function call args");
                break;
            }
        }
        self.expect_symbol(")", "", "")?;
        Ok(arguments)
    }

    pub(super) fn aggregation(&mut self, aggregator: Aggregator) -> Parsed<Expr> {
        let name = self.take();
        let mut grouping = self.maybe_grouping()?;
        if !self.peek().is_symbol("(") {
            return Err(self.unexpected("aggregation", ""));
        }
        let mut arguments = self.arguments()?;
        if grouping.is_none() {
            grouping = self.maybe_grouping()?;
        }
        let (without, grouping) = grouping.unwrap_or_default();
        let span = Span { start: name.span.start, end: self.last_end() };
        self.check_arguments(aggregator, arguments.len(), span);
        // What lacks is a fault already; a number holds its place so that the tree stays whole.
        let filler = || Expr { node: Node::Number(Number { value: 0.0, duration: false }), span };
        let inner = arguments.pop().unwrap_or_else(filler);
        let parameter =
            aggregator.takes_parameter().then(|| arguments.pop().unwrap_or_else(filler));
        let aggregation = Aggregation { aggregator, inner, parameter, without, grouping };
        Ok(Expr { node: Node::Aggregation(Box::new(aggregation)), span })
    }

    fn check_arguments(&mut self, aggregator: Aggregator, given: usize, span: Span) {
        let experimental = matches!(aggregator, Aggregator::Limitk | Aggregator::LimitRatio);
        let wanted = 1 + usize::from(aggregator.takes_parameter());
        if given == 0 {
            self.fault(span, "no arguments for aggregate expression provided");
        } else if experimental && !self.options.experimental_functions {
            let name = aggregator.name();
            self.fault(
                span,
                format!(
                    "{name}() is experimental and must be enabled with --enable-feature=promql-experimental-functions"
                ),
            );
        } else if given != wanted {
            self.fault(
                span,
                format!("wrong number of arguments for aggregate expression provided, expected {wanted}, got {given}"),
            );
        }
    }

    /// `by (…)` or `without (…)`: whether it is `without`, and the labels.
    fn maybe_grouping(&mut self) -> Parsed<Option<(bool, Vec<String>)>> {
        let without = self.peek().is_word("without");
        if !without && !self.peek().is_word("by") {
            return Ok(None);
        }
        self.take();
        Ok(Some((without, self.grouping_labels()?)))
    }

    /// `(a, "b.c")`
    pub(super) fn grouping_labels(&mut self) -> Parsed<Vec<String>> {
        const CONTEXT: &str = "grouping opts";
        self.expect_symbol("(", CONTEXT, "\"(\"")?;
        let mut labels = Vec::new();
        while self.take_symbol(")").is_none() {
            labels.push(self.grouping_label()?);
            if self.take_symbol(",").is_none() && !self.peek().is_symbol(")") {
                return Err(self.unexpected(CONTEXT, "\",\" or \")\""));
            }
        }
        Ok(labels)
    }

    fn grouping_label(&mut self) -> Parsed<String> {
        let token = self.peek().clone();
        match token.kind {
            TokenKind::Word => {
                self.take();
                Ok(token.text.to_owned())
            }
            TokenKind::Text => {
                self.take();
                Ok(self.unquoted(&token))
            }
            _ => Err(self.unexpected("grouping opts", "label")),
        }
    }
}
