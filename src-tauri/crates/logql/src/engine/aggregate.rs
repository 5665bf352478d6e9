//! Functions over vectors: step by step, group by group.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use watchglass_model::Labels;

use super::column::{ABSENT, Series};
use super::evaluate::Computed;
use super::windows::{mean, variance};
use crate::tree::{Grouping, VectorAggregation, VectorOperation};

pub(super) fn aggregate(vector: &VectorAggregation, series: Vec<Series>, steps: usize) -> Computed {
    let descending = match vector.operation {
        VectorOperation::Sort | VectorOperation::SortDesc => {
            let descending = vector.operation == VectorOperation::SortDesc;
            return Computed::Vector { series: sorted(series, descending), sorted: true };
        }
        VectorOperation::Topk | VectorOperation::ApproxTopk => Some(true),
        VectorOperation::Bottomk => Some(false),
        _ => None,
    };
    let groups = groups(&series, vector.grouping.as_ref());
    match descending {
        Some(descending) => {
            let count = vector.parameter.unwrap_or(0);
            let chosen = choose(series, &groups, count, descending, steps);
            Computed::Vector { series: sorted(chosen, descending), sorted: true }
        }
        None => Computed::vector(folded(vector.operation, &series, groups, steps)),
    }
}

/// Places of series by the labels of their group.
fn groups(series: &[Series], grouping: Option<&Grouping>) -> BTreeMap<Labels, Vec<usize>> {
    let mut groups: BTreeMap<Labels, Vec<usize>> = BTreeMap::new();
    for (place, one) in series.iter().enumerate() {
        let labels = grouping.map_or(Labels::EMPTY, |grouping| {
            let named = |name: &str| grouping.labels.iter().any(|own| own == name);
            one.labels.filtered(|name| named(name) != grouping.without)
        });
        groups.entry(labels).or_default().push(place);
    }
    groups
}

fn folded(
    operation: VectorOperation,
    series: &[Series],
    groups: BTreeMap<Labels, Vec<usize>>,
    steps: usize,
) -> Vec<Series> {
    let group = |(labels, members): (Labels, Vec<usize>)| {
        let members: Vec<&Series> = members.iter().filter_map(|place| series.get(*place)).collect();
        let value = |step| {
            let values = members.iter().filter_map(move |one| one.get(step));
            fold(operation, values)
        };
        Series { labels, values: (0..steps).map(value).collect() }
    };
    groups.into_iter().map(group).filter(|one| !one.is_empty()).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts become floats")]
fn fold(operation: VectorOperation, values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count();
    if count == 0 {
        return ABSENT;
    }
    let reduced = |own: fn(f64, f64) -> bool| {
        let better =
            |best: f64, next: f64| if best.is_nan() || own(next, best) { next } else { best };
        values.clone().reduce(better).unwrap_or(ABSENT)
    };
    match operation {
        VectorOperation::Avg => mean(values),
        VectorOperation::Count => count as f64,
        VectorOperation::Max => reduced(|next, best| next > best),
        VectorOperation::Min => reduced(|next, best| next < best),
        VectorOperation::Stddev => variance(values).sqrt(),
        VectorOperation::Stdvar => variance(values),
        _ => values.sum(),
    }
}

/// The series with the largest or smallest values of each group, chosen anew at each step. NaN is never chosen.
fn choose(
    mut series: Vec<Series>,
    groups: &BTreeMap<Labels, Vec<usize>>,
    count: usize,
    descending: bool,
    steps: usize,
) -> Vec<Series> {
    for members in groups.values() {
        for step in 0..steps {
            let mut ranked: Vec<(f64, usize)> = members
                .iter()
                .filter_map(|place| series.get(*place)?.get(step).map(|value| (value, *place)))
                .collect();
            ranked.sort_by(|one, other| {
                one.0.is_nan().cmp(&other.0.is_nan()).then_with(|| {
                    order(one.0, other.0, descending).then_with(|| {
                        let labels = |place: usize| series.get(place).map(|one| &one.labels);
                        labels(one.1).cmp(&labels(other.1))
                    })
                })
            });
            for (rank, (value, place)) in ranked.into_iter().enumerate() {
                if (rank >= count || value.is_nan())
                    && let Some(value) =
                        series.get_mut(place).and_then(|one| one.values.get_mut(step))
                {
                    *value = ABSENT;
                }
            }
        }
    }
    series.retain(|one| !one.is_empty());
    series
}

fn order(one: f64, other: f64, descending: bool) -> Ordering {
    let ascending = one.partial_cmp(&other).unwrap_or(Ordering::Equal);
    if descending { ascending.reverse() } else { ascending }
}

/// By the value at the first step, which is the only one of an instant query; NaN last, then by labels.
fn sorted(mut series: Vec<Series>, descending: bool) -> Vec<Series> {
    let value = |one: &Series| one.get(0).unwrap_or(f64::NAN);
    series.sort_by(|one, other| {
        let (first, second) = (value(one), value(other));
        first
            .is_nan()
            .cmp(&second.is_nan())
            .then_with(|| order(first, second, descending))
            .then_with(|| one.labels.cmp(&other.labels))
    });
    series
}
