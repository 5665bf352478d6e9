//! The same request written another way: fields in another order, given twice, split in two, with unknown ones
//! between them, packed numbers unpacked. What it means then is for protobuf's merging rules to say.

use prost::encoding::{WireType, decode_key, decode_varint, encode_key, encode_varint};

use crate::dice::Dice;

/// A message type, as far as its message fields go: number and type of each.
pub(crate) struct Shape(&'static [(u32, &'static Shape)]);

static VALUE: Shape = Shape(&[(5, &ARRAY), (6, &MAP)]);
static ARRAY: Shape = Shape(&[(1, &VALUE)]);
static MAP: Shape = Shape(&[(1, &KEY_VALUE)]);
static KEY_VALUE: Shape = Shape(&[(2, &VALUE)]);
static RESOURCE: Shape = Shape(&[(1, &KEY_VALUE)]);
static SCOPE: Shape = Shape(&[(3, &KEY_VALUE)]);
static EVENT: Shape = Shape(&[(3, &KEY_VALUE)]);
static LINK: Shape = Shape(&[(4, &KEY_VALUE)]);
static STATUS: Shape = Shape(&[]);
static SPAN: Shape = Shape(&[(9, &KEY_VALUE), (11, &EVENT), (13, &LINK), (15, &STATUS)]);
static SPANS: Shape = Shape(&[(1, &SCOPE), (2, &SPAN)]);
static RESOURCE_SPANS: Shape = Shape(&[(1, &RESOURCE), (2, &SPANS)]);
pub(crate) static TRACES: Shape = Shape(&[(1, &RESOURCE_SPANS)]);
static RECORD: Shape = Shape(&[(5, &VALUE), (6, &KEY_VALUE)]);
static RECORDS: Shape = Shape(&[(1, &SCOPE), (2, &RECORD)]);
static RESOURCE_LOGS: Shape = Shape(&[(1, &RESOURCE), (2, &RECORDS)]);
pub(crate) static LOGS: Shape = Shape(&[(1, &RESOURCE_LOGS)]);
static EXEMPLAR: Shape = Shape(&[(7, &KEY_VALUE)]);
static NUMBER: Shape = Shape(&[(5, &EXEMPLAR), (7, &KEY_VALUE)]);
static HISTOGRAM: Shape = Shape(&[(8, &EXEMPLAR), (9, &KEY_VALUE)]);
static BUCKETS: Shape = Shape(&[]);
static EXPONENTIAL: Shape =
    Shape(&[(1, &KEY_VALUE), (8, &BUCKETS), (9, &BUCKETS), (11, &EXEMPLAR)]);
static SUMMARY: Shape = Shape(&[(6, &QUANTILE), (7, &KEY_VALUE)]);
static QUANTILE: Shape = Shape(&[]);
static NUMBERS: Shape = Shape(&[(1, &NUMBER)]);
static HISTOGRAMS: Shape = Shape(&[(1, &HISTOGRAM)]);
static EXPONENTIALS: Shape = Shape(&[(1, &EXPONENTIAL)]);
static SUMMARIES: Shape = Shape(&[(1, &SUMMARY)]);
static METRIC: Shape = Shape(&[
    (5, &NUMBERS),
    (7, &NUMBERS),
    (9, &HISTOGRAMS),
    (10, &EXPONENTIALS),
    (11, &SUMMARIES),
    (12, &KEY_VALUE),
]);
static METRICS_OF_SCOPE: Shape = Shape(&[(1, &SCOPE), (2, &METRIC)]);
static RESOURCE_METRICS: Shape = Shape(&[(1, &RESOURCE), (2, &METRICS_OF_SCOPE)]);
pub(crate) static METRICS: Shape = Shape(&[(1, &RESOURCE_METRICS)]);

/// Messages that were seen before, by their type.
type Seen = Vec<(&'static Shape, Vec<u8>)>;

/// Writes `message` another way.
pub(crate) fn scramble(dice: &mut Dice, shape: &'static Shape, message: &[u8]) -> Vec<u8> {
    rewrite(dice, &mut Seen::new(), shape, message)
}

fn rewrite(dice: &mut Dice, seen: &mut Seen, shape: &'static Shape, message: &[u8]) -> Vec<u8> {
    let mut fields = split(message);
    for (number, wire_type, content) in &mut fields {
        let inner = shape.0.iter().find(|(wanted, _)| wanted == number);
        if let (Some((_, inner)), WireType::LengthDelimited) = (inner, *wire_type) {
            *content = rewrite(dice, seen, inner, content);
        }
    }
    // Another message of the same type behind this one: protobuf merges the two.
    if dice.once_in(6) {
        let alike: Vec<_> = seen.iter().filter(|(known, _)| std::ptr::eq(*known, shape)).collect();
        if let Some((_, other)) = alike.get(dice.below(alike.len())) {
            fields.extend(split(other));
        }
    }
    seen.push((shape, message.to_vec()));
    if dice.once_in(3) && !fields.is_empty() {
        let again = fields[dice.below(fields.len())].clone();
        fields.push(again);
    }
    if dice.once_in(3) && fields.len() > 1 {
        let (one, other) = (dice.below(fields.len()), dice.below(fields.len()));
        fields.swap(one, other);
    }
    let mut out = Vec::new();
    for (number, wire_type, content) in fields {
        if dice.once_in(8) {
            unknown_field(dice, &mut out);
        }
        write_field(&mut out, number, wire_type, &content);
    }
    out
}

/// The fields of a message: number, wire type and content of each.
fn split(mut message: &[u8]) -> Vec<(u32, WireType, Vec<u8>)> {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let (number, wire_type) = decode_key(&mut message).unwrap();
        let before = message;
        let length = match wire_type {
            WireType::Varint => {
                decode_varint(&mut message).unwrap();
                before.len() - message.len()
            }
            WireType::SixtyFourBit => 8,
            WireType::ThirtyTwoBit => 4,
            WireType::LengthDelimited => {
                usize::try_from(decode_varint(&mut message).unwrap()).unwrap()
            }
            _ => panic!("prost writes no groups"),
        };
        let start = if wire_type == WireType::Varint { before } else { message };
        fields.push((number, wire_type, start[..length].to_vec()));
        message = &start[length..];
    }
    fields
}

fn write_field(out: &mut Vec<u8>, number: u32, wire_type: WireType, content: &[u8]) {
    encode_key(number, wire_type, out);
    if wire_type == WireType::LengthDelimited {
        encode_varint(content.len() as u64, out);
    }
    out.extend_from_slice(content);
}

fn unknown_field(dice: &mut Dice, out: &mut Vec<u8>) {
    let number = 1000 + dice.number32() % 1_000_000;
    match dice.below(4) {
        0 => {
            encode_key(number, WireType::Varint, out);
            encode_varint(dice.number(), out);
        }
        1 => write_field(out, number, WireType::SixtyFourBit, &[7; 8]),
        2 => write_field(out, number, WireType::LengthDelimited, &dice.bytes(20)),
        _ => {
            encode_key(number, WireType::StartGroup, out);
            write_field(out, 1, WireType::ThirtyTwoBit, &[1; 4]);
            encode_key(number, WireType::EndGroup, out);
        }
    }
}
