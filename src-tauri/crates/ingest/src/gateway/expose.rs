//! All groups as an exposition in Prometheus's text format, for whoever scrapes the gateway too.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use watchglass_model::{FloatHistogram, SampleValue, general_notation};

use super::family::{Family, HeldSample};
use super::group::Groups;

/// The exposition. Of several groups with the same metric the first says what it is.
pub(super) fn exposition(groups: &Groups) -> String {
    let mut by_name: BTreeMap<&str, Vec<&Family>> = BTreeMap::new();
    for (name, family) in groups.values().flat_map(|group| &group.families) {
        by_name.entry(name).or_default().push(family);
    }
    let mut text = String::new();
    for (name, families) in by_name {
        let Some(first) = families.first() else { continue };
        let (shown, help) = (quoted_if_needed(name), escaped(&first.help, false));
        let kind = first.type_name().to_lowercase();
        // Text takes any text.
        let _ = write!(text, "# HELP {shown} {help}\n# TYPE {shown} {kind}\n");
        for family in families {
            family.samples.iter().for_each(|sample| line(&mut text, family, sample));
        }
    }
    text
}

fn line(text: &mut String, family: &Family, sample: &HeldSample) {
    match &sample.value {
        SampleValue::Float(value) => series(text, family, sample, "", None, *value),
        SampleValue::Histogram(histogram) => native(text, family, sample, histogram),
    }
}

/// The text format has no native histograms: what it can say of one is its count and its sum.
fn native(text: &mut String, family: &Family, sample: &HeldSample, histogram: &FloatHistogram) {
    let count = histogram.count;
    series(text, family, sample, "_bucket", Some(("le", "+Inf")), count);
    series(text, family, sample, "_sum", None, histogram.sum);
    series(text, family, sample, "_count", None, count);
}

fn series(
    text: &mut String,
    family: &Family,
    sample: &HeldSample,
    suffix: &str,
    extra: Option<(&str, &str)>,
    value: f64,
) {
    let part = family.part();
    let name = format!("{}{suffix}", sample.name);
    let is_plain = is_legacy(&name);
    let mut labels = Vec::new();
    if !is_plain {
        labels.push(format!("\"{}\"", escaped(&name, true)));
    }
    // The label that tells parts apart comes last, as upstream writes it.
    let others = sample.labels.iter().filter(|(label, _)| *label != part);
    labels.extend(others.map(|(label, value)| pair(label, value)));
    if let Some(bound) = sample.labels.get(part) {
        labels.push(pair(part, bound.strip_suffix(".0").unwrap_or(bound)));
    }
    labels.extend(extra.map(|(label, value)| pair(label, value)));
    let name = if is_plain { name } else { String::new() };
    let _ = writeln!(text, "{name}{{{}}} {}", labels.join(","), general_notation(value));
}

fn pair(label: &str, value: &str) -> String {
    format!("{}=\"{}\"", quoted_if_needed(label), escaped(value, true))
}

fn quoted_if_needed(name: &str) -> Cow<'_, str> {
    if is_legacy(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("\"{}\"", escaped(name, true)))
    }
}

/// Whether a name needs no quotes.
fn is_legacy(name: &str) -> bool {
    watchglass_configuration::Names::Legacy.is_metric(name)
}

fn escaped(text: &str, quotes: bool) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    if quotes { text.replace('"', "\\\"") } else { text }
}
