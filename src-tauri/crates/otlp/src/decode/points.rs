//! `ExportMetricsServiceRequest` into [`Points`]: metrics and what all kinds of points share.
//! What only histograms and summaries have is in `distributions`.

use watchglass_model::{
    Exemplar, ExemplarValue, Metric, MetricKind, Point, PointValue, Points, Range, SpanId,
    Temporality, Text, Timestamp, TraceId,
};

use super::fault::{DecodeError, Fault};
use super::senders::{Names, Rows, Sender, check_density, each_message, request, row_index};
use super::spans::{span_id, trace_id};
use super::values::{Ground, List};
use super::wire::{Content, Wire, int32, low};

/// Reads an `ExportMetricsServiceRequest`.
pub fn decode_metrics(bytes: &[u8]) -> Result<Points, DecodeError> {
    let mut reading = Reading {
        ground: Ground::new(bytes),
        made: Points::default(),
        size: bytes.len(),
        like: Range::default(),
    };
    request(&mut reading, bytes).map_err(|fault| fault.of_request(bytes))?;
    Ok(Points { arena: reading.ground.arena, ..reading.made })
}

pub(super) struct Reading<'a> {
    pub(super) ground: Ground<'a>,
    /// Everything but the arena.
    pub(super) made: Points,
    /// Bytes of the request.
    size: usize,
    /// The labels of the point before, which are likely to come again.
    like: Range,
}

impl<'a> Rows<'a> for Reading<'a> {
    const NAMES: Names =
        Names { resource: "resource_metrics", scope: "scope_metrics", row: "metrics" };

    fn ground(&mut self) -> &mut Ground<'a> {
        &mut self.ground
    }

    fn expect(&mut self, rows: usize) {
        self.made.metrics.reserve(rows.min(self.size / 8));
    }

    fn row(&mut self, sender: Sender, bytes: &'a [u8]) -> Result<(), Fault> {
        check_density(self.made.metrics.len(), self.size, bytes)?;
        let mut metric = Metric {
            name: Text::EMPTY,
            description: Text::EMPTY,
            unit: Text::EMPTY,
            kind: MetricKind::Gauge,
            metadata: Range::default(),
            resource: sender.resource,
            scope: sender.scope,
        };
        let ground = &mut self.ground;
        let list = ground.list(Range::default(), 4);
        let mut content = None;
        let mut wire = Wire::new(bytes);
        let mut place = 0;
        while let Some(field) = wire.field()? {
            match field {
                (1, Content::Bytes(text)) => metric.name = ground.text(text, "name")?,
                (2, Content::Bytes(text)) => {
                    metric.description = ground.text(text, "description")?;
                }
                (3, Content::Bytes(text)) => metric.unit = ground.text(text, "unit")?,
                (12, Content::Bytes(bytes)) => ground.attribute(list, bytes, "metadata")?,
                (5 | 7 | 9..=11, Content::Bytes(bytes)) => {
                    let occurrence = Occurrence::of(field.0, place, content);
                    read_kind(&mut metric.kind, occurrence, bytes)
                        .map_err(|fault| fault.within(occurrence.name()))?;
                    content = Some(occurrence);
                }
                (1..=3 | 5 | 7 | 9..=12, _) => return Err(wire.wrong_type()),
                _ => {}
            }
            place += 1;
        }
        metric.metadata = ground.close(list)?;
        let index = row_index(self.made.metrics.len());
        self.made.metrics.push(metric);
        match content {
            Some(content) => self.content(index, content, bytes),
            None => Ok(()),
        }
    }
}

/// Which of the kinds a metric is given as, and from which of its fields on: a later kind replaces an earlier
/// one, the same kind goes on with it.
#[derive(Debug, Clone, Copy)]
struct Occurrence {
    number: u32,
    first: usize,
    is_first: bool,
}

impl Occurrence {
    fn of(number: u32, place: usize, earlier: Option<Self>) -> Self {
        match earlier {
            Some(earlier) if earlier.number == number => Self { is_first: false, ..earlier },
            _ => Self { number, first: place, is_first: true },
        }
    }

    fn name(self) -> &'static str {
        match self.number {
            5 => "gauge",
            7 => "sum",
            9 => "histogram",
            10 => "exponential_histogram",
            _ => "summary",
        }
    }
}

fn read_kind(kind: &mut MetricKind, occurrence: Occurrence, bytes: &[u8]) -> Result<(), Fault> {
    let (mut temporality, mut monotonic) = (Temporality::Unspecified, false);
    if !occurrence.is_first {
        (temporality, monotonic) = (kind.temporality(), kind.is_monotonic());
    }
    let has_temporality = matches!(occurrence.number, 7 | 9 | 10);
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Bytes(_)) => {}
            (2, Content::Varint(number)) if has_temporality => {
                temporality = Temporality::from_number(int32(number));
            }
            (3, Content::Varint(number)) if occurrence.number == 7 => monotonic = number != 0,
            (1, _) => return Err(wire.wrong_type()),
            (2, _) if has_temporality => return Err(wire.wrong_type()),
            (3, _) if occurrence.number == 7 => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    *kind = match occurrence.number {
        5 => MetricKind::Gauge,
        7 => MetricKind::Sum { temporality, monotonic },
        9 => MetricKind::Histogram(temporality),
        10 => MetricKind::ExponentialHistogram(temporality),
        _ => MetricKind::Summary,
    };
    Ok(())
}

impl<'a> Reading<'a> {
    /// Reads the points of a metric.
    fn content(&mut self, metric: u32, content: Occurrence, bytes: &'a [u8]) -> Result<(), Fault> {
        let first_row = self.made.rows.len();
        let mut wire = Wire::new(bytes);
        let mut place = 0;
        while let Some((number, field)) = wire.field()? {
            if let Content::Bytes(points) = field
                && number == content.number
                && place >= content.first
            {
                each_message(points, 1, |_, bytes| {
                    let index = self.made.rows.len() - first_row;
                    self.point(metric, content.number, bytes)
                        .map_err(|fault| fault.within_element("data_points", index))
                })
                .map_err(|fault| fault.within(content.name()))?;
            }
            place += 1;
        }
        Ok(())
    }

    fn point(&mut self, metric: u32, kind: u32, bytes: &'a [u8]) -> Result<(), Fault> {
        check_density(self.made.rows.len(), self.size, bytes)?;
        let mut point = Point {
            metric,
            attributes: Range::default(),
            start: Timestamp::ZERO,
            time: Timestamp::ZERO,
            flags: 0,
            value: PointValue::Empty,
            exemplars: Range::default(),
        };
        match kind {
            5 | 7 => self.number(&mut point, bytes)?,
            9 => self.histogram(&mut point, bytes)?,
            10 => self.exponential_histogram(&mut point, bytes)?,
            _ => self.summary(&mut point, bytes)?,
        }
        self.made.rows.push(point);
        Ok(())
    }

    fn number(&mut self, point: &mut Point, bytes: &'a [u8]) -> Result<(), Fault> {
        let list = self.labels();
        let mut has_exemplars = false;
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            match field {
                (2, Content::Fixed64(time)) => point.start = Timestamp(time),
                (3, Content::Fixed64(time)) => point.time = Timestamp(time),
                (4, Content::Fixed64(bits)) => {
                    point.value = PointValue::Double(f64::from_bits(bits));
                }
                (5, Content::Bytes(_)) => has_exemplars = true,
                (6, Content::Fixed64(bits)) => point.value = PointValue::Int(bits.cast_signed()),
                (7, Content::Bytes(bytes)) => self.ground.attribute(list, bytes, "attributes")?,
                (8, Content::Varint(flags)) => point.flags = low(flags),
                (2..=8, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        self.close_labels(point, list)?;
        if has_exemplars {
            point.exemplars = self.exemplars(bytes, 5)?;
        }
        Ok(())
    }

    /// Begins the labels of a point.
    pub(super) fn labels(&self) -> List {
        self.ground.list(self.like, 6)
    }

    /// Ends the labels of a point.
    pub(super) fn close_labels(&mut self, point: &mut Point, list: List) -> Result<(), Fault> {
        point.attributes = self.ground.close(list)?;
        self.like = point.attributes;
        Ok(())
    }

    /// Reads the exemplars of a point, which lie in its field of this number.
    pub(super) fn exemplars(&mut self, point: &'a [u8], number: u32) -> Result<Range, Fault> {
        let start = self.made.exemplars.len();
        each_message(point, number, |index, bytes| {
            check_density(self.made.exemplars.len(), self.size, bytes)?;
            let exemplar = read_exemplar(&mut self.ground, bytes)
                .map_err(|fault| fault.within_element("exemplars", index))?;
            self.made.exemplars.push(exemplar);
            Ok(())
        })?;
        Ok(Range::since(start, self.made.exemplars.len()))
    }
}

fn read_exemplar<'a>(ground: &mut Ground<'a>, bytes: &'a [u8]) -> Result<Exemplar, Fault> {
    let mut exemplar = Exemplar {
        time: Timestamp::ZERO,
        value: ExemplarValue::Empty,
        trace_id: TraceId::NONE,
        span_id: SpanId::NONE,
        attributes: Range::default(),
    };
    let list = ground.list(Range::default(), 7);
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (2, Content::Fixed64(time)) => exemplar.time = Timestamp(time),
            (3, Content::Fixed64(bits)) => {
                exemplar.value = ExemplarValue::Double(f64::from_bits(bits));
            }
            (4, Content::Bytes(id)) => exemplar.span_id = span_id(id),
            (5, Content::Bytes(id)) => exemplar.trace_id = trace_id(id),
            (6, Content::Fixed64(bits)) => exemplar.value = ExemplarValue::Int(bits.cast_signed()),
            (7, Content::Bytes(bytes)) => ground.attribute(list, bytes, "filtered_attributes")?,
            (2..=7, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    exemplar.attributes = ground.close(list)?;
    Ok(exemplar)
}
