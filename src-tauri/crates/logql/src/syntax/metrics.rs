//! Expressions that give numbers.

use super::parser::{Parsed, Parser, range_operation, vector_operation};
use super::tokens::TokenKind;
use crate::tree::{
    Binary, Cardinality, Conversion, Expr, LabelReplace, LogExpr, Matching, MetricExpr, Operator,
    RangeAggregation, RangeOperation, Span, Unwrap, VectorAggregation, VectorOperation,
};

/// A log expression with what stands around it inside of a function over a range.
struct Ranged {
    log: LogExpr,
    unwrap: Option<Unwrap>,
    range: Option<i64>,
    offset: i64,
}

impl Parser<'_> {
    /// An expression whose operators bind at least as tightly as `least`.
    pub(super) fn expression(&mut self, least: u8) -> Parsed<Expr> {
        let mut left = self.deeper(Self::operand)?;
        while let Some(operator) = self.operator().filter(|own| own.precedence() >= least) {
            self.link()?;
            let span = self.take().span;
            let (as_bool, matching) = self.modifiers(operator)?;
            // Powers bind to the right.
            let next = operator.precedence() + u8::from(operator != Operator::Power);
            let right = self.expression(next)?;
            let left_side = self.metric(left, "left", operator, span)?;
            let right_side = self.metric(right, "right", operator, span)?;
            left = Expr::Metric(MetricExpr::Binary(Box::new(Binary {
                operator,
                as_bool,
                matching,
                left: left_side,
                right: right_side,
                span,
            })));
        }
        Ok(left)
    }

    /// One side of an operator.
    fn metric(&self, expr: Expr, side: &str, operator: Operator, span: Span) -> Parsed<MetricExpr> {
        let text = operator.text();
        match expr {
            Expr::Log(_) => self.fault(
                span,
                format!("unexpected type for {side} leg of binary operation ({text}): log query"),
            ),
            Expr::Metric(MetricExpr::Literal(value)) if operator.is_set() => self.fault(
                span,
                format!(
                    "unexpected literal for {side} leg of logical/set binary operation ({text}): {value:.6}"
                ),
            ),
            Expr::Metric(metric) => Ok(metric),
        }
    }

    fn operator(&self) -> Option<Operator> {
        let token = self.peek();
        Operator::ALL
            .into_iter()
            .find(|operator| token.is_symbol(operator.text()) || token.is_word(operator.text()))
    }

    /// `bool on (a) group_left (b)`
    fn modifiers(&mut self, operator: Operator) -> Parsed<(bool, Matching)> {
        let mut matching = Matching::default();
        let as_bool = self.peek().is_word("bool");
        if as_bool {
            let span = self.take().span;
            if operator.comparison().is_none() {
                return self.fault(span, "syntax error: unexpected bool");
            }
        }
        let on = self.peek().is_word("on");
        if !on && !self.peek().is_word("ignoring") {
            return Ok((as_bool, matching));
        }
        self.take();
        matching.on = on;
        matching.labels = self.label_list()?;
        let left = self.peek().is_word("group_left");
        if left || self.peek().is_word("group_right") {
            let span = self.take().span;
            if operator.is_set() {
                return self
                    .fault(span, format!("no grouping allowed for {} operation", operator.text()));
            }
            matching.cardinality =
                if left { Cardinality::ManyToOne } else { Cardinality::OneToMany };
            if self.peek().is_symbol("(") {
                matching.include = self.label_list()?;
            }
        }
        Ok((as_bool, matching))
    }

    fn operand(&mut self) -> Parsed<Expr> {
        if self.peek().is_symbol("{") {
            return self.log_expression().map(Expr::Log);
        }
        if self.take_symbol("(") {
            let inner = self.expression(0)?;
            if !self.take_symbol(")") {
                return self.unexpected(&[]);
            }
            return Ok(inner);
        }
        if let Some(number) = self.take_number() {
            return Ok(Expr::Metric(MetricExpr::Literal(number)));
        }
        if !self.is_function() {
            return self.unexpected(&[]);
        }
        let word = self.peek().text;
        if let Some(operation) = range_operation(word) {
            return self.range_aggregation(operation);
        }
        if let Some(operation) = vector_operation(word) {
            return self.vector_aggregation(operation);
        }
        match word.to_ascii_lowercase().as_str() {
            "vector" => self.vector_literal(),
            "label_replace" => self.label_replace(),
            _ => self.unexpected(&[]),
        }
    }

    fn vector_literal(&mut self) -> Parsed<Expr> {
        self.take();
        self.expect_symbol("(")?;
        let Some(value) = self.take_number() else { return self.unexpected(&["NUMBER"]) };
        self.expect_symbol(")")?;
        Ok(Expr::Metric(MetricExpr::VectorLiteral(value)))
    }

    fn label_replace(&mut self) -> Parsed<Expr> {
        let start = self.take().span.start;
        self.expect_symbol("(")?;
        let inner = self.inner_metric()?;
        let mut texts = [const { String::new() }; 4];
        for text in &mut texts {
            self.expect_symbol(",")?;
            *text = self.expect_text()?;
        }
        self.expect_symbol(")")?;
        let [destination, replacement, source, pattern] = texts;
        Ok(Expr::Metric(MetricExpr::LabelReplace(Box::new(LabelReplace {
            inner,
            destination,
            replacement,
            source,
            pattern,
            span: self.span_from(start),
        }))))
    }

    /// An expression that must give numbers. A log query is a range without its brackets: they are what is missed.
    fn inner_metric(&mut self) -> Parsed<MetricExpr> {
        match self.expression(0)? {
            Expr::Metric(metric) => Ok(metric),
            Expr::Log(_) => self.unexpected(&[]),
        }
    }

    fn range_aggregation(&mut self, operation: RangeOperation) -> Parsed<Expr> {
        let start = self.take().span.start;
        self.expect_symbol("(")?;
        let parameter = if operation == RangeOperation::QuantileOverTime {
            let TokenKind::Number(value) = self.peek().kind else {
                return self.unexpected(&["NUMBER"]);
            };
            self.take();
            self.expect_symbol(",")?;
            Some(value)
        } else {
            None
        };
        let ranged = self.deeper(Self::ranged)?;
        let Some(range) = ranged.range else { return self.unexpected(&[]) };
        if !self.take_symbol(")") {
            return self.unexpected(&[]);
        }
        let grouping = self.grouping()?;
        Ok(Expr::Metric(MetricExpr::Range(Box::new(RangeAggregation {
            operation,
            parameter,
            log: ranged.log,
            unwrap: ranged.unwrap,
            range,
            offset: ranged.offset,
            grouping,
            span: self.span_from(start),
        }))))
    }

    /// A selector with its range before or behind the pipeline.
    fn ranged(&mut self) -> Parsed<Ranged> {
        let start = self.peek().span.start;
        let mut ranged = if self.take_symbol("(") {
            let inner = self.deeper(Self::ranged)?;
            self.expect_symbol(")")?;
            inner
        } else {
            let matchers = self.selector()?;
            let log = LogExpr { matchers, stages: Vec::new(), span: Span::default() };
            Ranged { log, unwrap: None, range: None, offset: 0 }
        };
        loop {
            if let TokenKind::Range(nanos) = self.peek().kind {
                if ranged.range.is_some() {
                    return self.unexpected(&[]);
                }
                self.take();
                ranged.range = Some(nanos);
                ranged.offset = self.offset()?;
            } else if ranged.unwrap.is_none() && self.stands_before_stage() {
                let stage = self.stage()?;
                ranged.log.stages.push(stage);
            } else if ranged.unwrap.is_none() && self.peek().is_symbol("|") {
                self.take();
                ranged.unwrap = Some(self.unwrap()?);
            } else {
                break;
            }
        }
        ranged.log.span = self.span_from(start);
        Ok(ranged)
    }

    fn offset(&mut self) -> Parsed<i64> {
        if !self.take_word("offset") {
            return Ok(0);
        }
        let negative = self.take_symbol("-");
        let TokenKind::Duration(nanos) = self.peek().kind else {
            return self.unexpected(&["DURATION"]);
        };
        self.take();
        Ok(if negative { -nanos } else { nanos })
    }

    /// `unwrap duration(label) | filter`, behind the bar.
    fn unwrap(&mut self) -> Parsed<Unwrap> {
        self.take();
        let conversion = [Conversion::Bytes, Conversion::Duration, Conversion::DurationSeconds]
            .into_iter()
            .find(|own| self.peek().is_word(own.text()) && self.is_function());
        let label = if conversion.is_some() {
            self.take();
            self.expect_symbol("(")?;
            let label = self.expect_name()?;
            self.expect_symbol(")")?;
            label
        } else {
            self.expect_name()?
        };
        let mut filters = Vec::new();
        while self.peek().is_symbol("|") {
            self.link()?;
            self.take();
            filters.push(self.label_filter()?);
        }
        Ok(Unwrap { label, conversion, filters })
    }

    fn vector_aggregation(&mut self, operation: VectorOperation) -> Parsed<Expr> {
        let start = self.take().span.start;
        let before = self.grouping()?;
        self.expect_symbol("(")?;
        let first = self.peek().span;
        let written = self.peek().text;
        let parameter =
            if matches!(self.peek().kind, TokenKind::Number(_)) && self.peek_at(1).is_symbol(",") {
                let number = self.take_number().unwrap_or_default();
                self.take();
                Some(number)
            } else {
                None
            };
        let inner = self.inner_metric()?;
        if !self.take_symbol(")") {
            return self.unexpected(&[]);
        }
        let behind = if before.is_none() { self.grouping()? } else { None };
        let parameter = match (operation.takes_parameter(), parameter) {
            (true, Some(value)) => Some(self.count(operation, value, written, first)?),
            (true, None) => {
                let message = format!("parameter required for operation {}", operation.text());
                return self.fault(self.span_from(start), message);
            }
            (false, Some(_)) => {
                let message =
                    format!("unsupported parameter for operation {}({written},", operation.text());
                return self.fault(first, message);
            }
            (false, None) => None,
        };
        Ok(Expr::Metric(MetricExpr::Vector(Box::new(VectorAggregation {
            operation,
            parameter,
            inner,
            grouping: before.or(behind),
            span: self.span_from(start),
        }))))
    }

    /// How many series `topk` and its like choose.
    fn count(
        &self,
        operation: VectorOperation,
        value: f64,
        written: &str,
        span: Span,
    ) -> Parsed<usize> {
        let name = operation.text();
        let Ok(count) = written.parse::<usize>() else {
            return self.fault(span, format!("invalid parameter {name}({written},"));
        };
        if count == 0 || value < 1.0 {
            return self.fault(
                span,
                format!("invalid parameter (must be greater than 0) {name}({written}"),
            );
        }
        Ok(count)
    }
}
