//! What came of the scripts: figures per file, per form and per subject, and the first failures.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::forms::{Form, Outcomes};
use crate::script::Eval;

/// Functions and aggregators that are experimental.
const EXPERIMENTAL: [&str; 19] = [
    "end",
    "start",
    "range",
    "step",
    "histogram_quantiles",
    "double_exponential_smoothing",
    "info",
    "max_of",
    "min_of",
    "mad_over_time",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
    "sort_by_label",
    "sort_by_label_desc",
    "start_timestamp",
    "limitk",
    "limit_ratio",
];

/// What an `eval` touches; one may touch several.
const SUBJECTS: [&str; 7] = ["nh", "exp", "dur", "ext", "fill", "st", "core"];

/// So many of so many.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Share {
    pub(crate) passed: usize,
    pub(crate) all: usize,
}

impl Share {
    fn count(&mut self, passed: bool) {
        self.passed += usize::from(passed);
        self.all += 1;
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.all += other.all;
    }

    fn text(self) -> String {
        if self.all == 0 { "-".to_owned() } else { format!("{}/{}", self.passed, self.all) }
    }
}

/// What is in the store while a query is asked.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Names of metrics with native histograms.
    pub(crate) histograms: Vec<String>,
    /// Whether samples have start times.
    pub(crate) starts: bool,
}

/// What came of one file.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) evals: Share,
    forms: BTreeMap<Form, Share>,
    subjects: BTreeMap<&'static str, Share>,
    /// Lines with what went wrong there.
    pub(crate) failures: Vec<(usize, String)>,
}

impl Tally {
    /// Counts what came of one `eval`.
    pub(crate) fn count(
        &mut self,
        line: usize,
        eval: &Eval,
        held: &Held,
        results: Result<Outcomes, String>,
    ) {
        let results = results.unwrap_or_else(|fault| vec![(Form::Written, Err(fault))]);
        let passed = results.iter().all(|(_, result)| result.is_ok());
        self.evals.count(passed);
        for subject in subjects(eval, held) {
            self.subjects.entry(subject).or_default().count(passed);
        }
        for (form, result) in &results {
            self.forms.entry(*form).or_default().count(result.is_ok());
        }
        if let Some((form, Err(fault))) = results.iter().find(|(_, result)| result.is_err()) {
            self.failures.push((line, format!("{}\n    {form:?}: {fault}", eval.query)));
        }
    }

    /// Counts a command that has no answer but failed.
    pub(crate) fn fail(&mut self, line: usize, fault: String) {
        self.failures.push((line, fault));
    }

    fn add(&mut self, other: &Self) {
        self.evals.add(other.evals);
        for (form, share) in &other.forms {
            self.forms.entry(*form).or_default().add(*share);
        }
        for (subject, share) in &other.subjects {
            self.subjects.entry(subject).or_default().add(*share);
        }
    }

    fn row(&self, name: &str) -> String {
        let forms = [Form::Written, Form::Pinned, Form::Ranged];
        let forms = forms.iter().map(|form| self.forms.get(form).copied().unwrap_or_default());
        let subjects =
            SUBJECTS.iter().map(|one| self.subjects.get(one).copied().unwrap_or_default());
        let mut row = format!("{name:<26}");
        for share in [self.evals].into_iter().chain(forms).chain(subjects) {
            let _ = write!(row, "{:>13}", share.text());
        }
        row
    }
}

/// The first `failures` of each file, and a table of all files with a last line for all of them.
pub(crate) fn text(tallies: &[(&str, Tally)], failures: usize) -> String {
    let mut text = String::new();
    for (name, tally) in tallies {
        for (line, fault) in tally.failures.iter().take(failures) {
            let _ = writeln!(text, "{name}:{line}: {fault}");
        }
    }
    text + &table(tallies)
}

fn table(tallies: &[(&str, Tally)]) -> String {
    let mut text = format!("{:<26}", "file");
    for column in ["evals", "written", "pinned", "ranged"].iter().chain(&SUBJECTS) {
        let _ = write!(text, "{column:>13}");
    }
    let mut all = Tally::default();
    for (name, tally) in tallies {
        all.add(tally);
        let _ = write!(text, "\n{}", tally.row(name));
    }
    text + "\n" + &all.row("all")
}

fn subjects(eval: &Eval, held: &Held) -> Vec<&'static str> {
    let query = eval.query.as_str();
    let touches_histograms = held.histograms.iter().any(|name| has_word(query, name))
        || eval.expected.series.iter().any(|line| line.contains("{{"));
    let calls = |name: &&str| {
        query.match_indices(name).any(|(place, _)| {
            let before = query[..place].chars().next_back();
            let behind = query[place + name.len()..].trim_start();
            !before.is_some_and(is_word) && (behind.starts_with('(') || behind.starts_with("by"))
        })
    };
    let computed_length = query.split('[').skip(1).any(|inside| {
        let inside = inside.split(']').next().unwrap_or_default();
        inside.contains(['(', '+', '*', '/', '%', '^', ' '])
    });
    let found = [
        touches_histograms,
        EXPERIMENTAL.iter().any(calls),
        computed_length || query.contains("offset ("),
        query.contains(" anchored") || query.contains(" smoothed"),
        ["fill", "fill_left", "fill_right"].iter().any(calls),
        held.starts,
    ];
    let some: Vec<_> = SUBJECTS
        .iter()
        .zip(found)
        .filter(|(_, found)| *found)
        .map(|(subject, _)| *subject)
        .collect();
    if some.is_empty() { vec!["core"] } else { some }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == ':'
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(place, _)| {
        let before = text[..place].chars().next_back();
        let behind = text[place + word.len()..].chars().next();
        !before.is_some_and(is_word) && !behind.is_some_and(is_word)
    })
}
