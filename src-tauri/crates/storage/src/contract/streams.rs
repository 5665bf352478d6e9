//! What every store of streams must pass: holding the same, it answers the same as [`crate::MemoryStreams`].

use std::collections::BTreeSet;

use watchglass_model::Labels;

use crate::{
    Comparison, LineDetail, LineHint, LineParser, MatchOperator, Matcher, MetadataDetail, Nanos,
    NanosRange, StreamEntry, StreamReader, StreamScan, StreamWrite,
};

const WHOLE: &str = "a store that is whole can be read";

/// Entries of a few streams, the same for the same seed: times that come twice and out of order, lines that are empty,
/// long or no UTF-8, metadata that is shared and that is not.
pub fn stream_workload(seed: u64, entries: usize) -> StreamWrite {
    let mut state = seed;
    let mut below = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (state >> 33) % limit
    };
    let mut write = StreamWrite::default();
    for place in 0..entries {
        let (app, environment) = (below(4), below(2));
        let labels = Labels::from_pairs([
            ("app", format!("app{app}")),
            ("env", if environment == 0 { "dev".to_owned() } else { String::new() }),
        ]);
        let line = match below(12) {
            0 => Vec::new(),
            1 => vec![0xff, 0xfe, b'x'],
            2 => b"long ".repeat(400),
            3 => format!(r#"{{"status":{},"path":"/a/{place}"}}"#, 200 + 100 * below(4)).into(),
            kind => format!("level=info id={place} kind={kind} timeout").into_bytes(),
        };
        let mut metadata = vec![("pod".to_owned(), format!("pod-{}", below(3)))];
        if below(3) == 0 {
            metadata.push(("trace_id".to_owned(), format!("{place:032x}")));
        }
        let time = 1_735_689_600_000_000_000
            + Nanos::try_from(place as u64 / 3 + below(5)).unwrap_or(0) * 1_000_000;
        write.streams.push((labels, vec![StreamEntry { time, line, metadata }]));
    }
    write
}

/// Asks both the same and panics where `store` answers otherwise than `reference`. Both hold the same.
pub fn check_same_stream_answers(store: &dyn StreamReader, reference: &dyn StreamReader) {
    let all = reference.volumes(&[], NanosRange::ALL).expect(WHOLE);
    assert_eq!(volumes(store), volumes(reference), "other streams, entries or bytes");
    for matchers in questions(all.iter().map(|volume| &volume.labels)) {
        let names = |one: &dyn StreamReader| one.label_names(&matchers, NanosRange::ALL);
        let names = (names(store).expect(WHOLE), names(reference).expect(WHOLE));
        assert_eq!(names.0, names.1, "{matchers:?} names other labels");
        for name in &names.1 {
            let values =
                |one: &dyn StreamReader| one.label_values(name, &matchers, NanosRange::ALL);
            let values = (values(store).expect(WHOLE), values(reference).expect(WHOLE));
            assert_eq!(values.0, values.1, "{matchers:?} gives {name} other values");
        }
        for range in ranges(reference, &matchers) {
            let whole = StreamScan::whole(matchers.clone(), range);
            assert_eq!(rows(store, &whole), rows(reference, &whole), "{whole:?}");
            for hint in hints() {
                let scan = StreamScan { hints: vec![hint.clone()], ..whole.clone() };
                let holds = |row: &Row| holds(&hint, row);
                let kept: Vec<_> = rows(store, &scan).into_iter().filter(holds).collect();
                let expected: Vec<_> = rows(reference, &whole).into_iter().filter(holds).collect();
                assert_eq!(kept, expected, "{scan:?} leaves out rows that it must show");
                let exact = StreamScan { exact: true, ..scan };
                let shown = rows(store, &exact);
                let holds = |row: &Row| exact.holds_lines(&row.2);
                assert!(shown.iter().all(holds), "{exact:?} shows rows that it must leave out");
            }
            check_details(store, &whole);
        }
    }
}

/// What is shown of a row, in the order in which an engine shows rows.
type Row = (Nanos, Labels, Vec<u8>, Vec<(String, String)>);

/// All rows, by time, stream and arrival.
fn rows(reader: &dyn StreamReader, scan: &StreamScan) -> Vec<Row> {
    let mut found = Vec::new();
    for part in reader.select(scan).expect(WHOLE) {
        let (first, last) = part.bounds();
        part.read(&mut |batch| {
            let all: Vec<u32> = (0..).take(batch.len()).collect();
            for row in batch.rows.unwrap_or(&all) {
                let row = *row as usize;
                let time = batch.times.get(row).copied().expect("each row has a time");
                assert!(first <= time && time <= last, "a row lies outside the part's bounds");
                let labels = batch.stream(row).expect("each row has a stream").clone();
                let pairs = batch.metadata.of_row(row);
                let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
                found.push((time, labels, batch.line(row).to_vec(), pairs.collect()));
            }
        })
        .expect(WHOLE);
    }
    found.sort_by(|one: &Row, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    found
}

/// A scan that looks at less shows the same rows.
fn check_details(store: &dyn StreamReader, whole: &StreamScan) {
    let all = rows(store, whole).len();
    for lines in [LineDetail::Nothing, LineDetail::Lengths] {
        let scan =
            StreamScan { lines, metadata: MetadataDetail::Named(Vec::new()), ..whole.clone() };
        assert_eq!(rows(store, &scan).len(), all, "{scan:?} shows more or fewer rows");
    }
}

fn volumes(reader: &dyn StreamReader) -> Vec<(Labels, u64, u64)> {
    let volumes = reader.volumes(&[], NanosRange::ALL).expect(WHOLE);
    volumes.into_iter().map(|volume| (volume.labels, volume.entries, volume.bytes)).collect()
}

fn questions<'a>(streams: impl Iterator<Item = &'a Labels>) -> Vec<Vec<Matcher>> {
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    for labels in streams {
        pairs.extend(labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    let mut questions = vec![Vec::new()];
    for (name, value) in pairs {
        questions.push(vec![Matcher::equal(&*name, &*value)]);
        let other = Matcher::new(name, MatchOperator::NotEqual, value).expect("no pattern");
        questions.push(vec![other]);
    }
    questions.push(vec![Matcher::equal("app", "nobody")]);
    questions
}

/// All time, the middle third of the times that occur, and one nanosecond.
fn ranges(reader: &dyn StreamReader, matchers: &[Matcher]) -> Vec<NanosRange> {
    let all = rows(reader, &StreamScan::whole(matchers.to_vec(), NanosRange::ALL));
    let at = |third: usize| all.get(all.len() * third / 3).map_or(0, |row| row.0);
    vec![
        NanosRange::ALL,
        NanosRange { start: at(1), end: at(2) },
        NanosRange { start: at(1), end: at(1) + 1 },
    ]
}

fn hints() -> Vec<LineHint> {
    let label = |name: &str, value: &str, in_line: &[&str]| LineHint::Label {
        name: name.to_owned(),
        values: vec![value.to_owned()],
        in_line: in_line.iter().map(|one| one.as_bytes().to_vec()).collect(),
    };
    let number = |name: &str, parser, comparison, value| LineHint::Number {
        name: name.to_owned(),
        parser,
        comparison,
        value,
    };
    vec![
        LineHint::Line(vec![b"timeout".to_vec(), b"status".to_vec()]),
        LineHint::Line(vec![b"not there".to_vec()]),
        label("app", "app1", &[]),
        label("pod", "pod-2", &["never looked at"]),
        label("trace_id", &format!("{:032x}", 9), &[]),
        label("status", "300", &["300"]),
        number("status", LineParser::Json, Comparison::GreaterEqual, 400.0),
        number("status", LineParser::Json, Comparison::Equal, 200.0),
        number("kind", LineParser::Logfmt, Comparison::Less, 7.0),
    ]
}

fn holds(hint: &LineHint, (_, labels, line, metadata): &Row) -> bool {
    let contains =
        |part: &Vec<u8>| line.windows(part.len()).any(|window| window == part.as_slice());
    match hint {
        LineHint::Line(any) => any.iter().any(contains),
        LineHint::Label { name, values, in_line } => {
            let own = Some(labels.get(name)).filter(|value| !value.is_empty()).or_else(|| {
                metadata.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
            });
            match own {
                Some(own) => values.iter().any(|value| value == own),
                None => in_line.iter().any(contains),
            }
        }
        LineHint::Number { name, comparison, value, .. } => {
            // The lines of the workload are JSON or logfmt in which a number follows its name at once.
            let line = String::from_utf8_lossy(line);
            let number = [format!("\"{name}\":"), format!("{name}=")].iter().find_map(|before| {
                let (_, rest) = line.split_once(before.as_str())?;
                let end = rest.find([',', ' ', '}']).unwrap_or(rest.len());
                rest.get(..end)?.parse::<f64>().ok()
            });
            number.is_some_and(|number| comparison.holds(number, *value))
        }
    }
}
