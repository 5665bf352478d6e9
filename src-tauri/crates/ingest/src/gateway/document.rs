//! A group as a document that outlives the program: JSON, numbers as texts, for JSON has neither NaN nor infinities.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use watchglass_exposition::MetricType;
use watchglass_model::{Bucket, FloatHistogram, ResetHint, SampleValue, Timestamp};

use super::family::{Family, HeldSample};
use super::group::{Group, Grouping};

/// The key under which a group's document lies.
pub(super) fn key(grouping: &Grouping) -> String {
    let parts: Vec<_> = grouping.iter().flat_map(|(name, value)| [name, value]).collect();
    let joined: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
    // No text holds the byte that stands between them.
    URL_SAFE_NO_PAD.encode(joined.join(&0xff))
}

/// The document of a group.
pub(super) fn written(grouping: &Grouping, group: &Group) -> String {
    let families: Map<_, _> =
        group.families.iter().map(|(name, family)| (name.clone(), family_value(family))).collect();
    json!({ "labels": grouping, "families": families }).to_string()
}

fn family_value(family: &Family) -> Value {
    let samples: Vec<_> = family.samples.iter().map(sample_value).collect();
    json!({
        "type": family.kind.as_str(),
        "help": family.help,
        "pushed": family.pushed.0.to_string(),
        "samples": samples,
    })
}

fn sample_value(sample: &HeldSample) -> Value {
    let mut value = json!({ "name": sample.name, "labels": sample.labels });
    let (field, content) = match &sample.value {
        SampleValue::Float(value) => ("value", Value::String(value.to_string())),
        SampleValue::Histogram(histogram) => ("histogram", histogram_value(histogram)),
    };
    value[field] = content;
    value
}

fn histogram_value(histogram: &FloatHistogram) -> Value {
    let side = |buckets: &[Bucket]| -> Vec<Value> {
        buckets.iter().map(|one| json!([one.index, one.count.to_string()])).collect()
    };
    let bounds = histogram.custom_values.as_deref();
    json!({
        "schema": histogram.schema,
        "zero_threshold": histogram.zero_threshold.to_string(),
        "zero_count": histogram.zero_count.to_string(),
        "count": histogram.count.to_string(),
        "sum": histogram.sum.to_string(),
        "positive": side(&histogram.positive),
        "negative": side(&histogram.negative),
        "bounds": bounds.map(|all| all.iter().map(f64::to_string).collect::<Vec<_>>()),
        "is_gauge": histogram.reset_hint == ResetHint::Gauge,
    })
}

/// The group of a document; none where the document is not one.
pub(super) fn read(document: &str) -> Option<(Grouping, Group)> {
    let value: Value = serde_json::from_str(document).ok()?;
    let families = value.get("families")?.as_object()?.iter();
    let families: Option<_> = families
        .map(|(name, value)| Some((name.clone(), Arc::new(family(value)?))))
        .collect::<Option<BTreeMap<_, _>>>();
    Some((texts(value.get("labels")?)?, Group { families: families? }))
}

fn family(value: &Value) -> Option<Family> {
    let kind = value.get("type")?.as_str()?;
    let samples = value.get("samples")?.as_array()?.iter();
    Some(Family {
        kind: KINDS.into_iter().find(|one| one.as_str() == kind)?,
        help: value.get("help")?.as_str()?.to_owned(),
        pushed: Timestamp(value.get("pushed")?.as_str()?.parse().ok()?),
        samples: samples.map(sample).collect::<Option<_>>()?,
    })
}

const KINDS: [MetricType; 8] = [
    MetricType::Counter,
    MetricType::Gauge,
    MetricType::Histogram,
    MetricType::GaugeHistogram,
    MetricType::Summary,
    MetricType::Info,
    MetricType::StateSet,
    MetricType::Unknown,
];

fn sample(value: &Value) -> Option<HeldSample> {
    let content = match value.get("histogram") {
        Some(histogram) => SampleValue::Histogram(Arc::new(native(histogram)?)),
        None => SampleValue::Float(number(value.get("value")?)?),
    };
    let name = value.get("name")?.as_str()?.to_owned();
    Some(HeldSample::new(name, texts(value.get("labels")?)?, content))
}

fn native(value: &Value) -> Option<FloatHistogram> {
    let field = |name| number(value.get(name)?);
    let side = |name| -> Option<Vec<Bucket>> {
        let buckets = value.get(name)?.as_array()?.iter();
        buckets
            .map(|one| {
                let index = one.get(0)?.as_i64()?;
                Some(Bucket { index: i32::try_from(index).ok()?, count: number(one.get(1)?)? })
            })
            .collect()
    };
    let bounds = match value.get("bounds")? {
        Value::Null => None,
        all => Some(all.as_array()?.iter().map(number).collect::<Option<Vec<_>>>()?.into()),
    };
    let is_gauge = value.get("is_gauge")?.as_bool()?;
    Some(FloatHistogram {
        schema: i32::try_from(value.get("schema")?.as_i64()?).ok()?,
        zero_threshold: field("zero_threshold")?,
        zero_count: field("zero_count")?,
        count: field("count")?,
        sum: field("sum")?,
        positive: side("positive")?,
        negative: side("negative")?,
        custom_values: bounds,
        reset_hint: if is_gauge { ResetHint::Gauge } else { ResetHint::Unknown },
    })
}

fn number(value: &Value) -> Option<f64> {
    value.as_str()?.parse().ok()
}

fn texts(value: &Value) -> Option<BTreeMap<String, String>> {
    let pairs = value.as_object()?.iter();
    pairs.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_gives_the_group_back() {
        let grouping =
            Grouping::from([("job".into(), "a/b".into()), ("empty".into(), String::new())]);
        let histogram = FloatHistogram {
            schema: 3,
            zero_threshold: 1e-128,
            zero_count: 2.0,
            count: 7.0,
            sum: 18.4,
            positive: vec![Bucket { index: -2, count: 4.0 }, Bucket { index: 5, count: 1.0 }],
            reset_hint: ResetHint::Gauge,
            ..FloatHistogram::default()
        };
        let values = [
            SampleValue::Float(0.1 + 0.2),
            SampleValue::Float(f64::INFINITY),
            SampleValue::Float(1.7e308),
            SampleValue::Histogram(Arc::new(histogram)),
        ];
        let samples = values.into_iter().enumerate().map(|(place, value)| {
            HeldSample::new("m".into(), [("place".into(), place.to_string())].into(), value)
        });
        let family = Family {
            kind: MetricType::Histogram,
            help: "A \"help\"\nof two lines.".into(),
            pushed: Timestamp(1_700_000_000_123_456_789),
            samples: samples.collect(),
        };
        let group = Group { families: [("m".into(), Arc::new(family))].into() };
        assert_eq!(read(&written(&grouping, &group)), Some((grouping, group)));
    }

    #[test]
    fn keys_tell_groups_apart_that_read_the_same_when_joined() {
        let of = |pairs: &[(&str, &str)]| {
            key(&pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
        };
        assert_ne!(of(&[("a", "bc")]), of(&[("ab", "c")]));
        assert_ne!(of(&[("a", "")]), of(&[]));
    }

    #[test]
    fn what_is_no_document_is_no_group() {
        for text in ["", "{}", "[]", r#"{"labels":{},"families":{"m":{"type":"odd"}}}"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
