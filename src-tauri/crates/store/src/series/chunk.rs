//! A chunk: samples of one series, closed, as bytes for a block. Its times lie in a column of their own, because
//! series that are scraped together share it.

mod histograms;
pub(crate) mod times;
mod values;

use std::sync::Arc;

use watchglass_model::{FloatHistogram, Millis, Samples};

pub(super) use self::histograms::{decode as decode_histogram, encode as encode_histogram};
pub(super) use self::values::whole;
use crate::codec::columns::{Corrupt, Reader, Writer};

/// The chunk has histograms; their places and buckets follow the floats.
const HISTOGRAMS: u8 = 1;
/// The chunk has starts.
const STARTS: u8 = 2;

/// Everything but the times of `samples`, all of them, as bytes.
pub(crate) fn encode(samples: &Samples, out: &mut Writer) {
    let histograms = if samples.histograms.is_empty() { 0 } else { HISTOGRAMS };
    let starts = if samples.starts.is_empty() { 0 } else { STARTS };
    out.raw(&[histograms | starts]);
    values::encode(&samples.floats, out);
    if histograms != 0 {
        out.count(samples.histograms.len());
        let mut before: Option<&FloatHistogram> = None;
        let mut last = 0;
        for (place, histogram) in &samples.histograms {
            out.count(place - std::mem::replace(&mut last, *place));
            histograms::encode(histogram, before, out);
            before = Some(histogram);
        }
    }
    if starts != 0 {
        let mut last = 0_i64;
        for start in &samples.starts {
            out.zigzag(start.wrapping_sub(std::mem::replace(&mut last, *start)));
        }
    }
}

/// Reads a chunk with its column of times into `into`, which is empty: all, or the first `wanted` where that is enough.
pub(crate) fn decode(
    bytes: &[u8],
    times: &[Millis],
    wanted: usize,
    into: &mut Samples,
) -> Result<(), Corrupt> {
    let mut reader = Reader { bytes };
    let count = times.len();
    let [flags] = reader.array()?;
    // What follows the floats refers to all of them.
    let wanted = if flags == 0 { wanted.min(count) } else { count };
    into.times.extend_from_slice(times.get(..wanted).unwrap_or(times));
    values::decode(&mut reader, count, wanted, &mut into.floats)?;
    if flags & HISTOGRAMS != 0 {
        let mut place = 0;
        let mut before: Option<Arc<FloatHistogram>> = None;
        for _ in 0..reader.count(count)? {
            place += reader.count(count)?;
            let sum = *into.floats.get(place).ok_or(Corrupt("a histogram behind the end"))?;
            let histogram = histograms::decode(&mut reader, sum, before.as_deref())?;
            let histogram = Arc::new(histogram);
            before = Some(Arc::clone(&histogram));
            into.histograms.push((place, histogram));
        }
    }
    if flags & STARTS != 0 {
        let mut start = 0_i64;
        for _ in 0..count {
            start = start.wrapping_add(reader.zigzag()?);
            into.starts.push(start);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
