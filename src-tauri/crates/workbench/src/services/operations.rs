//! The operations of one service: what it does, how often, how long, how badly.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::ControlFlow;

use watchglass_model::{SpanKind, StatusCode, TimeRange};
use watchglass_storage::{Detail, Reader, SpanFilter, SpanScan};

use super::quantiles::Durations;
use crate::error::Result;

/// What a service did under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The spans' name.
    pub name: String,
    /// The spans' kind.
    pub kind: SpanKind,
    /// How many spans.
    pub spans: u64,
    /// How many of them failed.
    pub errors: u64,
    /// Nanoseconds that 50, 95 and 99 of a hundred do not exceed.
    pub percentiles: [u64; 3],
}

#[derive(Debug, Default)]
struct Tally {
    spans: u64,
    errors: u64,
    durations: Durations,
}

/// The operations of a service, the most frequent first.
pub fn operations(reader: &dyn Reader, service: &str, range: TimeRange) -> Result<Vec<Operation>> {
    let scan = SpanScan {
        range,
        filter: SpanFilter { service: Some(service.to_owned()), ..SpanFilter::default() },
        detail: Detail::Core,
    };
    let mut places: HashMap<String, Vec<(SpanKind, Tally)>> = HashMap::new();
    reader.scan_spans(&scan, &mut |batch, rows| {
        for span in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            if !places.contains_key(span.name()) {
                places.insert(span.name().to_owned(), Vec::new());
            }
            let Some(kinds) = places.get_mut(span.name()) else {
                continue;
            };
            let kind = span.row.kind;
            if !kinds.iter().any(|(known, _)| *known == kind) {
                kinds.push((kind, Tally::default()));
            }
            if let Some((_, tally)) = kinds.iter_mut().find(|(known, _)| *known == kind) {
                tally.spans += 1;
                tally.errors += u64::from(span.row.status == StatusCode::Error);
                tally.durations.add(span.duration());
            }
        }
        ControlFlow::Continue(())
    })?;
    let mut all: Vec<Operation> = places
        .into_iter()
        .flat_map(|(name, kinds)| kinds.into_iter().map(move |kind| (name.clone(), kind)))
        .map(|(name, (kind, mut tally))| Operation {
            name,
            kind,
            spans: tally.spans,
            errors: tally.errors,
            percentiles: tally.durations.percentiles(),
        })
        .collect();
    all.sort_by(|one, other| {
        let place = |operation: &Operation| (Reverse(operation.spans), operation.kind as u8);
        (place(one), &one.name).cmp(&(place(other), &other.name))
    });
    Ok(all)
}
