//! Exemplars: which measurements are kept to stand for their series, with the trace they were made in.
//!
//! The Rust SDK has a place for exemplars but never fills it (0.33), so the instruments in `metrics` offer
//! each measurement here and `exporter` attaches what was kept. The rules are the specification's: only
//! measurements in a sampled span; one slot per histogram bucket, or one per sum; a uniform choice among what
//! a slot was offered since the last export.

use std::collections::{BTreeMap, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, KeyValue};
use opentelemetry_proto::tonic::common::v1 as proto;
use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, exemplar};
use parking_lot::Mutex;

/// The exemplars that wait for the next export of one service's metrics.
#[derive(Debug, Default)]
pub(crate) struct Exemplars {
    reservoirs: Mutex<HashMap<Series, Vec<Slot>>>,
}

/// One measurement on its way into a reservoir.
#[derive(Debug)]
pub(crate) struct Offer<'a> {
    pub(crate) metric: &'static str,
    pub(crate) labels: &'a [KeyValue],
    pub(crate) value: exemplar::Value,
    /// The bucket of a histogram that the measurement fell into; 0 for a sum.
    pub(crate) bucket: usize,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Series {
    metric: String,
    labels: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct Slot {
    offers: u32,
    kept: Option<Exemplar>,
}

impl Exemplars {
    /// Gives a measurement the chance to stand for its series. Call it after the instrument has recorded.
    pub(crate) fn offer(&self, cx: &Context, offer: &Offer<'_>) {
        let span = cx.span();
        let context = span.span_context();
        if !context.is_sampled() {
            return;
        }
        let mut reservoirs = self.reservoirs.lock();
        let slots = reservoirs.entry(Series::recorded(offer.metric, offer.labels)).or_default();
        if slots.len() <= offer.bucket {
            slots.resize_with(offer.bucket + 1, Slot::default);
        }
        let slot = &mut slots[offer.bucket];
        slot.offers = slot.offers.saturating_add(1);
        if rand::random_range(0..slot.offers) == 0 {
            slot.kept = Some(Exemplar {
                filtered_attributes: Vec::new(),
                time_unix_nano: now_unix_nanos(),
                span_id: context.span_id().to_bytes().to_vec(),
                trace_id: context.trace_id().to_bytes().to_vec(),
                value: Some(offer.value),
            });
        }
    }

    /// Takes the exemplars of a data point that was collected at `collected_unix_nanos`.
    ///
    /// A later exemplar stays for the next export: its measurement is not yet in the data point.
    pub(crate) fn take(
        &self,
        metric: &str,
        attributes: &[proto::KeyValue],
        collected_unix_nanos: u64,
    ) -> Vec<Exemplar> {
        let mut reservoirs = self.reservoirs.lock();
        let Some(slots) = reservoirs.get_mut(&Series::exported(metric, attributes)) else {
            return Vec::new();
        };
        let collected = |exemplar: &mut Exemplar| exemplar.time_unix_nano <= collected_unix_nanos;
        let mut taken = Vec::new();
        for slot in slots {
            if let Some(exemplar) = slot.kept.take_if(collected) {
                slot.offers = 0;
                taken.push(exemplar);
            }
        }
        taken
    }
}

impl Series {
    fn recorded(metric: &str, labels: &[KeyValue]) -> Self {
        let labels = labels.iter().map(|it| (it.key.to_string(), it.value.to_string())).collect();
        Self { metric: metric.to_owned(), labels }
    }

    fn exported(metric: &str, attributes: &[proto::KeyValue]) -> Self {
        let labels = attributes.iter().map(|it| (it.key.clone(), string_of(it))).collect();
        Self { metric: metric.to_owned(), labels }
    }
}

/// The value of a label; the instruments of the shop have no labels but strings.
fn string_of(attribute: &proto::KeyValue) -> String {
    match attribute.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        _ => String::new(),
    }
}

fn now_unix_nanos() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

    use super::*;

    const ALL_TIME: u64 = u64::MAX;

    fn span(id: u8, flags: TraceFlags) -> Context {
        let (trace, span) = (TraceId::from_bytes([id; 16]), SpanId::from_bytes([id; 8]));
        let context = SpanContext::new(trace, span, flags, false, TraceState::NONE);
        Context::new().with_remote_span_context(context)
    }

    fn offer(exemplars: &Exemplars, cx: &Context, route: &'static str, bucket: usize) {
        let labels = [KeyValue::new("route", route)];
        let value = exemplar::Value::AsInt(1);
        exemplars.offer(cx, &Offer { metric: "requests", labels: &labels, value, bucket });
    }

    fn take(exemplars: &Exemplars, route: &str, collected_unix_nanos: u64) -> Vec<Exemplar> {
        let value = Some(any_value::Value::StringValue(route.to_owned()));
        let attribute = proto::KeyValue {
            key: "route".to_owned(),
            value: Some(proto::AnyValue { value }),
            ..proto::KeyValue::default()
        };
        exemplars.take("requests", &[attribute], collected_unix_nanos)
    }

    #[test]
    fn each_bucket_keeps_one_exemplar_until_it_is_taken() {
        let exemplars = Exemplars::default();
        for id in 1..=50 {
            offer(&exemplars, &span(id, TraceFlags::SAMPLED), "/a", usize::from(id % 2));
        }
        let taken = take(&exemplars, "/a", ALL_TIME);
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[0].trace_id[0] % 2, 0);
        assert_eq!(taken[1].trace_id[0] % 2, 1);
        assert!(take(&exemplars, "/a", ALL_TIME).is_empty());
    }

    #[test]
    fn each_offer_has_the_same_chance() {
        let exemplars = Exemplars::default();
        let mut last = 0;
        for _ in 0..2_000 {
            for id in 1..=4 {
                offer(&exemplars, &span(id, TraceFlags::SAMPLED), "/a", 0);
            }
            last += u32::from(take(&exemplars, "/a", ALL_TIME)[0].trace_id[0] == 4);
        }
        assert!((400..=600).contains(&last), "the last of four was kept {last} times of 2,000");
    }

    #[test]
    fn a_series_has_no_exemplar_of_another() {
        let exemplars = Exemplars::default();
        offer(&exemplars, &span(1, TraceFlags::SAMPLED), "/a", 0);
        assert!(take(&exemplars, "/b", ALL_TIME).is_empty());
        assert_eq!(take(&exemplars, "/a", ALL_TIME).len(), 1);
    }

    #[test]
    fn an_exemplar_waits_for_the_export_that_counts_it() {
        let exemplars = Exemplars::default();
        offer(&exemplars, &span(1, TraceFlags::SAMPLED), "/a", 0);
        assert!(take(&exemplars, "/a", 1).is_empty());
        assert_eq!(take(&exemplars, "/a", ALL_TIME).len(), 1);
    }

    #[test]
    fn a_measurement_without_a_sampled_span_is_no_exemplar() {
        let exemplars = Exemplars::default();
        offer(&exemplars, &Context::new(), "/a", 0);
        offer(&exemplars, &span(1, TraceFlags::NOT_SAMPLED), "/a", 0);
        assert!(take(&exemplars, "/a", ALL_TIME).is_empty());
    }
}
