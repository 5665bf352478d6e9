//! The body of a push: families with their samples, as upstream's text parser groups them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use watchglass_exposition::{
    Entry, Format, MetricType, ReadOptions, Sample as Exposed, Value, read,
};
use watchglass_model::SampleValue;

/// What a push brings, by the name of the family.
pub(crate) type Families = BTreeMap<String, Drafted>;

/// A family as it was written.
#[derive(Debug, Default)]
pub(crate) struct Drafted {
    pub(super) kind: Option<MetricType>,
    pub(super) help: Option<String>,
    pub(super) samples: Vec<DraftedSample>,
}

impl Drafted {
    /// How many samples there are.
    pub(crate) fn len(&self) -> usize {
        self.samples.len()
    }
}

/// A sample as it was written: labels may come twice, and may be invalid.
#[derive(Debug)]
pub(super) struct DraftedSample {
    pub(super) name: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) value: SampleValue,
    pub(super) has_time: bool,
}

/// Reads a body. Anything that is not the delimited protobuf is taken for text 0.0.4, as upstream has it.
pub(crate) fn families(body: &[u8], format: Format) -> Result<Families, String> {
    let mut reader = Reader { families: Families::new(), format, fault: None };
    let options = ReadOptions { classic_beside_native: true, ..ReadOptions::default() };
    let done = read(body, format, options, |entry| reader.entry(&entry));
    done.map_err(|fault| match format {
        Format::Protobuf => format!("metric family {}: {fault}", fault.line),
        _ => format!("text format parsing error in line {}: {fault}", fault.line),
    })?;
    if let Some(fault) = reader.fault {
        return Err(format!("text format parsing error: {fault}"));
    }
    reader.families.retain(|_, family| !family.samples.is_empty());
    Ok(reader.families)
}

struct Reader {
    families: Families,
    format: Format,
    fault: Option<String>,
}

impl Reader {
    fn entry(&mut self, entry: &Entry<'_>) -> ControlFlow<()> {
        let done = match entry {
            Entry::Help { metric, text } => self.help(metric, text),
            Entry::Type { metric, kind } => self.kind(metric, *kind),
            Entry::Unit { .. } => Ok(()),
            Entry::Sample(sample) => {
                self.sample(sample);
                Ok(())
            }
        };
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                self.fault = Some(fault);
                ControlFlow::Break(())
            }
        }
    }

    fn help(&mut self, metric: &str, text: &str) -> Result<(), String> {
        let is_message = self.format == Format::Protobuf;
        let family = self.family(metric);
        if is_message {
            // Of several messages of one name the last counts.
            *family = Drafted::default();
        } else if family.help.is_some() {
            return Err(format!("second HELP line for metric name {metric:?}"));
        }
        family.help = Some(text.to_owned());
        Ok(())
    }

    fn kind(&mut self, metric: &str, kind: MetricType) -> Result<(), String> {
        let family = self.family(metric);
        if family.kind.is_some() || !family.samples.is_empty() {
            return Err(format!(
                "second TYPE line for metric name {metric:?}, or TYPE reported after samples"
            ));
        }
        family.kind = Some(kind);
        Ok(())
    }

    fn family(&mut self, metric: &str) -> &mut Drafted {
        self.families.entry(metric.to_owned()).or_default()
    }

    fn sample(&mut self, exposed: &Exposed<'_>) {
        let name = exposed.series.name().into_owned();
        let pairs = exposed.series.pairs();
        let drafted = DraftedSample {
            labels: pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            value: match &exposed.value {
                Value::Float(value) => SampleValue::Float(*value),
                Value::Histogram(histogram) => SampleValue::Histogram(Arc::from(histogram.clone())),
            },
            has_time: exposed.time.is_some(),
            name,
        };
        let family = self.family_of(&drafted.name).to_owned();
        self.family(&family).samples.push(drafted);
    }

    /// The family that a series belongs to: its own name, or that of the summary or histogram that it is a part of.
    fn family_of<'n>(&self, series: &'n str) -> &'n str {
        if self.families.contains_key(series) {
            return series;
        }
        let parts = [
            ("_sum", MetricType::Summary),
            ("_count", MetricType::Summary),
            ("_sum", MetricType::Histogram),
            ("_count", MetricType::Histogram),
            ("_bucket", MetricType::Histogram),
            ("_sum", MetricType::GaugeHistogram),
            ("_count", MetricType::GaugeHistogram),
            ("_bucket", MetricType::GaugeHistogram),
        ];
        let mut stems = parts.iter().filter_map(|(suffix, kind)| {
            let stem = series.strip_suffix(suffix)?;
            (self.families.get(stem)?.kind == Some(*kind)).then_some(stem)
        });
        stems.next().unwrap_or(series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> Result<Families, String> {
        families(body.as_bytes(), Format::Text)
    }

    #[test]
    fn parts_of_a_histogram_belong_to_it_and_strangers_do_not() {
        let body = "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4\nh_count 3\n\
             # TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 2\ns_count 1\nother_count 1\n";
        let found = text(body).unwrap();
        let sizes: Vec<_> =
            found.iter().map(|(name, one)| (name.as_str(), one.samples.len())).collect();
        assert_eq!(sizes, [("h", 4), ("other_count", 1), ("s", 3)]);
        assert_eq!(found["other_count"].kind, None);
    }

    #[test]
    fn a_family_without_samples_is_none() {
        assert!(text("# TYPE m gauge\n# HELP m Nothing.\n").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        let fault = text("m 1\nm{ 2\n").unwrap_err();
        assert!(fault.starts_with("text format parsing error in line 2: "), "{fault}");
    }

    #[test]
    fn a_type_that_comes_late_is_refused() {
        let fault = text("m 1\n# TYPE m gauge\n").unwrap_err();
        assert!(fault.ends_with("or TYPE reported after samples"), "{fault}");
        assert!(text("# HELP m a\n# HELP m b\nm 1\n").is_err());
    }
}
