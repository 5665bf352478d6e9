//! A column of floats: constants, decimal numbers as differences of integers, and everything else as XOR, whichever
//! fits the chunk. Every bit comes back, whichever it was.

use crate::codec::columns::{Corrupt, Reader, Writer, unzigzag, zigzag};

/// One value, so many times.
const CONSTANT: u8 = 0;
/// Integers by a power of ten, each as the difference to the one before it.
const DELTAS: u8 = 1;
/// The same, each as the difference of differences.
const CURVES: u8 = 2;
/// The XOR of each value with the one before it.
const XORS: u8 = 3;

/// `10^n` is exact in a double, and so is every integer below [`EXACT`]: their quotient rounds as a parser would.
const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const EXACT: u64 = 1 << 53;
/// Of so many values one may be no decimal (a staleness marker, a NaN) without spoiling the column.
const VALUES_PER_EXCEPTION: usize = 8;

/// The column as bytes. The reader knows how many there are.
pub(crate) fn encode(values: &[f64], out: &mut Writer) {
    let Some((first, rest)) = values.split_first() else {
        return;
    };
    if rest.iter().all(|value| value.to_bits() == first.to_bits()) {
        out.raw(&[CONSTANT]);
        out.double(*first);
    } else if let Some(decimals) = Decimals::of(values) {
        decimals.encode(out);
    } else {
        out.raw(&[XORS]);
        let mut before = 0;
        let all =
            values.iter().map(|value| std::mem::replace(&mut before, value.to_bits()) ^ before);
        planes(&all.collect::<Vec<_>>(), out);
    }
}

/// Reads the first `wanted` of a column of `count` values behind whatever `into` holds.
pub(crate) fn decode(
    reader: &mut Reader<'_>,
    count: usize,
    wanted: usize,
    into: &mut Vec<f64>,
) -> Result<(), Corrupt> {
    if wanted == 0 {
        return Ok(());
    }
    let start = into.len();
    let [class] = reader.array()?;
    match class {
        CONSTANT => {
            let value = reader.double()?;
            into.resize(start + wanted, value);
            Ok(())
        }
        DELTAS | CURVES => decimals(reader, class, (count, wanted), into),
        XORS => {
            let mut before = 0;
            into.extend(read_planes(reader, count, wanted)?.into_iter().map(|one| {
                before ^= one;
                f64::from_bits(before)
            }));
            Ok(())
        }
        _ => Err(Corrupt("values of a class that is not known")),
    }
}

/// Values that are integers divided by a power of ten, but for a few.
struct Decimals {
    /// Which power of [`POWERS`].
    power: u8,
    integers: Vec<i64>,
    /// Places and bits of the few.
    exceptions: Vec<(usize, u64)>,
}

impl Decimals {
    fn of(values: &[f64]) -> Option<Self> {
        (0_u8..).zip(POWERS).find_map(|(power, scale)| Self::with_scale(values, power, scale))
    }

    fn with_scale(values: &[f64], power: u8, scale: f64) -> Option<Self> {
        let most = values.len() / VALUES_PER_EXCEPTION;
        let mut exceptions = Vec::new();
        let mut integers = Vec::with_capacity(values.len());
        for (place, value) in values.iter().enumerate() {
            if let Some(integer) = scaled(*value, scale) {
                integers.push(integer);
                continue;
            }
            // A finite value that does not fit asks for another power; a NaN fits none.
            if exceptions.len() == most || (value.is_finite() && place < most) {
                return None;
            }
            exceptions.push((place, value.to_bits()));
            integers.push(integers.last().copied().unwrap_or(0));
        }
        Some(Self { power, integers, exceptions })
    }

    fn encode(&self, out: &mut Writer) {
        // The first tells where the column starts; among the differences it would widen all others.
        let Some((first, _)) = self.integers.split_first() else {
            return;
        };
        let deltas = differences(&self.integers, *first);
        let curves = differences(&deltas, 0);
        // Differences of noise are more noise: they must save something.
        let bends = weight(&curves) < weight(&deltas) / 8 * 7;
        out.raw(&[if bends { CURVES } else { DELTAS }, self.power]);
        out.count(self.exceptions.len());
        for (place, bits) in &self.exceptions {
            out.count(*place);
            out.raw(&bits.to_le_bytes());
        }
        out.zigzag(*first);
        let chosen = if bends { curves } else { deltas };
        let zigzags = chosen.into_iter().skip(1).map(zigzag);
        planes(&zigzags.collect::<Vec<_>>(), out);
    }
}

fn decimals(
    reader: &mut Reader<'_>,
    class: u8,
    (count, wanted): (usize, usize),
    into: &mut Vec<f64>,
) -> Result<(), Corrupt> {
    let start = into.len();
    let [power] = reader.array()?;
    let scale =
        *POWERS.get(usize::from(power)).ok_or(Corrupt("a power of ten beyond the table"))?;
    let mut exceptions = Vec::new();
    for _ in 0..reader.count(count)? {
        exceptions.push((reader.count(count)?, u64::from_le_bytes(reader.array()?)));
    }
    let first = reader.zigzag()?;
    let rest = read_planes(reader, count.saturating_sub(1), wanted - 1)?;
    let rest = rest.into_iter().map(unzigzag);
    let (mut integer, mut delta) = (first, 0_i64);
    into.push(as_double(integer) / scale);
    into.extend(rest.map(|one| {
        delta = if class == CURVES { delta.wrapping_add(one) } else { one };
        integer = integer.wrapping_add(delta);
        as_double(integer) / scale
    }));
    for (place, bits) in exceptions {
        if let Some(value) = into.get_mut(start + place) {
            *value = f64::from_bits(bits);
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "what is written lies below 2^53; damage may round")]
fn as_double(integer: i64) -> f64 {
    integer as f64
}

/// The integer that `value` is `scale`-fold, if every bit comes back from it.
#[inline]
fn scaled(value: f64, scale: f64) -> Option<i64> {
    let product = value * scale;
    // Where this rounds the wrong way, the comparison below says so.
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and is compared")]
    let integer = (product + 0.5_f64.copysign(product)) as i64;
    let fits =
        integer.unsigned_abs() < EXACT && (as_double(integer) / scale).to_bits() == value.to_bits();
    fits.then_some(integer)
}

/// The integer that `value` is, if every bit comes back from it.
#[inline]
pub(in crate::series) fn whole(value: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and is compared")]
    let integer = value as i64;
    let fits = integer.unsigned_abs() < EXACT && as_double(integer).to_bits() == value.to_bits();
    fits.then_some(integer)
}

/// Each less the one before it, the first less `before`.
fn differences(all: &[i64], mut before: i64) -> Vec<i64> {
    all.iter().map(|one| one.wrapping_sub(std::mem::replace(&mut before, *one))).collect()
}

/// About how many bits a list takes.
fn weight(all: &[i64]) -> u64 {
    all.iter().map(|one| u64::from(64 - one.unsigned_abs().leading_zeros())).sum()
}

/// Numbers byte by byte: all lowest bytes, then all second ones, up to the highest that any number has. What follows
/// (zstd) then finds alike bytes side by side.
fn planes(numbers: &[u64], out: &mut Writer) {
    let all = numbers.iter().fold(0, |all, one| all | one);
    let width = (64 - all.leading_zeros()).div_ceil(8);
    let lowest = if width == 0 { 0 } else { all.trailing_zeros() / 8 };
    out.raw(&[u8::try_from(lowest << 4 | width).unwrap_or(0)]);
    for plane in lowest..width {
        out.bytes.extend(numbers.iter().map(|one| (one >> (8 * plane)).to_le_bytes()[0]));
    }
}

/// Reads the first `wanted` of `count` numbers.
fn read_planes(reader: &mut Reader<'_>, count: usize, wanted: usize) -> Result<Vec<u64>, Corrupt> {
    let [header] = reader.array()?;
    let (lowest, width) = (u32::from(header >> 4), u32::from(header & 15));
    if width > 8 {
        return Err(Corrupt("numbers wider than eight bytes"));
    }
    let mut numbers = vec![0; wanted];
    for plane in lowest..width {
        let bytes = reader.raw(count)?;
        for (number, byte) in numbers.iter_mut().zip(bytes) {
            *number |= u64::from(*byte) << (8 * plane);
        }
    }
    Ok(numbers)
}
