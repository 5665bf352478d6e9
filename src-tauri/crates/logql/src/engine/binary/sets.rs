//! `and`, `or`, `unless`: series are kept by whether the other side has one that belongs to them, step by step.

use std::collections::HashMap;

use watchglass_model::Labels;

use super::signature;
use crate::engine::column::{ABSENT, Series};
use crate::tree::{Binary, Operator};

/// At which steps one side has a series of some signature.
type Presence = HashMap<Labels, Vec<bool>>;

fn presence(binary: &Binary, side: &[Series], steps: usize) -> Presence {
    let mut presence = Presence::new();
    for one in side {
        let own =
            presence.entry(signature(binary, &one.labels)).or_insert_with(|| vec![false; steps]);
        for (step, present) in own.iter_mut().enumerate() {
            *present |= one.has(step);
        }
    }
    presence
}

/// The series at the steps where the other side is present, or is not.
fn kept(binary: &Binary, side: Vec<Series>, other: &Presence, wanted: bool) -> Vec<Series> {
    let mut side = side;
    for one in &mut side {
        let present = other.get(&signature(binary, &one.labels));
        for (step, value) in one.values.iter_mut().enumerate() {
            let there = present.and_then(|own| own.get(step)).copied().unwrap_or(false);
            if there != wanted {
                *value = ABSENT;
            }
        }
    }
    side.retain(|one| !one.is_empty());
    side
}

pub(super) fn combined(
    binary: &Binary,
    left: Vec<Series>,
    right: Vec<Series>,
    steps: usize,
) -> Vec<Series> {
    match binary.operator {
        Operator::And => {
            let other = presence(binary, &right, steps);
            kept(binary, left, &other, true)
        }
        Operator::Unless => {
            let other = presence(binary, &right, steps);
            kept(binary, left, &other, false)
        }
        _ => {
            let other = presence(binary, &left, steps);
            let mut all = left;
            for added in kept(binary, right, &other, false) {
                // A series of the same labels fills the steps that the left one lacks.
                match all.iter_mut().find(|own| own.labels == added.labels) {
                    Some(own) => {
                        for step in 0..steps {
                            if let (None, Some(value), Some(slot)) =
                                (own.get(step), added.get(step), own.values.get_mut(step))
                            {
                                *slot = value;
                            }
                        }
                    }
                    None => all.push(added),
                }
            }
            all
        }
    }
}
