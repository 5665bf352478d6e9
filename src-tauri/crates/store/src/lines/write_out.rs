//! Values and lines as the text that they were.

use super::column::HYPHENS;
use super::read::{Templates, Values};
use super::rows::{Rows, hexadecimal};
use crate::codec::columns::{Corrupt, unzigzag};

/// The record that a value belongs to, and where columns lie packed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) row: u32,
    pub(super) payload: &'a [u8],
}

impl Templates {
    /// Puts a text behind `out`.
    pub(super) fn append(
        &self,
        index: usize,
        at: Place<'_>,
        out: &mut String,
    ) -> Result<(), Corrupt> {
        let (template, places) = self.text(index).ok_or(Corrupt("a text that is not there"))?;
        let mut pieces = template.pieces.iter();
        out.push_str(pieces.next().map_or("", String::as_str));
        for ((column, place), piece) in template.columns.iter().zip(places).zip(pieces) {
            let values = self.column(*column)?.values(at.payload)?;
            values.append(*place as usize, at, out)?;
            out.push_str(piece);
        }
        Ok(())
    }
}

impl Values {
    /// Puts a value behind `out`.
    pub(super) fn append(
        &self,
        index: usize,
        at: Place<'_>,
        out: &mut String,
    ) -> Result<(), Corrupt> {
        let number = |all: &[u64]| all.get(index).copied().unwrap_or_default();
        match self {
            Self::Constant(text) => out.push_str(text),
            Self::Dictionary(texts, numbers) => {
                out.push_str(texts.get(usize::try_from(number(numbers)).unwrap_or(usize::MAX)));
            }
            Self::Integers(integers) => integer(unzigzag(number(integers)), out),
            Self::Padded(width, integers) => padded(number(integers), *width, out),
            Self::Decimals(integers, scales) => {
                decimal(unzigzag(number(integers)), number(scales), out);
            }
            Self::Hexadecimal(width, bytes) => {
                hex(bytes.get(index * width..(index + 1) * width).unwrap_or_default(), out);
            }
            Self::Uuid(bytes) => {
                let bytes = bytes.get(index * 16..(index + 1) * 16).unwrap_or_default();
                for (place, byte) in bytes.iter().enumerate() {
                    if HYPHENS.iter().zip(0..).any(|(hyphen, before)| hyphen - before == 2 * place)
                    {
                        out.push('-');
                    }
                    hex(&[*byte], out);
                }
            }
            Self::Trace => hex(&at.rows.trace(at.row).0, out),
            Self::Span => hex(&at.rows.span(at.row).0, out),
            Self::Times(style, differences) => {
                let difference = unzigzag(number(differences)).cast_unsigned();
                let own = (at.rows.time(at.row) / style.unit()).wrapping_add(difference);
                style.write(own, out);
            }
            Self::Templates(texts) => texts.append(index, at, out)?,
            Self::Texts(texts) => out.push_str(texts.get(index)),
        }
        Ok(())
    }
}

fn hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        out.push_str(std::str::from_utf8(&hexadecimal(*byte)).unwrap_or_default());
    }
}

fn integer(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    padded(number.unsigned_abs(), 1, out);
}

/// At least so many digits.
pub(super) fn padded(mut number: u64, width: usize, out: &mut String) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        start -= 1;
        if number == 0 {
            break;
        }
    }
    let start = start.min(20_usize.saturating_sub(width));
    let digits = digits.get(start..).unwrap_or_default();
    out.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

fn decimal(number: i64, scale: u64, out: &mut String) {
    let scale = u32::try_from(scale).unwrap_or(0).min(18);
    if number < 0 {
        out.push('-');
    }
    let power = 10_u64.pow(scale);
    padded(number.unsigned_abs() / power, 1, out);
    if scale > 0 {
        out.push('.');
        padded(number.unsigned_abs() % power, scale as usize, out);
    }
}
