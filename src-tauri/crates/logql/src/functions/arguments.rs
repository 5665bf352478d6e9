//! Arguments as Go's `cast` package and sprig read them: most anything becomes a number or a text.

use watchglass_template::number::{parse_float, parse_integer, truncated, widened};
use watchglass_template::{Value, integer_argument, text_argument};

/// The longest text that a function makes.
pub(super) const LONGEST: usize = 1 << 20;

/// What a function gives.
pub(super) type Given<'a> = Result<Value<'a>, String>;

/// Whether there are so many arguments.
pub(super) fn expect(arguments: &[Value<'_>], count: usize) -> Result<(), String> {
    if arguments.len() == count {
        return Ok(());
    }
    Err(format!("wrong number of args: want {count} got {}", arguments.len()))
}

/// One argument that must be a text.
pub(super) fn text<'v>(arguments: &'v [Value<'_>], place: usize) -> Result<&'v str, String> {
    text_argument(arguments, place).map(AsRef::as_ref)
}

/// One argument that must be a whole number.
pub(super) fn count(arguments: &[Value<'_>], place: usize) -> Result<i64, String> {
    integer_argument(arguments, place)
}

/// A number of anything, zero where it is none.
pub(super) fn float(value: &Value<'_>) -> f64 {
    match value {
        Value::Float(value) => *value,
        Value::Int(value) => widened(*value),
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Text(text) => parse_float(text).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// A whole number of anything; parts are cut off, and it is zero where it is no number.
pub(super) fn integer(value: &Value<'_>) -> i64 {
    match value {
        Value::Int(value) => *value,
        Value::Text(text) => parse_integer(text)
            .or_else(|| text.trim_start_matches('0').parse().ok())
            .or_else(|| parse_float(text).ok().map(truncated))
            .unwrap_or(0),
        other => truncated(float(other)),
    }
}
