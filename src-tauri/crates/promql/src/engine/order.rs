//! Order: `sort` and its kin, and the heaps of `topk` and `bottomk`.

use std::cmp::Ordering;

use super::Result;
use super::call::{argument, text_argument};
use super::column::{Grid, Series};
use super::evaluate::Evaluator;
use super::notes::Note;
use crate::tree::{Call, Span};

/// Evaluates a sorting function. Series of a range query are shown by their labels whatever it says.
pub(crate) fn sorted(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    span: Span,
    grid: Grid,
) -> Result<Vec<Series>> {
    let mut series = evaluator.vector(argument(call, 0)?, grid)?;
    if !evaluator.is_instant() {
        evaluator.notes.add(Note::SortInRangeQuery, span);
    }
    let name = call.function.name;
    if matches!(name, "sort" | "sort_desc") {
        for one in &mut series {
            one.column.histograms.clear();
        }
        series.retain(|one| !one.column.is_empty());
        let value = |one: &Series| one.column.float(0).unwrap_or(f64::NAN);
        series.sort_by(|one, other| by_value(value(one), value(other), name == "sort_desc"));
        return Ok(series);
    }
    let mut labels = Vec::new();
    for place in 1..call.arguments.len() {
        labels.push(text_argument(call, place)?);
    }
    series.sort_by(|one, other| {
        let named =
            labels.iter().map(|label| natural(one.labels.get(label), other.labels.get(label)));
        let order =
            named.fold(Ordering::Equal, Ordering::then).then_with(|| one.labels.cmp(&other.labels));
        if name == "sort_by_label_desc" { order.reverse() } else { order }
    });
    Ok(series)
}

/// Values in order, NaN last either way.
fn by_value(one: f64, other: f64, descending: bool) -> Ordering {
    match (one.is_nan(), other.is_nan()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        _ if descending => other.total_cmp(&one),
        _ => one.total_cmp(&other),
    }
}

/// Texts in the order in which people count: `node2` before `node10`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (chunks(one), chunks(other));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return one.cmp(other),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(one), Some(other)) => match (one.parse::<u64>(), other.parse::<u64>()) {
                (Ok(one), Ok(other)) => one.cmp(&other),
                _ => one.cmp(other),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// A text as runs of digits and runs of everything else.
fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|one: char| one.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (chunk, behind) = rest.split_at(end);
        rest = behind;
        Some(chunk)
    })
}

/// The `limit` foremost values of many, as Prometheus keeps them: a heap with the hindmost at its top, which is
/// replaced by what stands before it. Which of several equals are kept follows from that.
#[derive(Debug)]
pub(crate) struct Foremost<T> {
    heap: Vec<(f64, T)>,
    limit: usize,
    smallest: bool,
}

impl<T> Foremost<T> {
    /// Keeps the greatest, or the smallest, `limit` values.
    pub(crate) const fn new(limit: usize, smallest: bool) -> Self {
        Self { heap: Vec::new(), limit, smallest }
    }

    /// Whether the value at one place stands behind that at another.
    fn behind(&self, one: usize, other: usize) -> bool {
        let value = |place: usize| self.heap.get(place).map_or(f64::NAN, |(value, _)| *value);
        let (one, other) = (value(one), value(other));
        one.is_nan() || if self.smallest { one > other } else { one < other }
    }

    /// Offers a value.
    pub(crate) fn offer(&mut self, value: f64, what: T) {
        if self.heap.len() < self.limit {
            self.heap.push((value, what));
            self.rise(self.heap.len() - 1);
            return;
        }
        let Some((top, _)) = self.heap.first() else { return };
        let ahead = if self.smallest { *top > value } else { *top < value };
        if ahead || (top.is_nan() && !value.is_nan()) {
            if let Some(place) = self.heap.first_mut() {
                *place = (value, what);
            }
            self.sink();
        }
    }

    fn rise(&mut self, mut place: usize) {
        while place > 0 {
            let above = (place - 1) / 2;
            if !self.behind(place, above) {
                return;
            }
            self.heap.swap(place, above);
            place = above;
        }
    }

    fn sink(&mut self) {
        let mut place = 0;
        loop {
            let left = 2 * place + 1;
            if left >= self.heap.len() {
                return;
            }
            let right = left + 1;
            let below =
                if right < self.heap.len() && self.behind(right, left) { right } else { left };
            if !self.behind(below, place) {
                return;
            }
            self.heap.swap(place, below);
            place = below;
        }
    }

    /// What was kept, foremost first.
    pub(crate) fn into_sorted(mut self) -> Vec<(f64, T)> {
        let smallest = self.smallest;
        self.heap.sort_by(|(one, _), (other, _)| by_value(*one, *other, !smallest));
        self.heap
    }
}
