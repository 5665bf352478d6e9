//! Operators between two values: floats, histograms, or one of each.

use std::sync::Arc;

use watchglass_model::{FloatHistogram, Keep, SampleValue};

use crate::engine::notes::{Note, Notes};
use crate::tree::{Operator, Span};

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Left of the operator.
    Left,
    /// Right of the operator.
    Right,
}

/// An operator as it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) operator: Operator,
    /// Whether a comparison gives 0 or 1 instead of filtering.
    pub(crate) as_bool: bool,
    /// Where the whole expression stands.
    pub(crate) span: Span,
}

/// Whether a comparison holds.
#[inline]
pub(crate) fn keeps(operator: Operator, left: f64, right: f64) -> bool {
    match operator {
        #[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
        Operator::Equal => left == right,
        #[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
        _ => true,
    }
}

/// The result of an arithmetic operator.
#[inline]
pub(crate) fn float_result(operator: Operator, left: f64, right: f64) -> f64 {
    match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Modulo => left % right,
        Operator::Power => left.powf(right),
        Operator::Atan2 => left.atan2(right),
        _ => left,
    }
}

/// What an operator gives, before filtering: the value, and whether a filter keeps it.
type Outcome = Option<(SampleValue, bool)>;

impl Operation {
    /// Whether the operator cuts histograms, which it needs.
    pub(crate) const fn operator_trims(self) -> bool {
        matches!(self.operator, Operator::TrimLower | Operator::TrimUpper)
    }

    /// The result for two values; none where a filter drops it or the types do not go together. A comparison with a
    /// scalar keeps the value of `vector`.
    pub(crate) fn apply(
        self,
        left: &SampleValue,
        right: &SampleValue,
        vector: Side,
        notes: &mut Notes,
    ) -> Option<SampleValue> {
        let (value, keep) = self.outcome(left, right, notes)?;
        if self.as_bool {
            return Some(SampleValue::Float(f64::from(u8::from(keep))));
        }
        if !keep {
            return None;
        }
        let from_right = self.operator.is_comparison() && vector == Side::Right;
        Some(if from_right { right.clone() } else { value })
    }

    fn outcome(self, left: &SampleValue, right: &SampleValue, notes: &mut Notes) -> Outcome {
        use SampleValue::{Float, Histogram};
        let incompatible = |notes: &mut Notes, left, right| {
            notes.add(Note::IncompatibleTypes(left, self.operator.text(), right), self.span);
            None
        };
        match (left, right) {
            (Float(left), Float(right)) => {
                if self.operator_trims() {
                    return incompatible(notes, "float", "float");
                }
                let value = float_result(self.operator, *left, *right);
                Some((Float(value), keeps(self.operator, *left, *right)))
            }
            (Float(factor), Histogram(histogram)) => match self.operator {
                Operator::Multiply => Some(changed(histogram, |one| one.mul(*factor))),
                _ => incompatible(notes, "float", "histogram"),
            },
            (Histogram(histogram), Float(number)) => match self.operator {
                Operator::Multiply => Some(changed(histogram, |one| one.mul(*number))),
                Operator::Divide => Some(changed(histogram, |one| one.div(*number))),
                Operator::TrimUpper => Some(trimmed(histogram, *number, Keep::Below)),
                Operator::TrimLower => Some(trimmed(histogram, *number, Keep::Above)),
                _ => incompatible(notes, "histogram", "float"),
            },
            (Histogram(left), Histogram(right)) => match self.operator {
                Operator::Add | Operator::Subtract => self.combined(left, right, notes),
                Operator::Equal => Some((Histogram(Arc::clone(left)), left.equals(right))),
                Operator::NotEqual => Some((Histogram(Arc::clone(left)), !left.equals(right))),
                _ => incompatible(notes, "histogram", "histogram"),
            },
        }
    }

    fn combined(self, left: &FloatHistogram, right: &FloatHistogram, notes: &mut Notes) -> Outcome {
        let mut result = left.clone();
        let (combined, word) = if self.operator == Operator::Add {
            (result.add(right), "addition")
        } else {
            (result.sub(right), "subtraction")
        };
        let Ok(combined) = combined else {
            notes.add(Note::IncompatibleBuckets(self.operator.text()), self.span);
            return None;
        };
        if combined.reset_collision {
            notes.add(Note::CounterResetCollision(word), self.span);
        }
        if combined.bounds_reconciled {
            notes.add(Note::BoundsReconciled(word), self.span);
        }
        if self.operator == Operator::Subtract {
            result.reset_hint = watchglass_model::ResetHint::Gauge;
        }
        result.compact();
        Some((SampleValue::Histogram(Arc::new(result)), true))
    }
}

/// A changed copy of a histogram.
fn changed(
    histogram: &Arc<FloatHistogram>,
    change: impl Fn(&mut FloatHistogram),
) -> (SampleValue, bool) {
    let mut copy = (**histogram).clone();
    change(&mut copy);
    copy.compact();
    (SampleValue::Histogram(Arc::new(copy)), true)
}

/// A histogram with only the observations on one side of a bound.
fn trimmed(histogram: &FloatHistogram, at: f64, keep: Keep) -> (SampleValue, bool) {
    (SampleValue::Histogram(Arc::new(histogram.trim(at, keep))), true)
}
