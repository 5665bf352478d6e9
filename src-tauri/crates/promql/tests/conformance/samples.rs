//! What `load` puts into the store: samples with their start times, classic histograms as native ones, and the reset
//! hints that the storage of Prometheus gives back instead of those that were written.

use std::collections::BTreeMap;
use std::sync::Arc;

use watchglass_model::{
    ClassicHistogram, FloatHistogram, Labels, METRIC_NAME, Millis, ResetHint, Sample, SampleValue,
    is_stale,
};
use watchglass_storage::SeriesWrite;

use crate::script::Load;
use crate::series::read;
use crate::words::duration_before;

/// The write that a `load` asks for.
pub(crate) fn write(load: &Load) -> Result<SeriesWrite, String> {
    let mut series: BTreeMap<Labels, Vec<Sample>> = BTreeMap::new();
    let mut starts: Option<(Labels, Vec<Option<Millis>>)> = None;
    let mut usual_starts = Vec::new();
    for line in &load.lines {
        if let Some((metric, sequence)) = start_line(line) {
            if metric.is_empty() {
                usual_starts = start_sequence(sequence)?;
            } else {
                let (labels, _) = read(&format!("{metric} _"))?;
                starts = Some((labels, start_sequence(sequence)?));
            }
            continue;
        }
        let (labels, values) = read(line)?;
        let offsets = match starts.take() {
            Some((own, offsets)) if own == labels && offsets.len() == values.len() => offsets,
            Some(_) => return Err(format!("the line @st before it is of something else: {line}")),
            None => usual_starts.iter().copied().cycle().take(values.len()).collect(),
        };
        let offset_of = |place: usize| offsets.get(place).copied().flatten();
        let samples = values.iter().enumerate().filter_map(|(place, value)| {
            let time = Millis::try_from(place).expect("there are few values") * load.step;
            let start = offset_of(place).map_or(0, |offset| time + offset);
            Some(Sample { time, value: value.sample()?, start })
        });
        series.insert(labels, samples.collect());
    }
    if load.with_nhcb {
        series.extend(custom_bucket_series(&series)?);
    }
    for samples in series.values_mut() {
        stored_hints(samples);
    }
    Ok(SeriesWrite { samples: series.into_iter().collect(), ..SeriesWrite::default() })
}

/// The metric and the offsets of a line `metric@st offsets`.
fn start_line(line: &str) -> Option<(&str, &str)> {
    let (metric, sequence) = line.split_once([' ', '\t'])?;
    Some((metric.strip_suffix("@st")?, sequence.trim()))
}

/// `_ _x2 -1m -30s-1mx4`: offsets from samples to their start times.
fn start_sequence(text: &str) -> Result<Vec<Option<Millis>>, String> {
    let mut offsets = Vec::new();
    for item in text.split_whitespace() {
        let found = start_item(item).ok_or_else(|| format!("no start times: {item:?}"))?;
        offsets.extend(found);
    }
    Ok(offsets)
}

fn start_item(item: &str) -> Option<Vec<Option<Millis>>> {
    if let Some(gaps) = item.strip_prefix('_') {
        let count = if gaps.is_empty() { 1 } else { gaps.strip_prefix('x')?.parse().ok()? };
        return Some(vec![None; count]);
    }
    let (mut offset, rest) = signed_duration(item)?;
    let (change, rest) =
        if rest.starts_with(['+', '-']) { signed_duration(rest)? } else { (0, rest) };
    let more = if rest.is_empty() { 0 } else { rest.strip_prefix('x')?.parse().ok()? };
    let mut offsets = vec![Some(offset)];
    for _ in 0..more {
        offset += change;
        offsets.push(Some(offset));
    }
    Some(offsets)
}

fn signed_duration(text: &str) -> Option<(Millis, &str)> {
    let (value, rest) = duration_before(text.trim_start_matches(['+', '-']))?;
    Some((if text.starts_with('-') { -value } else { value }, rest))
}

/// Series of histograms with custom buckets from `_bucket`, `_count` and `_sum` (Prometheus `util/convertnhcb`).
fn custom_bucket_series(
    series: &BTreeMap<Labels, Vec<Sample>>,
) -> Result<BTreeMap<Labels, Vec<Sample>>, String> {
    let mut histograms: BTreeMap<Labels, BTreeMap<Millis, ClassicHistogram>> = BTreeMap::new();
    for (labels, samples) in series {
        let Some((base, part)) = labels.name().rsplit_once('_') else { continue };
        let bound = labels.get("le").parse::<f64>().unwrap_or(f64::NAN);
        if !["bucket", "count", "sum"].contains(&part) || (part == "bucket" && bound.is_nan()) {
            continue;
        }
        let own = histograms.entry(labels.with(METRIC_NAME, base).without("le")).or_default();
        for sample in samples {
            let SampleValue::Float(value) = sample.value else { continue };
            let classic = own.entry(sample.time).or_default();
            match part {
                "bucket" => classic.set_bucket(bound, value).map_err(|fault| fault.to_string())?,
                "count" => classic.set_count(value).map_err(|fault| fault.to_string())?,
                _ => classic.set_sum(value),
            }
        }
    }
    let convert = |(time, classic): (Millis, ClassicHistogram)| -> Result<Sample, String> {
        let histogram = classic.convert().map_err(|fault| fault.to_string())?;
        Ok(Sample { time, value: SampleValue::Histogram(Arc::new(histogram)), start: 0 })
    };
    histograms
        .into_iter()
        .map(|(labels, own)| Ok((labels, own.into_iter().map(convert).collect::<Result<_, _>>()?)))
        .collect()
}

/// Sets the hints that Prometheus' storage gives back (`tsdb/chunkenc`): gauges stay gauges; the first histogram of a
/// chunk is unknown, the others are no reset. A chunk ends where the next histogram does not continue the last.
fn stored_hints(samples: &mut [Sample]) {
    let mut last: Option<Arc<FloatHistogram>> = None;
    for sample in samples {
        let SampleValue::Histogram(histogram) = &mut sample.value else {
            last = None;
            continue;
        };
        if histogram.reset_hint == ResetHint::Gauge {
            last = None;
            continue;
        }
        let own = Arc::make_mut(histogram);
        let is_reset = std::mem::take(&mut own.reset_hint) == ResetHint::Reset;
        let written = Arc::new(own.clone());
        if last.is_some_and(|last| !is_reset && continues(&last, &written)) {
            own.reset_hint = ResetHint::NotReset;
        }
        last = Some(written);
    }
}

/// Whether `next` may stand behind `last` in one chunk.
fn continues(last: &FloatHistogram, next: &FloatHistogram) -> bool {
    if is_stale(next.sum) || is_stale(last.sum) {
        return is_stale(next.sum);
    }
    next.schema == last.schema
        && next.zero_threshold.to_bits() == last.zero_threshold.to_bits()
        && next.custom_bounds() == last.custom_bounds()
        && !next.detect_reset(last)
}
