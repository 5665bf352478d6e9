//! Smoothed instant vectors: values on the line between the samples around each instant.

use std::sync::Arc;

use watchglass_model::{Millis, ResetHint, SampleValue, Samples};

use super::column::Column;
use super::edges;
use super::notes::Note;
use super::select::References;
use super::window::{Points, interpolate};

/// The values of a series. Within the lookback to either side of an instant there may be floats or histograms, not both.
pub(super) fn column(
    samples: &Samples,
    references: &References,
    metric: &str,
    note: &mut dyn FnMut(Note),
) -> Column {
    let mut points = Points::default();
    points.fill(&mut samples.clone());
    let mut column = Column::empty(references.grid.steps);
    for (step, at) in references.each() {
        let start = at.saturating_sub(references.lookback);
        let end = at.saturating_add(references.lookback);
        let within = |times: &[Millis]| times.iter().any(|time| start < *time && *time <= end);
        let value = match (within(&points.floats.times), within(&points.histograms.times)) {
            (true, true) => {
                note(Note::MixedFloatsHistograms(metric.to_owned()));
                None
            }
            (true, false) => float_at(&points, start, at),
            (false, true) => {
                if let Ok(value) = histogram_at(&points, start, at) {
                    value
                } else {
                    note(Note::MixedExponentialCustom(metric.to_owned()));
                    None
                }
            }
            (false, false) => None,
        };
        if let Some(value) = value {
            column.set(step, value);
        }
    }
    column
}

/// The samples before and behind an instant; the one before must lie behind `start`.
fn around<T: Clone>(
    times: &[Millis],
    values: &[T],
    start: Millis,
    at: Millis,
) -> [Option<(Millis, T)>; 2] {
    let next = times.partition_point(|time| *time < at);
    let sample = |place: usize| Some((*times.get(place)?, values.get(place)?.clone()));
    let before = next.checked_sub(1).and_then(sample).filter(|(time, _)| *time > start);
    [before, sample(next)]
}

fn float_at(points: &Points, start: Millis, at: Millis) -> Option<SampleValue> {
    let value = match around(&points.floats.times, &points.floats.values, start, at) {
        [_, Some((time, value))] if time == at => value,
        [Some(before), Some(after)] => interpolate(before, after, at, false),
        [Some((_, value)), None] => value,
        [None, _] => return None,
    };
    Some(SampleValue::Float(value))
}

fn histogram_at(
    points: &Points,
    start: Millis,
    at: Millis,
) -> Result<Option<SampleValue>, watchglass_model::HistogramError> {
    let value = match around(&points.histograms.times, &points.histograms.values, start, at) {
        [_, Some((time, value))] if time == at => value,
        [Some((before, one)), Some((after, other))] => {
            let counter = one.reset_hint != ResetHint::Gauge;
            Arc::new(edges::interpolate((before, &one), (after, &other), at, counter)?)
        }
        [Some((_, value)), None] => value,
        [None, _] => return Ok(None),
    };
    Ok(Some(SampleValue::Histogram(value)))
}
