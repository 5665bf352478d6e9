//! A question in LogQL, asked of the Loki API: lines as logcli prints them, numbers as promtool does.

use clap::{Args, ValueEnum};
use watchglass_model::{Millis, Timestamp};

use super::moment::{Moment, parse_moment, parse_step, seconds_text};
use super::place::Fault;
use super::printed;
use super::results::Answer;
use super::source::Source;
use crate::outcome::Outcome;

/// How far back a range begins that does not say where.
const HOUR: Millis = 3_600_000;

/// What is asked, and when.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// The query.
    #[arg(value_name = "QUERY")]
    query: String,
    /// From when on: now, -1h, seconds since 1970, or a date as RFC 3339 writes it [default: an hour before the end]
    #[arg(long, value_parser = parse_moment, allow_hyphen_values = true)]
    start: Option<Moment>,
    /// Until when [default: now]
    #[arg(long, value_parser = parse_moment, allow_hyphen_values = true)]
    end: Option<Moment>,
    /// From one number to the next: seconds, or a duration as in 15s [default: a 250th of the range]
    #[arg(long, value_parser = parse_step)]
    step: Option<Millis>,
    /// How many lines at most.
    #[arg(long, default_value = "100")]
    limit: u32,
    /// Which lines come first, and which are left out where there are more.
    #[arg(long, value_enum, default_value = "backward")]
    direction: Direction,
    /// Print what the API answers.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Direction {
    /// The oldest.
    Forward,
    /// The newest.
    Backward,
}

impl Question {
    fn form(&self, now: Timestamp) -> Vec<(&'static str, String)> {
        // What arrived just now is meant too: the end of a range lies outside.
        let end = self.end.map_or(Moment::NOW.millis(now).saturating_add(1), |end| end.millis(now));
        let start = self.start.map_or(end.saturating_sub(HOUR), |start| start.millis(now));
        let direction = match self.direction {
            Direction::Forward => "forward",
            Direction::Backward => "backward",
        };
        let mut form = vec![
            ("query", self.query.clone()),
            ("start", seconds_text(start)),
            ("end", seconds_text(end)),
            ("limit", self.limit.to_string()),
            ("direction", direction.to_owned()),
        ];
        form.extend(self.step.map(|step| ("step", seconds_text(step))));
        form
    }
}

/// Asks, prints, and says whether there was a fault.
pub(crate) async fn ask(
    source: &Source,
    question: &Question,
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    let (status, text) = source.loki("/api/v1/query_range", &question.form(now)).await?;
    if !status.is_success() {
        return Ok(printed::fault(&Fault::read_loki(text.trim_end()), &question.query));
    }
    let answer = Answer::read(&text)
        .map_err(|_| anyhow::anyhow!("what answers is no Loki API ({status}): {text}"))?;
    printed::answer(&text, &answer, question.json);
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        question: Question,
    }

    #[test]
    fn a_range_ends_behind_what_arrived_just_now() {
        let form = |words: &[&str]| {
            let line = Line::try_parse_from([&["query", "{a=\"b\"}"], words].concat()).unwrap();
            let form = line.question.form(Timestamp(1_700_000_000_000_000_000));
            form.into_iter()
                .skip(1)
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
        };
        let usual = form(&[]);
        assert_eq!(
            usual,
            ["start=1699996400.001", "end=1700000000.001", "limit=100", "direction=backward"]
        );
        let given =
            form(&["--start", "-10m", "--step", "15s", "--direction", "forward", "--limit", "5"]);
        assert_eq!(
            given,
            [
                "start=1699999400.000",
                "end=1700000000.001",
                "limit=5",
                "direction=forward",
                "step=15.000"
            ]
        );
    }
}
