//! The tree of a trace: who is whose child, with resent spans removed, orphans raised and cycles cut. No recursion.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use watchglass_model::{SpanId, Timestamp};

use crate::numbers::small;

/// What the layout needs of a span.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Placed {
    pub(super) span_id: SpanId,
    pub(super) parent: SpanId,
    pub(super) start: Timestamp,
    /// Never before `start`.
    pub(super) end: Timestamp,
    pub(super) service: u32,
    pub(super) operation: u32,
    pub(super) kind: u8,
    pub(super) status: u8,
    pub(super) events: u32,
    pub(super) links: u32,
}

/// Spans in order of their start, with their parents and children. Numbers are places in that order.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) spans: Vec<Placed>,
    pub(super) parent: Vec<Option<u32>>,
    /// Named a parent that is not there, or whose descent it would be.
    pub(super) orphan: Vec<bool>,
    /// Spans without a parent: real roots first, then orphans, each by start.
    pub(super) roots: Vec<u32>,
    children: Vec<u32>,
    first_child: Vec<u32>,
}

impl Tree {
    pub(super) fn of(spans: Vec<Placed>) -> Self {
        let mut tree = Self { spans: in_order(spans), ..Self::default() };
        tree.find_parents();
        tree.cut_cycles();
        tree.gather_children();
        tree
    }

    /// The children of a span by their start.
    pub(super) fn children_of(&self, place: u32) -> &[u32] {
        let place = place as usize;
        let bounds = self.first_child.get(place).zip(self.first_child.get(place + 1));
        bounds
            .and_then(|(from, to)| self.children.get(*from as usize..*to as usize))
            .unwrap_or_default()
    }

    fn find_parents(&mut self) {
        let places: HashMap<SpanId, u32> = self
            .spans
            .iter()
            .enumerate()
            .filter(|(_, span)| !span.span_id.is_none())
            .map(|(place, span)| (span.span_id, small(place)))
            .collect();
        for span in &self.spans {
            let parent = places.get(&span.parent).copied();
            self.parent.push(parent);
            self.orphan.push(parent.is_none() && !span.parent.is_none());
        }
    }

    /// Walks up from each span until a span that was seen; a span seen in the same walk closes a cycle.
    fn cut_cycles(&mut self) {
        let mut walk_of = vec![0_u32; self.spans.len()];
        for first in 0..self.spans.len() {
            let walk = small(first + 1);
            let mut at = small(first);
            let meets_itself = loop {
                let seen = &mut walk_of[at as usize];
                if *seen != 0 {
                    break *seen == walk;
                }
                *seen = walk;
                match self.parent[at as usize] {
                    Some(parent) => at = parent,
                    None => break false,
                }
            };
            if meets_itself {
                self.cut_cycle_of(at);
            }
        }
    }

    /// Makes the earliest span of a cycle a root.
    fn cut_cycle_of(&mut self, member: u32) {
        let mut earliest = member;
        let mut at = member;
        while let Some(parent) = self.parent[at as usize]
            && parent != member
        {
            earliest = earliest.min(parent);
            at = parent;
        }
        self.parent[earliest as usize] = None;
        self.orphan[earliest as usize] = true;
    }

    fn gather_children(&mut self) {
        let mut counts = vec![0_u32; self.spans.len() + 1];
        for parent in self.parent.iter().flatten() {
            counts[*parent as usize + 1] += 1;
        }
        for place in 1..counts.len() {
            counts[place] += counts[place - 1];
        }
        self.first_child.clone_from(&counts);
        self.children = vec![0; self.parent.iter().flatten().count()];
        for (place, parent) in self.parent.iter().enumerate() {
            match parent {
                Some(parent) => {
                    let next = &mut counts[*parent as usize];
                    self.children[*next as usize] = small(place);
                    *next += 1;
                }
                None => self.roots.push(small(place)),
            }
        }
        let orphan = &self.orphan;
        self.roots.sort_by_key(|root| (orphan[*root as usize], *root));
    }
}

/// Each span once, by start; of two with the same start the longer one first.
fn in_order(mut spans: Vec<Placed>) -> Vec<Placed> {
    let mut seen = HashSet::with_capacity(spans.len());
    spans.retain(|span| span.span_id.is_none() || seen.insert(span.span_id));
    for span in &mut spans {
        span.start = span.start.or(span.end);
        span.end = span.end.max(span.start);
    }
    spans.sort_by_key(|span| (span.start, Reverse(span.end), span.span_id));
    spans
}
