//! The forms in which an instant query is asked: as it is written, pinned to its time and asked at other times, and
//! each of those as the middle step of a range query.

use watchglass_model::{Labels, Millis, SampleValue};
use watchglass_storage::MemorySeries;

use crate::compare::{self, ExpectedSeries};
use crate::script::{Eval, Steps, When};
use crate::series;
use crate::subject::{Answer, Subject, Value, VectorSample};

const MINUTE: Millis = 60_000;

/// Calls that mean something else in a range query.
const CONTEXT: [&str; 4] = ["start()", "end()", "range()", "step()"];

/// How a query was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// As it is written.
    Written,
    /// Rewritten with `@`, at another time.
    Pinned,
    /// As a range query around its time.
    Ranged,
}

/// Nothing, or what is wrong.
pub(crate) type Outcome = Result<(), String>;

/// Everything asked for one `eval`, in order, and what came of it.
pub(crate) type Outcomes = Vec<(Form, Outcome)>;

/// Asks everything for one `eval`.
pub(crate) fn ask(
    subject: &dyn Subject,
    store: &MemorySeries,
    eval: &Eval,
) -> Result<Outcomes, String> {
    let series = &expected_series(eval)?;
    let asker = Asker { subject, store, eval, series };
    match eval.when {
        When::Range(steps) => Ok(vec![(Form::Written, asker.range(steps))]),
        When::Instant(at) => {
            let mut found = asker.instant(Form::Written, &eval.query, at);
            if let Ok(Some(pinned)) = subject.pinned(&eval.query, at) {
                for time in other_times(at) {
                    found.extend(asker.instant(Form::Pinned, &pinned, time));
                }
            }
            Ok(found)
        }
    }
}

/// The series expected; of two with the same labels the last counts.
fn expected_series(eval: &Eval) -> Result<Vec<ExpectedSeries>, String> {
    let mut all: Vec<ExpectedSeries> = Vec::new();
    for line in &eval.expected.series {
        let (labels, values) = series::read(line)?;
        all.retain(|(own, _): &(Labels, _)| *own != labels);
        all.push((labels, values));
    }
    Ok(all)
}

fn other_times(at: Millis) -> Vec<Millis> {
    if at == 0 { vec![-1_000, 0, 1_000] } else { vec![-10 * at, 0, at / 5, at, 10 * at] }
}

struct Asker<'a> {
    subject: &'a dyn Subject,
    store: &'a MemorySeries,
    eval: &'a Eval,
    series: &'a [ExpectedSeries],
}

impl Asker<'_> {
    fn range(&self, steps: Steps) -> Outcome {
        let answer = self.subject.range(self.store, &self.eval.query, steps);
        self.check(answer, steps).map(drop)
    }

    /// The query at one time, and as a range query around it where that means the same.
    fn instant(&self, form: Form, query: &str, at: Millis) -> Outcomes {
        let place = |fault| format!("`{query}` at {at}: {fault}");
        let steps = self.eval.expected.window.unwrap_or(Steps { start: at, end: at, step: 1 });
        let checked = self.check(self.subject.instant(self.store, query, at), steps);
        let answer = match checked {
            Ok(Some(answer)) => answer,
            Ok(None) => return vec![(form, Ok(()))],
            Err(fault) => return vec![(form, Err(place(fault)))],
        };
        let mut found = vec![(form, Ok(()))];
        let expected = &self.eval.expected;
        let comparable = expected.window.is_none() && expected.text.is_none();
        if comparable && !CONTEXT.iter().any(|call| query.contains(call)) {
            let scalar = matches!(answer.value, Value::Scalar(..));
            let ranged = self.middle(query, at, scalar);
            found.push((Form::Ranged, ranged.map_err(|fault| place(format!("range: {fault}")))));
        }
        found
    }

    /// The answer, if there must be one; none where the query failed as it must.
    fn check(
        &self,
        answer: Result<Answer, String>,
        steps: Steps,
    ) -> Result<Option<Answer>, String> {
        let expected = &self.eval.expected;
        match (answer, &expected.fail) {
            (Err(fault), None) => Err(fault),
            (Err(fault), Some(wording)) if wording.fits(&fault) => Ok(None),
            (Err(fault), Some(wording)) => {
                Err(format!("expected to fail {wording:?}, got {fault:?}"))
            }
            (Ok(_), Some(wording)) => Err(format!("expected to fail {wording:?}, but did not")),
            (Ok(answer), None) => {
                compare::annotations(expected, &answer)?;
                compare::value(expected, self.series, steps, &answer.value)?;
                Ok(Some(answer))
            }
        }
    }

    fn middle(&self, query: &str, at: Millis, scalar: bool) -> Outcome {
        let steps = Steps { start: at - MINUTE, end: at + MINUTE, step: MINUTE };
        let answer = self.subject.range(self.store, query, steps)?;
        let Value::Matrix(matrix) = answer.value else {
            return Err(format!("a range query gave {:?}", answer.value));
        };
        if self.eval.expected.ordered {
            return Ok(());
        }
        compare::sorted(&matrix)?;
        let middle = matrix.iter().filter_map(|series| {
            let sample = series.samples.iter().find(|sample| sample.time == at)?;
            Some(VectorSample { labels: series.labels.clone(), time: at, value: sample.value })
        });
        let middle: Vec<_> = middle.collect();
        let value = match middle.first() {
            Some(VectorSample { value: SampleValue::Float(value), .. }) if scalar => {
                Value::Scalar(at, *value)
            }
            _ => Value::Vector(middle),
        };
        compare::value(&self.eval.expected, self.series, steps, &value)
    }
}
