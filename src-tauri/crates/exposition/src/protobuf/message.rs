//! The messages within a metric, each read in one go.

use watchglass_model::{Millis, ResetHint};

use crate::native::{Native, count};
use crate::wire::{Content, Wire, WireError, label};

/// The value of a counter or gauge.
#[derive(Debug, Default)]
pub(super) struct Number<'a> {
    pub(super) value: f64,
    pub(super) exemplar: Option<&'a [u8]>,
    pub(super) start: Option<Millis>,
}

/// The value of a summary.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) count: u64,
    pub(super) sum: f64,
    /// Quantiles and their values.
    pub(super) quantiles: Vec<(f64, f64)>,
    pub(super) start: Option<Millis>,
}

/// The value of a histogram: classic buckets, native ones, or both.
#[derive(Debug, Default)]
pub(super) struct Histogram<'a> {
    count: u64,
    count_float: f64,
    zero_count: u64,
    zero_count_float: f64,
    pub(super) buckets: Vec<Bucket<'a>>,
    pub(super) native: Native,
    pub(super) exemplars: Vec<&'a [u8]>,
    pub(super) start: Option<Millis>,
}

/// A bucket of a classic histogram.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bucket<'a> {
    pub(super) bound: f64,
    /// Observations up to the bound.
    pub(super) count: f64,
    pub(super) exemplar: Option<&'a [u8]>,
}

/// A measurement; the labels lie where the reader put them.
#[derive(Debug, Default)]
pub(super) struct Exemplar<'a> {
    pub(super) labels: Vec<(&'a [u8], &'a [u8])>,
    pub(super) value: f64,
    pub(super) time: Option<Millis>,
}

impl<'a> Number<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        let (mut made, mut wire) = (Self::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => made.value = content.double()?,
                2 => made.exemplar = Some(content.message()?),
                3 => made.start = Some(timestamp(content)?),
                _ => {}
            }
        }
        Ok(made)
    }
}

impl Summary {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let (mut made, mut wire) = (Self::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => made.count = content.unsigned()?,
                2 => made.sum = content.double()?,
                3 => made.quantiles.push(quantile(content.message()?)?),
                4 => made.start = Some(timestamp(content)?),
                _ => {}
            }
        }
        Ok(made)
    }
}

impl<'a> Histogram<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        let (mut made, mut wire) = (Self::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            let native = &mut made.native;
            match number {
                1 => made.count = content.unsigned()?,
                2 => native.sum = content.double()?,
                3 => made.buckets.push(Bucket::read(content.message()?)?),
                4 => made.count_float = content.double()?,
                5 => native.schema = content.zigzag32()?,
                6 => native.zero_threshold = content.double()?,
                7 => made.zero_count = content.unsigned()?,
                8 => made.zero_count_float = content.double()?,
                9 => native.negative.span(content)?,
                10 => content.deltas(&mut native.negative.deltas)?,
                11 => content.doubles(&mut native.negative.counts)?,
                12 => native.positive.span(content)?,
                13 => content.deltas(&mut native.positive.deltas)?,
                14 => content.doubles(&mut native.positive.counts)?,
                15 => made.start = Some(timestamp(content)?),
                16 => made.exemplars.push(content.message()?),
                _ => {}
            }
        }
        made.finish();
        Ok(made)
    }

    fn finish(&mut self) {
        let is_float = self.count_float > 0.0 || self.zero_count_float > 0.0;
        self.native.is_float = is_float;
        self.native.count = if is_float { self.count_float } else { count(self.count) };
        self.native.zero_count =
            if is_float { self.zero_count_float } else { count(self.zero_count) };
    }

    /// Whether there is a native histogram. One without observations and with a zero threshold of 0 must hold an empty
    /// span to be seen as such.
    pub(super) fn is_native(&self) -> bool {
        !self.native.positive.spans.is_empty()
            || !self.native.negative.spans.is_empty()
            || self.native.zero_threshold > 0.0
            || self.zero_count > 0
            || self.zero_count_float > 0.0
    }

    /// Observations, as the classic histogram counts them.
    pub(super) const fn classic_count(&self) -> f64 {
        if self.count_float == 0.0 { count(self.count) } else { self.count_float }
    }

    /// Marks the native histogram as a gauge.
    pub(super) const fn set_gauge(&mut self) {
        self.native.reset_hint = ResetHint::Gauge;
    }
}

impl<'a> Bucket<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        let (mut made, mut wire) = (Self::default(), Wire::new(bytes));
        let mut whole = 0;
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => whole = content.unsigned()?,
                2 => made.bound = content.double()?,
                3 => made.exemplar = Some(content.message()?),
                4 => made.count = content.double()?,
                _ => {}
            }
        }
        if made.count == 0.0 {
            made.count = count(whole);
        }
        Ok(made)
    }
}

impl<'a> Exemplar<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        let (mut made, mut wire) = (Self::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => made.labels.push(label(content.message()?)?),
                2 => made.value = content.double()?,
                3 => made.time = Some(timestamp(content)?),
                _ => {}
            }
        }
        Ok(made)
    }
}

fn quantile(bytes: &[u8]) -> Result<(f64, f64), WireError> {
    let (mut made, mut wire) = ((0.0, 0.0), Wire::new(bytes));
    while let Some((number, content)) = wire.field()? {
        match number {
            1 => made.0 = content.double()?,
            2 => made.1 = content.double()?,
            _ => {}
        }
    }
    Ok(made)
}

/// A `google.protobuf.Timestamp`.
fn timestamp(content: Content<'_>) -> Result<Millis, WireError> {
    let (mut seconds, mut nanos, mut wire) = (0_i64, 0_i64, Wire::new(content.message()?));
    while let Some((number, content)) = wire.field()? {
        match number {
            1 => seconds = content.signed()?,
            2 => nanos = i64::from(content.low()?.cast_signed()),
            _ => {}
        }
    }
    Ok(seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000))
}
