//! Operators between two vectors: which series of one side belong to which of the other. Series are matched once; whether
//! a match is ambiguous is decided step by step, as Prometheus does.

use std::collections::HashMap;

use watchglass_model::{Labels, LabelsBuilder};

use super::{signature, value};
use crate::engine::column::Series;
use crate::engine::{QueryError, Result};
use crate::text::braced;
use crate::tree::{Binary, Cardinality};

/// Series of both sides that belong together. Of `many` several may match one of the other.
#[derive(Default)]
struct Group<'s> {
    many: Vec<&'s Series>,
    one: Vec<&'s Series>,
}

pub(super) fn matched(
    binary: &Binary,
    left: &[Series],
    right: &[Series],
    steps: usize,
) -> Result<Vec<Series>> {
    let swapped = binary.matching.cardinality == Cardinality::OneToMany;
    let (many, one) = if swapped { (right, left) } else { (left, right) };
    let mut places: HashMap<Labels, usize> = HashMap::new();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (is_one, series) in
        many.iter().map(|own| (false, own)).chain(one.iter().map(|own| (true, own)))
    {
        let place = *places.entry(signature(binary, &series.labels)).or_insert_with(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            if is_one { group.one.push(series) } else { group.many.push(series) }
        }
    }
    let mut results: Vec<Series> = Vec::new();
    let mut by_labels: HashMap<Labels, usize> = HashMap::new();
    for group in groups {
        if group.many.is_empty() || group.one.is_empty() {
            continue;
        }
        check(binary, &group, steps, swapped)?;
        for many in &group.many {
            for one in &group.one {
                let labels = result_labels(binary, &many.labels, &one.labels);
                let (left, right) = if swapped { (one, many) } else { (many, one) };
                let pairs = left.values.iter().zip(&right.values);
                let values =
                    pairs.map(|(left, right)| value(binary, *left, *right, *left)).collect();
                push(&mut results, &mut by_labels, Series { labels, values })?;
            }
        }
    }
    results.retain(|one| !one.is_empty());
    Ok(results)
}

/// Adds a result. Those of the same labels share a series, unless both have a value at a step.
fn push(
    results: &mut Vec<Series>,
    by_labels: &mut HashMap<Labels, usize>,
    added: Series,
) -> Result<()> {
    let known = by_labels.get(&added.labels).and_then(|place| results.get_mut(*place));
    let Some(known) = known else {
        by_labels.insert(added.labels.clone(), results.len());
        results.push(added);
        return Ok(());
    };
    for step in 0..added.values.len() {
        let Some(value) = added.get(step) else { continue };
        if known.has(step) {
            return Err(QueryError::Execution(
                "multiple matches for labels: grouping labels must ensure unique matches"
                    .to_owned(),
            ));
        }
        if let Some(slot) = known.values.get_mut(step) {
            *slot = value;
        }
    }
    Ok(())
}

/// Whether a match is ambiguous at a step.
fn check(binary: &Binary, group: &Group<'_>, steps: usize, swapped: bool) -> Result<()> {
    for step in 0..steps {
        let mut many = group.many.iter().filter(|own| own.has(step));
        let Some(_) = many.next() else { continue };
        let mut one = group.one.iter().filter(|own| own.has(step));
        let Some(first) = one.next() else { continue };
        if let Some(second) = one.next() {
            let side = if swapped { "left" } else { "right" };
            return Err(QueryError::Execution(format!(
                "found duplicate series for the match group {} on the {side} hand-side of the operation: [{}, {}];many-to-many matching not allowed: matching labels must be unique on one side",
                braced(&signature(binary, &second.labels)),
                braced(&first.labels),
                braced(&second.labels)
            )));
        }
        if binary.matching.cardinality == Cardinality::OneToOne && many.next().is_some() {
            return Err(QueryError::Execution(
                "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)".to_owned(),
            ));
        }
    }
    Ok(())
}

fn result_labels(binary: &Binary, many: &Labels, one: &Labels) -> Labels {
    let matching = &binary.matching;
    if matching.cardinality == Cardinality::OneToOne {
        return signature(binary, many);
    }
    let mut labels = LabelsBuilder::from(many);
    for name in &matching.include {
        labels.set(name.as_str(), one.get(name));
    }
    labels.build()
}
