//! Lengths of time that a query's own range and step decide (Prometheus `promql/durations.go`).

use watchglass_model::Millis;

use super::{QueryError, Result};
use crate::tree::{DurationExpr, DurationNode, Length, Operator, Sign};

/// The range and step of a query, in milliseconds; both zero at one instant.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct QueryShape {
    /// From its start to its end.
    pub(crate) range: Millis,
    /// From one step to the next.
    pub(crate) step: Millis,
}

impl QueryShape {
    /// A range or a step, which must be above zero.
    pub(crate) fn length(self, length: &Length) -> Result<Millis> {
        self.resolve(length, false)
    }

    /// An offset, which may be negative.
    pub(crate) fn offset(self, length: Option<&Length>) -> Result<Millis> {
        length.map_or(Ok(0), |length| self.resolve(length, true))
    }

    fn resolve(self, length: &Length, may_be_negative: bool) -> Result<Millis> {
        let expr = match length {
            Length::Fixed(millis) => return Ok(*millis),
            Length::Computed(expr) => expr,
        };
        let seconds = self.seconds(expr)?;
        if seconds <= 0.0 && !may_be_negative {
            return Err(fault(expr, "duration must be greater than 0"));
        }
        let nanos = seconds * 1e9;
        if !(-9.2e18..9.2e18).contains(&nanos) {
            return Err(fault(expr, "duration is out of range"));
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked above")]
        Ok((seconds * 1000.0) as Millis)
    }

    fn seconds(self, expr: &DurationExpr) -> Result<f64> {
        Ok(match &expr.node {
            DurationNode::Number(number) => number.value,
            DurationNode::Step => seconds(self.step),
            DurationNode::Range => seconds(self.range),
            DurationNode::MinOf(one, other) => self.seconds(one)?.min(self.seconds(other)?),
            DurationNode::MaxOf(one, other) => self.seconds(one)?.max(self.seconds(other)?),
            DurationNode::Unary(Sign::Minus, inner) => -self.seconds(inner)?,
            DurationNode::Unary(Sign::Plus, inner) | DurationNode::Paren(inner) => {
                self.seconds(inner)?
            }
            DurationNode::Binary(operator, left, right) => {
                let (left, right) = (self.seconds(left)?, self.seconds(right)?);
                match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide if right == 0.0 => {
                        return Err(fault(expr, "division by zero"));
                    }
                    Operator::Divide => left / right,
                    Operator::Modulo if right == 0.0 => return Err(fault(expr, "modulo by zero")),
                    Operator::Modulo => left % right,
                    Operator::Power => left.powf(right),
                    other => {
                        let text =
                            format!("unexpected duration expression operator {}", other.text());
                        return Err(fault(expr, &text));
                    }
                }
            }
        })
    }
}

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "times beyond 2^53 ms lie 285,000 years away")]
pub(crate) fn seconds(millis: Millis) -> f64 {
    millis as f64 / 1000.0
}

fn fault(expr: &DurationExpr, text: &str) -> QueryError {
    QueryError::Execution(format!("{}:{}: {text}", expr.span.start, expr.span.end))
}
