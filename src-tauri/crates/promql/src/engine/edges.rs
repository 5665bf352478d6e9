//! Native histograms at the edges of anchored and smoothed windows.

use std::sync::Arc;

use watchglass_model::{FloatHistogram, HistogramError, Millis, ResetHint, SampleValue};

use super::length::seconds;
use super::notes::Note;
use super::ranged::Context;
use super::rate::{Histograms, note_kind};
use super::window::{Window, edge_places};
use crate::tree::Edges;

/// The difference between the histograms at the edges of a window.
pub(super) fn histogram_change(
    window: &Window<'_>,
    context: &mut Context<'_>,
    counter: bool,
) -> Option<SampleValue> {
    let (first, last) = edge_places(window, window.histograms.times)?;
    let histograms = window.histograms.stretch(first, last + 1);
    note_kind(histograms, context, counter);
    if let Ok(change) = difference(window, histograms, counter) {
        Some(SampleValue::Histogram(Arc::new(change)))
    } else {
        let metric = context.metric();
        context.note(Note::MixedExponentialCustom(metric));
        None
    }
}

fn difference(
    window: &Window<'_>,
    histograms: Histograms<'_>,
    counter: bool,
) -> Result<FloatHistogram, HistogramError> {
    let (Some(first), Some(last)) = (histograms.first(), histograms.last()) else {
        return Ok(FloatHistogram::default());
    };
    let custom = first.1.uses_custom_buckets();
    if histograms.values.iter().any(|one| one.uses_custom_buckets() != custom) {
        return Err(HistogramError::IncompatibleSchema);
    }
    let smoothed = window.edges == Edges::Smoothed;
    let (cuts_first, cuts_last) =
        (smoothed && first.0 < window.start, smoothed && last.0 > window.end);
    let pair = |place: usize| {
        let at =
            |place: usize| Some((*histograms.times.get(place)?, &**histograms.values.get(place)?));
        Some((at(place.checked_sub(1)?)?, at(place)?))
    };
    let cut = |place: usize, at: Millis| match pair(place) {
        Some((before, after)) => interpolate(before, after, at, counter),
        None => Ok((**first.1).clone()),
    };
    let end = histograms.len() - 1;
    let left = if cuts_first { cut(1, window.start)? } else { (**first.1).clone() };
    let mut change = if cuts_last { cut(end, window.end)? } else { (**last.1).clone() };
    change.sub(&left)?;
    // A cut across a reset begins at zero already, so the reset between the first two is only added where the window
    // does not begin between them.
    let from = if cuts_first { 2 } else { 1 };
    for place in (from..=end).filter(|_| counter) {
        if let Some((before, after)) = pair(place)
            && after.1.detect_reset(before.1)
        {
            change.add(before.1)?;
        }
    }
    change.reset_hint = ResetHint::Gauge;
    change.compact();
    Ok(change)
}

/// The histogram between two others. Of a counter that was reset between them, the first counts as nothing.
pub(super) fn interpolate(
    before: (Millis, &FloatHistogram),
    after: (Millis, &FloatHistogram),
    at: Millis,
    counter: bool,
) -> Result<FloatHistogram, HistogramError> {
    if after.1.uses_custom_buckets() != before.1.uses_custom_buckets() {
        return Err(HistogramError::IncompatibleSchema);
    }
    let share = seconds(at - before.0) / seconds(after.0 - before.0);
    let mut result = after.1.clone();
    if counter && after.1.detect_reset(before.1) {
        result.mul(share);
        return Ok(result);
    }
    result.sub(before.1)?;
    result.mul(share);
    result.add(before.1)?;
    result.reset_hint = before.1.reset_hint;
    Ok(result)
}
