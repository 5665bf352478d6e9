//! Buckets as remote write and protobuf carry them: spans that say where, and counts or deltas that say how many.

use super::{Bucket, HistogramError};

/// A run of neighbouring buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Gap to the span before, or the first index.
    pub offset: i32,
    /// Buckets in the run.
    pub length: u32,
}

/// The counts behind the deltas of an integer histogram.
pub fn absolute_counts(deltas: &[i64]) -> Vec<f64> {
    let running = deltas.iter().scan(0_i64, |count, delta| {
        *count = count.saturating_add(*delta);
        Some(*count)
    });
    #[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 are rounded upstream too")]
    running.map(|count| count as f64).collect()
}

/// The buckets that spans and counts describe. Work and memory are bounded by the counts, not by the spans.
pub fn buckets_of(spans: &[Span], counts: &[f64]) -> Result<Vec<Bucket>, HistogramError> {
    let need: u64 = spans.iter().map(|span| u64::from(span.length)).sum();
    if u64::try_from(counts.len()) != Ok(need) {
        return Err(HistogramError::SpansMismatch { need, have: counts.len() });
    }
    let mut buckets = Vec::with_capacity(counts.len());
    let (mut index, mut counts) = (0_i32, counts.iter());
    for (place, span) in spans.iter().enumerate() {
        if place > 0 && span.offset < 0 {
            return Err(HistogramError::SpanNegativeOffset {
                number: place + 1,
                offset: span.offset,
            });
        }
        index = index.saturating_add(span.offset);
        for (_, &count) in (0..span.length).zip(counts.by_ref()) {
            buckets.push(Bucket { index, count });
            index = index.saturating_add(1);
        }
    }
    Ok(buckets)
}

/// Spans and counts that describe buckets, neighbours in one span.
pub fn spans_of(buckets: &[Bucket]) -> (Vec<Span>, Vec<f64>) {
    let mut spans: Vec<Span> = Vec::new();
    let mut next = 0_i32;
    for bucket in buckets {
        match spans.last_mut() {
            Some(span) if next == bucket.index => span.length += 1,
            _ => spans.push(Span { offset: bucket.index.saturating_sub(next), length: 1 }),
        }
        next = bucket.index.saturating_add(1);
    }
    (spans, buckets.iter().map(|bucket| bucket.count).collect())
}
