//! Native histograms as bytes: buckets spelled out when they change, counts as differences to the histogram before.

use std::sync::Arc;

use watchglass_model::{Bucket, FloatHistogram, ResetHint};

use super::values::whole;
use crate::codec::columns::{Corrupt, Reader, Writer, unzigzag, zigzag};

/// The layout is that of the histogram before.
const SAME: u8 = 4;

/// Writes `histogram`, but for its sum, which stands among the floats.
pub(crate) fn encode(
    histogram: &FloatHistogram,
    before: Option<&FloatHistogram>,
    out: &mut Writer,
) {
    let before = before.filter(|before| same_layout(histogram, before));
    let hint = match histogram.reset_hint {
        ResetHint::Unknown => 0,
        ResetHint::Reset => 1,
        ResetHint::NotReset => 2,
        ResetHint::Gauge => 3,
    };
    out.raw(&[hint | if before.is_some() { SAME } else { 0 }]);
    if before.is_none() {
        layout(histogram, out);
    }
    let mut last = before.into_iter().flat_map(counts);
    for count in counts(histogram) {
        number(count, last.next().unwrap_or(0.0), out);
    }
}

/// Reads what [`encode`] wrote.
pub(crate) fn decode(
    reader: &mut Reader<'_>,
    sum: f64,
    before: Option<&FloatHistogram>,
) -> Result<FloatHistogram, Corrupt> {
    let [flags] = reader.array()?;
    let mut histogram = match (flags & SAME != 0, before) {
        (false, _) => read_layout(reader)?,
        (true, Some(before)) => before.clone(),
        (true, None) => return Err(Corrupt("a histogram like one that is not there")),
    };
    histogram.sum = sum;
    histogram.reset_hint = match flags & 3 {
        0 => ResetHint::Unknown,
        1 => ResetHint::Reset,
        2 => ResetHint::NotReset,
        _ => ResetHint::Gauge,
    };
    let buckets = histogram.positive.iter_mut().chain(&mut histogram.negative);
    let buckets = buckets.map(|bucket| &mut bucket.count);
    for count in [&mut histogram.zero_count, &mut histogram.count].into_iter().chain(buckets) {
        *count = read_number(reader, *count)?;
    }
    Ok(histogram)
}

fn same_layout(one: &FloatHistogram, other: &FloatHistogram) -> bool {
    let indexes = |side: &[Bucket], other: &[Bucket]| {
        side.iter().map(|bucket| bucket.index).eq(other.iter().map(|bucket| bucket.index))
    };
    let bounds = |one: &FloatHistogram| {
        one.custom_values
            .as_ref()
            .map(|all| all.iter().map(|one| one.to_bits()).collect::<Vec<_>>())
    };
    one.schema == other.schema
        && one.zero_threshold.to_bits() == other.zero_threshold.to_bits()
        && indexes(&one.positive, &other.positive)
        && indexes(&one.negative, &other.negative)
        && bounds(one) == bounds(other)
}

fn layout(histogram: &FloatHistogram, out: &mut Writer) {
    out.zigzag(i64::from(histogram.schema));
    out.double(histogram.zero_threshold);
    for side in [&histogram.positive, &histogram.negative] {
        out.count(side.len());
        let mut last = 0;
        for bucket in side {
            out.zigzag(i64::from(bucket.index) - std::mem::replace(&mut last, bucket.index.into()));
        }
    }
    match &histogram.custom_values {
        None => out.count(0),
        Some(bounds) => {
            out.count(bounds.len() + 1);
            bounds.iter().for_each(|bound| out.double(*bound));
        }
    }
}

fn read_layout(reader: &mut Reader<'_>) -> Result<FloatHistogram, Corrupt> {
    let narrow = |wide: i64| i32::try_from(wide).map_err(|_| Corrupt("an index beyond 32 bits"));
    let mut histogram = FloatHistogram {
        schema: narrow(reader.zigzag()?)?,
        zero_threshold: reader.double()?,
        ..FloatHistogram::default()
    };
    for side in [&mut histogram.positive, &mut histogram.negative] {
        let mut index = 0_i64;
        for _ in 0..reader.count(reader.bytes.len())? {
            index = index.wrapping_add(reader.zigzag()?);
            side.push(Bucket { index: narrow(index)?, count: 0.0 });
        }
    }
    if let Some(bounds) = reader.count(reader.bytes.len())?.checked_sub(1) {
        let bounds: Result<Arc<[f64]>, _> = (0..bounds).map(|_| reader.double()).collect();
        histogram.custom_values = Some(bounds?);
    }
    Ok(histogram)
}

fn counts(histogram: &FloatHistogram) -> impl Iterator<Item = f64> + '_ {
    let buckets = histogram.positive.iter().chain(&histogram.negative).map(|bucket| bucket.count);
    [histogram.zero_count, histogram.count].into_iter().chain(buckets)
}

/// Twice the zigzag difference where both are integers, else one and the bits.
fn number(number: f64, before: f64, out: &mut Writer) {
    if let (Some(number), Some(before)) = (whole(number), whole(before)) {
        out.varint(zigzag(number - before) << 1);
    } else {
        out.varint(1);
        out.double(number);
    }
}

fn read_number(reader: &mut Reader<'_>, before: f64) -> Result<f64, Corrupt> {
    let code = reader.varint()?;
    if code & 1 == 1 {
        return reader.double();
    }
    let difference = unzigzag(code >> 1);
    let before = whole(before).ok_or(Corrupt("a difference to no integer"))?;
    #[expect(clippy::cast_precision_loss, reason = "what is written lies below 2^53")]
    Ok(before.wrapping_add(difference) as f64)
}
