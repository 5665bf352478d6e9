//! `logproto.PushRequest`, snappy-compressed (Loki's `pkg/push/push.proto`).
//!
//! Messages are walked field by field on borrowed bytes: a list of empty lines, two bytes each, would take fifty times
//! its size as owned messages.

use std::borrow::Cow;

use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use crate::labels::{LabelFault, Pairs, StreamLabels};
use crate::{Line, PushError, Sink, time};

/// Undoes the compression of a body; what it holds may take at most `limit` bytes.
pub fn uncompress(body: &[u8], limit: usize) -> Result<Vec<u8>, PushError> {
    let size = snap::raw::decompress_len(body)?;
    if size > limit {
        return Err(PushError::TooLarge { size, limit });
    }
    Ok(snap::raw::Decoder::new().decompress_vec(body)?)
}

/// Reads an uncompressed request.
pub fn read_protobuf(bytes: &[u8], sink: &mut impl Sink) -> Result<(), PushError> {
    each_field(bytes, |number, field| match (number, field) {
        (1, Field::Bytes(stream)) => read_stream(stream, sink),
        _ => Ok(()),
    })?;
    Ok(())
}

/// What stands behind a field's key.
enum Field<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    Other,
}

fn each_field<'a>(
    mut rest: &'a [u8],
    mut visit: impl FnMut(u32, Field<'a>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    while !rest.is_empty() {
        let (number, wire_type) = decode_key(&mut rest)?;
        let start = rest;
        skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
        let mut content = start.get(..start.len() - rest.len()).unwrap_or_default();
        let field = match wire_type {
            WireType::Varint => Field::Varint(decode_varint(&mut content)?),
            WireType::LengthDelimited => {
                decode_varint(&mut content)?;
                Field::Bytes(content)
            }
            _ => Field::Other,
        };
        visit(number, field)?;
    }
    Ok(())
}

/// Labels may stand behind the lines: the first walk finds them, the second tells the lines.
fn read_stream(bytes: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
    let mut labels: &[u8] = &[];
    each_field(bytes, |number, field| {
        if let (1, Field::Bytes(text)) = (number, field) {
            labels = text;
        }
        Ok(())
    })?;
    let text = std::str::from_utf8(labels);
    let labels =
        text.map_err(|fault| LabelFault::Shape(fault.to_string())).and_then(StreamLabels::parse);
    if !sink.stream(labels) {
        return Ok(());
    }
    let mut metadata = Vec::new();
    each_field(bytes, |number, field| match (number, field) {
        (2, Field::Bytes(entry)) => {
            let (time, text) = read_entry(entry, &mut metadata)?;
            sink.line(Ok(Line { time, text: String::from_utf8_lossy(text), metadata: &metadata }));
            Ok(())
        }
        _ => Ok(()),
    })
}

fn read_entry<'a>(
    bytes: &'a [u8],
    metadata: &mut Pairs<'a>,
) -> Result<(Option<i64>, &'a [u8]), DecodeError> {
    metadata.clear();
    let (mut time, mut text): (_, &[u8]) = (None, &[]);
    each_field(bytes, |number, field| {
        match (number, field) {
            (1, Field::Bytes(bytes)) => time = read_time(bytes)?,
            (2, Field::Bytes(bytes)) => text = bytes,
            (3, Field::Bytes(pair)) => metadata.push(read_pair(pair)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok((time, text))
}

fn read_time(bytes: &[u8]) -> Result<Option<i64>, DecodeError> {
    let (mut seconds, mut nanos) = (0, 0);
    each_field(bytes, |number, field| {
        match (number, field) {
            (1, Field::Varint(number)) => seconds = number.cast_signed(),
            (2, Field::Varint(number)) => nanos = number.cast_signed(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(time::of_parts(seconds, nanos))
}

fn read_pair(bytes: &[u8]) -> Result<(Cow<'_, str>, Cow<'_, str>), DecodeError> {
    let (mut name, mut value) = (Cow::Borrowed(""), Cow::Borrowed(""));
    each_field(bytes, |number, field| {
        match (number, field) {
            (1, Field::Bytes(text)) => name = String::from_utf8_lossy(text),
            (2, Field::Bytes(text)) => value = String::from_utf8_lossy(text),
            _ => {}
        }
        Ok(())
    })?;
    Ok((name, value))
}
