//! The grammar of expressions: operators by their precedence, and what stands between them.

use super::modifiers::BinaryModifiers;
use super::numbers;
use super::parser::{Parsed, Parser};
use super::tokens::{Token, TokenKind, aggregator};
use crate::tree::{Binary, Cardinality, Expr, Matching, Node, Number, Operator, Sign, Span};

/// How tightly an operator binds; higher is tighter.
const fn precedence(operator: Operator) -> u8 {
    use Operator::{Add, And, Atan2, Divide, Modulo, Multiply, Or, Power, Subtract, Unless};
    match operator {
        Or => 1,
        And | Unless => 2,
        Add | Subtract => 4,
        Multiply | Divide | Modulo | Atan2 => 5,
        Power => 6,
        _ => 3,
    }
}

/// A sign binds like `*`, so that `-1^2` is `-(1^2)`.
const SIGN_PRECEDENCE: u8 = 5;

fn operator(token: &Token<'_>) -> Option<Operator> {
    use Operator::{
        Add, And, Atan2, Divide, Equal, Greater, GreaterEqual, Less, LessEqual, Modulo, Multiply,
        NotEqual, Or, Power, Subtract, TrimLower, TrimUpper, Unless,
    };
    let all = [
        Add,
        Subtract,
        Multiply,
        Divide,
        Modulo,
        Power,
        Atan2,
        Equal,
        NotEqual,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        TrimUpper,
        TrimLower,
        And,
        Or,
        Unless,
    ];
    all.into_iter().find(|own| token.is_symbol(own.text()) || token.is_word(own.text()))
}

pub(super) fn sign(token: &Token<'_>) -> Option<Sign> {
    if token.is_symbol("-") {
        Some(Sign::Minus)
    } else {
        token.is_symbol("+").then_some(Sign::Plus)
    }
}

impl Parser<'_> {
    /// The whole text as one expression.
    pub(super) fn whole_expression(&mut self) -> Parsed<Expr> {
        if self.peek().kind == TokenKind::End {
            self.fault(Span::default(), "no expression found in input");
            return Err(super::parser::Stop);
        }
        let expr = self.expression()?;
        if self.peek().kind == TokenKind::End { Ok(expr) } else { Err(self.unexpected("", "")) }
    }

    /// An expression, as far as it goes.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.operators(0)
    }

    /// Operands joined by operators that bind tighter than `above`.
    fn operators(&mut self, above: u8) -> Parsed<Expr> {
        let mut left = self.deeper(Self::operand)?;
        while let Some(operator) = operator(self.peek()) {
            let own = precedence(operator);
            if own <= above {
                break;
            }
            self.link()?;
            self.take();
            let modifiers = self.binary_modifiers()?;
            let right_above = if operator == Operator::Power { own - 1 } else { own };
            let right = self.deeper(|parser| parser.operators(right_above))?;
            left = self.binary(operator, modifiers, left, right);
        }
        Ok(left)
    }

    fn binary(
        &mut self,
        operator: Operator,
        modifiers: BinaryModifiers,
        left: Expr,
        right: Expr,
    ) -> Expr {
        let span = left.span.to(right.span);
        let BinaryModifiers { bool_modifier, mut matching } = modifiers;
        let fills = matching.fill_left.is_some() || matching.fill_right.is_some();
        if fills && !self.options.binop_fill_modifiers {
            self.fault(span, "binop fill modifiers are experimental and not enabled");
        }
        if operator.is_set() && matching.cardinality == Cardinality::OneToOne {
            matching.cardinality = Cardinality::ManyToMany;
        }
        // Where no vectors meet, only a matching that was written is kept, for the check to refuse.
        let vectors = [&left, &right]
            .into_iter()
            .all(|side| side.value_type() == crate::tree::ValueType::Vector);
        let written =
            matching != Matching { cardinality: matching.cardinality, ..Matching::default() };
        let matching =
            (vectors || (written && (fills || !matching.labels.is_empty()))).then_some(matching);
        let binary = Binary { operator, left, right, bool_modifier, matching };
        Expr { node: Node::Binary(Box::new(binary)), span }
    }

    fn operand(&mut self) -> Parsed<Expr> {
        if let Some(sign) = sign(self.peek()) {
            return self.signed(sign);
        }
        let expr = self.primary()?;
        self.modified(expr)
    }

    fn signed(&mut self, sign: Sign) -> Parsed<Expr> {
        let start = self.take().span;
        let inner = self.operators(SIGN_PRECEDENCE)?;
        let span = start.to(inner.span);
        let node = match inner.node {
            Node::Number(mut number) => {
                if sign == Sign::Minus {
                    number.value = -number.value;
                }
                Node::Number(number)
            }
            _ => Node::Unary(sign, Box::new(inner)),
        };
        Ok(Expr { node, span })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.peek().clone();
        match token.kind {
            TokenKind::Number | TokenKind::Duration => {
                let number = self.number()?;
                Ok(Expr { node: Node::Number(number), span: token.span })
            }
            TokenKind::Text => {
                self.take();
                let text = self.unquoted(&token);
                Ok(Expr { node: Node::Text(text), span: token.span })
            }
            TokenKind::Symbol if token.text == "(" => self.parenthesized(),
            TokenKind::Symbol if token.text == "{" => self.vector_selector(),
            TokenKind::Word | TokenKind::MetricWord => self.named(&token),
            _ => Err(self.unexpected("", "")),
        }
    }

    /// What starts with a name: a call, an aggregation or a selector.
    fn named(&mut self, token: &Token<'_>) -> Parsed<Expr> {
        let next = self.peek_at(1);
        let opens = next.is_symbol("(");
        if opens && token.names_function() {
            return self.call();
        }
        if (opens || next.is_word("by") || next.is_word("without"))
            && let Some(aggregator) = aggregator(token.text)
        {
            return self.aggregation(aggregator);
        }
        if !token.names_metric() {
            return Err(self.unexpected("", ""));
        }
        self.vector_selector()
    }

    fn parenthesized(&mut self) -> Parsed<Expr> {
        let open = self.take();
        let inner = self.expression()?;
        let close = self.expect_symbol(")", "", "")?;
        Ok(Expr { node: Node::Paren(Box::new(inner)), span: open.span.to(close.span) })
    }

    /// A number or a duration, without a sign.
    pub(super) fn number(&mut self) -> Parsed<Number> {
        let token = self.peek().clone();
        match token.kind {
            TokenKind::Number => {
                self.take();
                let value = numbers::number(token.text).unwrap_or_else(|| {
                    let source = super::quoted(token.text);
                    let is_too_large = token.text.parse().is_ok_and(f64::is_infinite);
                    let reason = if is_too_large { "value out of range" } else { "invalid syntax" };
                    self.fault(
                        token.span,
                        format!(
                            "error parsing number: strconv.ParseFloat: parsing {source}: {reason}"
                        ),
                    );
                    0.0
                });
                Ok(Number { value, duration: false })
            }
            TokenKind::Duration => {
                self.take();
                let millis = numbers::duration(token.text).unwrap_or_else(|message| {
                    self.fault(token.span, message);
                    0
                });
                #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 ms")]
                Ok(Number { value: millis as f64 / 1000.0, duration: true })
            }
            _ => Err(self.unexpected("", "")),
        }
    }
}
