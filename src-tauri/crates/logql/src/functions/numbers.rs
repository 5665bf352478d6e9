//! Numbers: sprig's arithmetic on whole numbers and floats, and sizes and durations in lines.

use watchglass_template::duration::parse_go;
use watchglass_template::number::widened;
use watchglass_template::{Call, Value};

use super::arguments::{Given, expect, float, integer, text};
use crate::syntax::parse_size;

pub(super) const ALL: &[(&str, Call)] = &[
    ("int", |own| one(own, |value| Value::Int(integer(value)))),
    ("float64", |own| one(own, |value| Value::Float(float(value)))),
    ("add", |own| whole(own, |sum, next| Ok(sum.wrapping_add(next)))),
    ("sub", |own| whole(own, |sum, next| Ok(sum.wrapping_sub(next)))),
    ("mul", |own| whole(own, |sum, next| Ok(sum.wrapping_mul(next)))),
    ("div", |own| whole(own, |sum, next| divided(sum.checked_div(next)))),
    ("mod", |own| whole(own, |sum, next| divided(sum.checked_rem(next)))),
    ("max", |own| whole(own, |one, other| Ok(one.max(other)))),
    ("min", |own| whole(own, |one, other| Ok(one.min(other)))),
    ("addf", |own| floats(own, |sum, next| sum + next)),
    ("subf", |own| floats(own, |sum, next| sum - next)),
    ("mulf", |own| floats(own, |sum, next| sum * next)),
    ("divf", |own| floats(own, |sum, next| sum / next)),
    ("maxf", |own| floats(own, f64::max)),
    ("minf", |own| floats(own, f64::min)),
    ("ceil", |own| one(own, |value| Value::Float(float(value).ceil()))),
    ("floor", |own| one(own, |value| Value::Float(float(value).floor()))),
    ("round", round),
    ("bytes", bytes),
    ("duration", seconds),
    ("duration_seconds", seconds),
];

fn one<'a>(arguments: &[Value<'a>], change: fn(&Value<'a>) -> Value<'a>) -> Given<'a> {
    expect(arguments, 1)?;
    arguments.first().map(change).ok_or_else(String::new)
}

fn divided(result: Option<i64>) -> Result<i64, String> {
    result.ok_or_else(|| "runtime error: integer divide by zero".to_owned())
}

fn whole<'a>(arguments: &[Value<'a>], join: fn(i64, i64) -> Result<i64, String>) -> Given<'a> {
    let mut numbers = arguments.iter().map(integer);
    let first = numbers.next().ok_or("wrong number of args: want at least 1 got 0")?;
    numbers.try_fold(first, join).map(Value::Int)
}

fn floats<'a>(arguments: &[Value<'a>], join: fn(f64, f64) -> f64) -> Given<'a> {
    let numbers = arguments.iter().map(float);
    let result = numbers.reduce(join).ok_or("wrong number of args: want at least 1 got 0")?;
    // Sprig works in decimals, so that 0.1 and 0.2 make 0.3.
    let decimal: f64 = format!("{result:.14e}").parse().unwrap_or(result);
    Ok(Value::Float(if result.is_finite() { decimal } else { result }))
}

/// `round 1.2345 2`, with an optional place from which it goes up.
fn round<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    let (value, places, threshold) = match arguments {
        [value, places] => (float(value), integer(places), 0.5),
        [value, places, threshold] => (float(value), integer(places), float(threshold)),
        _ => return Err(format!("wrong number of args: want 2 got {}", arguments.len())),
    };
    let scale = 10.0_f64.powi(i32::try_from(places).unwrap_or(0).clamp(-300, 300));
    let scaled = value * scale;
    let up = scaled.fract().abs() >= threshold;
    let rounded = if up { scaled.trunc() + scaled.signum() } else { scaled.trunc() };
    Ok(Value::Float(rounded / scale))
}

fn bytes<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    let size = parse_size(text(arguments, 0)?)?;
    Ok(Value::Float(widened(i64::try_from(size).unwrap_or(i64::MAX))))
}

fn seconds<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    Ok(Value::Float(widened(parse_go(text(arguments, 0)?)?) / 1e9))
}
