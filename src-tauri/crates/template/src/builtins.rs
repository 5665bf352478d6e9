//! The functions that every Go template has.

use crate::compare::{equal, order};
use crate::printf::{print, printf};
use crate::{Value, escape, text_argument};

/// All but `and` and `or`, which look at one argument after another and stop.
pub(crate) const NAMES: [&str; 19] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
    "print", "printf", "println", "slice", "urlquery",
];

/// Calls a function of Go; none where there is no such function.
pub(crate) fn call<'a>(name: &str, arguments: &[Value<'a>]) -> Option<Result<Value<'a>, String>> {
    let needs = |least: usize| {
        if arguments.len() < least {
            Err(format!(
                "wrong number of args for {name}: want at least {least} got {}",
                arguments.len()
            ))
        } else {
            Ok(())
        }
    };
    let text = |value: String| Ok(Value::text(value));
    Some(match name {
        "eq" => needs(1).and_then(|()| any_equal(arguments)),
        "ne" | "lt" | "le" | "gt" | "ge" | "not" => exactly(name, arguments),
        "index" => needs(1).and_then(|()| index(arguments)),
        "slice" => needs(1).and_then(|()| slice(arguments)),
        "len" => needs(1).and_then(|()| length(arguments)),
        "print" => text(print(arguments)),
        "println" => text(println(arguments)),
        "printf" => needs(1)
            .and_then(|()| text_argument(arguments, 0))
            .and_then(|format| text(printf(format, arguments.get(1..).unwrap_or_default()))),
        "html" => text(escape::html(&joined(arguments))),
        "js" => text(escape::js(&joined(arguments))),
        "urlquery" => text(escape::urlquery(&joined(arguments))),
        "call" => Err("call of something that is no function".to_owned()),
        _ => return None,
    })
}

/// Texts as they are, anything else as `print` writes it.
fn joined(arguments: &[Value<'_>]) -> String {
    print(arguments)
}

/// `Sprintln`: always a space between, a line end behind.
fn println(arguments: &[Value<'_>]) -> String {
    let texts: Vec<_> = arguments.iter().map(crate::printf::plain).collect();
    texts.join(" ") + "\n"
}

fn any_equal<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, String> {
    let [first, others @ ..] = arguments else { return Ok(Value::Bool(false)) };
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equal(first, other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// Functions of one or two arguments, not more and not fewer.
fn exactly<'a>(name: &str, arguments: &[Value<'a>]) -> Result<Value<'a>, String> {
    let truth = match (name, arguments) {
        ("not", [value]) => !value.is_true(),
        ("ne", [one, other]) => !equal(one, other)?,
        ("lt", [one, other]) => order(one, other)?.is_some_and(std::cmp::Ordering::is_lt),
        ("le", [one, other]) => order(one, other)?.is_some_and(std::cmp::Ordering::is_le),
        ("gt", [one, other]) => order(one, other)?.is_some_and(std::cmp::Ordering::is_gt),
        ("ge", [one, other]) => order(one, other)?.is_some_and(std::cmp::Ordering::is_ge),
        _ => {
            let want = if name == "not" { 1 } else { 2 };
            return Err(format!(
                "wrong number of args for {name}: want {want} got {}",
                arguments.len()
            ));
        }
    };
    Ok(Value::Bool(truth))
}

/// `index x 1 2` is `x[1][2]`.
fn index<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, String> {
    let mut value = arguments.first().cloned().unwrap_or_default();
    for key in arguments.get(1..).unwrap_or_default() {
        value = match &value {
            Value::List(list) => {
                let place = place(key, list.len(), false)?;
                list.get(place).cloned().unwrap_or_default()
            }
            Value::Text(text) => {
                let place = place(key, text.len(), false)?;
                Value::Int(text.as_bytes().get(place).copied().map_or(0, i64::from))
            }
            Value::Map(_) | Value::Fields(_) => match key {
                Value::Text(name) => value.field(name)?,
                other => {
                    return Err(format!("value has type {}; should be string", other.type_name()));
                }
            },
            Value::Nil => return Err("index of untyped nil".to_owned()),
            other => return Err(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(value)
}

/// A place within `length` things, or right behind them where `behind` allows it.
fn place(key: &Value<'_>, length: usize, behind: bool) -> Result<usize, String> {
    let Value::Int(own) = key else {
        return Err(match key {
            Value::Nil => "cannot index slice/array with nil".to_owned(),
            other => format!("cannot index slice/array with type {}", other.type_name()),
        });
    };
    let place = usize::try_from(*own).ok();
    let place = place.filter(|place| *place < length || (behind && *place == length));
    place.ok_or_else(|| format!("index out of range: {own}"))
}

/// `slice x 1 2` is `x[1:2]`.
fn slice<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, String> {
    let value = arguments.first().cloned().unwrap_or_default();
    let bounds = |length: usize| -> Result<(usize, usize), String> {
        if arguments.len() > 3 {
            return Err(format!("too many slice indexes: {}", arguments.len() - 1));
        }
        let start = arguments.get(1).map_or(Ok(0), |key| place(key, length, true))?;
        let end = arguments.get(2).map_or(Ok(length), |key| place(key, length, true))?;
        if start > end {
            return Err(format!("invalid slice index: {start} > {end}"));
        }
        Ok((start, end))
    };
    match &value {
        Value::Text(text) => {
            let (start, end) = bounds(text.len())?;
            let part = text.as_bytes().get(start..end).unwrap_or_default();
            Ok(Value::text(String::from_utf8_lossy(part).into_owned()))
        }
        Value::List(list) => {
            let (start, end) = bounds(list.len())?;
            Ok(Value::list(list.get(start..end).unwrap_or_default().to_vec()))
        }
        Value::Nil => Err("slice of untyped nil".to_owned()),
        other => Err(format!("can't slice item of type {}", other.type_name())),
    }
}

fn length<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, String> {
    let length = match arguments {
        [Value::Text(text)] => text.len(),
        [Value::List(list)] => list.len(),
        [Value::Map(map)] => map.len(),
        [Value::Fields(fields)] => fields.pairs().len(),
        [Value::Nil] => return Err("len of nil pointer".to_owned()),
        [other] => return Err(format!("len of type {}", other.type_name())),
        _ => {
            return Err(format!("wrong number of args for len: want 1 got {}", arguments.len()));
        }
    };
    Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}
