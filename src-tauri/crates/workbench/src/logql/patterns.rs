//! Patterns of lines: groups of lines that differ only in numbers, ids and names, found line by line as Drain does
//! (He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", 2017).
//!
//! A line is cut into words and what stands between them. Lines with as many pieces and the same first words are
//! compared; the most similar group takes the line, and what differs in it becomes `<_>`. A pattern can be pasted behind
//! `|>`, since between two `<_>` there is always text.

use std::collections::{BTreeMap, HashMap};

use watchglass_logql::syntax::parse_log;
use watchglass_logql::{
    Direction, Engine, EngineOptions, Interrupt, Query, QueryError, Value, When,
};
use watchglass_storage::{DETECTED_LEVEL, Nanos, NanosRange, StreamReader};

/// What stands for anything.
const ANY: &str = "<_>";
/// Longer lines are cut: their ends are most often what differs.
const MOST_PIECES: usize = 160;
/// How much of a line is looked at.
const LONGEST_LINE: usize = 4096;
/// How many groups are kept; lines that fit none are then not counted.
const MOST_GROUPS: usize = 500;
/// How many words of two lines must be the same.
const SIMILAR: f64 = 0.6;
/// How many words at the beginning must be the same.
const DEPTH: usize = 2;
/// How many lines are looked at.
const MOST_LINES: usize = 100_000;

/// Which lines are grouped.
#[derive(Debug, Clone)]
pub struct PatternQuery {
    /// A log query.
    pub text: String,
    /// When.
    pub range: NanosRange,
    /// Nanoseconds of each count; above zero.
    pub step: Nanos,
    /// How many patterns at most.
    pub limit: usize,
    /// What templates take for the present.
    pub now: Nanos,
}

/// Lines that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePattern {
    /// The text with `<_>` where lines differ.
    pub pattern: String,
    /// The level that the lines have.
    pub level: String,
    /// When a step begins and how many lines fell into it.
    pub counts: Vec<(Nanos, u64)>,
}

/// Groups the lines of a query, the largest group first. Of very many lines the newest are looked at.
pub fn line_patterns(
    reader: &dyn StreamReader,
    query: &PatternQuery,
    interrupt: Interrupt<'_>,
) -> Result<Vec<LinePattern>, QueryError> {
    parse_log(&query.text)?;
    let options = EngineOptions { max_entries: MOST_LINES, ..EngineOptions::default() };
    let asked = Query {
        text: &query.text,
        when: When::Range { start: query.range.start, end: query.range.end, step: 1 },
        direction: Direction::Backward,
        limit: MOST_LINES,
        now: query.now,
    };
    let Value::Streams(streams) = Engine::new(options).query(reader, &asked, interrupt)?.value
    else {
        return Ok(Vec::new());
    };
    let mut groups = Groups::default();
    for stream in &streams {
        let level = stream.metadata.iter().find(|(name, _)| name == DETECTED_LEVEL);
        let level = level.map_or("unknown", |(_, value)| value);
        for entry in &stream.entries {
            let step = entry.time.div_euclid(query.step.max(1)) * query.step.max(1);
            groups.add(level, &String::from_utf8_lossy(&entry.line), step);
        }
    }
    Ok(groups.largest(query.limit))
}

/// What lines are looked up by: their level, how many pieces they have, and their first words.
type Key = (String, usize, Vec<String>);

#[derive(Debug, Default)]
struct Groups {
    by_key: HashMap<Key, Vec<Group>>,
    count: usize,
}

#[derive(Debug)]
struct Group {
    pieces: Vec<String>,
    counts: BTreeMap<Nanos, u64>,
}

impl Groups {
    fn add(&mut self, level: &str, line: &str, step: Nanos) {
        let pieces = pieces(line);
        let words = pieces.iter().filter(|piece| is_word(piece));
        let key = (level.to_owned(), pieces.len(), words.take(DEPTH).cloned().collect());
        let groups = self.by_key.entry(key).or_default();
        let nearest = groups
            .iter_mut()
            .map(|group| (group.similarity(&pieces), group))
            .filter(|(similarity, _)| *similarity >= SIMILAR)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        match nearest {
            Some((_, group)) => group.take(&pieces, step),
            None if self.count < MOST_GROUPS => {
                self.count += 1;
                groups.push(Group { pieces, counts: BTreeMap::from([(step, 1)]) });
            }
            None => {}
        }
    }

    fn largest(self, limit: usize) -> Vec<LinePattern> {
        let mut merged: BTreeMap<(String, String), BTreeMap<Nanos, u64>> = BTreeMap::new();
        for ((level, ..), groups) in self.by_key {
            for group in groups {
                let counts = merged.entry((group.pattern(), level.clone())).or_default();
                for (step, count) in group.counts {
                    *counts.entry(step).or_default() += count;
                }
            }
        }
        let mut patterns: Vec<_> = merged
            .into_iter()
            .map(|((pattern, level), counts)| LinePattern {
                pattern,
                level,
                counts: counts.into_iter().collect(),
            })
            .collect();
        let size = |one: &LinePattern| one.counts.iter().map(|(_, count)| count).sum::<u64>();
        patterns.sort_by_cached_key(|one| (std::cmp::Reverse(size(one)), one.pattern.clone()));
        patterns.truncate(limit);
        patterns
    }
}

impl Group {
    /// Which share of the words is the same; nothing where what stands between them differs.
    fn similarity(&self, pieces: &[String]) -> f64 {
        let (mut words, mut same) = (0_u32, 0_u32);
        for (own, other) in self.pieces.iter().zip(pieces) {
            if is_word(own) || own == ANY {
                words += 1;
                same += u32::from(own == other || own == ANY);
            } else if own != other {
                return 0.0;
            }
        }
        if words == 0 { 1.0 } else { f64::from(same) / f64::from(words) }
    }

    fn take(&mut self, pieces: &[String], step: Nanos) {
        for (own, other) in self.pieces.iter_mut().zip(pieces) {
            if own != other {
                ANY.clone_into(own);
            }
        }
        *self.counts.entry(step).or_default() += 1;
    }

    /// The pieces together. Between two `<_>` a point, colon or dash goes too: `<_>` is one time, one address.
    fn pattern(&self) -> String {
        let mut text = String::new();
        let mut pieces = self.pieces.iter().peekable();
        while let Some(piece) = pieces.next() {
            let joins = matches!(piece.as_str(), "." | ":" | "-" | "/" | "+" | "_");
            let is_between = text.ends_with(ANY) && pieces.peek().is_some_and(|next| *next == ANY);
            if (joins && is_between) || (piece == ANY && text.ends_with(ANY)) {
                continue;
            }
            text.push_str(piece);
        }
        text
    }
}

fn is_word(piece: &str) -> bool {
    piece != ANY && piece.chars().any(char::is_alphanumeric)
}

/// Words and what stands between them; words with a digit in them are `<_>` from the start.
fn pieces(line: &str) -> Vec<String> {
    let line = line.get(..line.floor_char_boundary(LONGEST_LINE)).unwrap_or(line);
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if pieces.len() == MOST_PIECES {
            pieces.push(ANY.to_owned());
            break;
        }
        let in_word = first.is_alphanumeric();
        let end = match in_word {
            true => rest.find(|letter: char| !letter.is_alphanumeric()),
            // One at a time, so that lines with the same words are cut alike; space as a whole.
            false if first.is_whitespace() => rest.find(|letter: char| !letter.is_whitespace()),
            false => Some(first.len_utf8()),
        };
        let (piece, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let is_variable = in_word && piece.bytes().any(|byte| byte.is_ascii_digit());
        pieces.push(if is_variable { ANY } else { piece }.to_owned());
        rest = behind;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(lines: &[&str]) -> Vec<(String, u64)> {
        let mut groups = Groups::default();
        for line in lines {
            groups.add("info", line, 0);
        }
        let one = |it: LinePattern| (it.pattern, it.counts.iter().map(|(_, count)| count).sum());
        groups.largest(100).into_iter().map(one).collect()
    }

    #[test]
    fn lines_that_differ_in_numbers_and_names_are_one_pattern() {
        let lines = [
            "12:00:01.123 order 4711 of alice took 12ms",
            "12:00:02.456 order 4712 of bob took 7ms",
            "12:00:03.789 order 4713 of carol took 1ms",
            "connection refused by 10.0.0.1:5432",
        ];
        let expected = [
            ("<_> order <_> of <_> took <_>".to_owned(), 3),
            ("connection refused by <_>".to_owned(), 1),
        ];
        assert_eq!(patterns(&lines), expected);
    }

    #[test]
    fn json_and_logfmt_keep_their_keys() {
        let lines = [
            r#"{"level":"info","user":"alice","ms":12}"#,
            r#"{"level":"info","user":"bob","ms":3}"#,
            "level=info user=alice ms=12",
            "level=info user=bob ms=3",
        ];
        let expected = [
            ("level=info user=<_> ms=<_>".to_owned(), 2),
            (r#"{"level":"info","user":"<_>","ms":<_>}"#.to_owned(), 2),
        ];
        assert_eq!(patterns(&lines), expected);
    }

    #[test]
    fn ever_new_lines_take_no_more_memory() {
        let mut groups = Groups::default();
        for number in 0..5_000_u32 {
            let letters: String = (0..6)
                .map(|place| char::from_digit(10 + ((number >> (2 * place)) & 15), 36).unwrap())
                .collect();
            groups.add("info", &format!("{letters} {letters} said"), 0);
        }
        assert_eq!(groups.count, MOST_GROUPS);
    }
}
