//! Plain shapes among patterns, which need no regular expression to be matched and which an index can answer.

use std::collections::BTreeSet;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Dot, Hir, HirKind, Look, Repetition};

use super::NESTING;

/// More literals than this are not worth the memory; a cross product or a range grows to it fast.
const MOST_LITERALS: usize = 10_000;

/// More characters than this make a class no set of literals.
const MOST_CHARACTERS: usize = 100;

/// What an anchored pattern asks of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing: `.*`
    Any,
    /// Not to be empty: `.+`
    NonEmpty,
    /// To begin so: `foo.*`
    Prefix(String),
    /// To be one of these, sorted: `foo|bar`
    Literals(Vec<String>),
    /// More than that.
    Other,
}

impl Shape {
    /// The shape of a translated pattern that will be anchored.
    pub(super) fn of(text: &str) -> Self {
        let Ok(parsed) = ParserBuilder::new().nest_limit(NESTING).build().parse(text) else {
            return Self::Other;
        };
        let parts = without_anchors(&parsed);
        if let [one] = parts {
            match at_least(one) {
                Some(0) => return Self::Any,
                Some(1) => return Self::NonEmpty,
                _ => {}
            }
        }
        if let Some(literals) = concatenated(parts) {
            return Self::Literals(literals.into_iter().collect());
        }
        if let [start @ .., last] = parts
            && at_least(last) == Some(0)
            && let Some(prefix) = concatenated(start).and_then(only)
        {
            return Self::Prefix(prefix);
        }
        Self::Other
    }
}

/// The parts one after another, without `^` before and `$` behind all of them.
fn without_anchors(hir: &Hir) -> &[Hir] {
    let mut parts = match hir.kind() {
        HirKind::Concat(parts) => parts.as_slice(),
        _ => std::slice::from_ref(hir),
    };
    while let [first, rest @ ..] = parts
        && *first.kind() == HirKind::Look(Look::Start)
    {
        parts = rest;
    }
    while let [rest @ .., last] = parts
        && *last.kind() == HirKind::Look(Look::End)
    {
        parts = rest;
    }
    match parts {
        [one] => without_group(one),
        _ => parts,
    }
}

/// The parts inside a group.
fn without_group(hir: &Hir) -> &[Hir] {
    match hir.kind() {
        HirKind::Capture(capture) => without_group(&capture.sub),
        HirKind::Concat(parts) => parts,
        _ => std::slice::from_ref(hir),
    }
}

/// How many characters, whichever, this asks for at least; none where it asks for more than a number.
fn at_least(hir: &Hir) -> Option<u32> {
    match hir.kind() {
        HirKind::Capture(capture) => at_least(&capture.sub),
        HirKind::Repetition(Repetition { min, max: None, sub, .. }) => {
            (**sub == Hir::dot(Dot::AnyChar)).then_some(*min)
        }
        _ => None,
    }
}

fn only(literals: BTreeSet<String>) -> Option<String> {
    let mut all = literals.into_iter();
    all.next().filter(|_| all.next().is_none())
}

/// All texts that match these parts one after another, if they are few.
fn concatenated(parts: &[Hir]) -> Option<BTreeSet<String>> {
    let mut texts = BTreeSet::from([String::new()]);
    for part in parts {
        let ends = literals(part)?;
        if texts.len().saturating_mul(ends.len()) > MOST_LITERALS {
            return None;
        }
        let longer =
            |start: &String| ends.iter().map(|end| format!("{start}{end}")).collect::<Vec<_>>();
        texts = texts.iter().flat_map(longer).collect();
    }
    Some(texts)
}

/// All texts that match, if they are few.
fn literals(hir: &Hir) -> Option<BTreeSet<String>> {
    match hir.kind() {
        HirKind::Empty => Some(BTreeSet::from([String::new()])),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(BTreeSet::from([text.to_owned()]))
        }
        HirKind::Class(Class::Unicode(class)) => {
            let size: usize = class.iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
            let all = || class.iter().flat_map(|range| range.start()..=range.end());
            (size <= MOST_CHARACTERS).then(|| all().map(String::from).collect())
        }
        HirKind::Capture(capture) => literals(&capture.sub),
        HirKind::Concat(parts) => concatenated(parts),
        HirKind::Alternation(branches) => {
            let mut all = BTreeSet::new();
            for branch in branches {
                all.extend(literals(branch)?);
            }
            (all.len() <= MOST_LITERALS).then_some(all)
        }
        HirKind::Repetition(Repetition { min: 0, max: Some(1), sub, .. }) => {
            let mut texts = literals(sub)?;
            texts.insert(String::new());
            Some(texts)
        }
        HirKind::Class(Class::Bytes(_)) | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}
