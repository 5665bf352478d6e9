//! What stands behind a selector (`[…]`, `offset`, `@`, `anchored`, `smoothed`) and behind an operator (`bool`, `on`, …).

use watchglass_model::Millis;

use super::grammar::sign;
use super::parser::{Parsed, Parser};
use super::tokens::TokenKind;
use crate::tree::{
    At, Cardinality, Edges, Expr, Length, Matching, MatrixSelector, Node, Sign, Span, Subquery,
};

/// What may stand between an operator and its right side.
#[derive(Default)]
pub(super) struct BinaryModifiers {
    pub(super) bool_modifier: bool,
    pub(super) matching: Matching,
}

impl Parser<'_> {
    pub(super) fn binary_modifiers(&mut self) -> Parsed<BinaryModifiers> {
        let mut modifiers = BinaryModifiers {
            bool_modifier: self.take_word("bool").is_some(),
            ..BinaryModifiers::default()
        };
        let matching = &mut modifiers.matching;
        matching.on = self.peek().is_word("on");
        if matching.on || self.peek().is_word("ignoring") {
            self.take();
            matching.labels = self.grouping_labels()?;
            self.group_modifier(matching)?;
        }
        self.fill_modifiers(matching)?;
        Ok(modifiers)
    }

    fn group_modifier(&mut self, matching: &mut Matching) -> Parsed<()> {
        matching.cardinality = if self.take_word("group_left").is_some() {
            Cardinality::ManyToOne
        } else if self.take_word("group_right").is_some() {
            Cardinality::OneToMany
        } else {
            return Ok(());
        };
        if self.peek().is_symbol("(") {
            matching.include = self.grouping_labels()?;
        }
        Ok(())
    }

    fn fill_modifiers(&mut self, matching: &mut Matching) -> Parsed<()> {
        while self.peek_at(1).is_symbol("(") {
            let token = self.peek();
            let both = token.is_word("fill");
            let left = token.is_word("fill_left");
            if !both && !left && !token.is_word("fill_right") {
                break;
            }
            self.take();
            self.take();
            let value = self.signed_number()?;
            self.expect_symbol(")", "fill value", "\")\"")?;
            if both || left {
                matching.fill_left = Some(value);
            }
            if both || !left {
                matching.fill_right = Some(value);
            }
        }
        Ok(())
    }

    /// A number with an optional sign.
    fn signed_number(&mut self) -> Parsed<f64> {
        let sign = sign(self.peek());
        if sign.is_some() {
            self.take();
        }
        let value = self.number()?.value;
        Ok(if sign == Some(Sign::Minus) { -value } else { value })
    }

    /// An operand with all that stands behind it.
    pub(super) fn modified(&mut self, mut expr: Expr) -> Parsed<Expr> {
        loop {
            let token = self.peek();
            if token.is_symbol("[") {
                self.link()?;
                expr = self.bracketed(expr)?;
            } else if token.is_symbol("@") {
                self.at(&mut expr)?;
            } else if token.is_word("offset") {
                self.offset(&mut expr)?;
            } else if token.is_word("anchored") {
                self.edges(&mut expr, Edges::Anchored);
            } else if token.is_word("smoothed") {
                self.edges(&mut expr, Edges::Smoothed);
            } else {
                return Ok(expr);
            }
        }
    }

    /// `[5m]` or `[1h:5m]`
    fn bracketed(&mut self, expr: Expr) -> Parsed<Expr> {
        let open = self.take();
        let range = self.positive_length(
            "subquery or range selector",
            "number, duration, step(), or range()",
        )?;
        if let Some(close) = self.take_symbol("]") {
            let brackets = open.span.to(close.span);
            return Ok(self.range_of(expr, range, brackets));
        }
        self.expect_symbol(":", "subquery or range", "\":\" or \"]\"")?;
        let mut step = None;
        if !self.peek().is_symbol("]") {
            step = Some(self.positive_length(
                "subquery selector",
                "number, duration, step(), range(), or \"]\"",
            )?);
        }
        let close = self.expect_symbol("]", "subquery selector", "\"]\"")?;
        let span = expr.span.to(close.span);
        let subquery = Subquery { inner: expr, range, step, offset: None, at: None };
        Ok(Expr { node: Node::Subquery(Box::new(subquery)), span })
    }

    fn range_of(&mut self, expr: Expr, range: Length, brackets: Span) -> Expr {
        let span = expr.span.to(brackets);
        let Node::Vector(selector) = expr.node else {
            self.fault(brackets, "ranges only allowed for vector selectors");
            return Expr { node: expr.node, span };
        };
        if selector.offset.is_some() {
            self.fault(brackets, "no offset modifiers allowed before range");
        } else if selector.at.is_some() {
            self.fault(brackets, "no @ modifiers allowed before range");
        }
        let matrix = MatrixSelector { selector, selector_span: expr.span, range };
        Expr { node: Node::Matrix(matrix), span }
    }

    fn offset(&mut self, expr: &mut Expr) -> Parsed<()> {
        self.take();
        let offset = self.offset_length()?;
        let place = match &mut expr.node {
            Node::Vector(selector) => &mut selector.offset,
            Node::Matrix(matrix) => &mut matrix.selector.offset,
            Node::Subquery(subquery) => &mut subquery.offset,
            _ => {
                self.fault(expr.span, "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery");
                return Ok(());
            }
        };
        // Upstream forgets an offset of nothing, so a second one may follow it.
        let again = place.as_ref().is_some_and(|own| *own != Length::Fixed(0));
        *place = Some(offset);
        if again {
            self.fault(expr.span, "offset may not be set multiple times");
        }
        expr.span.end = self.last_end();
        Ok(())
    }

    fn at(&mut self, expr: &mut Expr) -> Parsed<()> {
        self.take();
        let at = self.timestamp(expr.span)?;
        let place = match &mut expr.node {
            Node::Vector(selector) => &mut selector.at,
            Node::Matrix(matrix) => &mut matrix.selector.at,
            Node::Subquery(subquery) => &mut subquery.at,
            _ => {
                self.fault(expr.span, "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery");
                return Ok(());
            }
        };
        if place.is_some() {
            self.fault(expr.span, "@ <timestamp> may not be set multiple times");
        } else {
            *place = Some(at);
        }
        expr.span.end = self.last_end();
        Ok(())
    }

    fn timestamp(&mut self, target: Span) -> Parsed<At> {
        const EXPECTED: &str = "timestamp";
        for (word, at) in [("start", At::Start), ("end", At::End)] {
            if self.take_word(word).is_some() {
                self.expect_symbol("(", "@", EXPECTED)?;
                self.expect_symbol(")", "@", EXPECTED)?;
                return Ok(at);
            }
        }
        let signed = usize::from(sign(self.peek()).is_some());
        if !matches!(self.peek_at(signed).kind, TokenKind::Number | TokenKind::Duration) {
            if signed > 0 {
                self.take();
            }
            return Err(self.unexpected("@", EXPECTED));
        }
        let seconds = self.signed_number()?;
        if !seconds.is_finite() || seconds.abs() >= 9_223_372_036_854_775_807.0 {
            let shown = if seconds.is_finite() {
                format!("{seconds:.6}")
            } else {
                super::float_text(seconds)
            };
            self.fault(target, format!("timestamp out of bounds for @ modifier: {shown}"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, and the bounds are checked"
        )]
        let millis = (seconds * 1000.0).round() as Millis;
        Ok(At::Time(millis))
    }

    fn edges(&mut self, expr: &mut Expr, edges: Edges) {
        let word = self.take().text.to_ascii_lowercase();
        if !self.options.extended_range_selectors {
            self.fault(expr.span, format!("{word} modifier is experimental and not enabled"));
            return;
        }
        let place = match &mut expr.node {
            Node::Vector(selector) => &mut selector.edges,
            Node::Matrix(matrix) => &mut matrix.selector.edges,
            Node::Subquery(_) => {
                let message = format!("{word} modifier is not supported for subqueries");
                return self.fault(expr.span, message);
            }
            _ => return self.fault(expr.span, format!("{word} modifier not implemented")),
        };
        if *place != Edges::Plain && *place != edges {
            self.fault(expr.span, "anchored and smoothed modifiers cannot be used together");
            return;
        }
        *place = edges;
        expr.span.end = self.last_end();
    }
}
