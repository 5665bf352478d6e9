//! What the Prometheus API answers, read and printed the way promtool prints it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, SecondsFormat};
use serde::Deserialize;
use serde_json::Number;
use watchglass_promql::syntax::quoted;

/// An answer of the API.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    data: Option<Results>,
    error: Option<String>,
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default)]
    infos: Vec<String>,
}

/// The results of a query, by their type.
#[derive(Debug, Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Results {
    Scalar(Point<String>),
    String(Point<String>),
    Vector(Vec<Sample>),
    Matrix(Vec<Series>),
    Streams(Vec<Stream>),
}

/// Seconds since 1970 as they are written, and a value.
type Point<T> = (Number, T);

/// Labels by name.
type Labels = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
struct Sample {
    metric: Labels,
    value: Option<Point<String>>,
    histogram: Option<Point<Histogram>>,
}

#[derive(Debug, Deserialize)]
struct Series {
    metric: Labels,
    #[serde(default)]
    values: Vec<Point<String>>,
    #[serde(default)]
    histograms: Vec<Point<Histogram>>,
}

/// Lines with the same labels.
#[derive(Debug, Deserialize)]
struct Stream {
    stream: Labels,
    /// Nanoseconds since 1970, and the line.
    values: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct Histogram {
    count: String,
    sum: String,
    /// Which edges are inside, the lower edge, the upper edge, the count.
    #[serde(default)]
    buckets: Vec<(u8, String, String, String)>,
}

impl Answer {
    /// Reads an answer's text.
    pub(crate) fn read(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// Why there are no results, if so.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// What the query's author should know.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &str> {
        self.warnings.iter().chain(&self.infos).map(String::as_str)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.data {
            None => Ok(()),
            Some(Results::Scalar((time, value))) => writeln!(f, "scalar: {value} @[{time}]"),
            Some(Results::String((_, text))) => writeln!(f, "{text}"),
            Some(Results::Vector(samples)) => samples.iter().try_for_each(|one| write!(f, "{one}")),
            Some(Results::Matrix(series)) => series.iter().try_for_each(|one| write!(f, "{one}")),
            Some(Results::Streams(streams)) => write_lines(f, streams),
        }
    }
}

/// Lines of all streams by time, the oldest first, each with the time and the labels.
fn write_lines(f: &mut fmt::Formatter<'_>, streams: &[Stream]) -> fmt::Result {
    let lines = streams.iter().flat_map(|stream| {
        let labels = named(&stream.stream);
        stream
            .values
            .iter()
            .map(move |(time, line)| (time.parse().unwrap_or(0), labels.clone(), line))
    });
    let mut lines: Vec<(i64, _, _)> = lines.collect();
    lines.sort_by_key(|(time, ..)| *time);
    lines.into_iter().try_for_each(|(time, labels, line)| {
        let time =
            DateTime::from_timestamp_nanos(time).to_rfc3339_opts(SecondsFormat::Millis, true);
        writeln!(f, "{time} {labels} {line}")
    })
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metric = named(&self.metric);
        if let Some((time, value)) = &self.value {
            writeln!(f, "{metric} => {value} @[{time}]")?;
        }
        if let Some((time, histogram)) = &self.histogram {
            writeln!(f, "{metric} => {histogram} @[{time}]")?;
        }
        Ok(())
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} =>", named(&self.metric))?;
        for (time, value) in &self.values {
            writeln!(f, "{value} @[{time}]")?;
        }
        for (time, histogram) in &self.histograms {
            writeln!(f, "{histogram} @[{time}]")?;
        }
        Ok(())
    }
}

impl fmt::Display for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{count:{}, sum:{}", self.count, self.sum)?;
        for (edges, lower, upper, count) in &self.buckets {
            let (open, close) = match edges {
                0 => ('(', ']'),
                1 => ('[', ')'),
                2 => ('(', ')'),
                _ => ('[', ']'),
            };
            write!(f, ", {open}{lower},{upper}{close}:{count}")?;
        }
        f.write_str("}")
    }
}

/// `name{label="value"}`, as a selector has it; `{}` where there is neither.
fn named(metric: &Labels) -> String {
    let name = metric.get("__name__").map_or("", String::as_str);
    let own = metric.iter().filter(|(label, _)| *label != "__name__");
    let own = own.map(|(label, value)| {
        let label = if is_plain(label) { label.clone() } else { quoted(label) };
        format!("{label}={}", quoted(value))
    });
    let is_outside = name.is_empty() || is_plain(name);
    let inside = (!is_outside).then(|| quoted(name));
    let inside: Vec<_> = inside.into_iter().chain(own).collect();
    match (is_outside, inside.is_empty()) {
        (true, true) if !name.is_empty() => name.to_owned(),
        (true, _) => format!("{name}{{{}}}", inside.join(", ")),
        (false, _) => format!("{{{}}}", inside.join(", ")),
    }
}

/// Whether a name needs no quotes.
fn is_plain(name: &str) -> bool {
    let is_letter = |one: char| one.is_ascii_alphabetic() || one == '_' || one == ':';
    name.starts_with(is_letter) && name.chars().all(|one| is_letter(one) || one.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(data: &str) -> String {
        Answer::read(&format!(r#"{{"status":"success","data":{data}}}"#)).unwrap().to_string()
    }

    #[test]
    fn each_type_is_shown_as_promtool_shows_it() {
        let vector = r#"{"resultType":"vector","result":[
            {"metric":{"__name__":"up","job":"a\"b"},"value":[1796005423.919,"1"]},
            {"metric":{},"value":[1,"NaN"]},
            {"metric":{"__name__":"up"},"value":[1,"2"]},
            {"metric":{"__name__":"a.b","c.d":"e"},"value":[1,"3"]},
            {"metric":{"h":"n"},"histogram":[2,{"count":"3","sum":"1.5","buckets":[[0,"0.5","1","2"],[3,"-1","1","1"]]}]}]}"#;
        assert_eq!(
            shown(vector),
            "up{job=\"a\\\"b\"} => 1 @[1796005423.919]\n{} => NaN @[1]\nup => 2 @[1]\n\
             {\"a.b\", \"c.d\"=\"e\"} => 3 @[1]\n\
             {h=\"n\"} => {count:3, sum:1.5, (0.5,1]:2, [-1,1]:1} @[2]\n"
        );
        let matrix = r#"{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1,"2"],[1.5,"+Inf"]]}],"stats":{}}"#;
        assert_eq!(shown(matrix), "{a=\"b\"} =>\n2 @[1]\n+Inf @[1.5]\n");
        assert_eq!(shown(r#"{"resultType":"scalar","result":[7,"1"]}"#), "scalar: 1 @[7]\n");
        let streams = r#"{"resultType":"streams","result":[
            {"stream":{"app":"a"},"values":[["2000000000","later"],["1000000000","first"]]},
            {"stream":{},"values":[["1500000000","between"]]}],"stats":{}}"#;
        assert_eq!(
            shown(streams),
            "1970-01-01T00:00:01.000Z {app=\"a\"} first\n1970-01-01T00:00:01.500Z {} between\n\
             1970-01-01T00:00:02.000Z {app=\"a\"} later\n"
        );
        assert_eq!(shown(r#"{"resultType":"string","result":[7,"a"]}"#), "a\n");
        assert_eq!(shown(r#"{"resultType":"vector","result":[]}"#), "");
    }
}
