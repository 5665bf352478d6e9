//! Columns of unsigned integers: constants, values above the least of them or differences from one to the next, as
//! planes of bytes or as packed bits, whichever is shorter once compressed.

use super::columns::{Corrupt, Writer, unzigzag, zigzag};
use super::sections::{Packer, Section, Unpacker};

const CONSTANT: u8 = 0;
/// Bits of the form: planes rather than packed bits,
const PLANES: u8 = 1;
/// differences rather than values.
const DIFFERENCES: u8 = 2;
const NUMBERS: u8 = 4;

/// Writes a column.
pub(crate) fn write(numbers: &[u64], out: &mut Packer) -> std::io::Result<()> {
    let (least, most) = numbers
        .iter()
        .fold((u64::MAX, 0), |(least, most), number| (least.min(*number), most.max(*number)));
    if numbers.is_empty() || least == most {
        out.directory.raw(&[CONSTANT]);
        out.directory.varint(most);
        return Ok(());
    }
    let steps: Vec<u64> = differences(numbers).collect();
    let cost = |bits: &mut dyn Iterator<Item = u64>| bits.map(|one| u64::from(width(one))).sum();
    let plain: u64 = cost(&mut numbers.iter().map(|number| number - least));
    let stepwise: u64 = cost(&mut steps.iter().copied());
    if stepwise * 8 < plain * 7 {
        store(DIFFERENCES, 0, &steps, out)
    } else {
        let above: Vec<u64> = numbers.iter().map(|number| number - least).collect();
        store(0, least, &above, out)
    }
}

fn differences(numbers: &[u64]) -> impl Iterator<Item = u64> {
    let before = std::iter::once(0).chain(numbers.iter().copied());
    numbers
        .iter()
        .zip(before)
        .map(|(number, before)| zigzag(number.wrapping_sub(before).cast_signed()))
}

fn store(form: u8, base: u64, numbers: &[u64], out: &mut Packer) -> std::io::Result<()> {
    let bits = width(numbers.iter().skip(usize::from(form != 0)).copied().max().unwrap_or(0));
    // The first difference is the first value, and would widen all the others.
    let (first, rest) = match numbers.split_first() {
        Some((first, rest)) if form == DIFFERENCES => (*first, rest),
        _ => (0, numbers),
    };
    let planes: Vec<Vec<u8>> = (0..bits.div_ceil(8) as usize)
        .map(|plane| rest.iter().map(|number| number.to_le_bytes()[plane]).collect())
        .collect();
    let announce = |directory: &mut Writer, as_planes: bool| {
        directory.raw(&[NUMBERS | form | if as_planes { PLANES } else { 0 }]);
        directory.raw(&[u8::try_from(bits).unwrap_or(64)]);
        directory.varint(if form == DIFFERENCES { first } else { base });
    };
    if bits.is_multiple_of(8) {
        announce(&mut out.directory, true);
        return planes.iter().try_for_each(|plane| out.section(plane));
    }
    out.shorter(&planes, &packed(rest, bits), announce)
}

const fn width(number: u64) -> u32 {
    64 - number.leading_zeros()
}

/// Numbers of so many bits one after the other, the lowest bits first.
fn packed(numbers: &[u64], bits: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity((numbers.len() * bits as usize).div_ceil(8) + 8);
    let (mut held, mut count) = (0_u128, 0);
    for number in numbers {
        held |= u128::from(*number) << count;
        count += bits;
        while count >= 8 {
            out.push(held.to_le_bytes()[0]);
            held >>= 8;
            count -= 8;
        }
    }
    if count > 0 {
        out.push(held.to_le_bytes()[0]);
    }
    out
}

fn unpacked(bytes: &[u8], bits: u32, count: usize) -> Result<Vec<u64>, Corrupt> {
    let mask = u64::MAX >> (64 - bits.clamp(1, 64));
    let mut numbers = Vec::with_capacity(count);
    let (mut held, mut have) = (0_u128, 0);
    let mut bytes = bytes.iter();
    for _ in 0..count {
        while have < bits {
            let byte = bytes.next().ok_or(Corrupt("packed numbers end early"))?;
            held |= u128::from(*byte) << have;
            have += 8;
        }
        numbers.push(u64::try_from(held & u128::from(mask)).unwrap_or_default());
        held >>= bits;
        have -= bits;
    }
    Ok(numbers)
}

/// A column that lies packed.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    form: u8,
    bits: u32,
    base: u64,
    sections: Vec<Section>,
}

/// Finds a column that [`write`] wrote.
pub(crate) fn read(from: &mut Unpacker<'_>) -> Result<Stored, Corrupt> {
    let [form] = from.directory.array()?;
    if form == CONSTANT {
        return Ok(Stored { form, bits: 0, base: from.directory.varint()?, sections: Vec::new() });
    }
    let [bits] = from.directory.array()?;
    if form & !(PLANES | DIFFERENCES) != NUMBERS || bits > 64 {
        return Err(Corrupt("numbers of unknown form"));
    }
    let base = from.directory.varint()?;
    let count = if form & PLANES == 0 { 1 } else { bits.div_ceil(8) };
    let sections = (0..count).map(|_| from.section()).collect::<Result<_, _>>()?;
    Ok(Stored { form, bits: u32::from(bits), base, sections })
}

impl Stored {
    /// The numbers, of which there are `count`.
    pub(crate) fn decode(&self, payload: &[u8], count: usize) -> Result<Vec<u64>, Corrupt> {
        if self.form == CONSTANT {
            return Ok(vec![self.base; count]);
        }
        let by_steps = self.form & DIFFERENCES != 0;
        let rest = count.saturating_sub(usize::from(by_steps));
        let mut numbers = if self.form & PLANES == 0 {
            let bytes = self.sections.first().map(|one| one.read(payload)).transpose()?;
            unpacked(&bytes.unwrap_or_default(), self.bits, rest)?
        } else {
            self.planes(payload, rest)?
        };
        if by_steps {
            let mut last = 0_u64;
            let steps = std::iter::once(self.base).chain(numbers.iter().copied());
            numbers = steps
                .take(count)
                .map(|step| {
                    last = last.wrapping_add(unzigzag(step).cast_unsigned());
                    last
                })
                .collect();
        } else {
            for number in &mut numbers {
                *number = number.wrapping_add(self.base);
            }
        }
        Ok(numbers)
    }

    fn planes(&self, payload: &[u8], count: usize) -> Result<Vec<u64>, Corrupt> {
        let mut numbers = vec![0_u64; count];
        for (plane, section) in self.sections.iter().enumerate() {
            let bytes = section.read(payload)?;
            if bytes.len() != count {
                return Err(Corrupt("a plane of another length"));
            }
            for (number, byte) in numbers.iter_mut().zip(bytes) {
                *number |= u64::from(byte) << (8 * plane);
            }
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sections::{self, Packer, Unpacker};
    use super::*;
    use crate::codec::columns::Reader;

    fn there_and_back(numbers: &[u64]) -> Vec<u64> {
        let mut out = Packer::new().unwrap();
        write(numbers, &mut out).unwrap();
        let bytes = out.finish().unwrap();
        let (directory, payload) = sections::directory(&bytes).unwrap();
        let directory = Reader { bytes: &directory };
        let mut from = Unpacker { directory, payload, next: 0 };
        read(&mut from).unwrap().decode(payload, numbers.len()).unwrap()
    }

    proptest! {
        #[test]
        fn numbers_of_any_width_read_back_as_written(
            numbers: Vec<u64>,
            shift in 0_u32..64,
            start: u64,
        ) {
            prop_assert_eq!(&there_and_back(&numbers), &numbers);
            let narrow: Vec<u64> = numbers.iter().map(|one| one >> shift).collect();
            prop_assert_eq!(&there_and_back(&narrow), &narrow);
            let rising: Vec<u64> = narrow
                .iter()
                .scan(start, |last, step| {
                    *last = last.wrapping_add(step >> 8);
                    Some(*last)
                })
                .collect();
            prop_assert_eq!(&there_and_back(&rising), &rising);
        }
    }
}
