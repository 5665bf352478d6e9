//! Metric families one after another: what is said of each, then its metrics.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::entry::{Entry, MetricType, ParseError, ReadOptions, Visit};
use crate::native::NativeError;
use crate::quoted::Quoted;
use crate::wire::{Wire, WireError};

use super::metric::Metrics;

/// Hands out what families say, in their order, until `visit` breaks off.
pub(crate) fn read(
    bytes: &[u8],
    options: ReadOptions,
    visit: &mut impl Visit,
) -> Result<(), ParseError> {
    let mut families = Wire::new(bytes);
    let mut number = 0;
    while !families.is_empty() {
        number += 1;
        let located = |fault: Fault| ParseError { line: number, message: fault.to_string() };
        let bytes = families.bytes().map_err(|fault| located(fault.into()))?;
        if read_family(bytes, options, visit).map_err(located)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// What is wrong with a family.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error(transparent)]
    Histogram(#[from] NativeError),
    #[error("{0}")]
    Other(String),
}

impl Fault {
    /// A text that is not UTF-8.
    pub(super) fn text(what: &str, bytes: &[u8]) -> Self {
        Self::Other(format!("invalid UTF-8 {what}: {}", Quoted(bytes)))
    }
}

/// What is said of a family.
#[derive(Debug, Default)]
struct Family<'a> {
    name: &'a [u8],
    help: &'a [u8],
    unit: &'a [u8],
    kind: u32,
    has_metrics: bool,
}

impl<'a> Family<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        let (mut made, mut wire) = (Self::default(), Wire::new(bytes));
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => made.name = content.message()?,
                2 => made.help = content.message()?,
                3 => made.kind = content.low()?,
                4 => made.has_metrics = true,
                5 => made.unit = content.message()?,
                _ => {}
            }
        }
        Ok(made)
    }

    fn name(&self) -> Result<&'a str, Fault> {
        str::from_utf8(self.name).ok().filter(|name| !name.is_empty()).ok_or_else(|| {
            Fault::Other(format!("invalid metric name: {}", String::from_utf8_lossy(self.name)))
        })
    }

    fn help(&self, name: &str) -> Result<&'a str, Fault> {
        str::from_utf8(self.help).map_err(|_| {
            let (name, help) = (Quoted(name.as_bytes()), String::from_utf8_lossy(self.help));
            Fault::Other(format!("invalid help for metric {name}: {help}"))
        })
    }

    fn kind(&self, name: &str) -> Result<MetricType, Fault> {
        match self.kind {
            0 => Ok(MetricType::Counter),
            1 => Ok(MetricType::Gauge),
            2 => Ok(MetricType::Summary),
            3 => Ok(MetricType::Unknown),
            4 => Ok(MetricType::Histogram),
            5 => Ok(MetricType::GaugeHistogram),
            kind => {
                let name = Quoted(name.as_bytes());
                Err(Fault::Other(format!("unknown metric type for metric {name}: {kind}")))
            }
        }
    }

    fn unit(&self, name: &str, kind: MetricType) -> Result<&'a str, Fault> {
        let unit = str::from_utf8(self.unit).map_err(|_| Fault::text("unit", self.unit))?;
        let total = name.strip_suffix("_total").filter(|_| kind == MetricType::Counter);
        let stem = total.unwrap_or(name).strip_suffix(unit);
        if unit.is_empty() || stem.is_some_and(|stem| stem.ends_with('_')) {
            return Ok(unit);
        }
        let what = if total.is_some() { "counter" } else { "metric" };
        let (unit, name) = (Quoted(unit.as_bytes()), Quoted(name.as_bytes()));
        Err(Fault::Other(format!("unit {unit} not a suffix of {what} {name}")))
    }
}

fn read_family(
    bytes: &[u8],
    options: ReadOptions,
    visit: &mut impl Visit,
) -> Result<ControlFlow<()>, Fault> {
    let family = Family::read(bytes)?;
    if !family.has_metrics {
        return Ok(ControlFlow::Continue(()));
    }
    let name = family.name()?;
    let help = family.help(name)?;
    let kind = family.kind(name)?;
    let unit = family.unit(name, kind)?;
    let metric = Cow::Borrowed(name);
    let mut flow = visit(Entry::Help { metric: metric.clone(), text: Cow::Borrowed(help) });
    if flow.is_continue() && !unit.is_empty() {
        flow = visit(Entry::Unit { metric: metric.clone(), unit });
    }
    if flow.is_continue() {
        flow = visit(Entry::Type { metric, kind });
    }
    if flow.is_break() {
        return Ok(flow);
    }
    read_metrics(bytes, Metrics::new(name, kind, options), visit)
}

fn read_metrics<'a>(
    bytes: &'a [u8],
    mut metrics: Metrics<'a>,
    visit: &mut impl Visit,
) -> Result<ControlFlow<()>, Fault> {
    let mut wire = Wire::new(bytes);
    while let Some((number, content)) = wire.field()? {
        if number == 4 && metrics.read(content.message()?, visit)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}
