//! Prometheus' own tests of PromQL (`promql/promqltest/testdata` of 3.14) and a few of our own, against our engine.
//!
//! The scripts are read in place from `$WATCHGLASS_CONFORMANCE/promql`; without it only our own run.
//! `PROMQLTEST=functions.test` asks one file, `PROMQLTEST=functions.test:123` the `eval` of one line, and
//! `PROMQLTEST_FAILURES=100` shows more of what fails. The figures are printed with `--nocapture`.

mod compare;
mod forms;
mod harness;
mod pinned;
mod report;
mod samples;
mod script;
mod series;
mod subject;
mod words;

use std::env;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use watchglass_model::Millis;
use watchglass_storage::MemorySeries;

use report::{Held, Tally};
use script::{Action, Command};
use subject::{Subject, engine};

/// How many `eval`s of each file pass at least; a change that makes fewer pass is a step back.
const LEAST: [(&str, usize); 21] = [
    ("aggregators.test", 160),
    ("at_modifier.test", 78),
    ("collision.test", 2),
    ("duration_expression.test", 59),
    ("extended_vectors.test", 169),
    ("fill-modifier.test", 46),
    ("functions.test", 431),
    ("histograms.test", 185),
    ("info.test", 53),
    ("limit.test", 37),
    ("literals.test", 25),
    ("name_label_dropping.test", 30),
    ("native_histograms.test", 522),
    ("operators.test", 214),
    ("range_queries.test", 18),
    ("selectors.test", 31),
    ("staleness.test", 17),
    ("start_timestamps.test", 26),
    ("subquery.test", 34),
    ("trig_functions.test", 19),
    ("type_and_unit.test", 58),
];

/// Scripts of our own, for engines that drop names of metrics at once, which is how servers run.
const IMMEDIATE: [(&str, &str); 1] =
    [("name_dropped_at_once.test", include_str!("name_dropped_at_once.test"))];

#[test]
fn our_engine_passes_the_tests_of_prometheus() {
    let Ok(root) = env::var("WATCHGLASS_CONFORMANCE") else {
        println!("skipped: WATCHGLASS_CONFORMANCE does not say where the scripts are");
        return;
    };
    let chosen = Choice::from_environment();
    let folder = Path::new(&root).join("promql");
    let files: Vec<_> = LEAST.iter().filter(|(name, _)| chosen.has(name)).collect();
    let engine = engine(true);
    let engine = engine.as_ref();
    let tallies: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = files
            .iter()
            .map(|(name, _)| {
                let script = fs::read_to_string(folder.join(name)).unwrap();
                let chosen = &chosen;
                scope.spawn(move || run(engine, &script, chosen.line))
            })
            .collect();
        let done = running.into_iter().map(|one| one.join().unwrap());
        files.iter().map(|(name, _)| *name).zip(done).collect()
    });
    println!("{}", report::text(&tallies, chosen.failures));
    let steps_back: Vec<_> = files
        .iter()
        .zip(&tallies)
        .filter(|((_, least), (_, tally))| chosen.line.is_none() && tally.evals.passed < *least)
        .map(|((name, least), (_, tally))| format!("{name}: {} of {least}", tally.evals.passed))
        .collect();
    assert!(steps_back.is_empty(), "fewer pass than before: {steps_back:#?}");
}

#[test]
fn names_drop_at_once_where_they_are_not_delayed() {
    let chosen = Choice::from_environment();
    let engine = engine(false);
    let tallies: Vec<_> = IMMEDIATE
        .iter()
        .map(|(name, script)| (*name, run(engine.as_ref(), script, None)))
        .collect();
    println!("{}", report::text(&tallies, chosen.failures));
    assert!(tallies.iter().all(|(_, tally)| tally.failures.is_empty()));
}

/// What the environment asks for.
struct Choice {
    file: Option<String>,
    line: Option<usize>,
    failures: usize,
}

impl Choice {
    fn from_environment() -> Self {
        let wanted = env::var("PROMQLTEST").unwrap_or_default();
        let (file, line) = wanted.split_once(':').unwrap_or((&wanted, ""));
        Self {
            file: (!file.is_empty()).then(|| file.to_owned()),
            line: line.parse().ok(),
            failures: env::var("PROMQLTEST_FAILURES")
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(3),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.file
            .as_ref()
            .is_none_or(|file| name == file || name.strip_suffix(".test") == Some(file))
    }
}

/// Runs a whole script, or all that the `eval` on one line needs.
fn run(engine: &dyn Subject, script: &str, line: Option<usize>) -> Tally {
    let mut tally = Tally::default();
    let commands = match script::read(script) {
        Ok(commands) => commands,
        Err(fault) => {
            tally.fail(0, fault);
            return tally;
        }
    };
    let store = MemorySeries::new(Millis::MAX);
    let mut held = Held::default();
    for command in &commands {
        if let Action::Eval(eval) = &command.action {
            if line.is_none_or(|line| line == command.line) {
                let asked = AssertUnwindSafe(|| forms::ask(engine, &store, eval));
                let results =
                    panic::catch_unwind(asked).unwrap_or_else(|_| Err("panicked".to_owned()));
                tally.count(command.line, eval, &held, results);
            }
        } else if let Err(fault) = prepare(command, &store, &mut held) {
            tally.fail(command.line, fault);
        }
    }
    tally
}

/// `clear` and `load`.
fn prepare(command: &Command, store: &MemorySeries, held: &mut Held) -> Result<(), String> {
    let Action::Load(load) = &command.action else {
        store.clear();
        *held = Held::default();
        return Ok(());
    };
    let write = samples::write(load)?;
    for (labels, samples) in &write.samples {
        if samples
            .iter()
            .any(|sample| matches!(sample.value, watchglass_model::SampleValue::Histogram(_)))
        {
            held.histograms.push(labels.name().to_owned());
        }
        held.starts |= samples.iter().any(|sample| sample.start != 0);
    }
    let refused = store.keep(&write).refused;
    if refused.is_empty() { Ok(()) } else { Err(format!("the store refused {refused:?}")) }
}
