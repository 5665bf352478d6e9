//! The literals of test files: `{{schema:0 count:3 buckets:[1 2]}}`, with or without the braces.

use crate::histogram::{Bucket, FloatHistogram, ResetHint};

/// The histogram a literal describes.
pub(super) fn histogram(literal: &str) -> FloatHistogram {
    let mut histogram = FloatHistogram::default();
    let (mut offset, mut negative_offset) = (0, 0);
    let literal = literal.trim_matches(['{', '}', ' ']);
    for (key, value) in fields(literal) {
        let number = || value.parse::<f64>().unwrap();
        match key {
            "schema" => histogram.schema = value.parse().unwrap(),
            "count" => histogram.count = number(),
            "sum" => histogram.sum = number(),
            "z_bucket" => histogram.zero_count = number(),
            "z_bucket_w" => histogram.zero_threshold = number(),
            "offset" => offset = value.parse().unwrap(),
            "n_offset" => negative_offset = value.parse().unwrap(),
            "buckets" => histogram.positive = buckets(value),
            "n_buckets" => histogram.negative = buckets(value),
            "custom_values" => histogram.custom_values = Some(numbers(value).collect()),
            "counter_reset_hint" => {
                histogram.reset_hint = match value {
                    "reset" => ResetHint::Reset,
                    "not_reset" => ResetHint::NotReset,
                    "gauge" => ResetHint::Gauge,
                    _ => ResetHint::Unknown,
                }
            }
            _ => panic!("no such field: {key}"),
        }
    }
    for bucket in &mut histogram.positive {
        bucket.index += offset;
    }
    for bucket in &mut histogram.negative {
        bucket.index += negative_offset;
    }
    histogram
}

/// `key:value` pairs, where a value may be a list in brackets.
fn fields(literal: &str) -> Vec<(&str, &str)> {
    let mut fields = Vec::new();
    let mut rest = literal.trim();
    while let Some((key, value)) = rest.split_once(':') {
        let end = if value.starts_with('[') {
            value.find(']').unwrap() + 1
        } else {
            value.find(' ').unwrap_or(value.len())
        };
        fields.push((key, &value[..end]));
        rest = value[end..].trim_start();
    }
    fields
}

fn numbers(list: &str) -> impl Iterator<Item = f64> {
    list.trim_matches(['[', ']']).split_whitespace().map(|number| number.parse().unwrap())
}

fn buckets(list: &str) -> Vec<Bucket> {
    (0..).zip(numbers(list)).map(|(index, count)| Bucket { index, count }).collect()
}
