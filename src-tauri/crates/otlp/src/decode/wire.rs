//! Protobuf's wire format: keys, variable-length numbers, and contents borrowed from the request.

use super::MAX_DEPTH;
use super::fault::{Fault, Problem};

/// What stands behind a field's key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content<'a> {
    /// A variable-length number.
    Varint(u64),
    /// Eight bytes.
    Fixed64(u64),
    /// Text, bytes, a message, or packed numbers.
    Bytes(&'a [u8]),
    /// Four bytes.
    Fixed32(u32),
    /// A group, which OTLP does not use; its contents have been skipped.
    Group,
}

/// What is left of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire<'a> {
    rest: &'a [u8],
}

#[expect(
    clippy::inline_always,
    reason = "left to itself the compiler makes calls of these, and decoding takes a third longer"
)]
impl<'a> Wire<'a> {
    /// A message from its first byte.
    pub(super) const fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    /// The next field's number and content; none at the end of the message.
    #[inline(always)]
    pub(super) fn field(&mut self) -> Result<Option<(u32, Content<'a>)>, Fault> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (number, wire_type) = self.key()?;
        let content = match wire_type {
            2 => Content::Bytes(self.bytes()?),
            1 => Content::Fixed64(self.fixed64()?),
            0 => Content::Varint(self.varint()?),
            5 => Content::Fixed32(self.fixed32()?),
            3 => {
                self.skip_group(number, 0)?;
                Content::Group
            }
            _ => return Err(Fault::new(Problem::InvalidKey, self.rest)),
        };
        Ok(Some((number, content)))
    }

    #[inline(always)]
    fn key(&mut self) -> Result<(u32, u8), Fault> {
        let place = self.rest;
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).unwrap_or(u32::MAX);
        if number == 0 || number >= 1 << 29 {
            return Err(Fault::new(Problem::InvalidKey, place));
        }
        Ok((number, (key & 7) as u8))
    }

    /// A variable-length number of at most 64 bits.
    #[inline(always)]
    pub(super) fn varint(&mut self) -> Result<u64, Fault> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(u64::from(byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, Fault> {
        let mut number = 0;
        for (position, &byte) in self.rest.iter().take(10).enumerate() {
            if position == 9 && byte > 1 {
                return Err(Fault::new(Problem::OverlongNumber, self.rest));
            }
            number |= u64::from(byte & 0x7f) << (7 * position);
            if byte < 0x80 {
                self.rest = self.rest.get(position + 1..).unwrap_or_default();
                return Ok(number);
            }
        }
        Err(Fault::new(Problem::Truncated, self.rest))
    }

    #[inline(always)]
    fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let place = self.rest;
        let length = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        let Some((bytes, rest)) = self.rest.split_at_checked(length) else {
            return Err(Fault::new(Problem::TooLong, place));
        };
        self.rest = rest;
        Ok(bytes)
    }

    /// Eight bytes, least significant first.
    #[inline(always)]
    pub(super) fn fixed64(&mut self) -> Result<u64, Fault> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(Fault::new(Problem::Truncated, self.rest));
        };
        self.rest = rest;
        Ok(u64::from_le_bytes(*bytes))
    }

    #[inline(always)]
    fn fixed32(&mut self) -> Result<u32, Fault> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(Fault::new(Problem::Truncated, self.rest));
        };
        self.rest = rest;
        Ok(u32::from_le_bytes(*bytes))
    }

    /// The fault of a field whose content is not of the declared type, found behind that content.
    #[cold]
    pub(super) fn wrong_type(&self) -> Fault {
        Fault::new(Problem::WrongType, self.rest)
    }

    fn skip_group(&mut self, number: u32, depth: u32) -> Result<(), Fault> {
        if depth >= MAX_DEPTH {
            return Err(Fault::new(Problem::TooDeep, self.rest));
        }
        loop {
            let place = self.rest;
            let (inner, wire_type) = self.key()?;
            match wire_type {
                0 => drop(self.varint()?),
                1 => drop(self.fixed64()?),
                2 => drop(self.bytes()?),
                3 => self.skip_group(inner, depth + 1)?,
                4 if inner == number => return Ok(()),
                5 => drop(self.fixed32()?),
                _ => return Err(Fault::new(Problem::InvalidKey, place)),
            }
        }
    }
}

/// The low half of a number: protobuf cuts what does not fit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "protobuf says to cut 64-bit numbers in 32-bit fields"
)]
pub(super) const fn low(number: u64) -> u32 {
    number as u32
}

/// A signed 32-bit number, enums included.
pub(super) const fn int32(number: u64) -> i32 {
    low(number).cast_signed()
}

/// A zigzag-encoded signed 32-bit number.
pub(super) const fn sint32(number: u64) -> i32 {
    let number = low(number);
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Calls `take` with each of the eight-byte numbers of a repeated field, packed or not.
pub(super) fn each_fixed64(
    wire: &Wire<'_>,
    content: Content<'_>,
    mut take: impl FnMut(u64),
) -> Result<(), Fault> {
    match content {
        Content::Fixed64(number) => take(number),
        Content::Bytes(packed) => {
            let (numbers, rest) = packed.as_chunks();
            if !rest.is_empty() {
                return Err(Fault::new(Problem::Truncated, rest));
            }
            for bytes in numbers {
                take(u64::from_le_bytes(*bytes));
            }
        }
        _ => return Err(wire.wrong_type()),
    }
    Ok(())
}

/// Calls `take` with each of the variable-length numbers of a repeated field, packed or not.
pub(super) fn each_varint(
    wire: &Wire<'_>,
    content: Content<'_>,
    mut take: impl FnMut(u64),
) -> Result<(), Fault> {
    match content {
        Content::Varint(number) => take(number),
        Content::Bytes(packed) => {
            let mut wire = Wire::new(packed);
            while !wire.rest.is_empty() {
                take(wire.varint()?);
            }
        }
        _ => return Err(wire.wrong_type()),
    }
    Ok(())
}
