//! One column of texts: whatever its values have in common is kept once, and what is left as numbers or bytes.

use rapidhash::RapidHashMap;

use super::moments::Style;
use super::rows::Rows;
use super::templates;
use crate::codec::columns::{Writer, zigzag};
use crate::codec::numbers;
use crate::codec::sections::Packer;

/// The forms of a column, as they stand in the directory.
pub(super) mod form {
    pub(in super::super) const CONSTANT: u8 = 0;
    pub(in super::super) const DICTIONARY: u8 = 1;
    pub(in super::super) const INTEGERS: u8 = 2;
    pub(in super::super) const PADDED: u8 = 3;
    pub(in super::super) const DECIMALS: u8 = 4;
    pub(in super::super) const HEXADECIMAL: u8 = 5;
    pub(in super::super) const UUID: u8 = 6;
    pub(in super::super) const TRACE: u8 = 7;
    pub(in super::super) const SPAN: u8 = 8;
    pub(in super::super) const CALENDAR: u8 = 9;
    pub(in super::super) const EPOCH: u8 = 10;
    pub(in super::super) const TEMPLATES: u8 = 11;
    pub(in super::super) const TEXTS: u8 = 12;
}

/// A dictionary of so few texts is better than any other form.
const FEW: usize = 64;
/// Texts of so many bytes in all lie in the directory.
const SMALL: usize = 2048;
/// Where the hyphens of a UUID stand.
pub(super) const HYPHENS: [usize; 4] = [8, 13, 18, 23];
const UUID_LENGTH: usize = 36;

/// Values with the rows that they stand in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a, 'r> {
    pub(super) texts: &'r [&'a str],
    pub(super) owners: &'r [u32],
    pub(super) rows: &'r Rows<'r>,
}

/// Writes a column in the form that suits it. Values of free text are cut again unless they come from such a cut.
pub(super) fn write(
    values: Values<'_, '_>,
    may_cut: bool,
    out: &mut Packer,
) -> std::io::Result<()> {
    let texts = values.texts;
    let first = texts.first().copied().unwrap_or_default();
    if texts.iter().all(|text| *text == first) {
        out.directory.raw(&[form::CONSTANT]);
        out.directory.blob(first.as_bytes());
        return Ok(());
    }
    if let Some(dictionary) = Distinct::of(texts, FEW.min(texts.len() / 2)) {
        return dictionary.write(out);
    }
    if let Some(typed) = Typed::of(&values, first) {
        return typed.write(out);
    }
    if may_cut && let Some(cuts) = templates::Cuts::words(texts) {
        out.directory.raw(&[form::TEMPLATES]);
        return cuts.write(values, out);
    }
    if let Some(dictionary) = Distinct::of(texts, texts.len() / 4) {
        return dictionary.write(out);
    }
    out.directory.raw(&[form::TEXTS]);
    out.directory.count(texts.len());
    write_texts(texts, out)
}

/// Writes texts: into the directory where they are short, into a section otherwise.
pub(super) fn write_texts(texts: &[&str], out: &mut Packer) -> std::io::Result<()> {
    let length: usize = texts.iter().map(|text| text.len() + 1).sum();
    if length <= SMALL {
        out.directory.raw(&[1]);
        for text in texts {
            out.directory.blob(text.as_bytes());
        }
        return Ok(());
    }
    out.directory.raw(&[0]);
    let lengths: Vec<u64> = texts.iter().map(|text| text.len() as u64).collect();
    numbers::write(&lengths, out)?;
    out.section(texts.concat().as_bytes())
}

/// The different texts of a column, in the order in which they come.
struct Distinct<'a> {
    texts: Vec<&'a str>,
    numbers: Vec<u64>,
}

impl<'a> Distinct<'a> {
    /// None where there are more than `most`.
    fn of(texts: &[&'a str], most: usize) -> Option<Self> {
        let mut places = RapidHashMap::default();
        let mut found = Self { texts: Vec::new(), numbers: Vec::with_capacity(texts.len()) };
        let mut last = ("", u64::MAX);
        for text in texts {
            if last.1 != u64::MAX && last.0 == *text {
                found.numbers.push(last.1);
                continue;
            }
            let next = found.texts.len() as u64;
            let number = *places.entry(*text).or_insert(next);
            if number == next {
                if found.texts.len() == most {
                    return None;
                }
                found.texts.push(text);
            }
            last = (text, number);
            found.numbers.push(number);
        }
        Some(found)
    }

    fn write(&self, out: &mut Packer) -> std::io::Result<()> {
        out.directory.raw(&[form::DICTIONARY]);
        out.directory.count(self.texts.len());
        write_texts(&self.texts, out)?;
        numbers::write(&self.numbers, out)
    }
}

/// A column whose values are all of one type, and are written again as they were.
enum Typed {
    Trace,
    Span,
    Times(Style, Vec<u64>),
    Integers(Vec<u64>),
    /// So many digits each, with zeros in front.
    Padded(usize, Vec<u64>),
    /// Integers, and how many of their digits stand behind the point.
    Decimals(Vec<u64>, Vec<u64>),
    /// So many bytes each.
    Hexadecimal(usize, Vec<u8>),
    Uuid(Vec<u8>),
}

impl Typed {
    fn of(values: &Values<'_, '_>, first: &str) -> Option<Self> {
        let last = *first.as_bytes().last()?;
        if !last.is_ascii_hexdigit() && last != b'Z' {
            return None;
        }
        let texts = values.texts;
        if first.len() == 32 && values.all(|text, row, rows| rows.writes_trace(row, text)) {
            return Some(Self::Trace);
        }
        if first.len() == 16 && values.all(|text, row, rows| rows.writes_span(row, text)) {
            return Some(Self::Span);
        }
        if let Some(style) = Style::of(first)
            && let Some(times) = differences(values, style)
        {
            return Some(Self::Times(style, times));
        }
        if let Some(integers) = all(texts, integer) {
            return Some(Self::Integers(integers.into_iter().map(zigzag).collect()));
        }
        if let Some(numbers) = all(texts, |text| padded(text, first.len())) {
            return Some(Self::Padded(first.len(), numbers));
        }
        if let Some(decimals) = all(texts, decimal) {
            let (numbers, scales) = decimals.into_iter().unzip();
            return Some(Self::Decimals(numbers, scales));
        }
        if first.len() == UUID_LENGTH && texts.iter().all(|text| is_uuid(text)) {
            return Some(Self::Uuid(unhex(texts)));
        }
        let is_hex = |text: &&str| text.len() == first.len() && text.bytes().all(is_lower_hex);
        let holds = first.len().is_multiple_of(2) && texts.iter().all(is_hex);
        holds.then(|| Self::Hexadecimal(first.len() / 2, unhex(texts)))
    }

    fn write(&self, out: &mut Packer) -> std::io::Result<()> {
        match self {
            Self::Trace => out.directory.raw(&[form::TRACE]),
            Self::Span => out.directory.raw(&[form::SPAN]),
            Self::Times(style, times) => {
                write_style(*style, &mut out.directory);
                return numbers::write(times, out);
            }
            Self::Integers(integers) => {
                out.directory.raw(&[form::INTEGERS]);
                return numbers::write(integers, out);
            }
            Self::Padded(width, integers) => {
                out.directory.raw(&[form::PADDED]);
                out.directory.count(*width);
                return numbers::write(integers, out);
            }
            Self::Decimals(integers, scales) => {
                out.directory.raw(&[form::DECIMALS]);
                numbers::write(integers, out)?;
                return numbers::write(scales, out);
            }
            Self::Hexadecimal(width, bytes) => {
                out.directory.raw(&[form::HEXADECIMAL]);
                out.directory.count(*width);
                return out.section(bytes);
            }
            Self::Uuid(bytes) => {
                out.directory.raw(&[form::UUID]);
                return out.section(bytes);
            }
        }
        Ok(())
    }
}

impl Values<'_, '_> {
    fn all(&self, holds: impl Fn(&str, u32, &Rows<'_>) -> bool) -> bool {
        self.texts.iter().zip(self.owners).all(|(text, row)| holds(text, *row, self.rows))
    }
}

fn write_style(style: Style, out: &mut Writer) {
    match style {
        Style::Calendar { between, point, fraction, zulu } => {
            out.raw(&[form::CALENDAR, between, point, fraction, u8::from(zulu)]);
        }
        Style::Epoch { decimals } => out.raw(&[form::EPOCH, decimals]),
    }
}

/// How far each time lies from that of its record, in units of its style.
fn differences(values: &Values<'_, '_>, style: Style) -> Option<Vec<u64>> {
    let unit = style.unit();
    let pairs = values.texts.iter().zip(values.owners);
    pairs
        .map(|(text, row)| {
            let own = style.parse(text)?;
            Some(zigzag(own.wrapping_sub(values.rows.time(*row) / unit).cast_signed()))
        })
        .collect()
}

fn all<T>(texts: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    texts.iter().map(|text| read(text)).collect()
}

/// An integer in its usual form.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let sound = match digits {
        [b'0'] => digits.len() == text.len(),
        [b'1'..=b'9', rest @ ..] => rest.len() < 18 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if sound { text.parse().ok() } else { None }
}

fn padded(text: &str, width: usize) -> Option<u64> {
    let sound = text.len() == width && width <= 19 && text.bytes().all(|one| one.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

/// A decimal fraction in its usual form: its digits as an integer, and how many of them stand behind the point.
fn decimal(text: &str) -> Option<(u64, u64)> {
    let Some((whole, fraction)) = text.split_once('.') else {
        return Some((zigzag(integer(text)?), 0));
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, whole),
    };
    let whole = integer(digits).filter(|_| digits.len() + fraction.len() < 18)?;
    let sound = !fraction.is_empty() && fraction.bytes().all(|one| one.is_ascii_digit());
    if !sound {
        return None;
    }
    let scale = u32::try_from(fraction.len()).ok()?;
    let number = whole * 10_i64.pow(scale) + fraction.parse::<i64>().ok()?;
    // Minus zero would lose its sign.
    (sign > 0 || number > 0).then(|| (zigzag(sign * number), u64::from(scale)))
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_uuid(text: &str) -> bool {
    text.len() == UUID_LENGTH
        && text.bytes().enumerate().all(|(place, byte)| {
            if HYPHENS.contains(&place) { byte == b'-' } else { is_lower_hex(byte) }
        })
}

/// The bytes that pairs of hexadecimal digits stand for; hyphens are passed over.
fn unhex(texts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(texts.iter().map(|text| text.len() / 2).sum());
    for text in texts {
        let mut digits = text.bytes().filter(|byte| *byte != b'-');
        while let (Some(high), Some(low)) = (digits.next(), digits.next()) {
            bytes.push(nibble(high) << 4 | nibble(low));
        }
    }
    bytes
}

const fn nibble(digit: u8) -> u8 {
    if digit.is_ascii_digit() { digit - b'0' } else { digit.wrapping_sub(b'a' - 10) & 15 }
}
