//! The cases of `tests/corpus/logql`, whose README says how they are written, against the parser, printer and engine.
//!
//! `LOGQL_CASES=json` runs the files whose name contains `json`.
#![expect(clippy::unwrap_used, reason = "a test says by panicking what went wrong")]

mod compare;
mod script;
mod words;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use watchglass_logql::{Engine, EngineOptions, Query, syntax};
use watchglass_storage::{MemoryStreams, StreamWrite};

use script::{Action, Case};

/// Fewer would mean that files are not found.
const LEAST: usize = 600;

#[test]
fn our_engine_passes_our_cases() {
    let chosen = env::var("LOGQL_CASES").unwrap_or_default();
    let mut files = files();
    files.retain(|file| file.to_string_lossy().contains(&chosen));
    let (mut all, mut wrong) = (0, Vec::new());
    for file in &files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let cases = script::read(&fs::read_to_string(file).unwrap())
            .unwrap_or_else(|fault| panic!("{name}: {fault}"));
        all += cases.len();
        let failures = cases.iter().filter_map(|case| {
            let fault = run(case).err()?;
            Some(format!("{name}:{}: {}\n{fault}\n", case.line, case.query))
        });
        wrong.extend(failures);
    }
    println!("{} of {all} cases", all - wrong.len());
    assert!(wrong.is_empty(), "{} fail\n{}", wrong.len(), wrong.join("\n"));
    assert!(!chosen.is_empty() || all >= LEAST, "only {all} cases");
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/corpus/logql");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "test"))
        .collect();
    files.sort();
    files
}

fn run(case: &Case) -> Result<(), String> {
    match &case.action {
        Action::Accept => round_trip(&case.query).map(|_| ()),
        Action::Format(expected) => {
            let text = round_trip(&case.query)?;
            if text == *expected { Ok(()) } else { Err(format!("  is written {text}")) }
        }
        Action::Reject(expected) => match syntax::parse(&case.query) {
            Ok(expr) => Err(format!("  is accepted as {expr}")),
            Err(fault) if fault.to_string() == *expected => Ok(()),
            Err(fault) => Err(format!("  gives {fault}")),
        },
        // Neither the size of parts nor the number of threads may change an answer.
        Action::Eval(eval) => {
            [(10_000, 1), (1, 3), (3, 2)].into_iter().try_for_each(|(block_rows, threads)| {
                let store = MemoryStreams::with_block_rows(block_rows);
                store.keep(&StreamWrite { streams: case.streams.to_vec() });
                let engine = Engine::new(EngineOptions { threads, ..EngineOptions::default() });
                let query = Query {
                    text: &case.query,
                    when: eval.when,
                    direction: eval.direction,
                    limit: eval.limit,
                    now: script::NOW,
                };
                let answer = engine.query(&store, &query, &|| None);
                compare::compare(eval, answer).map_err(|fault| {
                    format!("  (parts of {block_rows}, {threads} threads)\n{fault}")
                })
            })
        }
    }
}

/// The canonical text of a query, which must give the same tree and the same text again.
fn round_trip(query: &str) -> Result<String, String> {
    let expr = syntax::parse(query).map_err(|fault| format!("  gives {fault}"))?;
    let text = expr.to_string();
    for again in [&text, &watchglass_logql::printer::pretty(&expr)] {
        let other = syntax::parse(again).map_err(|fault| format!("  {again}\n  gives {fault}"))?;
        if other != expr || other.to_string() != text {
            return Err(format!("  is written {again}, which reads as {other}"));
        }
    }
    Ok(text)
}
