//! Any lines come out as they went in, and are found by any part of them.

use proptest::prelude::*;
use watchglass_model::{LogRecord, SpanId, Timestamp, TraceId};

use super::{Cuts, Lines, Rows};

fn record(number: u64) -> LogRecord {
    LogRecord {
        time: Timestamp(1_795_219_200_000_000_000 + number * 7_654_321),
        trace_id: TraceId((u128::from(number / 3) << 64 | 7).to_be_bytes()),
        span_id: SpanId((number | 1 << 60).to_be_bytes()),
        ..LogRecord::default()
    }
}

fn line(kind: u8, number: u64, word: &str) -> String {
    let record = record(number);
    let milliseconds = record.time.0 / 1_000_000 % 1_000;
    let time = format!("2026-11-21T00:00:00.{milliseconds:03}Z");
    match kind % 8 {
        0 => format!(
            r#"{{"ts":"{time}","level":"info","msg":"order {number} of {word} took {}ms","status":{},"trace_id":"{}","span_id":"{}"}}"#,
            number % 90,
            200 + number % 4 * 100,
            record.trace_id,
            record.span_id
        ),
        1 => format!(
            r#"{{"level":"warn","a":{{"b":{}.{:02}}},"list":[1,{number}],"w":"{word}"}}"#,
            number,
            number % 100
        ),
        2 => {
            format!("ts={time} level=info user=u-{number} msg=\"{word} done\" took={}s", number % 7)
        }
        3 => format!(
            "{time} INFO [worker-{}] {word}: request {number:06} from 10.0.0.{}",
            number % 5,
            number % 256
        ),
        4 => format!(
            r#"{{"id":"{:08x}-12ab-4cde-8f00-{:012x}","hash":"{:016x}"}}"#,
            number * 77,
            number,
            number * 31
        ),
        5 => word.to_owned(),
        6 => format!("{} {word}", record.time.0 / 1_000_000),
        _ => format!(
            r#"{{"n":{},"w":"{word}","e":{}}}"#,
            -number.cast_signed(),
            record.time.0 / 1_000_000
        ),
    }
}

fn stored(lines: &[String], records: &[LogRecord]) -> Lines {
    let rows = Rows { records };
    let bytes = Cuts::lines(lines.iter().map(String::as_str)).write_lines(&rows).unwrap();
    Lines::open(&bytes).unwrap()
}

fn check(lines: &[String], needles: &[String]) {
    let records: Vec<_> = (0..).take(lines.len()).map(record).collect();
    let (rows, read) = (Rows { records: &records }, stored(lines, &records));
    assert_eq!(read.len(), lines.len());
    for (row, line) in (0..).zip(lines) {
        let mut out = String::new();
        read.append(row, &rows, &mut out).unwrap();
        assert_eq!(&out, line);
    }
    for needle in needles.iter().filter(|needle| !needle.is_empty()) {
        let found = read.holding(needle, &rows).unwrap();
        for (line, found) in lines.iter().zip(found) {
            assert_eq!(found, line.contains(needle.as_str()), "{needle:?} in {line:?}");
        }
    }
}

/// Parts of lines, and texts that are nearly parts.
fn needles(lines: &[String], cuts: &[(usize, usize, usize)]) -> Vec<String> {
    let parts = cuts.iter().filter_map(|(line, start, length)| {
        let line: Vec<char> = lines.get(line % lines.len().max(1))?.chars().collect();
        let start = start % line.len().max(1);
        let part: String = line.iter().skip(start).take(length % 24 + 1).collect();
        Some([part.clone(), format!("{part}7"), format!("0{part}")])
    });
    parts.flatten().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_come_out_as_they_went_in_and_are_found_by_any_part(
        kinds in prop::collection::vec((any::<u8>(), 0_u64..3000, r#"([a-z]{1,9}|[a-z"\\{}=0-9 \PC]{0,12})"#), 1..120),
        one_kind: Option<u8>,
        cuts: Vec<(usize, usize, usize)>,
    ) {
        let lines: Vec<_> = kinds
            .iter()
            .enumerate()
            .map(|(row, (kind, number, word))| {
                // Half of the time of its own record, so that times and ids can be told from it.
                let number = if number % 2 == 0 { row as u64 } else { *number };
                line(one_kind.unwrap_or(*kind), number, word)
            })
            .collect();
        check(&lines, &needles(&lines, &cuts));
    }
}

#[test]
fn many_lines_of_one_kind_each_come_out_as_they_went_in() {
    for kind in 0..8 {
        let lines: Vec<_> = (0..600)
            .map(|row| line(kind, row, if row % 3 == 0 { "gamma 7" } else { "alpha" }))
            .collect();
        let cuts: Vec<_> = (0..60).map(|one| (one * 31, one * 17, one * 5)).collect();
        check(&lines, &needles(&lines, &cuts));
    }
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let lines: Vec<_> =
        (0..300).map(|row| line(u8::try_from(row % 8).unwrap(), row, "word")).collect();
    let records: Vec<_> = (0..300).map(record).collect();
    let rows = Rows { records: &records };
    let bytes = Cuts::lines(lines.iter().map(String::as_str)).write_lines(&rows).unwrap();
    for place in (0..bytes.len()).step_by(bytes.len() / 200 + 1) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        let Ok(read) = Lines::open(&damaged) else { continue };
        let mut out = String::new();
        for row in 0..300 {
            let _ = read.append(row, &rows, &mut out);
        }
        let _ = read.holding("order", &rows);
    }
}
