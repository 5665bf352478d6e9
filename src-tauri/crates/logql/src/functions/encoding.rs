//! Encodings: URLs, base64, JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use watchglass_template::number::widened;
use watchglass_template::{Call, Value, url_query_escaped};

use super::arguments::{Given, expect, text};

pub(super) const ALL: &[(&str, Call)] = &[
    ("urlencode", |own| {
        expect(own, 1)?;
        Ok(Value::text(url_query_escaped(text(own, 0)?)))
    }),
    ("urldecode", url_decode),
    ("b64enc", |own| {
        expect(own, 1)?;
        Ok(Value::text(STANDARD.encode(text(own, 0)?)))
    }),
    ("b64dec", base64_decode),
    ("fromJson", from_json),
];

/// As Go's `url.QueryUnescape`.
fn url_decode<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    let own = text(arguments, 0)?;
    let mut out = Vec::with_capacity(own.len());
    let mut bytes = own.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = [bytes.next(), bytes.next()].map(|digit| {
                    digit
                        .and_then(|digit| char::from(digit).to_digit(16))
                        .and_then(|value| u8::try_from(value).ok())
                });
                let [Some(high), Some(low)] = digits else {
                    return Err("invalid URL escape".to_owned());
                };
                out.push(high * 16 + low);
            }
            other => out.push(other),
        }
    }
    Ok(Value::text(String::from_utf8_lossy(&out).into_owned()))
}

fn base64_decode<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    let bytes = STANDARD.decode(text(arguments, 0)?).map_err(|fault| fault.to_string())?;
    Ok(Value::text(String::from_utf8_lossy(&bytes).into_owned()))
}

/// What is no JSON is nothing, as with sprig.
fn from_json<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    let parsed = serde_json::from_str::<serde_json::Value>(text(arguments, 0)?);
    Ok(parsed.map_or(Value::Nil, value))
}

fn value(json: serde_json::Value) -> Value<'static> {
    match json {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(own) => Value::Bool(own),
        serde_json::Value::Number(number) => {
            Value::Float(number.as_f64().or_else(|| number.as_i64().map(widened)).unwrap_or(0.0))
        }
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(list) => Value::list(list.into_iter().map(value).collect()),
        serde_json::Value::Object(fields) => {
            let fields: BTreeMap<_, _> =
                fields.into_iter().map(|(name, own)| (name, value(own))).collect();
            Value::Map(Arc::new(fields))
        }
    }
}
