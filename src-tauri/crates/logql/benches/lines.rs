//! How fast lines in memory are asked, beside the least that any engine must do: a search for the same bytes, or a pass
//! of `serde_json` over the same lines. `cargo bench -p watchglass-logql` prints lines a second and the ratio.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::time::Instant;

use memchr::memmem::Finder;
use watchglass_logql::{Direction, Engine, EngineOptions, Query, When};
use watchglass_model::Labels;
use watchglass_storage::{MemoryStreams, StreamEntry, StreamWrite};

const LINES: usize = 1_000_000;
const SECOND: i64 = 1_000_000_000;

fn main() {
    let lines: Vec<String> = (0..LINES).map(line).collect();
    let store = MemoryStreams::new();
    for (place, line) in lines.iter().enumerate() {
        let labels = Labels::from_pairs([("app", format!("app{}", place % 7))]);
        let time = i64::try_from(place).unwrap_or(0) * 1_000_000;
        let entry = StreamEntry { time, line: line.clone().into_bytes(), metadata: Vec::new() };
        store.keep(&StreamWrite { streams: vec![(labels, vec![entry])] });
    }
    let bytes: usize = lines.iter().map(String::len).sum();
    println!("{LINES} lines, {} bytes a line", bytes / LINES);

    let text = lines.concat();
    let search = seconds(|| Finder::new("status\":599").find_iter(text.as_bytes()).count());
    let parse = seconds(|| {
        lines.iter().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).count()
    });
    report("memmem over all bytes", search, search);
    report("serde_json::Value of each line", parse, parse);
    for threads in [1, 2] {
        println!("{threads} threads");
        let own = |query| ask(&store, query, threads);
        report("|= that no line has", own(r#"{app=~".+"} |= "status\":599""#), search);
        report(
            "count |= one in 50",
            own(r#"sum(count_over_time({app=~".+"} |= "status\":500" [1h]))"#),
            search,
        );
        report(
            "| json | status >= 500",
            own(r#"sum(count_over_time({app=~".+"} | json | status >= 500 [1h]))"#),
            parse,
        );
        report(
            "sum by (path) | json",
            own(r#"sum by (path) (count_over_time({app=~".+"} | json [1h]))"#),
            parse,
        );
        report("count_over_time", own(r#"sum(count_over_time({app=~".+"}[1m]))"#), search);
        report(
            "unwrap duration",
            own(r#"sum(sum_over_time({app=~".+"} | json | unwrap duration(took) [1m]))"#),
            parse,
        );
    }
}

fn line(place: usize) -> String {
    let status = if place.is_multiple_of(50) { 500 } else { 200 };
    format!(
        r#"{{"time":"2024-02-03T04:05:06Z","level":"info","msg":"request done","path":"/items/{}","status":{status},"took":"{}ms","id":"{place:032x}"}}"#,
        place % 100,
        place % 977
    )
}

fn ask(store: &MemoryStreams, text: &str, threads: usize) -> f64 {
    let engine = Engine::new(EngineOptions { threads, ..EngineOptions::default() });
    let when = When::Range { start: 0, end: 1_000 * SECOND, step: 60 * SECOND };
    let query = Query { text, when, direction: Direction::Backward, limit: 100, now: 0 };
    seconds(|| engine.query(store, &query, &|| None).map(|answer| answer.statistics.lines))
}

/// The best of three.
fn seconds<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        std::hint::black_box(work());
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

#[expect(clippy::cast_precision_loss, reason = "a million is far below what a float tells")]
fn report(what: &str, seconds: f64, least: f64) {
    println!(
        "  {what:32} {:6.1} M lines/s  {:6.2} times",
        LINES as f64 / seconds / 1e6,
        seconds / least
    );
}
