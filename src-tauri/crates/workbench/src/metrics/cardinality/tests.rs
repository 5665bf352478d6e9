//! Counting series of a store in memory.

use std::sync::Arc;

use watchglass_model::{Sample, SampleValue};
use watchglass_storage::{MemorySeries, SeriesWrite, SeriesWriter};

use super::*;

const MINUTE: Millis = 60_000;
const RANGE: MillisRange = MillisRange { start: 60 * MINUTE, end: 120 * MINUTE };

/// A series with a sample at each of some minutes.
fn write(store: &MemorySeries, labels: &[(&str, &str)], minutes: &[Millis]) {
    let labels = Labels::from_pairs(labels.iter().copied());
    let sample = |minute: &Millis| Sample {
        time: minute * MINUTE,
        value: SampleValue::Float(1.0),
        start: 0,
    };
    let samples = vec![(labels, minutes.iter().map(sample).collect())];
    let write = SeriesWrite { samples, ..SeriesWrite::default() };
    store.write(Arc::new(write), Box::new(|done| assert!(done.is_ok())));
}

/// Eight users of two routes, half of them new, and one series that ended in the range.
fn store() -> MemorySeries {
    let store = MemorySeries::new(0);
    for user in ["u0", "u1", "u2", "u3"] {
        for route in ["/", "/cart"] {
            let labels = [("__name__", "clicks"), ("user", user), ("route", route)];
            let is_old = matches!(user, "u0" | "u1");
            write(&store, &labels, if is_old { &[58, 90, 119] } else { &[90, 119] });
        }
    }
    write(&store, &[("__name__", "oven"), ("le", "1"), ("user", "u0")], &[59, 70]);
    store
}

#[test]
fn metrics_are_counted_with_how_they_grew() {
    let found = cardinality(&store(), RANGE, 10).unwrap();
    assert_eq!((found.total.series, found.total.before, found.total.after), (9, 5, 8));
    let names: Vec<_> = found.names.iter().map(|(name, share)| (name.as_str(), *share)).collect();
    let clicks = Share { series: 8, before: 4, after: 8, bytes: names[0].1.bytes };
    let oven = Share { series: 1, before: 1, after: 0, bytes: 8 + 4 + 2 + 1 + 4 + 2 };
    assert_eq!(names, [("clicks", clicks), ("oven", oven)]);
    assert_eq!(found.grown, [("clicks".to_owned(), clicks)]);
}

#[test]
fn labels_and_pairs_are_counted_with_their_text() {
    let found = cardinality(&store(), RANGE, 2).unwrap();
    let user = LabelShare { series: 9, values: 4, bytes: 9 * 6 };
    let route = LabelShare { series: 8, values: 2, bytes: 4 * 6 + 4 * 10 };
    assert_eq!(found.labels, [("user".to_owned(), user), ("route".to_owned(), route)]);
    let (name, value, share) = &found.pairs[0];
    assert_eq!((name.as_str(), value.as_str(), share.series), ("route", "/", 4));
    assert_eq!(found.pairs.len(), 2);
}

#[test]
fn a_label_costs_the_series_that_would_fall_together_without_it() {
    let found = cardinality(&store(), RANGE, 10).unwrap();
    let saved: Vec<_> =
        found.costs.iter().map(|cost| (cost.label.as_str(), cost.values, cost.without)).collect();
    assert_eq!(saved, [("user", 4, 2), ("route", 2, 4)]);
    let costs = label_costs(&store(), "oven", RANGE).unwrap();
    let order: Vec<_> = costs.iter().map(|cost| (cost.label.as_str(), cost.without)).collect();
    assert_eq!(order, [("user", 1), ("le", 1)]);
}
