//! Blocks of metric points, sorted by series and time, so that a point is the difference to the one before.

use watchglass_model::{
    Buckets, Exemplar, ExemplarValue, ExponentialHistogram, Histogram, Metric, MetricKind,
    MetricRef, Point, PointRef, PointValue, Points, Quantile, Range, SpanId, Summary, Temporality,
    Timestamp, TraceId,
};

use super::attributes::{ListReader, ListWriter};
use super::columns::{Corrupt, Reader, Writer, join, split};
use super::sources::{
    SourceTable, read_attributes, read_resources, read_scopes, read_text, write_attributes,
    write_resource, write_scope,
};

/// A point to be written: the batch it comes from, and the series it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) batch: u32,
    pub(crate) series: u64,
    pub(crate) point: PointRef<'a>,
}

/// What a point says, as a number on the disk.
const EMPTY: u8 = 0;
const INT: u8 = 1;
const DOUBLE: u8 = 2;
const HISTOGRAM: u8 = 3;
const EXPONENTIAL: u8 = 4;
const SUMMARY: u8 = 5;

#[derive(Debug, Default)]
struct BlockWriter<'a> {
    resources: SourceTable,
    scopes: SourceTable,
    metrics: SourceTable,
    lists: ListWriter<'a>,
    series: Writer,
    times: Writer,
    starts: Writer,
    flags: Writer,
    kinds: Writer,
    numbers: Writer,
    buckets: Writer,
    exemplars: Writer,
    before: Before,
}

/// What the point before said, from which the next one differs little.
#[derive(Debug, Clone, Default)]
struct Before {
    time: u64,
    step: u64,
    start: u64,
    int: i64,
    double: f64,
    count: u64,
    sum: f64,
    counts: Vec<u64>,
    bounds: Vec<f64>,
}

/// Writes rows that are sorted by series and time.
pub(crate) fn encode(rows: &[Row<'_>]) -> Vec<u8> {
    let mut block = BlockWriter::default();
    for run in rows.chunk_by(|one, other| one.series == other.series) {
        block.series(run);
        for row in run {
            block.point(row.point);
        }
    }
    block.finish()
}

impl<'a> BlockWriter<'a> {
    fn series(&mut self, run: &[Row<'a>]) {
        let Some(Row { batch, point, .. }) = run.first().copied() else {
            return;
        };
        self.before = Before::default();
        let metric = point.metric();
        let resource = self
            .resources
            .number(batch, metric.row.resource, |out| write_resource(out, metric.resource()));
        let scope =
            self.scopes.number(batch, metric.row.scope, |out| write_scope(out, metric.scope()));
        let number = self.metrics.number(batch, point.row.metric, |out| {
            write_metric(out, metric, resource, scope);
        });
        self.series.varint(number);
        self.series.varint(self.lists.list(point.attributes().iter()));
        self.series.count(run.len());
    }

    fn point(&mut self, point: PointRef<'a>) {
        let row = point.row;
        let step = row.time.0.wrapping_sub(self.before.time);
        self.times.zigzag(step.wrapping_sub(self.before.step).cast_signed());
        self.before.time = row.time.0;
        self.before.step = step;
        self.starts.zigzag(row.start.0.wrapping_sub(self.before.start).cast_signed());
        self.before.start = row.start.0;
        self.flags.varint(u64::from(row.flags));
        self.value(point);
        self.flags.count(point.exemplars().len());
        for exemplar in point.exemplars() {
            self.exemplar(point, exemplar);
        }
    }

    fn value(&mut self, point: PointRef<'a>) {
        let batch = point.batch;
        match point.row.value {
            PointValue::Int(int) => {
                self.kinds.raw(&[INT]);
                self.numbers.zigzag(int.wrapping_sub(self.before.int));
                self.before.int = int;
            }
            PointValue::Double(double) => {
                self.kinds.raw(&[DOUBLE]);
                self.numbers.double_after(double, self.before.double);
                self.before.double = double;
            }
            PointValue::Histogram(index) => match batch.histograms.get(index as usize) {
                Some(histogram) => self.histogram(batch, histogram),
                None => self.kinds.raw(&[EMPTY]),
            },
            PointValue::ExponentialHistogram(index) => {
                match batch.exponential_histograms.get(index as usize) {
                    Some(histogram) => self.exponential(batch, histogram),
                    None => self.kinds.raw(&[EMPTY]),
                }
            }
            PointValue::Summary(index) => match batch.summaries.get(index as usize) {
                Some(summary) => self.summary(batch, summary),
                None => self.kinds.raw(&[EMPTY]),
            },
            PointValue::Empty => self.kinds.raw(&[EMPTY]),
        }
    }

    fn count(&mut self, count: u64) {
        self.numbers.zigzag(count.wrapping_sub(self.before.count).cast_signed());
        self.before.count = count;
    }

    fn sum(&mut self, sum: f64) {
        self.numbers.double_after(sum, self.before.sum);
        self.before.sum = sum;
    }

    /// The sum, minimum and maximum, each of which may be absent.
    fn extremes(&mut self, sum: Option<f64>, min: Option<f64>, max: Option<f64>) {
        let present =
            u8::from(sum.is_some()) | u8::from(min.is_some()) << 1 | u8::from(max.is_some()) << 2;
        self.kinds.raw(&[present]);
        if let Some(sum) = sum {
            self.sum(sum);
        }
        for extreme in [min, max].into_iter().flatten() {
            self.numbers.double(extreme);
        }
    }

    /// Counts as differences to those of the point before, place by place.
    fn counts(&mut self, counts: &[u64]) {
        self.buckets.count(counts.len());
        self.before.counts.resize(counts.len(), 0);
        for (count, before) in counts.iter().zip(&mut self.before.counts) {
            self.buckets.zigzag(count.wrapping_sub(*before).cast_signed());
            *before = *count;
        }
    }

    fn histogram(&mut self, batch: &Points, histogram: &Histogram) {
        self.kinds.raw(&[HISTOGRAM]);
        self.count(histogram.count);
        self.extremes(histogram.sum, histogram.min, histogram.max);
        let bounds = histogram.bounds.of(&batch.doubles);
        let same = bounds.len() == self.before.bounds.len()
            && bounds.iter().zip(&self.before.bounds).all(|(a, b)| a.to_bits() == b.to_bits());
        self.buckets.raw(&[u8::from(same)]);
        if !same {
            self.buckets.count(bounds.len());
            for bound in bounds {
                self.buckets.double(*bound);
            }
            self.before.bounds = bounds.to_vec();
        }
        self.counts(histogram.counts.of(&batch.counts));
    }

    fn exponential(&mut self, batch: &Points, histogram: &ExponentialHistogram) {
        self.kinds.raw(&[EXPONENTIAL]);
        self.count(histogram.count);
        self.extremes(histogram.sum, histogram.min, histogram.max);
        self.numbers.zigzag(i64::from(histogram.scale));
        self.numbers.varint(histogram.zero_count);
        self.numbers.double(histogram.zero_threshold);
        for side in [histogram.positive, histogram.negative] {
            self.buckets.zigzag(i64::from(side.offset));
            self.counts(side.counts.of(&batch.counts));
        }
    }

    fn summary(&mut self, batch: &Points, summary: &Summary) {
        self.kinds.raw(&[SUMMARY]);
        self.count(summary.count);
        self.sum(summary.sum);
        let quantiles = summary.quantiles.of(&batch.quantiles);
        self.buckets.count(quantiles.len());
        for quantile in quantiles {
            self.buckets.double(quantile.quantile);
            self.buckets.double(quantile.value);
        }
    }

    fn exemplar(&mut self, point: PointRef<'a>, exemplar: &Exemplar) {
        let before_point = point.row.time.0.wrapping_sub(exemplar.time.0).cast_signed();
        self.exemplars.zigzag(before_point);
        match exemplar.value {
            ExemplarValue::Empty => self.exemplars.raw(&[EMPTY]),
            ExemplarValue::Int(int) => {
                self.exemplars.raw(&[INT]);
                self.exemplars.zigzag(int);
            }
            ExemplarValue::Double(double) => {
                self.exemplars.raw(&[DOUBLE]);
                self.exemplars.double(double);
            }
        }
        self.exemplars.raw(&exemplar.trace_id.0);
        self.exemplars.raw(&exemplar.span_id.0);
        write_attributes(&mut self.exemplars, point.batch.arena.attributes(exemplar.attributes));
    }

    fn finish(self) -> Vec<u8> {
        join([
            self.resources.finish(),
            self.scopes.finish(),
            self.metrics.finish(),
            self.lists.finish(),
            self.series,
            self.times,
            self.starts,
            self.flags,
            self.kinds,
            self.numbers,
            self.buckets,
            self.exemplars,
        ])
    }
}

fn write_metric(out: &mut Writer, metric: MetricRef<'_>, resource: u64, scope: u64) {
    out.blob(metric.name().as_bytes());
    out.blob(metric.description().as_bytes());
    out.blob(metric.unit().as_bytes());
    let (kind, monotonic) = match metric.row.kind {
        MetricKind::Gauge => (0, false),
        MetricKind::Sum { monotonic, .. } => (1, monotonic),
        MetricKind::Histogram(_) => (2, false),
        MetricKind::ExponentialHistogram(_) => (3, false),
        MetricKind::Summary => (4, false),
    };
    out.raw(&[kind, u8::from(monotonic), metric.row.kind.temporality() as u8]);
    write_attributes(out, metric.metadata());
    out.varint(resource);
    out.varint(scope);
}

fn read_metric(from: &mut Reader<'_>, points: &mut Points) -> Result<Metric, Corrupt> {
    let arena = &mut points.arena;
    let name = read_text(from, arena)?;
    let description = read_text(from, arena)?;
    let unit = read_text(from, arena)?;
    let [kind, monotonic, temporality] = from.array()?;
    let temporality = Temporality::from_number(i32::from(temporality));
    let kind = match kind {
        0 => MetricKind::Gauge,
        1 => MetricKind::Sum { temporality, monotonic: monotonic != 0 },
        2 => MetricKind::Histogram(temporality),
        3 => MetricKind::ExponentialHistogram(temporality),
        4 => MetricKind::Summary,
        _ => return Err(Corrupt("a metric of unknown kind")),
    };
    let metadata = read_attributes(from, arena, 0)?;
    Ok(Metric {
        name,
        description,
        unit,
        kind,
        metadata,
        resource: from.index()?,
        scope: from.index()?,
    })
}

/// The columns of values of a block being read.
struct ValueColumns<'a> {
    kinds: Reader<'a>,
    numbers: Reader<'a>,
    buckets: Reader<'a>,
    exemplars: Reader<'a>,
    before: Before,
}

/// Reads a block.
pub(crate) fn decode(bytes: &[u8]) -> Result<Points, Corrupt> {
    let [mut resources, mut scopes, mut metrics, lists, mut series, mut times, rest @ ..] =
        split::<12>(bytes)?;
    let [mut starts, mut flags, kinds, numbers, buckets, exemplars] = rest;
    let mut points = Points::default();
    read_resources(&mut resources, &mut points.arena)?;
    read_scopes(&mut scopes, &mut points.arena)?;
    for _ in 0..metrics.count(metrics.bytes.len())? {
        let metric = read_metric(&mut metrics, &mut points)?;
        points.metrics.push(metric);
    }
    let mut lists = ListReader::open(lists, &mut points.arena)?;
    let mut values = ValueColumns { kinds, numbers, buckets, exemplars, before: Before::default() };
    while !series.bytes.is_empty() {
        let metric = series.index()?;
        let attributes = lists.list(series.varint()?, &mut points.arena)?;
        values.before = Before::default();
        for _ in 0..series.varint()? {
            let before = &mut values.before;
            before.step = before.step.wrapping_add(times.zigzag()?.cast_unsigned());
            before.time = before.time.wrapping_add(before.step);
            before.start = before.start.wrapping_add(starts.zigzag()?.cast_unsigned());
            let (time, start) = (Timestamp(before.time), Timestamp(before.start));
            let number = flags.index()?;
            let value = values.value(&mut points)?;
            let first = points.exemplars.len();
            for _ in 0..flags.index()? {
                let exemplar = values.exemplar(time, &mut points)?;
                points.exemplars.push(exemplar);
            }
            let exemplars = Range::since(first, points.exemplars.len());
            points.rows.push(Point {
                metric,
                attributes,
                start,
                time,
                flags: number,
                value,
                exemplars,
            });
        }
    }
    Ok(points)
}

impl ValueColumns<'_> {
    fn value(&mut self, points: &mut Points) -> Result<PointValue, Corrupt> {
        Ok(match self.kinds.array::<1>()? {
            [EMPTY] => PointValue::Empty,
            [INT] => {
                self.before.int = self.before.int.wrapping_add(self.numbers.zigzag()?);
                PointValue::Int(self.before.int)
            }
            [DOUBLE] => {
                self.before.double = self.numbers.double_after(self.before.double)?;
                PointValue::Double(self.before.double)
            }
            [HISTOGRAM] => {
                let histogram = self.histogram(points)?;
                points.histograms.push(histogram);
                PointValue::Histogram(last_index(points.histograms.len()))
            }
            [EXPONENTIAL] => {
                let histogram = self.exponential(points)?;
                points.exponential_histograms.push(histogram);
                let last = last_index(points.exponential_histograms.len());
                PointValue::ExponentialHistogram(last)
            }
            [SUMMARY] => {
                let summary = self.summary(points)?;
                points.summaries.push(summary);
                PointValue::Summary(last_index(points.summaries.len()))
            }
            _ => return Err(Corrupt("a point of unknown kind")),
        })
    }

    fn count(&mut self) -> Result<u64, Corrupt> {
        let difference = self.numbers.zigzag()?.cast_unsigned();
        self.before.count = self.before.count.wrapping_add(difference);
        Ok(self.before.count)
    }

    fn sum(&mut self) -> Result<f64, Corrupt> {
        self.before.sum = self.numbers.double_after(self.before.sum)?;
        Ok(self.before.sum)
    }

    fn extremes(&mut self) -> Result<[Option<f64>; 3], Corrupt> {
        let [present] = self.kinds.array()?;
        let sum = if present & 1 == 0 { None } else { Some(self.sum()?) };
        let min = if present & 2 == 0 { None } else { Some(self.numbers.double()?) };
        let max = if present & 4 == 0 { None } else { Some(self.numbers.double()?) };
        Ok([sum, min, max])
    }

    fn counts(&mut self, points: &mut Points) -> Result<Range, Corrupt> {
        let count = self.buckets.count(self.buckets.bytes.len())?;
        self.before.counts.resize(count, 0);
        let first = points.counts.len();
        for before in &mut self.before.counts {
            *before = before.wrapping_add(self.buckets.zigzag()?.cast_unsigned());
        }
        points.counts.extend_from_slice(&self.before.counts);
        Ok(Range::since(first, points.counts.len()))
    }

    fn histogram(&mut self, points: &mut Points) -> Result<Histogram, Corrupt> {
        let count = self.count()?;
        let [sum, min, max] = self.extremes()?;
        if self.buckets.array::<1>()? == [0] {
            let bounds = self.buckets.count(self.buckets.bytes.len())?;
            self.before.bounds.clear();
            for _ in 0..bounds {
                self.before.bounds.push(self.buckets.double()?);
            }
        }
        let first = points.doubles.len();
        points.doubles.extend_from_slice(&self.before.bounds);
        let bounds = Range::since(first, points.doubles.len());
        Ok(Histogram { count, sum, min, max, bounds, counts: self.counts(points)? })
    }

    fn exponential(&mut self, points: &mut Points) -> Result<ExponentialHistogram, Corrupt> {
        let count = self.count()?;
        let [sum, min, max] = self.extremes()?;
        let scale = int32(self.numbers.zigzag()?)?;
        let zero_count = self.numbers.varint()?;
        let zero_threshold = self.numbers.double()?;
        let mut sides = [Buckets::default(); 2];
        for side in &mut sides {
            side.offset = int32(self.buckets.zigzag()?)?;
            side.counts = self.counts(points)?;
        }
        let [positive, negative] = sides;
        Ok(ExponentialHistogram {
            count,
            sum,
            min,
            max,
            scale,
            zero_count,
            zero_threshold,
            positive,
            negative,
        })
    }

    fn summary(&mut self, points: &mut Points) -> Result<Summary, Corrupt> {
        let (count, sum) = (self.count()?, self.sum()?);
        let first = points.quantiles.len();
        for _ in 0..self.buckets.count(self.buckets.bytes.len())? {
            let (quantile, value) = (self.buckets.double()?, self.buckets.double()?);
            points.quantiles.push(Quantile { quantile, value });
        }
        Ok(Summary { count, sum, quantiles: Range::since(first, points.quantiles.len()) })
    }

    fn exemplar(&mut self, point: Timestamp, points: &mut Points) -> Result<Exemplar, Corrupt> {
        let from = &mut self.exemplars;
        let time = Timestamp(point.0.wrapping_sub(from.zigzag()?.cast_unsigned()));
        let value = match from.array::<1>()? {
            [INT] => ExemplarValue::Int(from.zigzag()?),
            [DOUBLE] => ExemplarValue::Double(from.double()?),
            _ => ExemplarValue::Empty,
        };
        Ok(Exemplar {
            time,
            value,
            trace_id: TraceId(from.array()?),
            span_id: SpanId(from.array()?),
            attributes: read_attributes(from, &mut points.arena, 0)?,
        })
    }
}

fn last_index(length: usize) -> u32 {
    u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX)
}

fn int32(number: i64) -> Result<i32, Corrupt> {
    i32::try_from(number).map_err(|_| Corrupt("a number beyond 32 bits"))
}
