//! Operators between two expressions.

mod matching;
mod sets;
mod values;

use super::Result;
use super::column::{Column, Computed, Grid, Scalar, Series, is_absent};
use super::evaluate::{Detail, Evaluator};
use crate::tree::{Binary, Operator, Span};
use values::{Operation, Side, float_result, keeps};

impl Evaluator<'_> {
    /// Evaluates a binary expression.
    pub(crate) fn binary(&mut self, binary: &Binary, span: Span, grid: Grid) -> Result<Computed> {
        let operation =
            Operation { operator: binary.operator, as_bool: binary.bool_modifier, span };
        let detail = if operation.operator_trims() { Detail::Buckets } else { self.detail };
        let left = self.needing(detail, |own| own.evaluate(&binary.left, grid))?;
        let right = self.needing(detail, |own| own.evaluate(&binary.right, grid))?;
        let vector = match (left, right) {
            (Computed::Scalar(left), Computed::Scalar(right)) => {
                let result = |one, two| scalar_result(binary.operator, one, two);
                return Ok(Computed::Scalar(left.combined(&right, grid.steps, result)));
            }
            (Computed::Vector(left), Computed::Scalar(right)) => {
                self.with_scalar(left, &right, Side::Left, operation, grid)?
            }
            (Computed::Scalar(left), Computed::Vector(right)) => {
                self.with_scalar(right, &left, Side::Right, operation, grid)?
            }
            (Computed::Vector(left), Computed::Vector(right)) => {
                let matching = binary.matching.clone().unwrap_or_default();
                if binary.operator.is_set() {
                    sets::set_operation(binary.operator, left, right, &matching, grid)?
                } else {
                    self.matched(&left, &right, &matching, operation, grid)?
                }
            }
            (other, Computed::Text(_)) | (Computed::Text(_), other) => return Ok(other),
        };
        Ok(Computed::Vector(vector))
    }

    /// A vector and a scalar; `side` says where the vector stands.
    fn with_scalar(
        &mut self,
        mut series: Vec<Series>,
        scalar: &Scalar,
        side: Side,
        operation: Operation,
        grid: Grid,
    ) -> Result<Vec<Series>> {
        let renames = operation.as_bool || changes_meaning(operation.operator);
        for one in &mut series {
            if one.column.histograms.is_empty() && !operation.operator_trims() {
                floats_with_scalar(&mut one.column, scalar, side, operation);
            } else {
                one.column = self.values_with_scalar(&one.column, scalar, side, operation, grid);
            }
            if renames {
                self.rename(one);
            }
        }
        series.retain(|one| !one.column.is_empty());
        self.unique(series)
    }

    fn values_with_scalar(
        &mut self,
        column: &Column,
        scalar: &Scalar,
        side: Side,
        operation: Operation,
        grid: Grid,
    ) -> Column {
        let mut result = Column::empty(grid.steps);
        for step in 0..grid.steps {
            let Some(value) = column.get(step) else { continue };
            let number = watchglass_model::SampleValue::Float(scalar.get(step));
            let (left, right) = match side {
                Side::Left => (&value, &number),
                Side::Right => (&number, &value),
            };
            if let Some(outcome) = operation.apply(left, right, side, &mut self.notes) {
                result.set(step, outcome);
            }
        }
        result
    }
}

/// Floats and a scalar. A comparison keeps the vector's value, wherever the vector stands.
fn floats_with_scalar(column: &mut Column, scalar: &Scalar, side: Side, operation: Operation) {
    let operator = operation.operator;
    for (step, value) in column.floats.iter_mut().enumerate() {
        if is_absent(*value) {
            continue;
        }
        let number = scalar.get(step);
        let (left, right) = if side == Side::Left { (*value, number) } else { (number, *value) };
        *value = if !operator.is_comparison() {
            float_result(operator, left, right)
        } else if operation.as_bool {
            f64::from(u8::from(keeps(operator, left, right)))
        } else if keeps(operator, left, right) {
            *value
        } else {
            super::column::ABSENT
        };
    }
}

/// The result of an operator between two scalars.
fn scalar_result(operator: Operator, left: f64, right: f64) -> f64 {
    if operator.is_comparison() {
        f64::from(u8::from(keeps(operator, left, right)))
    } else {
        float_result(operator, left, right)
    }
}

/// Whether an operator makes another metric of the one it works on.
pub(crate) fn changes_meaning(operator: Operator) -> bool {
    use Operator::{Add, Atan2, Divide, Modulo, Multiply, Power, Subtract};
    matches!(operator, Add | Subtract | Multiply | Divide | Modulo | Power | Atan2)
}
