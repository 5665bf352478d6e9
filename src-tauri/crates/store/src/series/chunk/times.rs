//! A column of times: how far each lies from where a regular clock would have it.

use watchglass_model::Millis;

use crate::codec::columns::{Corrupt, Reader, Writer};

/// Each time is told by the interval since the one before it, less the usual interval: good for a clock that drifts.
const STEPS: u8 = 0;
/// Each time is told by its distance from `first + place × interval`: good for jitter around a steady clock.
const GRID: u8 = 1;

/// The column as bytes: count, first, usual interval, the way of telling, and what is left to tell, all zigzag.
pub(crate) fn encode(times: &[Millis]) -> Vec<u8> {
    let mut out = Writer::default();
    out.count(times.len());
    let Some((first, rest)) = times.split_first() else {
        return out.bytes;
    };
    out.zigzag(*first);
    let interval = usual_interval(times);
    out.zigzag(interval);
    let steps = || times.iter().zip(rest).map(|(before, time)| residue(*time, *before, interval));
    let grid = || {
        rest.iter().zip(1_i64..).map(|(time, place)| {
            residue(*time, first.wrapping_add(interval.wrapping_mul(place)), 0)
        })
    };
    if weight(grid()) < weight(steps()) {
        out.raw(&[GRID]);
        grid().for_each(|one| out.zigzag(one));
    } else {
        out.raw(&[STEPS]);
        steps().for_each(|one| out.zigzag(one));
    }
    out.bytes
}

/// Reads a column behind whatever `into` holds.
pub(crate) fn decode(bytes: &[u8], into: &mut Vec<Millis>) -> Result<(), Corrupt> {
    let mut reader = Reader { bytes };
    let count = reader.count(bytes.len())?;
    if count == 0 {
        return Ok(());
    }
    let first = reader.zigzag()?;
    let interval = reader.zigzag()?;
    let [way] = reader.array()?;
    into.reserve(count);
    into.push(first);
    let (mut last, mut due) = (first, first);
    for _ in 1..count {
        due = due.wrapping_add(interval);
        let from = if way == GRID { due } else { last.wrapping_add(interval) };
        last = from.wrapping_add(reader.zigzag()?);
        into.push(last);
    }
    Ok(())
}

fn residue(time: Millis, before: Millis, interval: Millis) -> i64 {
    time.wrapping_sub(before).wrapping_sub(interval)
}

/// The median of the intervals, or zero.
fn usual_interval(times: &[Millis]) -> i64 {
    let mut intervals: Vec<_> =
        times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.wrapping_sub(*a)).collect();
    if intervals.is_empty() {
        return 0;
    }
    let middle = intervals.len() / 2;
    *intervals.select_nth_unstable(middle).1
}

/// About how many bits a list of residues takes.
fn weight(residues: impl Iterator<Item = i64>) -> u64 {
    residues.map(|one| u64::from(64 - one.unsigned_abs().leading_zeros())).sum()
}
