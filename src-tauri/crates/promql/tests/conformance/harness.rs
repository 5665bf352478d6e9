//! Whether the harness tells right from wrong: an engine with one answer to everything, against scripts.

use watchglass_model::{Labels, METRIC_NAME, Millis, Sample, SampleValue, Samples};
use watchglass_storage::MemorySeries;

use crate::report::Tally;
use crate::script::{Action, Command, Steps};
use crate::subject::{Answer, MatrixSeries, Subject, Value, VectorSample};
use crate::{run, samples, script, series};

/// Gives these values of series `a`, `b` and so on, and these annotations.
struct Fixed {
    values: Result<Vec<f64>, &'static str>,
    warnings: Vec<String>,
    /// What range queries give instead.
    ranged: Vec<f64>,
}

impl Fixed {
    fn new(values: &[f64]) -> Self {
        Self { values: Ok(values.to_vec()), warnings: Vec::new(), ranged: values.to_vec() }
    }

    fn answer(&self, value: Value) -> Answer {
        Answer { value, warnings: self.warnings.clone(), infos: Vec::new() }
    }
}

fn labels(place: usize) -> Labels {
    Labels::from_pairs([(METRIC_NAME, ["a", "b", "c"][place])])
}

impl Subject for Fixed {
    fn pinned(&self, query: &str, at: Millis) -> Result<Option<String>, String> {
        Ok(Some(format!("{query} @ {at}")))
    }

    fn instant(&self, _: &MemorySeries, _: &str, time: Millis) -> Result<Answer, String> {
        let values = self.values.clone()?;
        let sample = |(place, value): (usize, f64)| VectorSample {
            labels: labels(place),
            time,
            value: SampleValue::Float(value),
        };
        Ok(self.answer(Value::Vector(values.into_iter().enumerate().map(sample).collect())))
    }

    fn range(&self, _: &MemorySeries, _: &str, steps: Steps) -> Result<Answer, String> {
        let series = self.ranged.iter().enumerate().map(|(place, value)| {
            let mut samples = Samples::default();
            let mut time = steps.start;
            while time <= steps.end {
                samples.push(&Sample { time, value: SampleValue::Float(*value), start: 0 });
                time += steps.step;
            }
            MatrixSeries { labels: labels(place), samples }
        });
        Ok(self.answer(Value::Matrix(series.collect())))
    }
}

fn passes(engine: &Fixed, script: &str) -> bool {
    let tally: Tally = run(engine, script, None);
    assert_eq!(tally.evals.all, 1, "{script}: {:?}", tally.failures);
    tally.evals.passed == 1
}

#[test]
fn values_and_series_must_be_those_expected() {
    let engine = Fixed::new(&[1.0, 2.0]);
    assert!(passes(&engine, "eval instant at 1m x\n a 1\n b 2"));
    assert!(passes(&engine, "eval instant at 1m x\n b 2\n a 1"));
    for wrong in ["a 1", "a 1\n b 3", "a 1\n b 2\n c 3", "a 1\n b {{count:2}}", "2", "a 1\n b NaN"]
    {
        assert!(!passes(&engine, &format!("eval instant at 1m x\n {wrong}")), "{wrong}");
    }
    assert!(passes(&Fixed::new(&[]), "eval instant at 1m x"));
}

#[test]
fn order_counts_where_it_is_expected() {
    let engine = Fixed::new(&[1.0, 2.0]);
    assert!(passes(&engine, "eval instant at 1m x\n expect ordered\n a 1\n b 2"));
    assert!(!passes(&engine, "eval instant at 1m x\n expect ordered\n b 2\n a 1"));
    assert!(!passes(&engine, "eval_ordered instant at 1m x\n b 2\n a 1"));
}

#[test]
fn ranges_have_every_step_and_nothing_between() {
    let engine = Fixed::new(&[1.0]);
    let script = |values: &str| format!("eval range from 0 to 2m step 1m x\n a {values}");
    assert!(passes(&engine, &script("1 1 1")));
    assert!(passes(&engine, &script("1x2")));
    for wrong in ["1 1", "1 _ 1", "1 1 2", "1 1 1 1", "_ 1 1 1"] {
        assert!(!passes(&engine, &script(wrong)), "{wrong}");
    }
}

#[test]
fn range_queries_must_agree_with_instant_ones() {
    let mut engine = Fixed::new(&[1.0]);
    engine.ranged = vec![2.0];
    assert!(!passes(&engine, "eval instant at 1m x\n a 1"));
    assert!(passes(&engine, "eval instant at 1m x + step()\n a 1"));
}

#[test]
fn annotations_are_matched_both_ways() {
    let mut engine = Fixed::new(&[1.0]);
    let script = |expected: &str| format!("eval instant at 1m x\n {expected}\n a 1");
    assert!(passes(&engine, &script("expect no_warn")));
    assert!(!passes(&engine, &script("expect warn")));
    engine.warnings = vec!["PromQL warning: one (1:1)".to_owned(), "two".to_owned()];
    for right in
        ["expect no_info", "expect warn", "expect warn msg: two\nexpect warn regex: war.*1:1"]
    {
        assert!(passes(&engine, &script(right)), "{right}");
    }
    for wrong in
        ["expect no_warn", "expect info", "expect warn msg: two", "expect warn\nexpect warn msg: 2"]
    {
        assert!(!passes(&engine, &script(wrong)), "{wrong}");
    }
}

#[test]
fn failures_must_come_with_their_words() {
    let mut engine = Fixed::new(&[]);
    engine.values = Err("no such thing");
    let script = |expected: &str| format!("eval instant at 1m x\n {expected}");
    for right in ["expect fail", "expect fail msg: no such thing", "expect fail regex: such"] {
        assert!(passes(&engine, &script(right)), "{right}");
        assert!(!passes(&Fixed::new(&[]), &script(right)), "{right}");
    }
    assert!(passes(&engine, "eval_fail instant at 1m x\n expected_fail_message no such thing"));
    assert!(!passes(&engine, &script("expect fail msg: no such")));
    assert!(!passes(&engine, &script("a 1")));
}

#[test]
fn what_is_loaded_has_starts_hints_and_custom_buckets() {
    let loads = "
        load_with_nhcb 1m
            h_bucket{le=\"1\"} 1 2
            h_bucket{le=\"+Inf\"} 1 5
            h_count 1 5
            h_sum 0.5 9
            s@st _ -30s-1mx1
            s 1 2 3
            n {{count:1 buckets:[1]}} {{count:3 buckets:[3]}} {{count:1 buckets:[1]}} 7 {{count:9}}";
    let load = script::read(loads).unwrap();
    let Action::Load(load) = &load[0].action else { panic!("not a load") };
    let written = samples::write(load).unwrap().samples;
    let of = |name: &str| {
        let found = written.iter().find(|(labels, _)| labels.name() == name);
        found.map(|(_, samples)| samples.clone()).unwrap()
    };
    assert_eq!(of("s").iter().map(|one| one.start).collect::<Vec<_>>(), [0, 30_000, 30_000]);
    let hints: Vec<_> = of("n")
        .iter()
        .filter_map(|one| match &one.value {
            SampleValue::Histogram(histogram) => Some(format!("{:?}", histogram.reset_hint)),
            SampleValue::Float(_) => None,
        })
        .collect();
    assert_eq!(hints, ["Unknown", "NotReset", "Unknown", "Unknown"]);
    let SampleValue::Histogram(last) = of("h")[1].value.clone() else { panic!("a float") };
    let buckets: Vec<_> = last.positive.iter().map(|one| (one.index, one.count)).collect();
    assert_eq!((buckets, last.count, last.sum), (vec![(0, 2.0), (1, 3.0)], 5.0, 9.0));
    assert_eq!(last.custom_values.as_deref(), Some(&[1.0][..]));
}

#[test]
fn every_line_of_the_scripts_of_prometheus_is_understood() {
    let Ok(root) = std::env::var("WATCHGLASS_CONFORMANCE") else { return };
    for (name, _) in crate::LEAST {
        let script = std::fs::read_to_string(format!("{root}/promql/{name}")).unwrap();
        for Command { line, action } in script::read(&script).unwrap() {
            let understood = match action {
                Action::Clear => Ok(()),
                Action::Load(load) => samples::write(&load).map(drop),
                Action::Eval(eval) => {
                    eval.expected.series.iter().try_for_each(|line| series::read(line).map(drop))
                }
            };
            assert_eq!(understood, Ok(()), "{name}:{line}");
        }
    }
}
