//! Columns of samples put together.

use watchglass_model::Samples;
use watchglass_storage::MillisRange;

/// Adds what of `from` lies within `range` behind `into`; it is later than all that is there.
pub(crate) fn append_within(from: &Samples, range: MillisRange, into: &mut Samples) {
    let start = from.times.partition_point(|time| *time < range.start);
    let end = from.times.partition_point(|time| *time <= range.end);
    append(from, start..end.max(start), into);
}

fn append(from: &Samples, places: std::ops::Range<usize>, into: &mut Samples) {
    let base = into.len();
    if !from.starts.is_empty() && into.starts.is_empty() {
        into.starts.resize(base, 0);
    }
    into.times.extend_from_slice(&from.times[places.clone()]);
    into.floats.extend_from_slice(&from.floats[places.clone()]);
    match from.starts.get(places.clone()) {
        Some(starts) => into.starts.extend_from_slice(starts),
        None if into.starts.is_empty() => {}
        None => into.starts.resize(into.times.len(), 0),
    }
    let inside = from.histograms.iter().filter(|(place, _)| places.contains(place));
    into.histograms.extend(
        inside.map(|(place, one)| (base + place - places.start, std::sync::Arc::clone(one))),
    );
}

/// Adds `other` to `into`, whichever is earlier; of two samples for one time that of `into` stays.
pub(crate) fn merge(into: &mut Samples, other: &Samples) {
    let later = |one: &Samples, other: &Samples| match (one.times.last(), other.times.first()) {
        (Some(last), Some(first)) => last < first,
        _ => true,
    };
    if later(into, other) {
        return append(other, 0..other.len(), into);
    }
    let one = std::mem::take(into);
    if later(other, &one) {
        append(other, 0..other.len(), into);
        return append(&one, 0..one.len(), into);
    }
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(one), Some(other)) if other.time < one.time => right.next(),
            (Some(one), Some(other)) => {
                if one.time == other.time {
                    right.next();
                }
                left.next()
            }
            (Some(_), None) => left.next(),
            (None, _) => right.next(),
        };
        match next {
            Some(sample) => into.push(&sample),
            None => return,
        }
    }
}

/// Removes what lies within `range`.
pub(crate) fn remove(from: &mut Samples, range: MillisRange) {
    if from.times.iter().any(|time| range.contains(*time)) {
        let all = std::mem::take(from);
        for sample in all.iter().filter(|sample| !range.contains(sample.time)) {
            from.push(&sample);
        }
    }
}
