//! The metrics of a family, flattened into series.

use std::ops::ControlFlow;

use watchglass_model::Millis;

use crate::entry::{self, Entry, MetricType, ReadOptions, Sample, Series, Value, Visit};
use crate::native::count;
use crate::number::canonical;
use crate::wire::{Wire, label};

use super::family::Fault;
use super::message::{Exemplar, Histogram, Number, Summary};

type Flow = Result<ControlFlow<()>, Fault>;
type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// Reads the metrics of one family, in memory that is used again for each.
#[derive(Debug)]
pub(super) struct Metrics<'a> {
    family: &'a str,
    kind: MetricType,
    options: ReadOptions,
    labels: Pairs<'a>,
    time: Option<Millis>,
    start: Option<Millis>,
    name: String,
    text: Vec<u8>,
}

impl<'a> Metrics<'a> {
    pub(super) fn new(family: &'a str, kind: MetricType, options: ReadOptions) -> Self {
        Self {
            family,
            kind,
            options,
            labels: Vec::new(),
            time: None,
            start: None,
            name: String::new(),
            text: Vec::new(),
        }
    }

    /// Hands out the samples of one metric.
    pub(super) fn read(&mut self, bytes: &'a [u8], visit: &mut impl Visit) -> Flow {
        self.labels.clear();
        self.time = None;
        self.start = None;
        let mut value: &[u8] = &[];
        let mut wire = Wire::new(bytes);
        let wanted = field_of(self.kind);
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => self.labels.push(texts(label(content.message()?)?)?),
                // Zero cannot be told from absent, and stands for it.
                6 => self.time = Some(content.signed()?).filter(|time| *time != 0),
                number if number == wanted => value = content.message()?,
                _ => {}
            }
        }
        match self.kind {
            MetricType::Summary => self.summary(&Summary::read(value)?, visit),
            MetricType::Histogram | MetricType::GaugeHistogram => self.histogram(value, visit),
            _ => self.number(value, visit),
        }
    }

    fn number(&mut self, bytes: &[u8], visit: &mut impl Visit) -> Flow {
        let number = Number::read(bytes)?;
        let is_counter = self.kind == MetricType::Counter;
        self.start = number.start.filter(|_| is_counter);
        let exemplar = number.exemplar.filter(|_| is_counter);
        self.float("", None, number.value, exemplar, visit)
    }

    fn summary(&mut self, summary: &Summary, visit: &mut impl Visit) -> Flow {
        self.start = summary.start;
        if self.float("_count", None, count(summary.count), None, visit)?.is_break()
            || self.float("_sum", None, summary.sum, None, visit)?.is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
        for (quantile, value) in &summary.quantiles {
            let quantile = canonical(*quantile);
            let extra = Some(("quantile", &*quantile));
            if self.float("", extra, *value, None, visit)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn histogram(&mut self, bytes: &[u8], visit: &mut impl Visit) -> Flow {
        let mut histogram = Histogram::read(bytes)?;
        self.start = histogram.start;
        if self.kind == MetricType::GaugeHistogram {
            histogram.set_gauge();
        }
        if !self.options.native_histograms || !histogram.is_native() {
            return self.classic(&histogram, visit);
        }
        let flow = self.native(&histogram, visit)?;
        let classic = self.options.classic_beside_native && !histogram.buckets.is_empty();
        if flow.is_continue() && classic {
            return self.classic(&histogram, visit);
        }
        Ok(flow)
    }

    fn native(&mut self, histogram: &Histogram<'_>, visit: &mut impl Visit) -> Flow {
        let mut value = histogram.native.histogram()?;
        value.compact();
        let own = histogram.exemplars.iter().copied();
        let of_buckets = histogram.buckets.iter().filter_map(|bucket| bucket.exemplar);
        let exemplars: Vec<_> = own
            .chain(of_buckets.filter(|_| histogram.exemplars.is_empty()))
            .map(Exemplar::read)
            .collect::<Result<_, _>>()?;
        let timed = exemplars.iter().filter(|exemplar| exemplar.time.is_some());
        let labels = timed.clone().map(pairs).collect::<Result<Vec<_>, _>>()?;
        let exemplars: Vec<_> = timed.zip(&labels).map(handed_out).collect();
        let (time, start) = (self.time, self.start);
        let value = Value::Histogram(Box::new(value));
        let series = self.series("", None);
        Ok(visit(Entry::Sample(Sample { series, value, time, start, exemplars: &exemplars })))
    }

    fn classic(&mut self, histogram: &Histogram<'_>, visit: &mut impl Visit) -> Flow {
        let total = histogram.classic_count();
        if self.float("_count", None, total, None, visit)?.is_break()
            || self.float("_sum", None, histogram.native.sum, None, visit)?.is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
        for bucket in &histogram.buckets {
            let bound = canonical(bucket.bound);
            let extra = Some(("le", &*bound));
            let flow = self.float("_bucket", extra, bucket.count, bucket.exemplar, visit)?;
            if flow.is_break() || bucket.bound == f64::INFINITY {
                return Ok(flow);
            }
        }
        self.float("_bucket", Some(("le", "+Inf")), total, None, visit)
    }

    fn float(
        &mut self,
        suffix: &str,
        extra: Option<(&str, &str)>,
        value: f64,
        exemplar: Option<&[u8]>,
        visit: &mut impl Visit,
    ) -> Flow {
        let exemplar = exemplar.map(Exemplar::read).transpose()?;
        let labels = exemplar.as_ref().map(pairs).transpose()?;
        let exemplar = exemplar.as_ref().zip(labels.as_ref()).map(handed_out);
        let (time, start) = (self.time, self.start);
        let sample = Sample {
            series: self.series(suffix, extra),
            value: Value::Float(value),
            time,
            start,
            exemplars: exemplar.as_slice(),
        };
        Ok(visit(Entry::Sample(sample)))
    }

    /// Names a series, and writes down the bytes that tell it from the others.
    fn series<'s>(&'s mut self, suffix: &str, extra: Option<(&'s str, &'s str)>) -> Series<'s> {
        self.name.clear();
        self.name.push_str(self.family);
        self.name.push_str(suffix);
        self.text.clear();
        self.text.extend_from_slice(self.name.as_bytes());
        for (name, value) in self.labels.iter().copied().chain(extra) {
            for part in [name, value] {
                self.text.push(0xff);
                self.text.extend_from_slice(part.as_bytes());
            }
        }
        Series {
            text: &self.text,
            name: &self.name,
            labels: &self.labels,
            extra,
            is_escaped: false,
            bound: "",
        }
    }
}

/// The field that holds the value of a metric of this type.
const fn field_of(kind: MetricType) -> u32 {
    match kind {
        MetricType::Counter => 3,
        MetricType::Gauge => 2,
        MetricType::Summary => 4,
        MetricType::Histogram | MetricType::GaugeHistogram => 7,
        _ => 5,
    }
}

fn handed_out<'s>((exemplar, labels): (&Exemplar<'_>, &'s Pairs<'s>)) -> entry::Exemplar<'s> {
    let (value, time) = (exemplar.value, exemplar.time);
    entry::Exemplar { labels, is_escaped: false, value, time }
}

fn pairs<'a>(exemplar: &Exemplar<'a>) -> Result<Pairs<'a>, Fault> {
    exemplar.labels.iter().copied().map(texts).collect()
}

fn texts<'a>((name, value): (&'a [u8], &'a [u8])) -> Result<(&'a str, &'a str), Fault> {
    let name = str::from_utf8(name).map_err(|_| Fault::text("label name", name))?;
    let value = str::from_utf8(value).map_err(|_| Fault::text("label value", value))?;
    Ok((name, value))
}
