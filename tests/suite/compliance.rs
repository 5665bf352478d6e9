//! The PromQL compliance tester's queries, asked of Watchglass and of a real Prometheus that hold the same samples: as
//! ranges on and off the grid of samples, and at one instant. The answers must be the same, errors and warnings included.

mod demo;
mod queries;

use std::path::Path;
use std::time::Instant;

use queries::{Query, expanded, templates};

use crate::answers::{Verdict, compare};
use crate::instance::{Instance, beside_others, say};
use crate::prometheus_client::{ask, write};
use crate::reference::{Reference, prometheus};

const NAME: &str = "compliance::promql_answers_as_prometheus_does";
const SEED: u64 = 20_260_101;

/// Ten minutes around the end of the year, with samples on both sides for every offset.
const START: i64 = demo::BEGIN / 1000 + 84 * 60;
const MINUTES: i64 = 10;

/// How a query is asked.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Every ten seconds from then on, in milliseconds.
    Range(i64),
    /// Then.
    Instant(i64),
}

const WAYS: [Way; 3] =
    [Way::Range(START * 1000), Way::Range(START * 1000 + 3_217), Way::Instant(START * 1000)];

impl Way {
    fn ask(self, base: &str, query: &str) -> (u16, String) {
        let seconds = |millis: i64| format!("{}.{:03}", millis / 1000, millis % 1000);
        match self {
            Self::Range(start) => {
                let (start, end) = (seconds(start), seconds(start + MINUTES * 60_000));
                let form = [("query", query), ("start", &start), ("end", &end), ("step", "10")];
                ask(base, "query_range", &form)
            }
            Self::Instant(time) => {
                ask(base, "query", &[("query", query), ("time", &seconds(time))])
            }
        }
    }
}

/// How many answers were the same, and what was not.
#[derive(Debug, Default)]
struct Tally {
    asked: usize,
    same: usize,
    rounded: usize,
    largest: f64,
    faults: Vec<String>,
}

impl Tally {
    fn ask(&mut self, query: &Query, way: Way, ours: &str, theirs: &str) {
        let (our, their) = (way.ask(ours, &query.text), way.ask(theirs, &query.text));
        self.asked += 1;
        match compare(&our, &their, query.is_ordered()) {
            Verdict::Same => self.same += 1,
            Verdict::Rounded(relative) => {
                self.rounded += 1;
                self.largest = self.largest.max(relative);
            }
            Verdict::Different(difference) => {
                self.faults.push(format!("{} ({way:?}){difference}", query.text));
            }
        }
    }
}

#[test]
fn promql_answers_as_prometheus_does() {
    let Some(program) = prometheus(NAME) else { return };
    let Some(folder) = std::env::var_os("WATCHGLASS_CONFORMANCE") else {
        return say(&format!("skipped {NAME}: WATCHGLASS_CONFORMANCE names no folder"));
    };
    let _guard = beside_others();
    let file = Path::new(&folder).join("compliance-promql/promql-test-queries.yml");
    let templates = templates(&std::fs::read_to_string(file).unwrap());
    let queries: Vec<_> = templates.iter().flat_map(expanded).collect();
    let (instance, reference) = (Instance::start(), Reference::start(program, ""));
    let ours = format!("http://{}/prometheus", instance.listen);
    for request in demo::requests(SEED) {
        for base in [&ours, &reference.base] {
            let (status, text) = write(base, request.clone()).unwrap();
            assert_eq!(status, 204, "{base}: {text}");
        }
    }
    let begun = Instant::now();
    let mut tally = Tally::default();
    for query in &queries {
        for way in WAYS {
            tally.ask(query, way, &ours, &reference.base);
        }
    }
    say(&format!(
        "compliance: {} of {} answers of {} queries ({} templates) are Prometheus's, {} byte for byte; \
         the largest difference of a number is {:.1e}; {:.1} s",
        tally.same + tally.rounded,
        tally.asked,
        queries.len(),
        templates.len(),
        tally.same,
        tally.largest,
        begun.elapsed().as_secs_f64()
    ));
    assert_eq!((templates.len(), queries.len()), (118, 539), "the tester's own counts");
    assert!(tally.faults.is_empty(), "{} differ:\n{}", tally.faults.len(), tally.faults.join("\n"));
}
