//! The critical path of a trace: the spans that its end had to wait for.

use std::cmp::Reverse;

use watchglass_model::Timestamp;

use super::tree::Tree;

/// Which spans are on the way back from the first root's end through the children that finish last.
/// A child is taken as far as it lies within its parent; what runs on after it does not count.
pub(super) fn critical_path(tree: &Tree) -> Vec<bool> {
    let mut critical = vec![false; tree.spans.len()];
    let mut open: Vec<(u32, Timestamp, Timestamp)> = Vec::new();
    if let Some(root) = tree.roots.first() {
        let span = tree.spans[*root as usize];
        open.push((*root, span.start, span.end));
    }
    let mut last_first = Vec::new();
    while let Some((place, start, end)) = open.pop() {
        critical[place as usize] = true;
        last_first.clear();
        last_first.extend(tree.children_of(place).iter().filter_map(|child| {
            let span = tree.spans[*child as usize];
            let (from, to) = (span.start.max(start), span.end.min(end));
            (from < to).then_some((Reverse(to), from, *child))
        }));
        last_first.sort_unstable();
        let mut until = end;
        for (Reverse(to), from, child) in &last_first {
            if *to <= until {
                open.push((*child, *from, *to));
                until = *from;
            }
        }
    }
    critical
}
