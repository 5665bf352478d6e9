//! A question in PromQL, asked of the Prometheus API and answered as promtool prints it.

use clap::Args;
use watchglass_model::{Millis, Timestamp};

use super::moment::{Moment, parse_moment, parse_step, seconds_text};
use super::place::Fault;
use super::printed;
use super::results::Answer;
use super::source::Source;
use crate::outcome::Outcome;

/// How far back a range begins that says only where it ends.
const HOUR: Millis = 3_600_000;

/// How many steps a range has that names no step, as promtool's.
const STEPS: Millis = 250;

/// What is asked, and when.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// The query.
    #[arg(value_name = "QUERY")]
    query: String,
    /// When it is evaluated: now, -1h, seconds since 1970, or a date as RFC 3339 writes it [default: now]
    #[arg(long, value_parser = parse_moment, allow_hyphen_values = true, conflicts_with_all = ["start", "end", "step"])]
    time: Option<Moment>,
    /// The first step of a range [default: an hour before its end]
    #[arg(long, value_parser = parse_moment, allow_hyphen_values = true)]
    start: Option<Moment>,
    /// The last step of a range [default: now]
    #[arg(long, value_parser = parse_moment, allow_hyphen_values = true)]
    end: Option<Moment>,
    /// From one step to the next: seconds, or a duration as in 15s [default: a 250th of the range]
    #[arg(long, value_parser = parse_step)]
    step: Option<Millis>,
    /// Print what the API answers.
    #[arg(long)]
    json: bool,
}

impl Question {
    /// Where in the API it is asked, and with which parameters.
    fn request(&self, now: Timestamp) -> (&'static str, Vec<(&'static str, String)>) {
        let mut form = vec![("query", self.query.clone())];
        if self.start.is_none() && self.end.is_none() && self.step.is_none() {
            let time = self.time.unwrap_or(Moment::NOW).millis(now);
            form.push(("time", seconds_text(time)));
            return ("/api/v1/query", form);
        }
        let end = self.end.unwrap_or(Moment::NOW).millis(now);
        let start = self.start.map_or(end.saturating_sub(HOUR), |start| start.millis(now));
        let usual = (end.saturating_sub(start) / STEPS / 1000).max(1) * 1000;
        let step = self.step.unwrap_or(usual);
        for (name, millis) in [("start", start), ("end", end), ("step", step)] {
            form.push((name, seconds_text(millis)));
        }
        ("/api/v1/query_range", form)
    }
}

/// Asks, prints, and says whether there was a fault.
pub(crate) async fn ask(
    source: &Source,
    question: &Question,
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    let (path, form) = question.request(now);
    let (status, text) = source.prometheus(path, &form).await?;
    let answer = Answer::read(&text)
        .map_err(|_| anyhow::anyhow!("what answers is no Prometheus API ({status}): {text}"))?;
    printed::answer(&text, &answer, question.json);
    Ok(answer
        .fault()
        .map_or(Outcome::Done, |fault| printed::fault(&Fault::read(fault), &question.query)))
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

    fn request(words: &[&str]) -> (&'static str, String) {
        let line = Line::try_parse_from([&["query", "up"], words].concat()).unwrap();
        let (path, form) = line.question.request(Timestamp(1_700_000_000_000_000_000));
        (path, serde_html_form::to_string(form).unwrap())
    }

    #[test]
    fn without_a_range_it_is_asked_at_one_instant() {
        let (path, form) = request(&[]);
        assert_eq!((path, form.as_str()), ("/api/v1/query", "query=up&time=1700000000.000"));
        assert_eq!(request(&["--time", "-1m"]).1, "query=up&time=1699999940.000");
    }

    #[test]
    fn any_part_of_a_range_makes_it_one() {
        let (path, form) = request(&["--start", "-10m"]);
        assert_eq!(path, "/api/v1/query_range");
        assert_eq!(form, "query=up&start=1699999400.000&end=1700000000.000&step=2.000");
        let form = request(&["--step", "15s"]).1;
        assert_eq!(form, "query=up&start=1699996400.000&end=1700000000.000&step=15.000");
    }

    #[test]
    fn an_instant_and_a_range_are_wrong_usage_together() {
        for words in [["--time", "now", "--start", "-1h"], ["--time", "soon", "--json", "--json"]] {
            let line = Line::try_parse_from([&["query", "up"], &words[..]].concat());
            assert_eq!(line.unwrap_err().exit_code(), 2);
        }
    }
}
