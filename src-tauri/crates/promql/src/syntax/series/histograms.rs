//! Histogram literals: `{{schema:0 sum:5 count:4 buckets:[1 2 1] offset:-1}}`, with absolute counts.

use watchglass_model::{Bucket, FloatHistogram, ResetHint};

use super::scanner::{Scanned, Scanner};

/// The keys that the two sides of buckets are made of.
#[derive(Default)]
struct Sides {
    positive: Vec<f64>,
    positive_offset: i32,
    negative: Vec<f64>,
    negative_offset: i32,
}

/// A histogram behind its `{{`, with its `}}`.
pub(super) fn histogram(scanner: &mut Scanner<'_>) -> Scanned<FloatHistogram> {
    let mut histogram = FloatHistogram::default();
    let mut sides = Sides::default();
    let mut seen: Vec<&str> = Vec::new();
    loop {
        scanner.spaces();
        if scanner.take("}}") {
            histogram.positive = buckets(scanner, &sides.positive, sides.positive_offset)?;
            histogram.negative = buckets(scanner, &sides.negative, sides.negative_offset)?;
            return Ok(histogram);
        }
        let key = scanner.take_while(|c| c.is_ascii_alphabetic() || c == '_');
        if seen.contains(&key) {
            return Err(scanner.fault(format!("duplicate key \"{key}\" in histogram")));
        }
        seen.push(key);
        if !scanner.take(":") {
            return Err(scanner.fault("missing `:` for histogram descriptor"));
        }
        entry(scanner, key, &mut histogram, &mut sides)?;
    }
}

fn entry(
    scanner: &mut Scanner<'_>,
    key: &str,
    histogram: &mut FloatHistogram,
    sides: &mut Sides,
) -> Scanned<()> {
    match key {
        "schema" => histogram.schema = whole(scanner)?,
        "sum" => histogram.sum = float(scanner)?,
        "count" => histogram.count = float(scanner)?,
        "z_bucket" => histogram.zero_count = float(scanner)?,
        "z_bucket_w" => histogram.zero_threshold = float(scanner)?,
        "buckets" => sides.positive = floats(scanner)?,
        "offset" => sides.positive_offset = whole(scanner)?,
        "n_buckets" => sides.negative = floats(scanner)?,
        "n_offset" => sides.negative_offset = whole(scanner)?,
        "custom_values" => histogram.custom_values = Some(floats(scanner)?.into()),
        "counter_reset_hint" => histogram.reset_hint = reset_hint(scanner)?,
        _ => {
            let key = crate::syntax::quoted(key);
            return Err(scanner.fault(format!("bad histogram descriptor found: {key}")));
        }
    }
    Ok(())
}

fn float(scanner: &mut Scanner<'_>) -> Scanned<f64> {
    let sign = scanner.sign();
    scanner.number(sign)
}

fn whole(scanner: &mut Scanner<'_>) -> Scanned<i32> {
    let minus = if scanner.take("-") { "-" } else { "" };
    let digits = scanner.take_while(|c| c.is_ascii_digit());
    format!("{minus}{digits}").parse().map_err(|_| scanner.fault("expected a whole number"))
}

/// `[1 2 3]`
fn floats(scanner: &mut Scanner<'_>) -> Scanned<Vec<f64>> {
    if !scanner.take("[") {
        return Err(scanner.fault("expected \"[\""));
    }
    let mut list = Vec::new();
    loop {
        scanner.spaces();
        if scanner.take("]") {
            return Ok(list);
        }
        list.push(float(scanner)?);
    }
}

fn reset_hint(scanner: &mut Scanner<'_>) -> Scanned<ResetHint> {
    match scanner.take_while(|c| c.is_ascii_alphabetic() || c == '_') {
        "unknown" => Ok(ResetHint::Unknown),
        "reset" => Ok(ResetHint::Reset),
        "not_reset" => Ok(ResetHint::NotReset),
        "gauge" => Ok(ResetHint::Gauge),
        _ => Err(scanner.fault("expected unknown, reset, not_reset or gauge")),
    }
}

/// Buckets side by side from an index on; empty ones are kept, as upstream does.
fn buckets(scanner: &Scanner<'_>, counts: &[f64], offset: i32) -> Scanned<Vec<Bucket>> {
    let far = || scanner.fault("bucket offset out of range");
    let length = i32::try_from(counts.len()).map_err(|_| far())?;
    let end = offset.checked_add(length).ok_or_else(far)?;
    Ok((offset..end).zip(counts).map(|(index, count)| Bucket { index, count: *count }).collect())
}
