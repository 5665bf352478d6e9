//! What a query prints: the answer on standard output, everything else on standard error.

use std::io::Write;

use super::place::Fault;
use super::results::Answer;
use crate::outcome::Outcome;

/// Prints what the API answered: as it is, or as people read it.
pub(super) fn answer(text: &str, answer: &Answer, as_json: bool) {
    let shown = if as_json { format!("{text}\n") } else { answer.to_string() };
    // Whoever reads may have gone away, as `head` does.
    let _ = std::io::stdout().write_all(shown.as_bytes());
    for note in answer.notes() {
        say(note);
    }
}

/// Says what is wrong with a query, with a mark under its place.
pub(super) fn fault(fault: &Fault<'_>, query: &str) -> Outcome {
    say(&format!("watchglass: {}", fault.message));
    if let Some(marked) = fault.marked(query) {
        say(&marked);
    }
    Outcome::Faults
}

#[expect(clippy::print_stderr, reason = "what is not the answer")]
fn say(line: &str) {
    eprintln!("{line}");
}
