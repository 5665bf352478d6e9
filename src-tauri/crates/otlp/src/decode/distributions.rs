//! The points that hold more than one number: histograms, exponential histograms, summaries.

use watchglass_model::{
    Buckets, ExponentialHistogram, Histogram, Point, PointValue, Quantile, Range, Summary,
    Timestamp,
};

use super::fault::Fault;
use super::points::Reading;
use super::senders::{each_message, row_index};
use super::wire::{Content, Wire, each_fixed64, each_varint, low, sint32};

impl<'a> Reading<'a> {
    pub(super) fn histogram(&mut self, point: &mut Point, bytes: &'a [u8]) -> Result<(), Fault> {
        let mut made = Histogram::default();
        let (bounds, counts) = (self.made.doubles.len(), self.made.counts.len());
        let list = self.labels();
        let mut has_exemplars = false;
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            match field {
                (2, Content::Fixed64(time)) => point.start = Timestamp(time),
                (3, Content::Fixed64(time)) => point.time = Timestamp(time),
                (4, Content::Fixed64(count)) => made.count = count,
                (5, Content::Fixed64(bits)) => made.sum = Some(f64::from_bits(bits)),
                (6, numbers) => {
                    each_fixed64(&wire, numbers, |count| self.made.counts.push(count))
                        .map_err(|fault| fault.within("bucket_counts"))?;
                }
                (7, numbers) => {
                    let doubles = &mut self.made.doubles;
                    each_fixed64(&wire, numbers, |bits| doubles.push(f64::from_bits(bits)))
                        .map_err(|fault| fault.within("explicit_bounds"))?;
                }
                (8, Content::Bytes(_)) => has_exemplars = true,
                (9, Content::Bytes(bytes)) => self.ground.attribute(list, bytes, "attributes")?,
                (10, Content::Varint(flags)) => point.flags = low(flags),
                (11, Content::Fixed64(bits)) => made.min = Some(f64::from_bits(bits)),
                (12, Content::Fixed64(bits)) => made.max = Some(f64::from_bits(bits)),
                (2..=12, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        self.close_labels(point, list)?;
        if has_exemplars {
            point.exemplars = self.exemplars(bytes, 8)?;
        }
        made.bounds = Range::since(bounds, self.made.doubles.len());
        made.counts = Range::since(counts, self.made.counts.len());
        point.value = PointValue::Histogram(row_index(self.made.histograms.len()));
        self.made.histograms.push(made);
        Ok(())
    }

    pub(super) fn exponential_histogram(
        &mut self,
        point: &mut Point,
        bytes: &'a [u8],
    ) -> Result<(), Fault> {
        let mut made = ExponentialHistogram::default();
        let list = self.labels();
        let mut has_exemplars = false;
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            match field {
                (1, Content::Bytes(bytes)) => self.ground.attribute(list, bytes, "attributes")?,
                (2, Content::Fixed64(time)) => point.start = Timestamp(time),
                (3, Content::Fixed64(time)) => point.time = Timestamp(time),
                (4, Content::Fixed64(count)) => made.count = count,
                (5, Content::Fixed64(bits)) => made.sum = Some(f64::from_bits(bits)),
                (6, Content::Varint(scale)) => made.scale = sint32(scale),
                (7, Content::Fixed64(count)) => made.zero_count = count,
                (8 | 9, Content::Bytes(_)) => {}
                (10, Content::Varint(flags)) => point.flags = low(flags),
                (11, Content::Bytes(_)) => has_exemplars = true,
                (12, Content::Fixed64(bits)) => made.min = Some(f64::from_bits(bits)),
                (13, Content::Fixed64(bits)) => made.max = Some(f64::from_bits(bits)),
                (14, Content::Fixed64(bits)) => made.zero_threshold = f64::from_bits(bits),
                (1..=14, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        self.close_labels(point, list)?;
        if has_exemplars {
            point.exemplars = self.exemplars(bytes, 11)?;
        }
        made.positive = self.buckets(bytes, 8).map_err(|fault| fault.within("positive"))?;
        made.negative = self.buckets(bytes, 9).map_err(|fault| fault.within("negative"))?;
        let index = row_index(self.made.exponential_histograms.len());
        point.value = PointValue::ExponentialHistogram(index);
        self.made.exponential_histograms.push(made);
        Ok(())
    }

    fn buckets(&mut self, point: &'a [u8], number: u32) -> Result<Buckets, Fault> {
        let start = self.made.counts.len();
        let mut offset = 0;
        each_message(point, number, |_, bytes| {
            let mut wire = Wire::new(bytes);
            while let Some(field) = wire.field()? {
                match field {
                    (1, Content::Varint(number)) => offset = sint32(number),
                    (2, numbers) => {
                        each_varint(&wire, numbers, |count| self.made.counts.push(count))
                            .map_err(|fault| fault.within("bucket_counts"))?;
                    }
                    (1, _) => return Err(wire.wrong_type()),
                    _ => {}
                }
            }
            Ok(())
        })?;
        Ok(Buckets { offset, counts: Range::since(start, self.made.counts.len()) })
    }

    pub(super) fn summary(&mut self, point: &mut Point, bytes: &'a [u8]) -> Result<(), Fault> {
        let mut made = Summary::default();
        let start = self.made.quantiles.len();
        let list = self.labels();
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            match field {
                (2, Content::Fixed64(time)) => point.start = Timestamp(time),
                (3, Content::Fixed64(time)) => point.time = Timestamp(time),
                (4, Content::Fixed64(count)) => made.count = count,
                (5, Content::Fixed64(bits)) => made.sum = f64::from_bits(bits),
                (6, Content::Bytes(bytes)) => {
                    let index = self.made.quantiles.len() - start;
                    let quantile = read_quantile(bytes)
                        .map_err(|fault| fault.within_element("quantile_values", index))?;
                    self.made.quantiles.push(quantile);
                }
                (7, Content::Bytes(bytes)) => self.ground.attribute(list, bytes, "attributes")?,
                (8, Content::Varint(flags)) => point.flags = low(flags),
                (2..=8, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        self.close_labels(point, list)?;
        made.quantiles = Range::since(start, self.made.quantiles.len());
        point.value = PointValue::Summary(row_index(self.made.summaries.len()));
        self.made.summaries.push(made);
        Ok(())
    }
}

fn read_quantile(bytes: &[u8]) -> Result<Quantile, Fault> {
    let mut made = Quantile::default();
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Fixed64(bits)) => made.quantile = f64::from_bits(bits),
            (2, Content::Fixed64(bits)) => made.value = f64::from_bits(bits),
            (1 | 2, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    Ok(made)
}
