//! How fast series change: rates and increases of counters, deltas of gauges, resets and changes.

use std::cmp::Ordering;
use std::sync::Arc;

use watchglass_model::{FloatHistogram, HistogramError, Millis, ResetHint, SampleValue};

use super::edges;
use super::length::seconds;
use super::notes::Note;
use super::numbers::count;
use super::over_time::{float, is_mixed};
use super::ranged::{Context, Outcome};
use super::window::{Part, Window, edged};
use crate::tree::Edges;

/// `rate`: the increase of a counter a second.
pub(crate) fn rate(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    extrapolated(window, context, true, true)
}

/// `increase`: the increase of a counter.
pub(crate) fn increase(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    extrapolated(window, context, true, false)
}

/// `delta`: the difference of a gauge.
pub(crate) fn delta(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    extrapolated(window, context, false, false)
}

/// What lies between the first and the last sample of a window.
struct Change {
    value: SampleValue,
    first: Millis,
    last: Millis,
    /// How many samples there are.
    samples: usize,
    /// When a counter began to count, at zero, if it did so within the window.
    began: Option<Millis>,
    /// Seconds before the first sample at which the counter was zero, if it grew evenly.
    since_zero: Option<f64>,
}

impl Change {
    /// The change over the whole window: extended to its edges where samples come close enough to them.
    fn extended(self, window: &Window<'_>) -> (SampleValue, f64) {
        let sampled = seconds(self.last - self.began.unwrap_or(self.first));
        let interval = seconds(self.last - self.first) / count(self.samples - 1);
        let towards = |gap: f64| if gap >= interval * 1.1 { interval / 2.0 } else { gap };
        let before = if self.began.is_some() {
            0.0
        } else {
            let before = towards(seconds(self.first - window.start));
            self.since_zero.map_or(before, |zero| before.min(zero))
        };
        let after = if self.samples > 1 { towards(seconds(window.end - self.last)) } else { 0.0 };
        (self.value, (sampled + before + after) / sampled)
    }
}

/// The difference over a window (`extrapolatedRate` in Prometheus `promql/functions.go`).
fn extrapolated(
    window: &Window<'_>,
    context: &mut Context<'_>,
    counter: bool,
    per_second: bool,
) -> Outcome {
    if is_mixed(window, context) {
        return None;
    }
    if window.edges != Edges::Plain {
        let change = if window.histograms.is_empty() {
            float_edges(window, counter)
        } else {
            edges::histogram_change(window, context, counter)
        };
        return change.map(|change| per(change, window, 1.0, per_second));
    }
    let change = if window.histograms.is_empty() {
        float_change(window, context, counter)
    } else {
        histogram_change(window, context, counter)
    };
    change.map(|change| {
        let (value, factor) = change.extended(window);
        per(value, window, factor, per_second)
    })
}

/// A change times a factor, a second where that is asked for.
fn per(change: SampleValue, window: &Window<'_>, factor: f64, per_second: bool) -> SampleValue {
    let length = seconds(window.end - window.start);
    let factor = if per_second { factor / length } else { factor };
    match change {
        SampleValue::Float(value) => SampleValue::Float(value * factor),
        SampleValue::Histogram(mut histogram) => {
            Arc::make_mut(&mut histogram).mul(factor);
            SampleValue::Histogram(histogram)
        }
    }
}

fn float_change(window: &Window<'_>, context: &mut Context<'_>, counter: bool) -> Option<Change> {
    let floats = window.floats;
    let ((first_time, first), (last_time, last)) = (floats.first()?, floats.last()?);
    let began = if counter && context.start_times { floats.began(window.start) } else { None };
    if floats.len() < 2 && began.is_none() {
        return None;
    }
    let mut change = last - if began.is_some() { 0.0 } else { *first };
    if counter {
        change += match window.turns {
            Some(falls) => falls.iter().fold(0.0, |lost, before| lost + before),
            None => resets_of(floats, context),
        };
    }
    let sampled = seconds(last_time - first_time);
    let since_zero = (counter && change > 0.0 && *first >= 0.0).then(|| sampled * (first / change));
    Some(Change {
        value: SampleValue::Float(change),
        first: first_time,
        last: last_time,
        samples: floats.len(),
        began,
        since_zero,
    })
}

/// Which neighbours a function counts, where it counts some whatever their times are.
pub(crate) fn turn(name: &str) -> Option<fn(f64, f64) -> bool> {
    match name {
        "rate" | "increase" | "resets" => Some(|before, now| now < before),
        "changes" => Some(changed),
        _ => None,
    }
}

fn changed(before: f64, now: f64) -> bool {
    !(now.is_nan() && before.is_nan()) && now.partial_cmp(&before) != Some(Ordering::Equal)
}

/// What a counter had reached before each of its resets, together.
fn resets_of(floats: Part<'_, f64>, context: &mut Context<'_>) -> f64 {
    let mut lost = 0.0;
    for (place, pair) in floats.values.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        if after < before || (context.start_times && floats.began_anew(place + 1)) {
            lost += before;
        }
    }
    if context.start_times && (1..floats.len()).any(|place| floats.overlaps(place)) {
        let metric = context.metric();
        context.note(Note::StartTimeOverlap(metric));
    }
    lost
}

fn histogram_change(
    window: &Window<'_>,
    context: &mut Context<'_>,
    counter: bool,
) -> Option<Change> {
    let histograms = window.histograms;
    let ((first_time, first), (last_time, _)) = (histograms.first()?, histograms.last()?);
    let began = if counter && context.start_times { histograms.began(window.start) } else { None };
    if histograms.len() < 2 && began.is_none() {
        return None;
    }
    let Ok(change) = histogram_difference(histograms, context, counter, began.is_some()) else {
        let metric = context.metric();
        context.note(Note::MixedExponentialCustom(metric));
        return None;
    };
    let sampled = seconds(last_time - first_time);
    let since_zero = (counter && change.count > 0.0 && first.count >= 0.0)
        .then(|| sampled * (first.count / change.count));
    Some(Change {
        value: SampleValue::Histogram(Arc::new(change)),
        first: first_time,
        last: last_time,
        samples: histograms.len(),
        began,
        since_zero,
    })
}

/// Histograms of a window.
pub(super) type Histograms<'a> = Part<'a, Arc<FloatHistogram>>;

/// Whether the counter was reset before the histogram at `place`.
fn was_reset(histograms: Histograms<'_>, place: usize, start_times: bool) -> bool {
    let at = |place: usize| histograms.values.get(place);
    let (Some(before), Some(now)) = (place.checked_sub(1).and_then(at), at(place)) else {
        return false;
    };
    (start_times && histograms.began_anew(place)) || now.detect_reset(before)
}

/// The last histogram less the first, and what the counter had reached before each reset
/// (`histogramRate` in Prometheus `promql/functions.go`). What began to count within the window began at zero.
fn histogram_difference(
    histograms: Histograms<'_>,
    context: &mut Context<'_>,
    counter: bool,
    from_zero: bool,
) -> Result<FloatHistogram, HistogramError> {
    let (Some((_, first)), Some((_, last))) = (histograms.first(), histograms.last()) else {
        return Ok(FloatHistogram::default());
    };
    note_kind(histograms, context, counter);
    let reset_at_once = counter && was_reset(histograms, 1, context.start_times);
    // What the first histogram looked like does not matter if it was reset right after it.
    let base = match histograms.values.get(1).filter(|_| reset_at_once) {
        Some(second) => zero_like(second),
        None if from_zero => zero_like(first),
        None => (**first).clone(),
    };
    let mut schema = base.schema.min(last.schema);
    let custom = base.uses_custom_buckets();
    let between = histograms.values.get(1..histograms.len().max(2) - 1).unwrap_or_default();
    for one in between.iter().filter(|_| counter).chain([last]) {
        if one.uses_custom_buckets() != custom {
            return Err(HistogramError::IncompatibleSchema);
        }
        schema = schema.min(one.schema);
    }
    let mut change =
        if schema == last.schema { (**last).clone() } else { last.copy_to_schema(schema)? };
    if change.sub(&base)?.bounds_reconciled {
        context.note(Note::BoundsReconciled("subtraction"));
    }
    for place in (1..histograms.len()).filter(|_| counter) {
        let Some(before) = histograms.values.get(place - 1) else { continue };
        if !was_reset(histograms, place, context.start_times) {
            continue;
        }
        // The first histogram was not taken off where it was reset at once, unless the counter began before it.
        let reached = if place == 1 && !from_zero { &base } else { &**before };
        if change.add(reached)?.bounds_reconciled {
            context.note(Note::BoundsReconciled("addition"));
        }
    }
    change.reset_hint = ResetHint::Gauge;
    change.compact();
    Ok(change)
}

/// An empty histogram with the buckets of another.
fn zero_like(other: &FloatHistogram) -> FloatHistogram {
    FloatHistogram {
        schema: other.schema,
        custom_values: other.custom_values.clone(),
        ..FloatHistogram::default()
    }
}

/// Says so where histograms are not of the kind that the function works on.
pub(super) fn note_kind(histograms: Histograms<'_>, context: &mut Context<'_>, counter: bool) {
    let is_gauge = |one: &Arc<FloatHistogram>| one.reset_hint == ResetHint::Gauge;
    let edges = [histograms.first(), histograms.last()];
    let metric = context.metric();
    if counter && histograms.values.iter().any(is_gauge) {
        context.note(Note::NotCounter(metric));
    } else if !counter && !edges.into_iter().flatten().all(|(_, one)| is_gauge(one)) {
        context.note(Note::NotGauge(metric));
    }
}

/// The difference between the values at the edges of an anchored or smoothed window.
fn float_edges(window: &Window<'_>, counter: bool) -> Option<SampleValue> {
    let edged = edged(window, counter)?;
    let mut change = edged.right - edged.left;
    if counter {
        let mut before = edged.left;
        for value in edged.between.values.iter().chain([&edged.right]) {
            if *value < before {
                change += before;
            }
            before = *value;
        }
    }
    Some(SampleValue::Float(change))
}

/// `irate`: the increase of a counter a second between its last two samples.
pub(crate) fn irate(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    between_last_two(window, context, true)
}

/// `idelta`: the difference of a gauge between its last two samples.
pub(crate) fn idelta(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    between_last_two(window, context, false)
}

fn between_last_two(window: &Window<'_>, context: &mut Context<'_>, counter: bool) -> Outcome {
    let last_floats = window.floats.skip(window.floats.len().saturating_sub(2));
    let last_histograms = window.histograms.skip(window.histograms.len().saturating_sub(2));
    let last = Window { floats: last_floats, histograms: last_histograms, ..*window };
    let merged = last.merged();
    let [.., (before_time, before), (time, now)] = merged.as_slice() else { return None };
    let interval = seconds(time - before_time);
    if interval == 0.0 {
        return None;
    }
    let begins_anew = |anew: bool| counter && context.start_times && anew;
    match (before, now) {
        (SampleValue::Float(before), SampleValue::Float(now)) => {
            let reset = counter && now < before
                || begins_anew(last_floats.began_anew(last_floats.len() - 1));
            let change = if reset { *now } else { now - before };
            float(if counter { change / interval } else { change })
        }
        (SampleValue::Histogram(before), SampleValue::Histogram(now)) => {
            let reset = counter
                && (begins_anew(last_histograms.began_anew(last_histograms.len() - 1))
                    || now.detect_reset(before));
            let divisor = counter.then_some(interval);
            instant_histogram_change(before, now, reset, divisor, context)
        }
        _ => {
            let metric = context.metric();
            context.note_arguments(Note::MixedFloatsHistograms(metric));
            None
        }
    }
}

/// The difference of two histograms; a counter's (where there is a divisor) by the seconds between them.
fn instant_histogram_change(
    before: &FloatHistogram,
    now: &FloatHistogram,
    reset: bool,
    divisor: Option<f64>,
    context: &mut Context<'_>,
) -> Option<SampleValue> {
    let gauges = [before, now].map(|one| one.reset_hint == ResetHint::Gauge);
    let metric = context.metric();
    if divisor.is_some() && gauges.contains(&true) {
        context.note_arguments(Note::NotCounter(metric.clone()));
    }
    if divisor.is_none() && gauges.contains(&false) {
        context.note_arguments(Note::NotGauge(metric.clone()));
    }
    let mut change = now.clone();
    if !reset {
        match change.sub(before) {
            Ok(combined) if combined.bounds_reconciled => {
                context.note_arguments(Note::BoundsReconciled("subtraction"));
            }
            Ok(_) => {}
            Err(_) => {
                context.note_arguments(Note::MixedExponentialCustom(metric));
                return None;
            }
        }
    }
    change.reset_hint = ResetHint::Gauge;
    change.compact();
    if let Some(divisor) = divisor {
        change.div(divisor);
    }
    Some(SampleValue::Histogram(Arc::new(change)))
}

/// The window from the last sample before it on, for functions that count from sample to sample.
fn anchored<'a>(window: &Window<'a>) -> Option<Window<'a>> {
    if window.edges != Edges::Anchored {
        return Some(*window);
    }
    let before = |times: &[Millis]| times.partition_point(|time| *time <= window.start);
    let (floats, histograms) = (before(window.floats.times), before(window.histograms.times));
    if floats == window.floats.len() && histograms == window.histograms.len() {
        return None;
    }
    let time = |times: &[Millis], place: usize| {
        place.checked_sub(1).and_then(|place| times.get(place).copied())
    };
    let (float, histogram) =
        (time(window.floats.times, floats), time(window.histograms.times, histograms));
    let keep =
        |own: Option<Millis>, other: Option<Millis>| usize::from(own.is_some() && own >= other);
    Some(Window {
        floats: window.floats.skip(floats - keep(float, histogram)),
        histograms: window.histograms.skip(histograms - keep(histogram, float)),
        ..*window
    })
}

/// Counts the pairs of neighbours for which `counts` holds.
fn pairs(
    window: &Window<'_>,
    counts_floats: impl Fn(Part<'_, f64>, usize) -> bool,
    counts_histograms: impl Fn(Histograms<'_>, usize) -> bool,
) -> Outcome {
    if let Some(turns) = window.turns.filter(|_| window.histograms.is_empty()) {
        return float(count(turns.len()));
    }
    let window = anchored(window)?;
    let (floats, histograms) = (window.floats, window.histograms);
    let mut found = (1..floats.len())
        .filter(|place| histograms.is_empty() && counts_floats(floats, *place))
        .count();
    found += (1..histograms.len())
        .filter(|place| floats.is_empty() && counts_histograms(histograms, *place))
        .count();
    if !floats.is_empty() && !histograms.is_empty() {
        found = mixed_pairs(&window, &counts_floats, &counts_histograms);
    }
    float(count(found))
}

/// The same where floats and histograms take turns; each turn counts.
fn mixed_pairs(
    window: &Window<'_>,
    counts_floats: &impl Fn(Part<'_, f64>, usize) -> bool,
    counts_histograms: &impl Fn(Histograms<'_>, usize) -> bool,
) -> usize {
    let (mut float, mut histogram, mut found) = (0, 0, 0);
    let mut before = None;
    loop {
        let times = (window.floats.times.get(float), window.histograms.times.get(histogram));
        let is_float = match times {
            (None, None) => return found,
            (Some(one), Some(other)) => one < other,
            (one, _) => one.is_some(),
        };
        let counts = match before {
            None => false,
            Some(was_float) if was_float != is_float => true,
            Some(_) if is_float => counts_floats(window.floats, float),
            Some(_) => counts_histograms(window.histograms, histogram),
        };
        found += usize::from(counts);
        before = Some(is_float);
        if is_float { float += 1 } else { histogram += 1 }
    }
}

/// `resets`: how often a counter fell.
pub(crate) fn resets(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    let start_times = context.start_times;
    pairs(
        window,
        |floats, place| fell(floats, place) || (start_times && floats.began_anew(place)),
        |histograms, place| was_reset(histograms, place, start_times),
    )
}

fn fell(floats: Part<'_, f64>, place: usize) -> bool {
    let pair =
        place.checked_sub(1).map(|before| (floats.values.get(before), floats.values.get(place)));
    matches!(pair, Some((Some(before), Some(now))) if now < before)
}

/// `changes`: how often a value changed.
pub(crate) fn changes(window: &Window<'_>, _: &mut Context<'_>) -> Outcome {
    pairs(
        window,
        |floats, place| match (floats.values.get(place - 1), floats.values.get(place)) {
            (Some(before), Some(now)) => changed(*before, *now),
            _ => false,
        },
        |histograms, place| match (histograms.values.get(place - 1), histograms.values.get(place)) {
            (Some(before), Some(now)) => !now.equals(before),
            _ => false,
        },
    )
}
