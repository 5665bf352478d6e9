//! Requests of remote write read in one go: messages are borrowed slices, rows go straight into the batch.

use std::sync::Arc;

use watchglass_model::ResetHint;

use crate::entry::MetricType;
use crate::native::{Native, count};
use crate::wire::{Content, Wire, WireError, label};

use super::batch::{Metadata, WriteBatch};
use super::rows::{ExemplarRow, FloatSample, HistogramSample, MetadataRow, SeriesRow, end};
use super::{MAX_DECODED, Protocol, WriteError};

/// Reads an uncompressed request.
pub fn decode(bytes: &[u8], protocol: Protocol) -> Result<WriteBatch<'_>, WriteError> {
    if bytes.len() > MAX_DECODED {
        return Err(WriteError::TooLarge(bytes.len()));
    }
    let mut reading = Reading {
        batch: WriteBatch::default(),
        protocol,
        native: Native::default(),
        room: bytes.len() / BYTES_A_ROW + FREE_ROWS,
    };
    reading.request(bytes)?;
    Ok(reading.batch)
}

/// What a row takes at least in an honest request; empty messages take two bytes, and could fill the memory.
const BYTES_A_ROW: usize = 3;
/// What even a small request may hold.
const FREE_ROWS: usize = 1024;
/// A histogram takes the memory of so many rows.
const HISTOGRAM_ROWS: usize = 6;

struct Reading<'a> {
    batch: WriteBatch<'a>,
    protocol: Protocol,
    native: Native,
    /// How many more rows the size of the request accounts for.
    room: usize,
}

impl<'a> Reading<'a> {
    fn take_room(&mut self, rows: usize) -> Result<(), WireError> {
        self.room = self.room.checked_sub(rows).ok_or(WireError::TooDense)?;
        Ok(())
    }

    fn request(&mut self, bytes: &'a [u8]) -> Result<(), WireError> {
        let mut wire = Wire::new(bytes);
        while let Some((number, content)) = wire.field()? {
            match (self.protocol, number) {
                (Protocol::V1, 1) | (Protocol::V2, 5) => self.series(content.message()?)?,
                (Protocol::V1, 3) => self.family(content.message()?)?,
                (Protocol::V2, 4) => self.symbol(content.message()?)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn symbol(&mut self, text: &'a [u8]) -> Result<(), WireError> {
        self.take_room(1)?;
        self.batch.symbols.push(text);
        Ok(())
    }

    fn series(&mut self, bytes: &'a [u8]) -> Result<(), WireError> {
        self.take_room(1)?;
        let (samples, histograms) = (self.batch.samples.len(), self.batch.histograms.len());
        let mut row = SeriesRow::default();
        let mut start = 0;
        let mut wire = Wire::new(bytes);
        while let Some((number, content)) = wire.field()? {
            match (self.protocol, number) {
                (_, 1) => self.labels(content, Labels::OfSeries)?,
                (_, 2) => self.sample(content.message()?)?,
                (Protocol::V1, 3) | (Protocol::V2, 4) => self.exemplar(content.message()?)?,
                (Protocol::V1, 4) | (Protocol::V2, 3) => self.histogram(content.message()?)?,
                (Protocol::V2, 5) => row.metadata = Some(metadata(content.message()?)?),
                // Where 2.0 had it before it moved to the samples.
                (Protocol::V2, 6) => start = content.signed()?,
                _ => {}
            }
        }
        if start != 0 {
            self.begin(samples, histograms, start);
        }
        row.references_end = end(self.batch.references.len());
        row.samples_end = end(self.batch.samples.len());
        row.histograms_end = end(self.batch.histograms.len());
        row.exemplars_end = end(self.batch.exemplars.len());
        self.batch.series.push(row);
        Ok(())
    }

    /// Gives the samples of a series a start where they have none of their own.
    fn begin(&mut self, samples: usize, histograms: usize, start: i64) {
        let samples = self.batch.samples.iter_mut().skip(samples).map(|row| &mut row.start);
        let histograms = self.batch.histograms.iter_mut().skip(histograms);
        for own in samples.chain(histograms.map(|row| &mut row.start)).filter(|own| **own == 0) {
            *own = start;
        }
    }

    /// Takes a label (1.0) or references (2.0).
    fn labels(&mut self, content: Content<'a>, whose: Labels) -> Result<(), WireError> {
        if self.protocol == Protocol::V1 {
            let (name, value) = label(content.message()?)?;
            let place = end(self.batch.symbols.len());
            self.symbol(name)?;
            self.symbol(value)?;
            self.references(whose).extend([place, place + 1]);
            return Ok(());
        }
        let references = self.references(whose);
        content.each_varint(|reference| references.push(reference.low().unwrap_or(u32::MAX)))
    }

    const fn references(&mut self, whose: Labels) -> &mut Vec<u32> {
        match whose {
            Labels::OfSeries => &mut self.batch.references,
            Labels::OfExemplar => &mut self.batch.exemplar_references,
        }
    }

    #[inline]
    fn sample(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        self.take_room(1)?;
        let (mut row, mut wire) = (FloatSample::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            match (number, self.protocol) {
                (1, _) => row.value = content.double()?,
                (2, _) => row.time = content.signed()?,
                (3, Protocol::V2) => row.start = content.signed()?,
                _ => {}
            }
        }
        self.batch.samples.push(row);
        Ok(())
    }

    fn exemplar(&mut self, bytes: &'a [u8]) -> Result<(), WireError> {
        self.take_room(1)?;
        let (mut row, mut wire) = (ExemplarRow::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => self.labels(content, Labels::OfExemplar)?,
                2 => row.value = content.double()?,
                3 => row.time = content.signed()?,
                _ => {}
            }
        }
        row.references_end = end(self.batch.exemplar_references.len());
        self.batch.exemplars.push(row);
        Ok(())
    }

    fn histogram(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        self.take_room(HISTOGRAM_ROWS)?;
        self.native.clear();
        let (mut time, mut start) = (0, 0);
        let native = &mut self.native;
        let mut wire = Wire::new(bytes);
        while let Some((number, content)) = wire.field()? {
            match number {
                15 => time = content.signed()?,
                17 if self.protocol == Protocol::V2 => start = content.signed()?,
                8 => native.negative.span(content)?,
                9 => content.deltas(&mut native.negative.deltas)?,
                10 => content.doubles(&mut native.negative.counts)?,
                11 => native.positive.span(content)?,
                12 => content.deltas(&mut native.positive.deltas)?,
                13 => content.doubles(&mut native.positive.counts)?,
                16 => content.doubles(&mut native.bounds)?,
                number => scalar(native, number, content)?,
            }
        }
        let histogram = native.histogram().map(Arc::new);
        self.batch.histograms.push(HistogramSample { time, start, histogram });
        Ok(())
    }

    /// Takes what 1.0 says of a metric family.
    fn family(&mut self, bytes: &'a [u8]) -> Result<(), WireError> {
        self.take_room(HISTOGRAM_ROWS)?;
        let mut name = "".into();
        let (mut made, mut wire) = (Metadata::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => made.kind = metric_type(content.low()?),
                2 => name = String::from_utf8_lossy(content.message()?),
                4 => made.help = String::from_utf8_lossy(content.message()?),
                5 => made.unit = String::from_utf8_lossy(content.message()?),
                _ => {}
            }
        }
        self.batch.metadata.push((name, made));
        Ok(())
    }
}

/// Whose labels are read.
#[derive(Debug, Clone, Copy)]
enum Labels {
    OfSeries,
    OfExemplar,
}

/// Takes a field of a histogram that holds one number.
fn scalar(native: &mut Native, number: u32, content: Content<'_>) -> Result<(), WireError> {
    match number {
        1 => {
            native.count = count(content.unsigned()?);
            native.is_float = false;
        }
        2 => {
            native.count = content.double()?;
            native.is_float = true;
        }
        3 => native.sum = content.double()?,
        4 => native.schema = content.zigzag32()?,
        5 => native.zero_threshold = content.double()?,
        6 => native.zero_count = count(content.unsigned()?),
        7 => native.zero_count = content.double()?,
        14 => {
            native.reset_hint = match content.low()? {
                1 => ResetHint::Reset,
                2 => ResetHint::NotReset,
                3 => ResetHint::Gauge,
                _ => ResetHint::Unknown,
            }
        }
        _ => {}
    }
    Ok(())
}

fn metadata(bytes: &[u8]) -> Result<MetadataRow, WireError> {
    let (mut row, mut wire) = (MetadataRow::default(), Wire::new(bytes));
    while let Some((number, content)) = wire.field()? {
        match number {
            1 => row.kind = metric_type(content.low()?),
            3 => row.help = content.low()?,
            4 => row.unit = content.low()?,
            _ => {}
        }
    }
    Ok(row)
}

/// The type that a number stands for in both versions.
const fn metric_type(number: u32) -> MetricType {
    match number {
        1 => MetricType::Counter,
        2 => MetricType::Gauge,
        3 => MetricType::Histogram,
        4 => MetricType::GaugeHistogram,
        5 => MetricType::Summary,
        6 => MetricType::Info,
        7 => MetricType::StateSet,
        _ => MetricType::Unknown,
    }
}
