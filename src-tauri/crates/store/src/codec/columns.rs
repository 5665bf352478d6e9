//! The alphabet of the disk format: variable-length integers, doubles and raw bytes, written and read in order.

/// Bytes that do not say what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("damaged: {0}")]
pub(crate) struct Corrupt(pub(crate) &'static str);

/// A signed integer as an unsigned one, small magnitudes small.
#[inline]
pub(crate) const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// What [`zigzag`] was made of.
#[inline]
pub(crate) const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// A column being written.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    /// LEB128: seven bits a byte, the least significant first.
    #[inline]
    pub(crate) fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// A signed integer, small magnitudes short.
    #[inline]
    pub(crate) fn zigzag(&mut self, number: i64) {
        self.varint(zigzag(number));
    }

    /// A length or index.
    pub(crate) fn count(&mut self, count: usize) {
        self.varint(count as u64);
    }

    /// A double, bit by bit.
    pub(crate) fn double(&mut self, number: f64) {
        self.bytes.extend_from_slice(&number.to_bits().to_le_bytes());
    }

    /// The difference of a double's bits to another's: few bytes when the two are alike.
    pub(crate) fn double_after(&mut self, number: f64, before: f64) {
        self.varint((number.to_bits() ^ before.to_bits()).reverse_bits());
    }

    /// Bytes whose number the reader knows.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes with their number before them.
    pub(crate) fn blob(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.raw(bytes);
    }
}

/// Columns one after the other, each with its length before it.
pub(crate) fn join<const N: usize>(columns: [Writer; N]) -> Vec<u8> {
    let mut out = Writer::default();
    for column in columns {
        out.blob(&column.bytes);
    }
    out.bytes
}

/// What [`join`] put together.
pub(crate) fn split<const N: usize>(bytes: &[u8]) -> Result<[Reader<'_>; N], Corrupt> {
    let mut reader = Reader { bytes };
    let mut columns = [Reader { bytes: &[] }; N];
    for column in &mut columns {
        *column = Reader { bytes: reader.blob()? };
    }
    Ok(columns)
}

/// A column being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, Corrupt> {
        // Most are small.
        if let [byte @ ..0x80, rest @ ..] = self.bytes {
            self.bytes = rest;
            return Ok(u64::from(*byte));
        }
        self.long_varint()
    }

    fn long_varint(&mut self) -> Result<u64, Corrupt> {
        let mut number = 0;
        for (position, byte) in self.bytes.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * position);
            if byte & 0x80 == 0 {
                self.bytes = &self.bytes[position + 1..];
                return Ok(number);
            }
        }
        Err(Corrupt("an integer does not end"))
    }

    #[inline]
    pub(crate) fn zigzag(&mut self) -> Result<i64, Corrupt> {
        self.varint().map(unzigzag)
    }

    #[inline]
    pub(crate) fn index(&mut self) -> Result<u32, Corrupt> {
        u32::try_from(self.varint()?).map_err(|_| Corrupt("an index beyond 32 bits"))
    }

    /// How many things follow; each takes at least one byte in `of`, so a damaged count cannot ask for the moon.
    pub(crate) fn count(&mut self, of: usize) -> Result<usize, Corrupt> {
        let count = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        if count > of { Err(Corrupt("a count beyond its column")) } else { Ok(count) }
    }

    pub(crate) fn double(&mut self) -> Result<f64, Corrupt> {
        Ok(f64::from_bits(u64::from_le_bytes(self.array()?)))
    }

    pub(crate) fn double_after(&mut self, before: f64) -> Result<f64, Corrupt> {
        Ok(f64::from_bits(self.varint()?.reverse_bits() ^ before.to_bits()))
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Corrupt> {
        let (head, rest) = self.bytes.split_first_chunk().ok_or(Corrupt("a column ends early"))?;
        self.bytes = rest;
        Ok(*head)
    }

    pub(crate) fn raw(&mut self, length: usize) -> Result<&'a [u8], Corrupt> {
        let (head, rest) =
            self.bytes.split_at_checked(length).ok_or(Corrupt("a column ends early"))?;
        self.bytes = rest;
        Ok(head)
    }

    pub(crate) fn blob(&mut self) -> Result<&'a [u8], Corrupt> {
        let length = self.count(self.bytes.len())?;
        self.raw(length)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Corrupt> {
        std::str::from_utf8(self.blob()?).map_err(|_| Corrupt("text not in UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_read_back_as_written(numbers: Vec<(u64, i64, f64, f64)>) {
            let mut writer = Writer::default();
            for (a, b, c, d) in &numbers {
                writer.varint(*a);
                writer.zigzag(*b);
                writer.double(*c);
                writer.double_after(*d, *c);
            }
            let mut reader = Reader { bytes: &writer.bytes };
            for (a, b, c, d) in &numbers {
                prop_assert_eq!(reader.varint()?, *a);
                prop_assert_eq!(reader.zigzag()?, *b);
                prop_assert_eq!(reader.double()?.to_bits(), c.to_bits());
                prop_assert_eq!(reader.double_after(*c)?.to_bits(), d.to_bits());
            }
            prop_assert!(reader.bytes.is_empty());
            prop_assert!(reader.varint().is_err());
        }
    }
}
