//! Writing protobuf: just what answers and translated JSON need.

/// Wire types.
pub(crate) const VARINT: u32 = 0;
pub(crate) const FIXED64: u32 = 1;
pub(crate) const BYTES: u32 = 2;
pub(crate) const FIXED32: u32 = 5;

/// A variable-length number.
#[expect(clippy::cast_possible_truncation, reason = "only the low seven bits are taken at a time")]
pub(crate) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A field's key.
pub(crate) fn key(out: &mut Vec<u8>, number: u32, wire_type: u32) {
    varint(out, u64::from(number << 3 | wire_type));
}

/// A whole field of text, bytes or a message.
pub(crate) fn bytes(out: &mut Vec<u8>, number: u32, content: &[u8]) {
    key(out, number, BYTES);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

/// A whole field of a number; nothing for zero, as proto3 says.
pub(crate) fn number(out: &mut Vec<u8>, field: u32, number: u64) {
    if number != 0 {
        key(out, field, VARINT);
        varint(out, number);
    }
}

/// Writes in front of what lies behind `start` how long it is.
pub(crate) fn close_length(out: &mut Vec<u8>, start: usize) {
    let mut length = Vec::with_capacity(5);
    varint(&mut length, (out.len() - start) as u64);
    out.splice(start..start, length);
}
