//! What a line must have to get through a pipeline, as far as it can be said without running it.

use watchglass_pattern::BytePattern;
use watchglass_storage::{LineHint, MatchOperator, Matcher};

use super::line_pattern::LinePattern;
use super::{ERROR, ERROR_DETAILS};
use crate::tree::{LabelFilter, LineFilter, LineOperand, LineOperator, Stage, StageKind};

/// More alternatives than this are not worth looking for.
const MOST_ALTERNATIVES: usize = 64;

/// The hints of a pipeline.
pub(crate) fn hints(stages: &[Stage]) -> Vec<LineHint> {
    let mut state = State { hints: Vec::new(), parsers: Parsers::default(), own_line: true };
    for stage in stages {
        if !state.stage(&stage.kind) {
            break;
        }
    }
    state.hints
}

/// Which parsers have seen the line.
#[derive(Debug, Clone, Copy, Default)]
struct Parsers {
    any: bool,
    /// Whether one of them reads escapes such as `\u0041`.
    unescapes: bool,
}

struct State {
    hints: Vec<LineHint>,
    parsers: Parsers,
    /// Whether the line is still the one that is stored.
    own_line: bool,
}

impl State {
    /// Takes in a stage; false where nothing can be said of those behind it.
    fn stage(&mut self, stage: &StageKind) -> bool {
        match stage {
            StageKind::Line(filter) => {
                if self.own_line
                    && let Some(needles) = needles(filter)
                {
                    self.hints.push(LineHint::Line(needles));
                }
            }
            StageKind::Json(_) | StageKind::Logfmt(_) | StageKind::Unpack => {
                self.parsers = Parsers { any: true, unescapes: true };
                if !self.own_line {
                    return false;
                }
                self.own_line = !matches!(stage, StageKind::Unpack);
            }
            StageKind::Regexp(_) | StageKind::Pattern(_) => {
                self.parsers.any = true;
                if !self.own_line {
                    return false;
                }
            }
            StageKind::Label(filter) => self.condition(filter),
            StageKind::LineFormat(_) | StageKind::Decolorize => self.own_line = false,
            // From here on labels may be anything.
            StageKind::LabelFormat(_) | StageKind::Drop(_) | StageKind::Keep(_) => return false,
        }
        true
    }

    fn condition(&mut self, filter: &LabelFilter) {
        match filter {
            LabelFilter::And(left, right) => {
                self.condition(left);
                self.condition(right);
            }
            LabelFilter::Text(matcher) => self.hints.extend(self.label(matcher)),
            _ => {}
        }
    }

    fn label(&self, matcher: &Matcher) -> Option<LineHint> {
        let name = &matcher.name;
        if name == ERROR || name == ERROR_DETAILS || name.ends_with("_extracted") {
            return None;
        }
        let values = match matcher.operator {
            MatchOperator::Equal => vec![matcher.value.clone()],
            MatchOperator::Matches => matcher.pattern()?.literals()?.to_vec(),
            MatchOperator::NotEqual | MatchOperator::NotMatches => return None,
        };
        if values.len() > MOST_ALTERNATIVES || values.iter().any(String::is_empty) {
            return None;
        }
        let mut in_line = Vec::new();
        if self.parsers.any {
            // Other characters may be escaped in a line, or replaced by a parser.
            let plain =
                |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.' | ' ');
            if !values.iter().all(|value| value.chars().all(plain)) {
                return None;
            }
            in_line.extend(values.iter().map(|value| value.as_bytes().to_vec()));
            if self.parsers.unescapes {
                in_line.push(b"\\u".to_vec());
            }
        }
        Some(LineHint::Label { name: name.clone(), values, in_line })
    }
}

/// Byte strings of which a line that passes has at least one.
fn needles(filter: &LineFilter) -> Option<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for operand in &filter.operands {
        let LineOperand::Text(text) = operand else { return None };
        match filter.operator {
            LineOperator::Contains => all.push(text.as_bytes().to_vec()),
            LineOperator::Matches => {
                let pattern = BytePattern::new(text).ok()?;
                if pattern.needles().is_empty() {
                    return None;
                }
                all.extend_from_slice(pattern.needles());
            }
            LineOperator::Pattern => {
                let pattern = LinePattern::new(text).ok()?;
                all.push(pattern.longest_literal()?.as_bytes().to_vec());
            }
            _ => return None,
        }
    }
    let useful = all.len() <= MOST_ALTERNATIVES && all.iter().all(|needle| !needle.is_empty());
    useful.then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse_log;

    fn of(query: &str) -> Vec<LineHint> {
        hints(&parse_log(query).unwrap().stages)
    }

    fn line(needles: &[&str]) -> LineHint {
        LineHint::Line(needles.iter().map(|one| one.as_bytes().to_vec()).collect())
    }

    fn label(name: &str, values: &[&str], in_line: &[&str]) -> LineHint {
        LineHint::Label {
            name: name.to_owned(),
            values: values.iter().map(|one| (*one).to_owned()).collect(),
            in_line: in_line.iter().map(|one| one.as_bytes().to_vec()).collect(),
        }
    }

    #[test]
    fn line_filters_say_what_a_line_contains() {
        assert_eq!(of(r#"{a="b"} |= "x" or "y" != "z""#), [line(&["x", "y"])]);
        assert_eq!(
            of(r#"{a="b"} |~ "x.*timeout" |> "<_> took <_>ms""#),
            [line(&["timeout"]), line(&[" took "])]
        );
        assert_eq!(of(r#"{a="b"} |= "" |= ip("10.0.0.1") |~ ".*""#), []);
    }

    #[test]
    fn label_filters_say_where_a_value_may_come_from() {
        assert_eq!(of(r#"{a="b"} | trace_id="abc""#), [label("trace_id", &["abc"], &[])]);
        assert_eq!(
            of(r#"{a="b"} | json | status="500" and level=~"error|warn""#),
            [
                label("status", &["500"], &["500", "\\u"]),
                label("level", &["error", "warn"], &["error", "warn", "\\u"])
            ]
        );
        assert_eq!(of(r#"{a="b"} | pattern "<x> <_>" | x="7""#), [label("x", &["7"], &["7"])]);
    }

    #[test]
    fn nothing_is_said_that_may_be_wrong() {
        for query in [
            r#"{a="b"} | line_format "{{.x}}" |= "y""#,
            r#"{a="b"} | decolorize |= "y""#,
            r#"{a="b"} | json | path="/a""#,
            r#"{a="b"} | json | x="" "#,
            r#"{a="b"} | json | x="1" or y="2""#,
            r#"{a="b"} | label_format x="y" | x="1""#,
            r#"{a="b"} | json | x_extracted="1""#,
            r#"{a="b"} | json | __error__="JSONParserErr""#,
            r#"{a="b"} | line_format "{{.x}}" | json | x="1""#,
        ] {
            assert_eq!(of(query), [], "{query}");
        }
    }
}
