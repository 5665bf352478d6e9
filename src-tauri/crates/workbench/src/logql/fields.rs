//! Fields that lines turn out to have: members of JSON, logfmt pairs and structured metadata, each with the type that its
//! values have.

use std::collections::{BTreeMap, BTreeSet};

use watchglass_logql::syntax::parse_log;
use watchglass_logql::{
    Direction, Engine, Interrupt, Query, QueryError, ResultStream, Value, When,
};
use watchglass_storage::{Nanos, NanosRange, StreamReader};

/// Which lines are looked at.
#[derive(Debug, Clone)]
pub struct FieldQuery {
    /// A log query.
    pub text: String,
    /// When.
    pub range: NanosRange,
    /// How many lines are looked at.
    pub lines: usize,
    /// What templates take for the present.
    pub now: Nanos,
}

/// What values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Anything.
    String,
    /// Whole numbers.
    Int,
    /// Numbers.
    Float,
    /// `true` or `false`.
    Boolean,
    /// Numbers with a unit of time.
    Duration,
    /// Numbers with a unit of size.
    Bytes,
}

impl FieldType {
    /// As Loki writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Duration => "duration",
            Self::Bytes => "bytes",
        }
    }

    fn of(value: &str) -> Self {
        if value.parse::<i64>().is_ok() {
            return Self::Int;
        }
        if value.parse::<f64>().is_ok_and(f64::is_finite) {
            return Self::Float;
        }
        if matches!(value, "true" | "false") {
            return Self::Boolean;
        }
        let digits =
            value.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let unit = value.get(digits..).unwrap_or_default().trim_start();
        if digits == 0 {
            return Self::String;
        }
        match unit.to_ascii_lowercase().as_str() {
            "ns" | "us" | "µs" | "ms" | "s" | "m" | "h" => Self::Duration,
            "b" | "kb" | "mb" | "gb" | "tb" | "kib" | "mib" | "gib" | "tib" => Self::Bytes,
            _ => Self::String,
        }
    }
}

/// A field of the lines that were looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectedField {
    /// The label that it becomes.
    pub label: String,
    /// What its values are; a string where they differ.
    pub kind: FieldType,
    /// The parsers that find it; none for structured metadata and what the query itself parses.
    pub parsers: Vec<&'static str>,
    /// The values seen.
    pub values: BTreeSet<String>,
}

/// Looks at lines for fields, by name. Labels of streams are none.
pub fn detected_fields(
    reader: &dyn StreamReader,
    query: &FieldQuery,
    interrupt: Interrupt<'_>,
) -> Result<Vec<DetectedField>, QueryError> {
    // What is appended must stand behind a log query.
    parse_log(&query.text)?;
    let mut found = Found::default();
    for (parser, stage) in [
        (None, ""),
        (Some("json"), "|~ `^\\s*\\{` | json"),
        (Some("logfmt"), "!~ `^\\s*\\{` | logfmt"),
    ] {
        // On a line of its own: the query may end with a comment.
        let text = format!("{}\n{stage}", query.text);
        let asked = Query {
            text: &text,
            when: When::Range { start: query.range.start, end: query.range.end, step: 1 },
            direction: Direction::Backward,
            limit: query.lines,
            now: query.now,
        };
        if let Value::Streams(streams) = Engine::default().query(reader, &asked, interrupt)?.value {
            for stream in &streams {
                found.add(stream, parser);
            }
        }
    }
    Ok(found.fields())
}

/// Fields with the parsers that found them and their values.
#[derive(Debug, Default)]
struct Found(BTreeMap<String, (BTreeSet<&'static str>, BTreeSet<String>)>);

impl Found {
    fn add(&mut self, stream: &ResultStream, parser: Option<&'static str>) {
        // Metadata is the same whatever parses the line.
        let metadata = stream.metadata.iter().filter(|_| parser.is_none());
        for (name, value) in metadata.chain(&stream.parsed) {
            if name.starts_with("__error") || value.is_empty() {
                continue;
            }
            let is_known = self.0.contains_key(name);
            let (parsers, values) = self.0.entry(name.clone()).or_default();
            if !is_known || !parsers.is_empty() {
                parsers.extend(parser);
            }
            values.insert(value.clone());
        }
    }

    fn fields(self) -> Vec<DetectedField> {
        let fields = self.0.into_iter().map(|(label, (parsers, values))| {
            let mut kinds = values.iter().map(|value| FieldType::of(value));
            let first = kinds.next().unwrap_or(FieldType::String);
            let kind = kinds.fold(first, |one, other| match (one, other) {
                (one, other) if one == other => one,
                (FieldType::Int | FieldType::Float, FieldType::Int | FieldType::Float) => {
                    FieldType::Float
                }
                _ => FieldType::String,
            });
            DetectedField { label, kind, parsers: parsers.into_iter().collect(), values }
        });
        fields.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::FieldType;

    #[test]
    fn values_tell_their_type() {
        let cases = [
            ("12", "int"),
            ("-1.5", "float"),
            ("true", "boolean"),
            ("12ms", "duration"),
            ("1.5s", "duration"),
            ("3 MiB", "bytes"),
            ("12 apples", "string"),
            ("NaN", "string"),
            ("", "string"),
        ];
        for (value, kind) in cases {
            assert_eq!(FieldType::of(value).name(), kind, "{value}");
        }
    }
}
