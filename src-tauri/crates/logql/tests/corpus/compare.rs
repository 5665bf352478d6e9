//! What came against what was expected.

use watchglass_logql::{Answer, Direction, MatrixSeries, QueryError, ResultStream, Value, When};
use watchglass_model::Labels;

use crate::script::{Eval, Wording};
use crate::words;

pub(crate) fn compare(eval: &Eval, answer: Result<Answer, QueryError>) -> Result<(), String> {
    let expected = &eval.expected;
    let answer = match (answer, &expected.fail) {
        (Ok(answer), None) => answer,
        (Ok(answer), Some(_)) => return Err(format!("  does not fail: {:?}", answer.value)),
        (Err(fault), Some(wording)) => {
            let fault = fault.to_string();
            let fits = match wording {
                Wording::Any => true,
                Wording::Exactly(own) => *own == fault,
                Wording::Containing(part) => fault.contains(part),
            };
            return if fits { Ok(()) } else { Err(format!("  fails with {fault}")) };
        }
        (Err(fault), None) => return Err(format!("  fails with {fault}")),
    };
    if answer.warnings != expected.warn.iter().cloned().collect::<Vec<_>>() {
        return Err(format!("  warns {:?}", answer.warnings));
    }
    let rows = &expected.rows;
    match answer.value {
        Value::Streams(streams) => lines(&streams, rows, eval.direction),
        Value::Scalar(value) => {
            let wanted = rows.first().map_or("", String::as_str);
            same_values(&[words::number(wanted)?], &[Some(value)])
        }
        Value::Vector(vector) => {
            let got = vector.into_iter().map(|one| (one.labels, vec![Some(one.value)])).collect();
            series(got, rows, expected.ordered)
        }
        Value::Matrix(matrix) => {
            let got = matrix.into_iter().map(|one| (one.labels.clone(), on_grid(&one, eval.when)));
            series(got.collect(), rows, false)
        }
    }
}

/// Values with a gap for each step that has none.
fn on_grid(series: &MatrixSeries, when: When) -> Vec<Option<f64>> {
    let When::Range { start, end, step } = when else { return Vec::new() };
    let times = (0..).map(|place| start + place * step).take_while(|time| *time <= end);
    times
        .map(|time| series.samples.iter().find(|(own, _)| *own == time).map(|(_, value)| *value))
        .collect()
}

#[expect(clippy::float_cmp, reason = "infinities are equal to themselves alone")]
fn same(one: f64, other: f64) -> bool {
    one == other
        || (one.is_nan() && other.is_nan())
        || (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

fn same_values(wanted: &[Option<f64>], got: &[Option<f64>]) -> Result<(), String> {
    let equal = wanted.len() == got.len()
        && wanted.iter().zip(got).all(|pair| match pair {
            (Some(one), Some(other)) => same(*one, *other),
            (None, None) => true,
            _ => false,
        });
    if equal { Ok(()) } else { Err(format!("  expected {wanted:?}\n  got      {got:?}")) }
}

fn series(
    mut got: Vec<(Labels, Vec<Option<f64>>)>,
    rows: &[String],
    ordered: bool,
) -> Result<(), String> {
    let mut wanted = Vec::new();
    for row in rows {
        let (labels, values) = words::labels(row)?;
        let values: Vec<_> =
            values.split_whitespace().map(words::number).collect::<Result<_, _>>()?;
        wanted.push((Labels::from_pairs(labels), values));
    }
    if !ordered {
        wanted.sort_by(|one, other| one.0.cmp(&other.0));
        got.sort_by(|one, other| one.0.cmp(&other.0));
    }
    let show = |series: &[(Labels, Vec<Option<f64>>)]| {
        let rows: Vec<_> =
            series.iter().map(|(labels, values)| format!("    {labels} {values:?}")).collect();
        rows.join("\n")
    };
    let equal = wanted.len() == got.len()
        && wanted
            .iter()
            .zip(&got)
            .all(|(one, other)| one.0 == other.0 && same_values(&one.1, &other.1).is_ok());
    if equal {
        return Ok(());
    }
    Err(format!("  expected\n{}\n  got\n{}", show(&wanted), show(&got)))
}

/// A line of an answer: labels of the stream, time, bytes, and all other labels.
type Row = (Pairs, i64, Vec<u8>, Pairs);

/// Names and values, sorted.
type Pairs = Vec<(String, String)>;

/// Rows in the order of time; those of equal time in the order of their streams.
fn lines(streams: &[ResultStream], rows: &[String], direction: Direction) -> Result<(), String> {
    let mut got: Vec<Row> = Vec::new();
    for stream in streams {
        let mut others = [stream.metadata.clone(), stream.parsed.clone()].concat();
        others.sort();
        for entry in &stream.entries {
            got.push((stream.stream.clone(), entry.time, entry.line.clone(), others.clone()));
        }
    }
    match direction {
        Direction::Forward => got.sort_by_key(|row| row.1),
        Direction::Backward => got.sort_by_key(|row| std::cmp::Reverse(row.1)),
    }
    let mut wanted: Vec<(Option<Pairs>, Row)> = Vec::new();
    for row in rows {
        let (stream, rest) = if row.starts_with('{') {
            let (labels, rest) = words::labels(row)?;
            (Some(labels), rest)
        } else {
            (None, row.as_str())
        };
        let (time, rest) = rest.split_once(' ').ok_or_else(|| format!("no row: {row}"))?;
        let (line, rest) = words::line(rest)?;
        let own = (Vec::new(), words::time(time)?, line, words::pairs(rest)?);
        wanted.push((stream, own));
    }
    let equal = wanted.len() == got.len()
        && wanted.iter().zip(&got).all(|((stream, own), row)| {
            stream.as_ref().is_none_or(|stream| *stream == row.0)
                && own.1 == row.1
                && own.2 == row.2
                && own.3 == row.3
        });
    if equal {
        return Ok(());
    }
    let show = |row: &Row| {
        format!("    {:?} {} {:?} {:?}", row.0, row.1, String::from_utf8_lossy(&row.2), row.3)
    };
    let wanted: Vec<_> = wanted.iter().map(|(_, row)| show(row)).collect();
    let got: Vec<_> = got.iter().map(show).collect();
    Err(format!("  expected\n{}\n  got\n{}", wanted.join("\n"), got.join("\n")))
}
