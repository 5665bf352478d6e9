//! From the text of a file to cases.

use std::rc::Rc;

use watchglass_logql::{Direction, When};
use watchglass_model::Labels;
use watchglass_storage::StreamEntry;

use crate::words;

/// What templates take for the present: one hour after the beginning.
pub(crate) const NOW: i64 = 3_600_000_000_000;

/// Streams and their entries.
pub(crate) type Streams = Rc<Vec<(Labels, Vec<StreamEntry>)>>;

/// One case and the line on which it begins.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) line: usize,
    pub(crate) query: String,
    pub(crate) action: Action,
    pub(crate) streams: Streams,
}

#[derive(Debug)]
pub(crate) enum Action {
    /// It can be read, and what is written reads the same.
    Accept,
    /// It is written so.
    Format(String),
    /// It cannot be read, because of this.
    Reject(String),
    Eval(Eval),
}

/// How a query is asked, and what it must give.
#[derive(Debug)]
pub(crate) struct Eval {
    pub(crate) when: When,
    pub(crate) direction: Direction,
    pub(crate) limit: usize,
    pub(crate) expected: Expected,
}

#[derive(Debug, Default)]
pub(crate) struct Expected {
    pub(crate) fail: Option<Wording>,
    pub(crate) ordered: bool,
    pub(crate) empty: bool,
    pub(crate) warn: Option<String>,
    pub(crate) rows: Vec<String>,
}

/// How an error must read.
#[derive(Debug)]
pub(crate) enum Wording {
    Any,
    Exactly(String),
    Containing(String),
}

/// Reads a whole file; a fault names its line.
pub(crate) fn read(source: &str) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let mut streams = Streams::default();
    let lines: Vec<&str> = source.lines().collect();
    let mut place = 0;
    while let Some(own) = lines.get(place) {
        let line = place + 1;
        place += 1;
        if own.trim().is_empty() || own.starts_with('#') {
            continue;
        }
        let mut body = Vec::new();
        while let Some(next) = lines.get(place).filter(|next| next.starts_with([' ', '|', '='])) {
            body.push(next.trim_end());
            place += 1;
        }
        let fault = |fault: String| format!("line {line}: {fault}");
        if own.trim() == "load" {
            streams = Rc::new(load(&body).map_err(fault)?);
            continue;
        }
        let (query, action) = case(own, &body).map_err(fault)?;
        cases.push(Case { line, query, action, streams: Rc::clone(&streams) });
    }
    Ok(cases)
}

/// Streams begin with a brace, entries with a time.
fn load(body: &[&str]) -> Result<Vec<(Labels, Vec<StreamEntry>)>, String> {
    let mut streams: Vec<(Labels, Vec<StreamEntry>)> = Vec::new();
    let mut labels = Labels::EMPTY;
    for own in body.iter().map(|own| own.trim()) {
        if own.starts_with('{') {
            labels = Labels::from_pairs(words::labels(own)?.0);
            continue;
        }
        let (time, rest) = own.split_once(' ').ok_or_else(|| format!("no entry: {own}"))?;
        let (line, rest) = words::line(rest)?;
        let entry = StreamEntry { time: words::time(time)?, line, metadata: words::pairs(rest)? };
        // One after another, so that entries of several streams arrive as they are written.
        streams.push((labels.clone(), vec![entry]));
    }
    Ok(streams)
}

fn case(own: &str, body: &[&str]) -> Result<(String, Action), String> {
    let (word, rest) = own.split_once(' ').unwrap_or((own, ""));
    let query = || match rest.trim() {
        "" => {
            let lines: Vec<_> = body.iter().filter_map(|own| own.strip_prefix("| ")).collect();
            lines.join("\n")
        }
        inline => inline.to_owned(),
    };
    let answer = || {
        let given = body.iter().find_map(|own| own.trim_start().strip_prefix("= "));
        given.map(str::to_owned).ok_or_else(|| format!("{word} says not what it expects"))
    };
    match word {
        "accept" => Ok((query(), Action::Accept)),
        "format" => Ok((query(), Action::Format(answer()?))),
        "reject" => Ok((query(), Action::Reject(answer()?))),
        "eval" => {
            let (query, eval) = eval(rest, body)?;
            Ok((query, Action::Eval(eval)))
        }
        other => Err(format!("no such command: {other}")),
    }
}

/// `logs …`, `instant at TIME …`, `range from TIME to TIME step TIME …`
fn eval(text: &str, body: &[&str]) -> Result<(String, Eval), String> {
    let (kind, mut rest) = text.split_once(' ').ok_or("an eval without a query")?;
    let (mut start, mut end, mut step, mut limit) = (0, NOW, 60_000_000_000, 1_000);
    let mut direction = Direction::Forward;
    loop {
        let mut words = rest.splitn(3, ' ');
        let (word, value) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let behind = words.next().unwrap_or("");
        match word {
            "backward" => {
                direction = Direction::Backward;
                rest = rest.trim_start_matches("backward ");
                continue;
            }
            "from" | "at" => start = words::time(value)?,
            "to" => end = words::time(value)?,
            "step" => step = words::time(value)?,
            "limit" => limit = value.parse().map_err(|_| format!("no limit: {value}"))?,
            _ => break,
        }
        rest = behind;
    }
    let when = match kind {
        "instant" => When::Instant(start),
        "logs" | "range" => When::Range { start, end, step },
        other => return Err(format!("neither logs nor instant nor range: {other}")),
    };
    let mut expected = Expected::default();
    body.iter().map(|own| own.trim()).for_each(|own| expected.take(own));
    let said = expected.fail.is_some() || expected.empty || !expected.rows.is_empty();
    if !said {
        return Err("an eval that expects nothing".to_owned());
    }
    Ok((rest.to_owned(), Eval { when, direction, limit, expected }))
}

impl Expected {
    fn take(&mut self, own: &str) {
        match own {
            "expect fail" => self.fail = Some(Wording::Any),
            "expect ordered" => self.ordered = true,
            "expect empty" => self.empty = true,
            _ => {
                if let Some(message) = own.strip_prefix("expect fail msg: ") {
                    self.fail = Some(Wording::Exactly(message.to_owned()));
                } else if let Some(part) = own.strip_prefix("expect fail contains: ") {
                    self.fail = Some(Wording::Containing(part.to_owned()));
                } else if let Some(warning) = own.strip_prefix("expect warn msg: ") {
                    self.warn = Some(warning.to_owned());
                } else {
                    self.rows.push(own.to_owned());
                }
            }
        }
    }
}
