//! Whether a text is `OpenMetrics` 1.0 to the letter: what Prometheus reads leniently is told here.

mod family;
mod histogram;

use std::collections::HashSet;

use crate::entry::{MetricType, ParseError};
use crate::text::{Dialect, Item, Lines};

use family::Family;

/// Says the first thing that the specification of `OpenMetrics` 1.0 forbids.
pub fn lint(bytes: &[u8]) -> Result<(), ParseError> {
    let mut lines = Lines::new(bytes, Dialect::OpenMetrics);
    let mut names = Names::default();
    let mut family: Option<Family<'_>> = None;
    while let Some(item) = lines.next()? {
        let stays = family.as_ref().is_some_and(|family| match item {
            Item::Help(metric, _) | Item::Type(metric, _) | Item::Unit(metric, _) => {
                family.name == metric
            }
            Item::Sample => family.allows(lines.name()),
        });
        if !stays && let Some(done) = family.take() {
            names.close(&done).map_err(|what| lines.fault(&what))?;
        }
        let family = family.get_or_insert_with(|| match item {
            Item::Help(metric, _) | Item::Type(metric, _) | Item::Unit(metric, _) => {
                Family::new(metric)
            }
            Item::Sample => Family::new(lines.name()),
        });
        let checked = match item {
            Item::Help(..) => family.help(),
            Item::Type(_, kind) => family.set_kind(kind),
            Item::Unit(_, unit) => family.set_unit(unit),
            Item::Sample => family.sample(&lines),
        };
        checked.map_err(|what| lines.fault(&what))?;
    }
    family.map_or(Ok(()), |last| names.close(&last)).map_err(|what| lines.fault(&what))
}

/// The names that families have taken, those of their samples among them.
#[derive(Debug, Default)]
struct Names(HashSet<String>);

impl Names {
    fn close(&mut self, family: &Family<'_>) -> Result<(), String> {
        family.close()?;
        let suffixes = suffixes(family.kind()).iter().filter(|suffix| !suffix.is_empty());
        for suffix in suffixes.chain(&[""]) {
            let name = format!("{}{suffix}", family.name);
            if self.0.contains(&name) {
                return Err(format!("the name {name} is taken by another metric family"));
            }
            self.0.insert(name);
        }
        Ok(())
    }
}

/// What the samples of a family add to its name.
const fn suffixes(kind: MetricType) -> &'static [&'static str] {
    match kind {
        MetricType::Counter => &["_total", "_created"],
        MetricType::Histogram => &["_bucket", "_count", "_sum", "_created"],
        MetricType::GaugeHistogram => &["_bucket", "_gcount", "_gsum"],
        MetricType::Summary => &["", "_count", "_sum", "_created"],
        MetricType::Info => &["_info"],
        MetricType::Gauge | MetricType::StateSet | MetricType::Unknown => &[""],
    }
}
