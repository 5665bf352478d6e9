//! A push in JSON: `{"streams":[{"stream":{…},"values":[["<ns>","line",{…}]]}]}`, and the older form
//! `{"streams":[{"labels":"{…}","entries":[{"ts":"<RFC 3339>","line":"…"}]}]}`.
//!
//! Lists are walked element by element over the text; what is wrong with an element is told in its place.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::labels::{LabelFault, Pairs, StreamLabels};
use crate::{Line, LineFault, PushError, Sink, time};

/// Reads a request. Bytes that are not UTF-8 are read as U+FFFD.
pub fn read_json(bytes: &[u8], sink: &mut impl Sink) -> Result<(), PushError> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = serde_json::Deserializer::from_str(&text);
    Streams(sink).deserialize(&mut reader)?;
    Ok(reader.end()?)
}

/// The request: an object of which `streams` is told as it comes.
struct Streams<'s, S>(&'s mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Streams<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Streams<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with streams")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = object.next_key::<Cow<'de, str>>()? {
            if key == "streams" {
                object.next_value_seed(Each::new(|stream: Stream<'de>| {
                    read_stream(&stream, self.0);
                }))?;
            } else {
                object.next_value::<&RawValue>()?;
            }
        }
        Ok(())
    }
}

/// One stream, its parts still as text. Clients write any of the four.
#[derive(Debug, Deserialize)]
struct Stream<'a> {
    #[serde(borrow, default, rename = "stream")]
    object: Option<&'a RawValue>,
    #[serde(borrow, default)]
    labels: Option<&'a RawValue>,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    entries: Option<&'a RawValue>,
}

fn read_stream(stream: &Stream<'_>, sink: &mut impl Sink) {
    let written = stream.object.or(stream.labels).map_or("{}", RawValue::get);
    if let Ok(text) = serde_json::from_str::<Text<'_>>(written) {
        let labels = StreamLabels::parse(&text.0);
        if !sink.stream(labels) {
            return;
        }
    } else {
        let pairs = serde_json::from_str::<Flat<'_>>(written);
        let shape = |fault: serde_json::Error| LabelFault::Shape(fault.to_string());
        if !sink.stream(pairs.map_err(shape).and_then(|pairs| StreamLabels::new(pairs.0))) {
            return;
        }
    }
    let mut place = 0;
    for list in [stream.values, stream.entries].into_iter().flatten() {
        let mut reader = serde_json::Deserializer::from_str(list.get());
        let each = Each::new(|entry: &RawValue| {
            read_entry(entry, place, sink);
            place += 1;
        });
        if let Err(fault) = each.deserialize(&mut reader) {
            sink.line(Err(LineFault { place, reason: format!("the lines are no list: {fault}") }));
        }
    }
}

fn read_entry(entry: &RawValue, place: usize, sink: &mut impl Sink) {
    let read = match entry.get().bytes().next() {
        Some(b'[') => serde_json::from_str::<Tuple<'_>>(entry.get())
            .map(|Tuple(time, line, metadata)| (Some(time), line.0, metadata)),
        _ => serde_json::from_str::<Entry<'_>>(entry.get())
            .map(|entry| (entry.time, entry.line.0, entry.metadata)),
    };
    let fault = |reason: String| Err(LineFault { place, reason });
    let (time, text, metadata) = match read {
        Ok(read) => read,
        Err(reason) => return sink.line(fault(format!("{reason}: {FORMS}"))),
    };
    let time = match time.map(|time| time::parse(&time.0).ok_or(time)) {
        None => None,
        Some(Ok(time)) => Some(time),
        Some(Err(Scalar(time))) => {
            return sink.line(fault(format!(
                "the timestamp {time:?} is no text of nanoseconds since 1970"
            )));
        }
    };
    let metadata = metadata.map(|raw| serde_json::from_str::<Flat<'_>>(raw.get())).transpose();
    match metadata {
        Ok(metadata) => {
            let metadata = metadata.map(|pairs| pairs.0).unwrap_or_default();
            sink.line(Ok(Line { time, text, metadata: &metadata }));
        }
        Err(reason) => {
            sink.line(fault(format!("the structured metadata is no flat object: {reason}")));
        }
    }
}

/// How a line is written.
const FORMS: &str = r#"a line is ["<nanoseconds>", "<text>", {"<name>": "<value>"}]"#;

/// A line as an array.
#[derive(Debug, Deserialize)]
struct Tuple<'a>(
    #[serde(borrow)] Scalar<'a>,
    #[serde(borrow)] Text<'a>,
    #[serde(borrow, default)] Option<&'a RawValue>,
);

/// A line as an object.
#[derive(Debug, Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default, rename = "ts", alias = "timestamp")]
    time: Option<Scalar<'a>>,
    #[serde(borrow)]
    line: Text<'a>,
    #[serde(borrow, default, rename = "structuredMetadata", alias = "structured_metadata")]
    metadata: Option<&'a RawValue>,
}

/// A text that is borrowed where it has no escapes.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A text, or a number or truth value as text: senders differ.
#[derive(Debug)]
struct Scalar<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(ScalarVisitor).map(Self)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_bool<E>(self, is: bool) -> Result<Self::Value, E> {
        Ok(Cow::Owned(is.to_string()))
    }
}

/// A flat object.
#[derive(Debug)]
struct Flat<'a>(Pairs<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Flat<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(FlatVisitor).map(Self)
    }
}

struct FlatVisitor;

impl<'de> Visitor<'de> for FlatVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some((name, value)) = object.next_entry::<Text<'de>, Scalar<'de>>()? {
            pairs.push((name.0, value.0));
        }
        Ok(pairs)
    }
}

/// Calls a function with each element of a list; `null` is an empty list.
struct Each<T, F> {
    visit: F,
    element: PhantomData<T>,
}

impl<T, F: FnMut(T)> Each<T, F> {
    const fn new(visit: F) -> Self {
        Self { visit, element: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> DeserializeSeed<'de> for Each<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            (self.visit)(element);
        }
        Ok(())
    }
}
