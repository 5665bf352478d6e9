//! Data and queries in the shape of Prometheus's own `BenchmarkRangeQuery` (`promql/bench_test.go`): metrics `a_X` and
//! `b_X` of one, ten and a hundred series, classic histograms `h_X`, and `sparse`, whose series come and go.
#![expect(clippy::cast_precision_loss, reason = "counts of series and steps are small")]

use watchglass_model::{Labels, Millis};

use super::remote_write::{EncodedSeries, MANY_SAMPLES, Sender};
use super::server::Server;

/// From one sample to the next.
pub(crate) const INTERVAL: Millis = 10_000;
/// How many samples each series has: a day behind the 10,000 steps of the longest query.
pub(crate) const INTERVALS: usize = 8_640 + 10_000;
/// The time of the last sample.
pub(crate) const END: Millis = 1_735_689_600_000;
const BOUNDS: usize = 10;
const SPARSE: usize = 50;
/// Samples of a series that are sent together.
const PIECE: usize = 20;

/// What a query over `X` series is asked for: one template, and its number of steps where that is fixed.
pub(crate) const TEMPLATES: [(&str, Option<usize>); 44] = [
    ("a_X", None),
    ("rate(a_X[1m])", None),
    ("rate(a_X[1m])", Some(10_000)),
    ("rate(sparse[1m])", Some(10_000)),
    ("double_exponential_smoothing(a_X[1d], 0.3, 0.3)", None),
    ("changes(a_X[1d])", None),
    ("rate(a_X[1d])", None),
    ("absent_over_time(a_X[1d])", None),
    ("-a_X", None),
    ("a_X - b_X", None),
    ("a_X - b_X", Some(10_000)),
    ("a_X and b_X{l=~'.*[0-4]$'}", None),
    ("a_X or b_X{l=~'.*[0-4]$'}", None),
    ("a_X unless b_X{l=~'.*[0-4]$'}", None),
    ("a_X and b_X{l='notfound'}", None),
    ("abs(a_X)", None),
    ("label_replace(a_X, 'l2', '$1', 'l', '(.*)')", None),
    ("label_join(a_X, 'l2', '-', 'l', 'l')", None),
    ("sum(a_X)", None),
    ("avg(a_X)", None),
    ("sum without (l)(h_X)", None),
    ("sum without (le)(h_X)", None),
    ("sum by (l)(h_X)", None),
    ("sum by (le)(h_X)", None),
    ("count_values('value', h_X)", Some(100)),
    ("topk(1, a_X)", None),
    ("topk(5, a_X)", None),
    ("limitk(1, a_X)", None),
    ("limitk(5, a_X)", None),
    ("limit_ratio(0.1, a_X)", None),
    ("limit_ratio(0.5, a_X)", None),
    ("limit_ratio(-0.1, a_X)", None),
    ("limit_ratio(-0.5, a_X)", None),
    ("rate(a_X[1m]) + rate(b_X[1m])", None),
    ("sum without (l)(rate(a_X[1m]))", None),
    ("sum without (l)(rate(a_X[1m])) / sum without (l)(rate(b_X[1m]))", None),
    ("histogram_quantile(0.9, rate(h_X[5m]))", None),
    ("a_X + on(l) group_right a_one", None),
    ("count({__name__!=\"\"})", None),
    ("count({__name__!=\"\",l=\"\"})", None),
    ("timestamp(a_X)", None),
    ("sum by (l)(rate(h_X[5m]))", None),
    ("max_over_time(a_X[5m])", None),
    ("quantile_over_time(0.9, a_X[10m])", None),
];

/// A query and its steps; one step is asked for as an instant query.
pub(crate) struct Shape {
    pub(crate) query: String,
    pub(crate) steps: usize,
}

/// All templates with `X` of one and a hundred, at one step, at 1,000, or at as many as the template fixes.
pub(crate) fn shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (template, fixed) in TEMPLATES {
        let sizes: &[&str] = if template.contains('X') { &["one", "hundred"] } else { &[""] };
        for size in sizes {
            let steps: &[usize] = match fixed {
                Some(steps) => &[steps],
                None => &[1, 1_000],
            };
            let query = template.replace('X', size);
            shapes.extend(steps.iter().map(|steps| Shape { query: query.clone(), steps: *steps }));
        }
    }
    shapes
}

/// Writes the data to all servers; gives the number of samples.
pub(crate) fn write(servers: &[Server]) -> usize {
    let all = series();
    let encoded: Vec<_> = all.iter().map(EncodedSeries::of).collect();
    let mut sender = Sender::to(servers, MANY_SAMPLES);
    for start in (0..INTERVALS).step_by(PIECE) {
        let places = start..(start + PIECE).min(INTERVALS);
        for (number, series) in encoded.iter().enumerate() {
            let part = number as f64 / all.len() as f64;
            let samples: Vec<_> =
                places.clone().map(|place| (time(place), place as f64 + part)).collect();
            sender.add(number, series, &samples);
        }
        for place in places {
            let value = place as f64 / all.len() as f64;
            sender.add(0, &EncodedSeries::of(&sparse(place)), &[(time(place), value)]);
        }
    }
    sender.finish()
}

fn time(place: usize) -> Millis {
    END - INTERVAL * Millis::try_from(INTERVALS - 1 - place).unwrap()
}

fn sparse(place: usize) -> Labels {
    let number = place / (INTERVALS / SPARSE);
    Labels::from_pairs([("__name__", "sparse".to_owned()), ("l", number.to_string())])
}

fn series() -> Vec<Labels> {
    let mut all = Vec::new();
    for (size, count) in [("one", 1), ("ten", 10), ("hundred", 100)] {
        for number in 0..count {
            let mut add = |metric: &str, bound: &str| {
                let number = if count == 1 { String::new() } else { number.to_string() };
                let name = format!("{metric}_{size}");
                let pairs = [("__name__", name), ("l", number), ("le", bound.to_owned())];
                all.push(Labels::from_pairs(pairs));
            };
            add("a", "");
            add("b", "");
            (0..BOUNDS).for_each(|bound| add("h", &format!("{bound}.0")));
            add("h", "+Inf");
        }
    }
    all
}
