//! Numbers, text, bytes, ids and enums, in every spelling that JSON senders use.

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

use super::shape::Kind;
use crate::write;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads one scalar and writes it, with its field's key or, in a packed list, without.
pub(super) struct Scalar<'m> {
    out: &'m mut Vec<u8>,
    kind: Kind,
    number: Option<u32>,
}

impl<'m> Scalar<'m> {
    pub(super) fn new(out: &'m mut Vec<u8>, kind: Kind, number: Option<u32>) -> Self {
        Self { out, kind, number }
    }

    fn key(&mut self, wire_type: u32) {
        if let Some(number) = self.number {
            write::key(self.out, number, wire_type);
        }
    }

    fn varint(mut self, number: u64) {
        self.key(write::VARINT);
        write::varint(self.out, number);
    }

    fn fixed64(mut self, number: u64) {
        self.key(write::FIXED64);
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    fn bytes(self, bytes: &[u8]) {
        if let Some(number) = self.number {
            write::bytes(self.out, number, bytes);
        }
    }

    fn double(self, double: f64) {
        self.fixed64(double.to_bits());
    }

    /// A whole number of whatever width.
    fn whole<E: Error>(mut self, number: i128) -> Result<(), E> {
        let outside = |_| E::custom(format_args!("{number} is out of range for this field"));
        match self.kind {
            Kind::Uint32 => {
                let number = u32::try_from(number).map_err(outside)?;
                self.varint(u64::from(number));
            }
            Kind::Fixed32 => {
                let number = u32::try_from(number).map_err(outside)?;
                self.key(write::FIXED32);
                self.out.extend_from_slice(&number.to_le_bytes());
            }
            Kind::Sint32 => {
                let number = i32::try_from(number).map_err(outside)?;
                let zigzag = (number << 1) ^ (number >> 31);
                self.varint(u64::from(zigzag.cast_unsigned()));
            }
            Kind::Enum(..) => {
                let number = i32::try_from(number).map_err(outside)?;
                self.varint(i64::from(number).cast_unsigned());
            }
            Kind::Uint64 => {
                let number = u64::try_from(number).map_err(outside)?;
                self.varint(number);
            }
            Kind::Fixed64 => {
                let number = u64::try_from(number).map_err(outside)?;
                self.fixed64(number);
            }
            Kind::Int64 => {
                let number = i64::try_from(number).map_err(outside)?;
                self.varint(number.cast_unsigned());
            }
            Kind::Sfixed64 => {
                let number = i64::try_from(number).map_err(outside)?;
                self.fixed64(number.cast_unsigned());
            }
            Kind::Text | Kind::Bytes | Kind::Id | Kind::Bool | Kind::Double | Kind::Message(_) => {
                return Err(E::custom(format_args!(
                    "a number where {} is wanted",
                    Wanted(self.kind)
                )));
            }
        }
        Ok(())
    }

    fn number<E: Error>(self, number: i128) -> Result<(), E> {
        if matches!(self.kind, Kind::Double) {
            #[expect(clippy::cast_precision_loss, reason = "JSON does not tell 1 from 1.0")]
            let double = number as f64;
            self.double(double);
            return Ok(());
        }
        self.whole(number)
    }

    fn fraction<E: Error>(self, double: f64) -> Result<(), E> {
        if matches!(self.kind, Kind::Double) {
            self.double(double);
            return Ok(());
        }
        let whole = whole_of(double)
            .ok_or_else(|| E::custom(format_args!("{double} is not a whole number")))?;
        self.whole(whole)
    }
}

/// The whole number that a double is, if it is one.
fn whole_of(double: f64) -> Option<i128> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole double of this size fits in 128 bits"
    )]
    (double.fract() == 0.0 && double.abs() < 1e30).then_some(double as i128)
}

impl<'de> DeserializeSeed<'de> for Scalar<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl Visitor<'_> for Scalar<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Wanted(self.kind))
    }

    /// `null` is the default: nothing is written, but an element of a packed list must stand there.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match (self.number, self.kind) {
            (Some(_), _) => Ok(()),
            (None, Kind::Double) => self.fraction(0.0),
            (None, _) => self.whole(0),
        }
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<(), E> {
        if !matches!(self.kind, Kind::Bool) {
            let wanted = Wanted(self.kind);
            return Err(E::custom(format_args!("{bool} where {wanted} is wanted")));
        }
        self.varint(u64::from(bool));
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.number(i128::from(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.number(i128::from(number))
    }

    fn visit_f64<E: Error>(self, double: f64) -> Result<(), E> {
        match self.kind {
            Kind::Text | Kind::Bytes | Kind::Id | Kind::Bool => self.whole(0),
            _ => self.fraction(double),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.kind {
            Kind::Text => self.bytes(text.as_bytes()),
            Kind::Bytes => {
                let bytes = base64(text).ok_or_else(|| E::custom("not base64"))?;
                self.bytes(&bytes);
            }
            Kind::Id => {
                let bytes = hex(text).ok_or_else(|| E::custom(NOT_HEX))?;
                self.bytes(&bytes);
            }
            Kind::Bool => {
                let bool: bool = text.parse().map_err(E::custom)?;
                self.varint(u64::from(bool));
            }
            Kind::Double => {
                let double = text.trim().parse().map_err(E::custom)?;
                self.double(double);
            }
            Kind::Enum(prefix, names) => {
                let name = text.strip_prefix(prefix).unwrap_or(text);
                let place = names.iter().position(|one| one.eq_ignore_ascii_case(name));
                return match place.and_then(|place| i128::try_from(place).ok()) {
                    Some(number) => self.whole(number),
                    None => self.whole_text(text),
                };
            }
            _ => return self.whole_text(text),
        }
        Ok(())
    }
}

const NOT_HEX: &str = "not hexadecimal: OTLP/JSON writes ids in hexadecimal, not in base64";

impl Scalar<'_> {
    fn whole_text<E: Error>(self, text: &str) -> Result<(), E> {
        let trimmed = text.trim();
        let number = trimmed.parse().ok().or_else(|| whole_of(trimmed.parse().ok()?));
        match number {
            Some(number) => self.whole(number),
            None => Err(E::custom(format_args!("{text:?} where {} is wanted", Wanted(self.kind)))),
        }
    }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let standard: Vec<u8> = text
        .bytes()
        .map(|letter| match letter {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    BASE64.decode(standard).ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks();
    let digit = |letter: u8| char::from(letter).to_digit(16);
    let pair = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(pair).collect()
}

/// A kind in words.
struct Wanted(Kind);

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Text => "text",
            Kind::Bytes => "bytes in base64",
            Kind::Id => "an id in hexadecimal",
            Kind::Bool => "true or false",
            Kind::Double => "a number",
            Kind::Enum(..) => "the number of an enum's value",
            Kind::Message(_) => "an object",
            _ => "a whole number",
        })
    }
}
