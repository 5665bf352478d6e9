//! Operators between two expressions.

mod matching;
mod sets;

use watchglass_model::Labels;

use super::Result;
use super::column::{ABSENT, Series, is_absent};
use super::evaluate::Computed;
use crate::tree::{Binary, Operator};

pub(super) fn evaluate(
    binary: &Binary,
    left: Computed,
    right: Computed,
    steps: usize,
) -> Result<Computed> {
    match (left, right) {
        (Computed::Scalar(left), Computed::Scalar(right)) => {
            Ok(Computed::Scalar(of_scalars(binary.operator, left, right)))
        }
        (Computed::Vector { series: left, .. }, Computed::Vector { series: right, .. }) => {
            let series = if binary.operator.is_set() {
                sets::combined(binary, left, right, steps)
            } else {
                matching::matched(binary, &left, &right, steps)?
            };
            Ok(Computed::vector(series))
        }
        (Computed::Vector { series, .. }, Computed::Scalar(number)) => {
            Ok(Computed::vector(with_scalar(binary, series, number, false)))
        }
        (Computed::Scalar(number), Computed::Vector { series, .. }) => {
            Ok(Computed::vector(with_scalar(binary, series, number, true)))
        }
    }
}

/// The result of arithmetic. Division and modulo by zero give NaN.
fn arithmetic(operator: Operator, left: f64, right: f64) -> f64 {
    let result = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide | Operator::Modulo if right == 0.0 => f64::NAN,
        Operator::Divide => left / right,
        Operator::Modulo => left % right,
        _ => left.powf(right),
    };
    if is_absent(result) { f64::NAN } else { result }
}

/// Comparisons of two numbers give one or zero.
fn of_scalars(operator: Operator, left: f64, right: f64) -> f64 {
    match operator.comparison() {
        Some(comparison) => f64::from(u8::from(comparison.holds(left, right))),
        None => arithmetic(operator, left, right),
    }
}

/// The result at one step; `kept` is what a comparison that holds keeps.
fn value(binary: &Binary, left: f64, right: f64, kept: f64) -> f64 {
    if is_absent(left) || is_absent(right) {
        return ABSENT;
    }
    match binary.operator.comparison() {
        None => arithmetic(binary.operator, left, right),
        Some(comparison) => {
            let holds = comparison.holds(left, right);
            match (binary.as_bool, holds) {
                (true, holds) => f64::from(u8::from(holds)),
                (false, true) => kept,
                (false, false) => ABSENT,
            }
        }
    }
}

/// A vector and a number, which stands on the left where `swapped`. A comparison keeps the value of the vector.
fn with_scalar(
    binary: &Binary,
    mut series: Vec<Series>,
    number: f64,
    swapped: bool,
) -> Vec<Series> {
    for one in &mut series {
        for own in &mut one.values {
            let (left, right) = if swapped { (number, *own) } else { (*own, number) };
            *own = value(binary, left, right, *own);
        }
    }
    series.retain(|one| !one.is_empty());
    series
}

/// The labels by which series belong together.
fn signature(binary: &Binary, labels: &Labels) -> Labels {
    let matching = &binary.matching;
    let named = |name: &str| matching.labels.iter().any(|own| own == name);
    labels.filtered(|name| named(name) == matching.on)
}
