//! The scripts of Prometheus' `promql/promqltest`: commands line by line. What series and values mean is read later.

use watchglass_model::Millis;
use watchglass_storage::Pattern;

use crate::words::{duration, number, unquoted};

/// A command and the line on which it stands.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) line: usize,
    pub(crate) action: Action,
}

#[derive(Debug)]
pub(crate) enum Action {
    /// `clear`
    Clear,
    /// `load`, `load_with_nhcb`
    Load(Load),
    /// `eval`
    Eval(Box<Eval>),
}

/// Samples to be added.
#[derive(Debug)]
pub(crate) struct Load {
    /// From one value to the next.
    pub(crate) step: Millis,
    /// Whether classic histograms are loaded as native ones with custom buckets too.
    pub(crate) with_nhcb: bool,
    /// `metric{label="value"} 1 2 3`, or the same with `@st` behind the metric.
    pub(crate) lines: Vec<String>,
}

/// A query and what it must give.
#[derive(Debug)]
pub(crate) struct Eval {
    pub(crate) query: String,
    pub(crate) when: When,
    pub(crate) expected: Expected,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    Instant(Millis),
    Range(Steps),
}

/// Instants from `start` to `end`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steps {
    pub(crate) start: Millis,
    pub(crate) end: Millis,
    pub(crate) step: Millis,
}

#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// Whether the order of an instant vector counts.
    pub(crate) ordered: bool,
    pub(crate) fail: Option<Wording>,
    pub(crate) warn: Vec<Wording>,
    pub(crate) info: Vec<Wording>,
    pub(crate) no_warn: bool,
    pub(crate) no_info: bool,
    /// When the samples of a matrix stand that an instant query gives.
    pub(crate) window: Option<Steps>,
    pub(crate) text: Option<String>,
    pub(crate) scalar: Option<f64>,
    /// `metric{label="value"} 1 2 3`
    pub(crate) series: Vec<String>,
}

/// How an error or annotation must read.
#[derive(Debug)]
pub(crate) enum Wording {
    Any,
    Exactly(String),
    Matching(Pattern),
}

impl Wording {
    pub(crate) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(own) => own == text,
            Self::Matching(pattern) => pattern.matches(text),
        }
    }
}

/// Reads a whole script; a fault names its line.
pub(crate) fn read(script: &str) -> Result<Vec<Command>, String> {
    let mut lines = script.lines().map(str::trim).enumerate().map(|(place, line)| {
        let comment = line.starts_with('#');
        (place + 1, if comment { "" } else { line })
    });
    let mut commands = Vec::new();
    while let Some((line, text)) = lines.next() {
        if text.is_empty() {
            continue;
        }
        let mut body = lines.by_ref().map(|(_, line)| line).take_while(|line| !line.is_empty());
        let action = action(text, &mut body).map_err(|fault| format!("line {line}: {fault}"))?;
        commands.push(Command { line, action });
    }
    Ok(commands)
}

fn action<'a>(text: &'a str, body: &mut impl Iterator<Item = &'a str>) -> Result<Action, String> {
    let (word, rest) = split(text);
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "clear" => Ok(Action::Clear),
        "load" | "load_with_nhcb" => Ok(Action::Load(Load {
            step: duration(rest)?,
            with_nhcb: word != "load",
            lines: body.map(str::to_owned).collect(),
        })),
        _ => match word.strip_prefix("eval") {
            Some(mode) => Ok(Action::Eval(Box::new(eval(mode, rest, body)?))),
            None => Err(format!("no such command: {text}")),
        },
    }
}

/// The first word and what is behind it.
fn split(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn eval<'a>(
    mode: &str,
    text: &str,
    body: &mut impl Iterator<Item = &'a str>,
) -> Result<Eval, String> {
    let (kind, rest) = split(text);
    let (when, query) = match kind {
        "instant" => {
            let (at, query) = value_behind("at", rest)?;
            (When::Instant(at), query)
        }
        "range" => {
            let (steps, query) = steps(rest)?;
            (When::Range(steps), query)
        }
        _ => return Err(format!("neither an instant nor a range: {text}")),
    };
    let mut expected = Expected::default();
    match mode {
        "" => {}
        "_fail" => expected.fail = Some(Wording::Any),
        "_warn" => expected.warn.push(Wording::Any),
        "_info" => expected.info.push(Wording::Any),
        "_ordered" => expected.ordered = true,
        _ => return Err(format!("no such mode of eval: {mode}")),
    }
    body.try_for_each(|line| expected.read(line))?;
    Ok(Eval { query: query.to_owned(), when, expected })
}

/// `from 0 to 10m step 5m`, and what is behind it.
fn steps(text: &str) -> Result<(Steps, &str), String> {
    let (start, rest) = value_behind("from", text)?;
    let (end, rest) = value_behind("to", rest)?;
    let (step, rest) = value_behind("step", rest)?;
    Ok((Steps { start, end, step }, rest))
}

/// The duration behind `word`, and what is behind that.
fn value_behind<'a>(word: &str, text: &'a str) -> Result<(Millis, &'a str), String> {
    let (own, rest) = split(text);
    if own != word {
        return Err(format!("{word} is missing: {text}"));
    }
    let (value, rest) = split(rest);
    Ok((duration(value)?, rest))
}

impl Expected {
    fn read(&mut self, line: &str) -> Result<(), String> {
        if let Some(message) = line.strip_prefix("expected_fail_message") {
            self.fail = Some(Wording::Exactly(message.trim().to_owned()));
        } else if let Some(pattern) = line.strip_prefix("expected_fail_regexp") {
            self.fail = Some(matching(pattern)?);
        } else if let Some(window) = line.strip_prefix("expect range vector") {
            self.window = Some(steps(window.trim())?.0);
        } else if let Some(text) = line.strip_prefix("expect string") {
            self.text = Some(unquoted(text.trim())?);
        } else if let Some(rest) = line.strip_prefix("expect ") {
            self.read_expectation(rest.trim())?;
        } else if let Some(value) = number(line) {
            self.scalar = Some(value);
        } else {
            self.series.push(line.to_owned());
        }
        Ok(())
    }

    fn read_expectation(&mut self, text: &str) -> Result<(), String> {
        let (kind, rest) = split(text);
        let wording = if let Some(message) = rest.strip_prefix("msg:") {
            Wording::Exactly(message.trim().to_owned())
        } else if let Some(pattern) = rest.strip_prefix("regex:") {
            matching(pattern)?
        } else if rest.is_empty() {
            Wording::Any
        } else {
            return Err(format!("neither msg nor regex: {text}"));
        };
        match kind {
            "ordered" => self.ordered = true,
            "fail" if self.fail.is_none() => self.fail = Some(wording),
            "warn" => self.warn.push(wording),
            "info" => self.info.push(wording),
            "no_warn" => self.no_warn = true,
            "no_info" => self.no_info = true,
            _ => return Err(format!("no such expectation, or one too many: {text}")),
        }
        let contradicts =
            (self.no_warn && !self.warn.is_empty()) || (self.no_info && !self.info.is_empty());
        if contradicts { Err(format!("expects some and none: {text}")) } else { Ok(()) }
    }
}

fn matching(pattern: &str) -> Result<Wording, String> {
    let pattern = Pattern::unanchored(pattern.trim(), false).map_err(|fault| fault.to_string())?;
    Ok(Wording::Matching(pattern))
}
