//! Buckets rearranged: coarser schemas, fewer custom bounds, no empty ones, room for more.

use super::{Bucket, FloatHistogram, HistogramError, bounds};

impl FloatHistogram {
    /// Drops empty buckets (upstream `Compact(0)`).
    pub fn compact(&mut self) {
        drop_empty(&mut self.positive);
        drop_empty(&mut self.negative);
    }

    /// Merges buckets in place down to a coarser schema; the same schema changes nothing.
    pub fn reduce_resolution(&mut self, schema: i32) -> Result<(), HistogramError> {
        if self.uses_custom_buckets() || schema > self.schema || schema == super::CUSTOM_BUCKETS {
            return Err(HistogramError::NotCoarser { from: self.schema, to: schema });
        }
        reduce(&mut self.positive, self.schema, schema);
        reduce(&mut self.negative, self.schema, schema);
        self.schema = schema;
        Ok(())
    }

    /// A copy in a coarser schema.
    pub fn copy_to_schema(&self, schema: i32) -> Result<Self, HistogramError> {
        let mut copy = self.clone();
        copy.reduce_resolution(schema)?;
        Ok(copy)
    }

    /// Moves custom buckets to `bounds`, a subset of the present ones.
    pub(super) fn merge_custom_buckets(&mut self, bounds: &std::sync::Arc<[f64]>) {
        let present = self.custom_values.take();
        rebound(&mut self.positive, present.as_deref().unwrap_or_default(), bounds);
        self.custom_values = Some(std::sync::Arc::clone(bounds));
    }
}

/// Drops the buckets that count nothing.
pub(super) fn drop_empty(buckets: &mut Vec<Bucket>) {
    buckets.retain(|bucket| bucket.count != 0.0);
}

/// Merges exponential buckets from one schema to a coarser one.
pub(super) fn reduce(buckets: &mut Vec<Bucket>, from: i32, to: i32) {
    let shift = from.saturating_sub(to).clamp(0, 31);
    if shift > 0 {
        remap(buckets, |index| (index.saturating_sub(1) >> shift) + 1);
    }
}

/// Merges custom buckets of the bounds `from` into those of the bounds `to`, a subset of them.
fn rebound(buckets: &mut Vec<Bucket>, from: &[f64], to: &[f64]) {
    let last = i32::try_from(to.len()).unwrap_or(i32::MAX);
    let mut place = 0;
    remap(buckets, |index| {
        let bound = bounds::custom(index, from);
        while bounds::custom(place, to) < bound && place < last {
            place += 1;
        }
        place
    });
}

/// Gives every bucket its new index and merges neighbours that now share one; the order must be kept by `index`.
fn remap(buckets: &mut Vec<Bucket>, mut index: impl FnMut(i32) -> i32) {
    for bucket in &mut *buckets {
        bucket.index = index(bucket.index);
    }
    buckets.dedup_by(|next, kept| {
        let same = next.index == kept.index;
        if same {
            kept.count += next.count;
        }
        same
    });
}

/// Inserts an empty bucket for every index of `wanted` that `buckets` lacks, moving each bucket at most once.
pub(super) fn make_room(buckets: &mut Vec<Bucket>, wanted: &[Bucket]) {
    let missing = count_missing(buckets, wanted);
    if missing == 0 {
        return;
    }
    let mut read = buckets.len();
    let mut write = read + missing;
    buckets.resize(write, Bucket { index: 0, count: 0.0 });
    for index in wanted.iter().rev().map(|bucket| bucket.index) {
        while write > read && read > 0 && buckets[read - 1].index > index {
            read -= 1;
            write -= 1;
            buckets[write] = buckets[read];
        }
        if write > read && (read == 0 || buckets[read - 1].index != index) {
            write -= 1;
            buckets[write] = Bucket { index, count: 0.0 };
        }
    }
}

fn count_missing(buckets: &[Bucket], wanted: &[Bucket]) -> usize {
    let mut rest = buckets.iter().peekable();
    let lacks = |bucket: &&Bucket| {
        while rest.next_if(|next| next.index < bucket.index).is_some() {}
        rest.peek().is_none_or(|next| next.index != bucket.index)
    };
    wanted.iter().filter(lacks).count()
}
