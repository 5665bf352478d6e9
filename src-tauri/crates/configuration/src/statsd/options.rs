//! How observations become a histogram or a summary: `histogram_options`, `summary_options` and their older spellings.

use std::time::Duration;

use crate::fault::Reading;
use crate::yaml::{Fields, Node, Value, text};

/// What timers, histograms and distributions become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObserverType {
    /// Buckets.
    Histogram,
    /// Quantiles.
    Summary,
}

/// A quantile of a summary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// Which, from 0 to 1.
    pub quantile: f64,
    /// How far the rank may be off.
    pub error: f64,
}

/// What a summary tells.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryOptions {
    /// The quantiles.
    pub quantiles: Vec<Quantile>,
    /// How long an observation counts for them.
    pub max_age: Duration,
    /// In how many steps observations grow old.
    pub age_buckets: usize,
}

/// Steps that a summary may have: each holds observations of its own.
const MOST_AGE_BUCKETS: usize = 20;

impl Default for SummaryOptions {
    fn default() -> Self {
        let quantile = |quantile, error| Quantile { quantile, error };
        Self {
            quantiles: vec![quantile(0.5, 0.05), quantile(0.9, 0.01), quantile(0.99, 0.001)],
            max_age: Duration::from_mins(10),
            age_buckets: 5,
        }
    }
}

/// What a section says of observing; none where it does not.
#[derive(Debug, Default)]
pub(super) struct Observers {
    pub(super) kind: Option<ObserverType>,
    pub(super) buckets: Option<Vec<f64>>,
    quantiles: Option<Vec<Quantile>>,
    max_age: Option<Duration>,
    age_buckets: Option<usize>,
}

impl Observers {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        let kind = kind(fields, "observer_type").or_else(|| kind(fields, "timer_type"));
        let (summary, histogram) =
            (fields.section("summary_options"), fields.section("histogram_options"));
        let mut made = Self { kind, ..Self::default() };
        if let Some(node) = histogram {
            let own = Fields::of(node, "mapper.HistogramOptions", fields.reading);
            made.buckets = buckets(&own);
        }
        if let Some(node) = summary {
            let own = Fields::of(node, "mapper.SummaryOptions", fields.reading);
            made.quantiles = quantiles(&own);
            made.max_age = go_duration(&own, "max_age");
            let steps = own.count("age_buckets").and_then(|count| usize::try_from(count).ok());
            made.age_buckets =
                steps.filter(|count| *count > 0).map(|count| count.min(MOST_AGE_BUCKETS));
        }
        made.read_older(fields);
        made.check(fields, summary.is_some(), histogram.is_some());
        made
    }

    /// `buckets` and `quantiles` beside the type, as they were written before there were options.
    fn read_older(&mut self, fields: &Fields<'_>) {
        let both = "at the same time in both the top level and the options";
        if let Some(older) = buckets(fields) {
            if self.buckets.is_some() {
                fields.fault("buckets", format!("cannot use buckets {both}"));
            }
            self.buckets = Some(older);
        }
        if let Some(older) = quantiles(fields) {
            if self.quantiles.is_some() {
                fields.fault("quantiles", format!("cannot use quantiles {both}"));
            }
            self.quantiles = Some(older);
        }
    }

    fn check(&self, fields: &Fields<'_>, has_summary: bool, has_histogram: bool) {
        let is_default = fields.node("match").is_none();
        match self.kind {
            Some(ObserverType::Histogram) if has_summary && !is_default => fields.fault(
                "summary_options",
                "cannot use histogram observer and summary options at the same time",
            ),
            Some(ObserverType::Summary) if has_histogram && !is_default => fields.fault(
                "histogram_options",
                "cannot use summary observer and histogram options at the same time",
            ),
            _ => {}
        }
    }

    /// The options of a summary, `or` where nothing is said.
    pub(super) fn summary(&self, or: &SummaryOptions) -> SummaryOptions {
        SummaryOptions {
            quantiles: self.quantiles.clone().unwrap_or_else(|| or.quantiles.clone()),
            max_age: self.max_age.unwrap_or(or.max_age),
            age_buckets: self.age_buckets.unwrap_or(or.age_buckets),
        }
    }
}

fn kind(fields: &Fields<'_>, name: &'static str) -> Option<ObserverType> {
    match fields.text(name)?.as_str() {
        "" => None,
        "histogram" => Some(ObserverType::Histogram),
        "summary" => Some(ObserverType::Summary),
        other => {
            fields.fault(name, format!("invalid observer type '{other}'"));
            None
        }
    }
}

fn buckets(fields: &Fields<'_>) -> Option<Vec<f64>> {
    let nodes = fields.items("buckets")?;
    let bounds: Vec<_> = nodes.iter().filter_map(|node| number(node, fields.reading)).collect();
    let is_rising = bounds.iter().zip(bounds.iter().skip(1)).all(|(one, next)| one < next);
    if !is_rising || bounds.iter().any(|bound| bound.is_nan()) {
        fields.fault("buckets", "histogram buckets must be in increasing order");
    }
    (!bounds.is_empty()).then(|| bounds.into_iter().filter(|bound| bound.is_finite()).collect())
}

fn quantiles(fields: &Fields<'_>) -> Option<Vec<Quantile>> {
    fields.items("quantiles")?;
    let read = |node, reading: &_| {
        let fields = Fields::of(node, "mapper.MetricObjective", reading);
        let quantile = fields.number("quantile").unwrap_or(0.0);
        if !(0.0..=1.0).contains(&quantile) {
            fields.fault("quantile", format!("a quantile lies between 0 and 1, not at {quantile}"));
        }
        Quantile { quantile, error: fields.number("error").unwrap_or(0.0) }
    };
    let all = fields.sections("quantiles", "empty quantile", read);
    (!all.is_empty()).then_some(all)
}

fn number(node: &Node, reading: &Reading) -> Option<f64> {
    let found = match &node.value {
        Value::Scalar { text, .. } => match text.trim_start_matches('+') {
            ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
            text => text.parse().ok(),
        },
        _ => None,
    };
    if found.is_none() {
        reading
            .fault(node.place, format!("cannot unmarshal {:?} into float64", text(node, reading)));
    }
    found
}

/// A duration as Go writes it (`1m20s`, `1.5h`) or a number of nanoseconds; zero stands for none.
pub(super) fn go_duration(fields: &Fields<'_>, name: &'static str) -> Option<Duration> {
    let text = fields.text(name)?;
    let Some(nanos) = nanoseconds(&text) else {
        fields.fault(name, format!("time: invalid duration {text:?}"));
        return None;
    };
    (nanos > 0).then(|| Duration::from_nanos(nanos))
}

/// Nanoseconds of each unit.
const UNITS: [(&str, f64); 7] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];

fn nanoseconds(text: &str) -> Option<u64> {
    if let Ok(nanos) = text.parse() {
        return Some(nanos);
    }
    let (mut rest, mut total) = (text, 0.0);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, behind) = rest.split_at(digits);
        let letters = behind.find(|char: char| char.is_ascii_digit() || char == '.');
        let (unit, behind) = behind.split_at(letters.unwrap_or(behind.len()));
        let (_, nanos) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total += number.parse::<f64>().ok()? * nanos;
        rest = behind;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    (!text.is_empty() && total < 9.2e18).then_some(total as u64)
}
