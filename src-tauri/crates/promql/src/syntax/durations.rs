//! Lengths of time: ranges, steps and offsets, as numbers, durations or arithmetic on them.

use watchglass_model::Millis;

use super::grammar::sign;
use super::parser::{Parsed, Parser};
use super::tokens::{Token, TokenKind};
use crate::tree::{DurationExpr, DurationNode, Length, Number, Operator, Sign, Span};

/// Seconds that fit into the nanoseconds of Go's `time.Duration`.
const MAX_SECONDS: f64 = 9_223_372_036.854_775;

fn operator(token: &Token<'_>) -> Option<(Operator, u8)> {
    [
        (Operator::Add, 1),
        (Operator::Subtract, 1),
        (Operator::Multiply, 2),
        (Operator::Divide, 2),
        (Operator::Modulo, 2),
        (Operator::Power, 3),
    ]
    .into_iter()
    .find(|(own, _)| token.is_symbol(own.text()))
}

/// A length that is a plain number is known now.
fn length(expr: DurationExpr) -> Length {
    match expr.node {
        DurationNode::Number(number) => Length::Fixed(millis(number.value)),
        _ => Length::Computed(Box::new(expr)),
    }
}

/// Whole milliseconds, by way of nanoseconds as upstream does.
#[expect(clippy::cast_possible_truncation, reason = "saturates; the bounds are checked before")]
fn millis(seconds: f64) -> Millis {
    ((seconds * 1e9).round() / 1e6) as Millis
}

fn is_zero(expr: &DurationExpr) -> bool {
    matches!(expr.node, DurationNode::Number(Number { value, .. }) if value == 0.0)
}

impl Parser<'_> {
    /// A range or a step, which must be more than nothing.
    pub(super) fn positive_length(&mut self, context: &str, expected: &str) -> Parsed<Length> {
        if !self.starts_length() {
            return Err(self.unexpected(context, expected));
        }
        let expr = self.duration_operators(0)?;
        if let DurationNode::Number(number) = expr.node
            && number.value <= 0.0
        {
            self.fault(expr.span, "duration must be greater than 0");
        }
        Ok(length(expr))
    }

    /// An offset: without parentheses only one number or call with its sign, so that `foo offset 2 ^ 2` is `(foo offset 2) ^ 2`.
    pub(super) fn offset_length(&mut self) -> Parsed<Length> {
        if !self.starts_length() {
            return Err(self.unexpected("offset", "number, duration, step(), or range()"));
        }
        if self.peek().is_symbol("(") {
            return Ok(length(self.duration_operators(0)?));
        }
        let Some(sign) = sign(self.peek()) else {
            return Ok(length(self.duration_operand()?));
        };
        let start = self.take().span;
        let inner = self.duration_operand()?;
        Ok(length(signed(sign, start, inner)))
    }

    fn starts_length(&self) -> bool {
        let token = self.peek();
        matches!(token.kind, TokenKind::Number | TokenKind::Duration)
            || token.is_symbol("(")
            || sign(token).is_some()
            || ["step", "range", "min_of", "max_of"].iter().any(|word| token.is_word(word))
    }

    fn duration_operators(&mut self, above: u8) -> Parsed<DurationExpr> {
        let mut left = self.deeper(Self::duration_operand)?;
        while let Some((operator, own)) = operator(self.peek()) {
            if own <= above {
                break;
            }
            self.link()?;
            let token = self.take();
            self.allow_expressions(left.span);
            let right_above = if operator == Operator::Power { own - 1 } else { own };
            let right = self.deeper(|parser| parser.duration_operators(right_above))?;
            if is_zero(&right) && operator == Operator::Divide {
                self.fault(token.span, "division by zero");
            } else if is_zero(&right) && operator == Operator::Modulo {
                self.fault(token.span, "modulo by zero");
            }
            let span = left.span.to(right.span);
            let node = DurationNode::Binary(operator, Box::new(left), Box::new(right));
            left = DurationExpr { node, span };
        }
        Ok(left)
    }

    fn duration_operand(&mut self) -> Parsed<DurationExpr> {
        let token = self.peek().clone();
        if let Some(sign) = sign(&token) {
            self.take();
            // A sign binds like `*`: `-2 ^ 2` is `-(2 ^ 2)`.
            let inner = self.deeper(|parser| parser.duration_operators(2))?;
            return Ok(signed(sign, token.span, inner));
        }
        if token.is_symbol("(") {
            return self.duration_parentheses();
        }
        for (word, node) in [("step", DurationNode::Step), ("range", DurationNode::Range)] {
            if self.take_word(word).is_some() {
                self.expect_symbol("(", "", "")?;
                let close = self.expect_symbol(")", "", "")?;
                return Ok(DurationExpr { node, span: token.span.to(close.span) });
            }
        }
        if token.is_word("min_of") || token.is_word("max_of") {
            return self.duration_choice();
        }
        let number = self.number()?;
        if number.value.is_nan() || number.value.abs() > MAX_SECONDS {
            self.fault(token.span, "duration out of range");
        }
        Ok(DurationExpr { node: DurationNode::Number(number), span: token.span })
    }

    fn duration_parentheses(&mut self) -> Parsed<DurationExpr> {
        let open = self.take();
        let inner = self.duration_operators(0)?;
        let close = self.expect_symbol(")", "", "")?;
        self.allow_expressions(inner.span);
        let span = open.span.to(close.span);
        let node = match inner.node {
            // Parentheses around a number or around parentheses say nothing.
            DurationNode::Number(_) | DurationNode::Paren(_) => inner.node,
            _ => DurationNode::Paren(Box::new(inner)),
        };
        Ok(DurationExpr { node, span })
    }

    fn duration_choice(&mut self) -> Parsed<DurationExpr> {
        let word = self.take();
        self.expect_symbol("(", "", "")?;
        let one = Box::new(self.duration_operators(0)?);
        self.expect_symbol(",", "", "")?;
        let two = Box::new(self.duration_operators(0)?);
        let close = self.expect_symbol(")", "", "")?;
        let node = if word.is_word("min_of") {
            DurationNode::MinOf(one, two)
        } else {
            DurationNode::MaxOf(one, two)
        };
        Ok(DurationExpr { node, span: word.span.to(close.span) })
    }

    fn allow_expressions(&mut self, span: Span) {
        if !self.options.duration_expressions {
            self.fault(span, "experimental duration expression is not enabled");
        }
    }
}

/// `+` says nothing; `-` of a number is a number.
fn signed(sign: Sign, start: Span, inner: DurationExpr) -> DurationExpr {
    let span = start.to(inner.span);
    let node = match (sign, inner.node) {
        (Sign::Plus, node) => node,
        (Sign::Minus, DurationNode::Number(number)) => {
            DurationNode::Number(Number { value: -number.value, ..number })
        }
        (Sign::Minus, node) => {
            DurationNode::Unary(sign, Box::new(DurationExpr { node, span: inner.span }))
        }
    };
    DurationExpr { node, span }
}
