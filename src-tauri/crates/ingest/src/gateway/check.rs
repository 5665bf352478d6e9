//! Whether metrics fit together: one type a name over all groups, and no series twice. The texts are those of
//! upstream's registry.

use std::fmt::Write;
use std::sync::Arc;

use rapidhash::RapidHashSet;
use watchglass_exposition::MetricType;
use watchglass_model::{SampleValue, general_notation};

use super::family::{Family, HeldSample};
use super::read::DraftedSample;

/// Labels that begin so are the server's own.
const RESERVED: &str = "__";

/// Whether a sample has valid labels.
pub(super) fn check_sample(
    name: &str,
    family: &Family,
    sample: &DraftedSample,
) -> Result<(), String> {
    let shown = || {
        let pairs = sample.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        shown(name, family, pairs, &sample.value)
    };
    let mut names: Vec<_> = sample.labels.iter().map(|(label, _)| label.as_str()).collect();
    names.sort_unstable();
    for (label, next) in names.iter().zip(names.iter().skip(1)) {
        if label == next {
            return Err(format!("{} has two or more labels with the same name: {label}", shown()));
        }
    }
    if let Some(label) = names.iter().find(|one| one.is_empty() || one.starts_with(RESERVED)) {
        return Err(format!("{} has a label with an invalid name: {label}", shown()));
    }
    Ok(())
}

/// Whether a family fits itself and those of the same name in other groups.
pub(super) fn check_family<'f>(
    name: &str,
    family: &Family,
    others: impl Iterator<Item = &'f Arc<Family>>,
) -> Result<(), String> {
    let mut seen: RapidHashSet<_> = RapidHashSet::default();
    for other in others {
        if other.kind != family.kind
            && let Some(sample) = family.samples.first()
        {
            let shown = shown_held(name, family, sample);
            return Err(format!("{shown} is not a {}", other.type_name()));
        }
        seen.extend(other.samples.iter().map(|sample| &sample.series));
    }
    for sample in &family.samples {
        if !seen.insert(&sample.series) {
            let shown = shown_held(name, family, sample);
            return Err(format!(
                "{shown} was collected before with the same name and label values"
            ));
        }
    }
    Ok(())
}

fn shown_held(name: &str, family: &Family, sample: &HeldSample) -> String {
    let pairs = sample.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    shown(name, family, pairs, &sample.value)
}

/// A metric as the messages of upstream show it. Of a histogram or summary its parts are left out.
fn shown<'p>(
    name: &str,
    family: &Family,
    labels: impl Iterator<Item = (&'p str, &'p str)>,
    value: &SampleValue,
) -> String {
    let mut text = format!("collected metric {name:?} {{ ");
    for (name, value) in labels {
        // Text takes any text.
        let _ = write!(text, "label:{{name:{name:?} value:{value:?}}} ");
    }
    let kind = match family.kind {
        MetricType::Counter => "counter",
        MetricType::Gauge => "gauge",
        MetricType::Summary => "summary",
        MetricType::Histogram | MetricType::GaugeHistogram => "histogram",
        _ => "untyped",
    };
    let value = match value {
        SampleValue::Float(value) if family.part().is_empty() => {
            format!("value:{}", general_notation(*value))
        }
        _ => String::new(),
    };
    let _ = write!(text, "{kind}:{{{value}}}}}");
    text
}
