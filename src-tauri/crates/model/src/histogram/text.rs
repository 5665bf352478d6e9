//! Histograms as text: the form people and `count_values` see, and the literal of test files.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{BoundedBucket, Bucket, FloatHistogram, ResetHint};

/// A float in the shortest digits that name it, as Go's `%g`: an exponent of at least two digits below 1e-4 and from
/// 1e6 on.
pub fn general_notation(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return value.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

impl Display for BoundedBucket {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let open = if self.lower_inclusive { '[' } else { '(' };
        let close = if self.upper_inclusive { ']' } else { ')' };
        let [lower, upper, count] = [self.lower, self.upper, self.count].map(general_notation);
        write!(f, "{open}{lower},{upper}{close}:{count}")
    }
}

/// `{count:3, sum:2.5, (1,2]:3}`: the populated buckets from low to high (upstream `FloatHistogram.String`).
impl Display for FloatHistogram {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [count, sum] = [self.count, self.sum].map(general_notation);
        write!(f, "{{count:{count}, sum:{sum}")?;
        let zero = std::iter::once(self.zero_bucket());
        let all = self.negative_buckets().rev().chain(zero);
        for bucket in all.chain(self.positive_buckets()) {
            if bucket.count != 0.0 {
                write!(f, ", {bucket}")?;
            }
        }
        f.write_char('}')
    }
}

impl FloatHistogram {
    /// The literal of this histogram in test files: `{{schema:1 count:3 sum:2.5 buckets:[1 2]}}`.
    pub fn test_expression(&self) -> String {
        let mut parts = Vec::new();
        if self.schema != 0 {
            parts.push(format!("schema:{}", self.schema));
        }
        let numbers = [
            ("count", self.count),
            ("sum", self.sum),
            ("z_bucket", self.zero_count),
            ("z_bucket_w", self.zero_threshold),
        ];
        for (name, number) in numbers {
            if number != 0.0 {
                parts.push(format!("{name}:{}", general_notation(number)));
            }
        }
        if self.uses_custom_buckets() {
            parts.push(format!("custom_values:{}", list(self.custom_bounds().iter().copied())));
        }
        match self.reset_hint {
            ResetHint::Unknown => {}
            ResetHint::Reset => parts.push("counter_reset_hint:reset".to_owned()),
            ResetHint::NotReset => parts.push("counter_reset_hint:not_reset".to_owned()),
            ResetHint::Gauge => parts.push("counter_reset_hint:gauge".to_owned()),
        }
        push_side(&mut parts, "", &self.positive);
        push_side(&mut parts, "n_", &self.negative);
        format!("{{{{{}}}}}", parts.join(" "))
    }
}

fn push_side(parts: &mut Vec<String>, prefix: &str, side: &[Bucket]) {
    let mut populated = side.iter().filter(|bucket| bucket.count != 0.0).peekable();
    let Some(first) = populated.peek().map(|bucket| bucket.index) else {
        return;
    };
    if first != 0 {
        parts.push(format!("{prefix}offset:{first}"));
    }
    let mut next = first;
    let mut counts = Vec::new();
    for bucket in populated {
        while next < bucket.index {
            counts.push(0.0);
            next += 1;
        }
        counts.push(bucket.count);
        next = next.saturating_add(1);
    }
    parts.push(format!("{prefix}buckets:{}", list(counts)));
}

fn list(numbers: impl IntoIterator<Item = f64>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(general_notation).collect();
    format!("[{}]", numbers.join(" "))
}
