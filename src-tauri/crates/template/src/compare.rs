//! `eq`, `ne`, `lt` and their like: values of the same kind only, as Go has it.

use std::cmp::Ordering;

use crate::Value;

const INCOMPATIBLE: &str = "incompatible types for comparison";

fn is_basic(value: &Value<'_>) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_))
}

/// Whether two values are equal; an error where they cannot be compared.
pub(crate) fn equal(one: &Value<'_>, other: &Value<'_>) -> Result<bool, String> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Ok(one == other),
        (Value::Int(one), Value::Int(other)) => Ok(one == other),
        #[expect(clippy::float_cmp, reason = "that is what eq does")]
        (Value::Float(one), Value::Float(other)) => Ok(one == other),
        (Value::Text(one), Value::Text(other)) => Ok(one == other),
        (Value::Time(one), Value::Time(other)) => Ok(one == other),
        (Value::Nil, Value::Nil) => Ok(true),
        (Value::Nil, _) | (_, Value::Nil) => Ok(false),
        _ if is_basic(one) && is_basic(other) => Err(INCOMPATIBLE.to_owned()),
        (own, _) => Err(format!("non-comparable type {}: {}", own, own.type_name())),
    }
}

/// How two values are ordered; none where one is NaN.
pub(crate) fn order(one: &Value<'_>, other: &Value<'_>) -> Result<Option<Ordering>, String> {
    match (one, other) {
        (Value::Int(one), Value::Int(other)) => Ok(Some(one.cmp(other))),
        (Value::Float(one), Value::Float(other)) => Ok(one.partial_cmp(other)),
        (Value::Text(one), Value::Text(other)) => Ok(Some(one.cmp(other))),
        (Value::Bool(_), Value::Bool(_)) => Err("invalid type for comparison".to_owned()),
        _ if is_basic(one) && is_basic(other) => Err(INCOMPATIBLE.to_owned()),
        _ => Err("invalid type for comparison".to_owned()),
    }
}
