//! Protobuf's wire format: keys, variable-length numbers, and contents borrowed from the message.

/// What is wrong with a protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The bytes end within a value.
    #[error("unexpected EOF")]
    Truncated,
    /// A length reaches beyond the message that holds it.
    #[error("a length reaches beyond the end of the message")]
    TooLong,
    /// A variable-length number has more than 64 bits.
    #[error("a number has more than 64 bits")]
    OverlongNumber,
    /// A field key that is not allowed.
    #[error("not a protobuf field")]
    InvalidKey,
    /// A field with a wire type that its declaration does not have.
    #[error("a field has the wrong wire type")]
    WrongType,
    /// So many empty rows that they would take far more memory than the request.
    #[error("the request holds more rows than its size can account for")]
    TooDense,
}

/// What stands behind a field's key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content<'a> {
    /// A variable-length number.
    Varint(u64),
    /// Eight bytes.
    Fixed64(u64),
    /// Text, bytes, a message, or packed numbers.
    Bytes(&'a [u8]),
    /// Four bytes, which no message here declares.
    Fixed32,
}

/// What is left of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wire<'a> {
    rest: &'a [u8],
}

impl<'a> Wire<'a> {
    pub(crate) const fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next field's number and content; none at the end of the message.
    #[inline]
    pub(crate) fn field(&mut self) -> Result<Option<(u32, Content<'a>)>, WireError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).unwrap_or(u32::MAX);
        if number == 0 || number >= 1 << 29 {
            return Err(WireError::InvalidKey);
        }
        let content = match key & 7 {
            0 => Content::Varint(self.varint()?),
            1 => Content::Fixed64(u64::from_le_bytes(self.chunk()?)),
            2 => Content::Bytes(self.bytes()?),
            5 => {
                self.chunk::<4>()?;
                Content::Fixed32
            }
            _ => return Err(WireError::InvalidKey),
        };
        Ok(Some((number, content)))
    }

    /// A variable-length number of at most 64 bits.
    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, WireError> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(u64::from(byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, WireError> {
        let mut number = 0;
        for (position, &byte) in self.rest.iter().take(10).enumerate() {
            if position == 9 && byte > 1 {
                return Err(WireError::OverlongNumber);
            }
            number |= u64::from(byte & 0x7f) << (7 * position);
            if byte < 0x80 {
                self.rest = self.rest.get(position + 1..).unwrap_or_default();
                return Ok(number);
            }
        }
        Err(WireError::Truncated)
    }

    /// Bytes with their length before them.
    #[inline]
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let length = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(WireError::TooLong)?;
        self.rest = rest;
        Ok(bytes)
    }

    #[inline]
    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }
}

impl<'a> Content<'a> {
    /// A double.
    #[inline]
    pub(crate) const fn double(self) -> Result<f64, WireError> {
        match self {
            Self::Fixed64(bits) => Ok(f64::from_bits(bits)),
            _ => Err(WireError::WrongType),
        }
    }

    /// An unsigned number.
    #[inline]
    pub(crate) const fn unsigned(self) -> Result<u64, WireError> {
        match self {
            Self::Varint(number) => Ok(number),
            _ => Err(WireError::WrongType),
        }
    }

    /// An `int64`.
    #[inline]
    pub(crate) const fn signed(self) -> Result<i64, WireError> {
        match self {
            Self::Varint(number) => Ok(number.cast_signed()),
            _ => Err(WireError::WrongType),
        }
    }

    /// A `uint32`, an enum: the low half, as protobuf says.
    #[expect(clippy::cast_possible_truncation, reason = "protobuf says to cut")]
    #[inline]
    pub(crate) const fn low(self) -> Result<u32, WireError> {
        match self {
            Self::Varint(number) => Ok(number as u32),
            _ => Err(WireError::WrongType),
        }
    }

    /// A `sint32`.
    pub(crate) fn zigzag32(self) -> Result<i32, WireError> {
        let number = self.low()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// A text or message.
    #[inline]
    pub(crate) const fn message(self) -> Result<&'a [u8], WireError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(WireError::WrongType),
        }
    }

    /// Appends the doubles of a repeated field, packed or not.
    pub(crate) fn doubles(self, into: &mut Vec<f64>) -> Result<(), WireError> {
        match self {
            Self::Bytes(packed) => {
                let (numbers, rest) = packed.as_chunks();
                if !rest.is_empty() {
                    return Err(WireError::Truncated);
                }
                into.extend(numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)));
            }
            other => into.push(other.double()?),
        }
        Ok(())
    }

    /// Calls `take` with the variable-length numbers of a repeated field, packed or not.
    #[inline]
    pub(crate) fn each_varint(self, mut take: impl FnMut(Self)) -> Result<(), WireError> {
        match self {
            Self::Bytes(packed) => {
                let mut wire = Wire::new(packed);
                while !wire.is_empty() {
                    take(Self::Varint(wire.varint()?));
                }
                Ok(())
            }
            Self::Varint(_) => {
                take(self);
                Ok(())
            }
            _ => Err(WireError::WrongType),
        }
    }

    /// Appends the `sint64` numbers of a repeated field.
    pub(crate) fn deltas(self, into: &mut Vec<i64>) -> Result<(), WireError> {
        self.each_varint(|number| {
            if let Self::Varint(number) = number {
                into.push((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
            }
        })
    }
}

/// A label as exposition (`LabelPair`) and remote write (`Label`) carry it: name and value.
pub(crate) fn label(bytes: &[u8]) -> Result<(&[u8], &[u8]), WireError> {
    let (mut made, mut wire): ((&[u8], &[u8]), _) = ((&[], &[]), Wire::new(bytes));
    while let Some((number, content)) = wire.field()? {
        match number {
            1 => made.0 = content.message()?,
            2 => made.1 = content.message()?,
            _ => {}
        }
    }
    Ok(made)
}
