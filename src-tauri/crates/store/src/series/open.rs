//! A chunk that grows: samples of one series, each appended as a few bytes, readable at any time.

use std::sync::Arc;

use watchglass_model::{Millis, Sample, SampleValue, Samples};
use watchglass_storage::MillisRange;

use super::chunk::{decode_histogram, encode_histogram, whole};
use crate::codec::columns::{Corrupt, Reader, Writer, unzigzag, zigzag};

/// An odd byte before a value says how it is told: so many bytes of the XOR with the value before, or one of these.
const HISTOGRAM: u8 = 9;
const START: u8 = 10;
/// Buffers grow by so many bytes or an eighth: doubling would leave half the memory of many series empty.
const GROWTH: usize = 32;
/// Of so many samples one is marked, so that who wants the last few need not read all before them.
const MARKED: u32 = 64;

/// Samples of one series, each later than the one before.
///
/// A sample is the zigzag difference of time differences, then its value: an even varint holds the zigzag difference
/// of two integers; an odd byte holds a form in its high four bits and, for an XOR, the number of zero bytes below in
/// the three between.
#[derive(Debug, Default)]
pub(crate) struct OpenChunk {
    writer: Writer,
    count: u32,
    first: Millis,
    state: State,
    marks: Vec<Mark>,
}

/// Where a sample begins, and what it is told by.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: usize,
    number: u32,
    state: State,
}

/// What the next sample is told by.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct State {
    pub(super) time: Millis,
    pub(super) interval: i64,
    pub(super) value: f64,
    pub(super) start: Millis,
}

impl OpenChunk {
    /// Adds a sample that is later than all.
    pub(crate) fn push(&mut self, sample: &Sample) {
        let room = self.writer.bytes.capacity() - self.writer.bytes.len();
        if room < GROWTH / 2 {
            self.writer.bytes.reserve_exact(GROWTH.max(self.writer.bytes.len() / 8));
        }
        if self.count == 0 {
            self.first = sample.time;
        } else if self.count.is_multiple_of(MARKED) {
            let offset = self.writer.bytes.len();
            self.marks.push(Mark { offset, number: self.count, state: self.state });
        }
        self.count += 1;
        write_sample(&mut self.writer, sample, &mut self.state);
    }

    /// The time of the last sample; none without samples.
    pub(crate) fn last(&self) -> Option<Millis> {
        (self.count > 0).then_some(self.state.time)
    }

    /// From the first to the last time; none without samples.
    pub(crate) fn times(&self) -> Option<MillisRange> {
        (self.count > 0).then_some(MillisRange { start: self.first, end: self.state.time })
    }

    /// Bytes of memory held beside its own.
    pub(crate) fn footprint(&self) -> usize {
        self.writer.bytes.capacity() + self.marks.capacity() * size_of::<Mark>()
    }

    /// Adds the samples within `range` to `into`.
    pub(crate) fn read(&self, range: MillisRange, into: &mut Samples) {
        // All samples before a mark are at most as late as the state that it holds.
        let after = self.marks.partition_point(|mark| mark.state.time < range.start);
        let mark = after.checked_sub(1).and_then(|place| self.marks.get(place));
        let (offset, number, mut state) =
            mark.map_or((0, 0, State::default()), |mark| (mark.offset, mark.number, mark.state));
        let mut reader = Reader { bytes: self.writer.bytes.get(offset..).unwrap_or_default() };
        for _ in number..self.count {
            let read = read_sample(&mut reader, &mut state);
            let Ok(sample) = read else {
                debug_assert!(false, "an open chunk reads what it wrote");
                return;
            };
            if sample.time > range.end {
                return;
            }
            if range.start <= sample.time {
                into.push(&sample);
            }
        }
    }
}

const fn form(form: u8) -> u8 {
    form << 4 | 1
}

/// Appends a sample as the few bytes by which it differs from the state, and makes it the state.
#[inline]
pub(super) fn write_sample(out: &mut Writer, sample: &Sample, state: &mut State) {
    let interval = sample.time.wrapping_sub(state.time);
    out.zigzag(interval.wrapping_sub(state.interval));
    (state.time, state.interval) = (sample.time, interval);
    if sample.start != state.start {
        out.raw(&[form(START)]);
        out.zigzag(sample.start.wrapping_sub(state.start));
        state.start = sample.start;
    }
    match &sample.value {
        SampleValue::Float(value) => {
            push_float(out, *value, state.value);
            state.value = *value;
        }
        SampleValue::Histogram(histogram) => {
            out.raw(&[form(HISTOGRAM)]);
            out.double(histogram.sum);
            encode_histogram(histogram, None, out);
        }
    }
}

#[inline]
fn push_float(out: &mut Writer, value: f64, before: f64) {
    if let (Some(value), Some(before)) = (whole(value), whole(before)) {
        out.varint(zigzag(value - before) << 1);
        return;
    }
    let xor = value.to_bits() ^ before.to_bits();
    let below = (xor.trailing_zeros() / 8).min(7);
    let bytes = (xor >> (8 * below)).to_le_bytes();
    let length = 8 - bytes.iter().rev().take_while(|byte| **byte == 0).count();
    let header = length << 4 | (below << 1) as usize | 1;
    out.raw(&[header.to_le_bytes()[0]]);
    out.raw(bytes.get(..length).unwrap_or_default());
}

/// Reads what [`write_sample`] wrote.
#[inline]
pub(super) fn read_sample(reader: &mut Reader<'_>, state: &mut State) -> Result<Sample, Corrupt> {
    state.interval = state.interval.wrapping_add(reader.zigzag()?);
    state.time = state.time.wrapping_add(state.interval);
    let value = loop {
        let code = *reader.bytes.first().ok_or(Corrupt("a chunk ends early"))?;
        if code & 1 == 0 {
            let difference = unzigzag(reader.varint()? >> 1);
            let before = whole(state.value).ok_or(Corrupt("a difference to no integer"))?;
            #[expect(clippy::cast_precision_loss, reason = "what is written lies below 2^53")]
            let value = before.wrapping_add(difference) as f64;
            state.value = value;
            break SampleValue::Float(value);
        }
        reader.array::<1>()?;
        match code >> 4 {
            START => state.start = state.start.wrapping_add(reader.zigzag()?),
            HISTOGRAM => {
                let sum = reader.double()?;
                break SampleValue::Histogram(Arc::new(decode_histogram(reader, sum, None)?));
            }
            length => {
                let xor =
                    read_bytes(reader, usize::from(length))? << (8 * u32::from(code >> 1 & 7));
                state.value = f64::from_bits(state.value.to_bits() ^ xor);
                break SampleValue::Float(state.value);
            }
        }
    };
    Ok(Sample { time: state.time, value, start: state.start })
}

/// An integer of so many bytes, the lowest first.
#[inline]
fn read_bytes(reader: &mut Reader<'_>, length: usize) -> Result<u64, Corrupt> {
    if let (Some(eight), 1..=8) = (reader.bytes.first_chunk(), length) {
        let number = u64::from_le_bytes(*eight) << (64 - 8 * length) >> (64 - 8 * length);
        reader.raw(length)?;
        return Ok(number);
    }
    let mut bytes = [0; 8];
    for (byte, read) in bytes.iter_mut().zip(reader.raw(length)?) {
        *byte = *read;
    }
    Ok(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{same_bits, series};
    use super::*;

    proptest! {
        #[test]
        fn every_bit_that_was_pushed_reads_back(samples in series()) {
            let mut chunk = OpenChunk::default();
            let mut expected = Samples::default();
            for sample in &samples {
                chunk.push(sample);
                expected.push(sample);
            }
            let mut found = Samples::default();
            chunk.read(MillisRange::ALL, &mut found);
            prop_assert!(same_bits(&found, &expected), "{found:?}\n{expected:?}");
            if let [first, .., last] = samples.as_slice() {
                let range = MillisRange { start: first.time + 1, end: last.time - 1 };
                found.clear();
                chunk.read(range, &mut found);
                prop_assert_eq!(found.len(), samples.len() - 2);
            }
        }
    }

    #[test]
    fn any_part_of_a_long_chunk_reads_as_it_was_pushed() {
        let mut chunk = OpenChunk::default();
        let time = |number: i64| number * 10 + number % 3;
        let value = |number: i64| f64::from(i32::try_from(number).unwrap()) / 7.0;
        for number in 0..1_000 {
            let value = SampleValue::Float(value(number));
            chunk.push(&Sample { time: time(number), value, start: number / 300 });
        }
        for (first, last) in [(0, 999), (127, 128), (128, 128), (129, 400), (511, 513), (999, 999)]
        {
            let mut found = Samples::default();
            chunk.read(MillisRange { start: time(first), end: time(last) }, &mut found);
            let expected = first..=last;
            assert!(expected.clone().map(time).eq(found.times.iter().copied()), "{first}..{last}");
            assert!(expected.clone().map(value).eq(found.floats.iter().copied()));
            let starts = (0..found.len()).map(|place| found.start(place));
            assert!(expected.map(|number| number / 300).eq(starts));
        }
    }
}
