//! Answers in Loki's JSON: streams with their lines, vectors and matrices with numbers as texts.

use std::fmt::Write;

use axum::body::Body;
use axum::http::{HeaderMap, Response};
use serde_json::{Value as Json, json};
use watchglass_logql::{Answer, Direction, ResultStream, Statistics, Value};
use watchglass_model::Labels;
use watchglass_storage::Nanos;

/// The header by which a client says how it wants labels, and its value for labels by category.
const FLAGS: &str = "x-loki-response-encoding-flags";
const CATEGORIZE: &str = "categorize-labels";

/// How labels of lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// All together as those of the stream.
    Merged,
    /// Those of the stream alone; metadata and parsed ones beside each line.
    Categorized,
}

impl Encoding {
    /// What the request asks for.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let flags = headers.get_all(FLAGS).iter().filter_map(|value| value.to_str().ok());
        let mut flags = flags.flat_map(|value| value.split(',')).map(str::trim);
        if flags.any(|flag| flag == CATEGORIZE) { Self::Categorized } else { Self::Merged }
    }

    /// What the answer says of it.
    pub(super) fn flags(self) -> Option<[&'static str; 1]> {
        (self == Self::Categorized).then_some([CATEGORIZE])
    }
}

/// A successful answer around data that are JSON.
pub(super) fn success(data: &Json) -> Response<Body> {
    plain(&json!({ "status": "success", "data": data }))
}

/// An answer without an envelope. As Go writes it: what could end a script is escaped.
pub(super) fn plain(answer: &Json) -> Response<Body> {
    crate::answer::json(escaped(&answer.to_string()).into_bytes())
}

/// JSON text in which `<`, `>` and `&`, which stand in texts only, are escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            other => out.push(other),
        }
    }
    out
}

/// How an answer is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// When numbers of one instant were evaluated.
    pub(super) at: Nanos,
    /// Which lines come first.
    pub(super) direction: Direction,
    /// How labels are written.
    pub(super) encoding: Encoding,
    /// How long the query took, in seconds.
    pub(super) seconds: f64,
}

/// The answer to a query.
pub(super) fn answer(answer: &Answer, form: Form) -> Response<Body> {
    let Form { at, direction, encoding, seconds } = form;
    let (kind, result) = match &answer.value {
        Value::Streams(all) => ("streams", streams(all, encoding, direction)),
        Value::Scalar(number) => ("scalar", json!([Time(at).json(), text_of(*number)])),
        Value::Vector(vector) => {
            let one = |labels: &Labels, number| json!({ "metric": object(labels.iter()), "value": [Time(at).json(), text_of(number)] });
            let all = vector.iter().map(|sample| one(&sample.labels, sample.value));
            ("vector", Json::Array(all.collect()))
        }
        Value::Matrix(matrix) => {
            let point =
                |(time, number): &(Nanos, f64)| json!([Time(*time).json(), text_of(*number)]);
            let all = matrix.iter().map(|series| {
                let values: Vec<_> = series.samples.iter().map(point).collect();
                json!({ "metric": object(series.labels.iter()), "values": values })
            });
            ("matrix", Json::Array(all.collect()))
        }
    };
    let mut data = json!({
        "resultType": kind,
        "result": result,
        "stats": statistics(&answer.statistics, seconds),
    });
    if let (Value::Streams(_), Some(flags)) = (&answer.value, encoding.flags()) {
        data["encodingFlags"] = json!(flags);
    }
    let mut whole = json!({ "status": "success", "data": data });
    if !answer.warnings.is_empty() {
        whole["warnings"] = json!(answer.warnings);
    }
    plain(&whole)
}

/// Streams with their lines.
pub(super) fn streams(all: &[ResultStream], encoding: Encoding, direction: Direction) -> Json {
    match encoding {
        Encoding::Merged => Json::Array(all.iter().map(merged).collect()),
        Encoding::Categorized => categorized(all, direction),
    }
}

fn merged(stream: &ResultStream) -> Json {
    let values: Vec<_> = stream
        .entries
        .iter()
        .map(|entry| json!([entry.time.to_string(), String::from_utf8_lossy(&entry.line)]))
        .collect();
    json!({ "stream": object(stream.labels().into_iter()), "values": values })
}

/// Labels by name, and lines with their times.
type Pairs<'a> = &'a [(String, String)];
type Lines = Vec<(Nanos, Json)>;

/// Groups with the same stream labels become one stream again, whose lines stay in the order of time.
fn categorized(all: &[ResultStream], direction: Direction) -> Json {
    let mut streams: Vec<(Pairs<'_>, Lines)> = Vec::new();
    for group in all {
        let mut beside = serde_json::Map::new();
        for (name, pairs) in [("structuredMetadata", &group.metadata), ("parsed", &group.parsed)] {
            if !pairs.is_empty() {
                beside.insert(name.to_owned(), object(as_texts(pairs)));
            }
        }
        let beside = Json::Object(beside);
        let lines = group.entries.iter().map(|entry| {
            let line = String::from_utf8_lossy(&entry.line);
            (entry.time, json!([entry.time.to_string(), line, beside]))
        });
        match streams.iter_mut().find(|(labels, _)| *labels == group.stream) {
            Some((_, held)) => held.extend(lines),
            None => streams.push((&group.stream, lines.collect())),
        }
    }
    let one = |(labels, mut lines): (Pairs<'_>, Lines)| {
        match direction {
            Direction::Forward => lines.sort_by_key(|(time, _)| *time),
            Direction::Backward => lines.sort_by_key(|(time, _)| std::cmp::Reverse(*time)),
        }
        let values: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
        json!({ "stream": object(as_texts(labels)), "values": values })
    };
    Json::Array(streams.into_iter().map(one).collect())
}

fn as_texts(pairs: Pairs<'_>) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// Labels as an object.
pub(super) fn object<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Json {
    Json::Object(pairs.map(|(name, value)| (name.to_owned(), value.into())).collect())
}

/// A time in seconds, with three decimals at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time(pub(super) Nanos);

impl Time {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are exact up to the year 287396")]
    pub(super) fn json(self) -> Json {
        let millis = self.0.div_euclid(1_000_000);
        if millis % 1000 == 0 { json!(millis / 1000) } else { json!(millis as f64 / 1000.0) }
    }
}

/// A number as Loki writes it: never with an exponent.
pub(super) fn text_of(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = write!(text, "{number}");
        text
    }
}

/// What a query cost, in the shape that clients read.
pub(super) fn statistics(own: &Statistics, seconds: f64) -> Json {
    // Whole numbers, which clients insist on; a query that took no time has no rate.
    let nanos = std::time::Duration::from_secs_f64(seconds.max(0.0)).as_nanos();
    let rate = |count: u64| {
        let rate = (u128::from(count) * 1_000_000_000).checked_div(nanos).unwrap_or_default();
        u64::try_from(rate).unwrap_or(u64::MAX)
    };
    json!({
        "summary": {
            "bytesProcessedPerSecond": rate(own.bytes),
            "linesProcessedPerSecond": rate(own.lines),
            "totalBytesProcessed": own.bytes,
            "totalLinesProcessed": own.lines,
            "execTime": seconds,
            "queueTime": 0,
            "subqueries": 0,
            "splits": 0,
            "shards": 0,
            "totalEntriesReturned": own.entries,
            "totalPostFilterLines": own.passed,
            "totalStructuredMetadataBytesProcessed": 0,
        },
        "querier": { "store": { "totalChunksRef": own.parts, "totalChunksDownloaded": own.parts } },
        "ingester": { "store": {} },
        "cache": {},
    })
}

#[cfg(test)]
mod tests {
    use watchglass_logql::Entry;

    use super::*;

    fn group(user: &str, times: &[Nanos]) -> ResultStream {
        let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let entry = |time: &Nanos| Entry { time: *time, line: format!("at {time}").into_bytes() };
        ResultStream {
            stream: pair("app", "a"),
            metadata: pair("user", user),
            parsed: Vec::new(),
            entries: times.iter().map(entry).collect(),
        }
    }

    #[test]
    fn groups_of_one_stream_are_one_stream_again_in_the_order_of_time() {
        let groups = [group("one", &[3, 1]), group("two", &[2])];
        let merged = streams(&groups, Encoding::Merged, Direction::Backward);
        let expected = json!([
            {"stream": {"app": "a", "user": "one"}, "values": [["3", "at 3"], ["1", "at 1"]]},
            {"stream": {"app": "a", "user": "two"}, "values": [["2", "at 2"]]},
        ]);
        assert_eq!(merged, expected);
        let beside = |user: &str| json!({"structuredMetadata": {"user": user}});
        let expected = json!([{"stream": {"app": "a"}, "values": [
            ["3", "at 3", beside("one")], ["2", "at 2", beside("two")], ["1", "at 1", beside("one")]]}]);
        assert_eq!(streams(&groups, Encoding::Categorized, Direction::Backward), expected);
    }

    #[test]
    fn numbers_have_no_exponent_and_times_three_decimals() {
        let numbers = [1e21, 1.5e-7, f64::INFINITY, f64::NAN, 2.0].map(text_of);
        assert_eq!(numbers, ["1000000000000000000000", "0.00000015", "+Inf", "NaN", "2"]);
        let times = [1_500_000_000, 2_000_000_000, -1].map(|time| Time(time).json().to_string());
        assert_eq!(times, ["1.5", "2", "-0.001"]);
        assert_eq!(escaped(r#"{"a":"<b> & c"}"#), r#"{"a":"\u003cb\u003e \u0026 c"}"#);
    }
}
