//! How long the same questions take, asked of both in turn over one connection each.

use std::path::Path;
use std::time::{Duration, Instant};

use super::answers::{Agreement, difference};
use super::connection::Connection;
use super::server::{Server, settle};
use super::shapes::{self, END, INTERVAL, Shape};

/// How often a shape is asked of both, at least and at most.
const ROUNDS: (usize, usize) = (5, 31);
/// How long a shape may take altogether.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// What the geometric mean of all shapes must reach, and each shape alone.
const FLOORS: (f64, f64) = (3.0, 1.0);

pub(crate) fn table(prometheus: &Path) {
    let servers = Server::pair(prometheus);
    let samples = shapes::write(&servers);
    settle(&servers, Duration::from_secs(2));
    println!("\n{samples} samples; milliseconds, median\n");
    println!(" steps  Watchglass  Prometheus  times as fast  query");
    let mut connections = servers.each_ref().map(Server::connect);
    let mut lines: Vec<_> =
        shapes::shapes().into_iter().map(|shape| line(&mut connections, shape)).collect();
    let logs: f64 = lines.iter().map(|(factor, _)| factor.ln()).sum();
    let mean = (logs / f64::from(u32::try_from(lines.len()).unwrap())).exp();
    lines.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (slowest, shape) = &lines[0];
    let below = lines.iter().filter(|(factor, _)| *factor < FLOORS.1).count();
    let verdict = |reached: bool| if reached { "" } else { "  MISSED" };
    println!(
        "\n{} shapes: geometric mean {mean:.2} times as fast (>= {}){}",
        lines.len(),
        FLOORS.0,
        verdict(mean >= FLOORS.0)
    );
    println!(
        "slowest {slowest:.2} (>= {}){}: {} at {} steps; {below} below",
        FLOORS.1,
        verdict(*slowest >= FLOORS.1),
        shape.query,
        shape.steps
    );
}

fn line(connections: &mut [Connection; 2], shape: Shape) -> (f64, Shape) {
    let form = form(&shape);
    let [ours, theirs] = connections.each_mut().map(|one| ask(one, &form).0);
    if let Some(difference) = difference(&ours, &theirs, agreement(&shape)) {
        panic!("{} at {} steps: {difference}", shape.query, shape.steps);
    }
    let mut times = [Vec::new(), Vec::new()];
    let begun = Instant::now();
    while times[0].len() < ROUNDS.0 || (times[0].len() < ROUNDS.1 && begun.elapsed() < PATIENCE) {
        for (connection, times) in connections.iter_mut().zip(&mut times) {
            times.push(ask(connection, &form).1);
        }
    }
    let [ours, theirs] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e3
    });
    let factor = theirs / ours;
    println!("{:>6}{ours:>12.3}{theirs:>12.3}{factor:>15.2}  {}", shape.steps, shape.query);
    (factor, shape)
}

/// Limits pick by an order or a hash that is the server's own.
fn agreement(shape: &Shape) -> Agreement {
    if shape.query.starts_with("limit") { Agreement::Shared } else { Agreement::Whole }
}

fn form(shape: &Shape) -> (&'static str, String) {
    let query = encoded(&shape.query);
    let end = END / 1_000;
    if shape.steps == 1 {
        return ("/api/v1/query", format!("query={query}&time={end}"));
    }
    let start = end - INTERVAL / 1_000 * i64::try_from(shape.steps - 1).unwrap();
    let step = INTERVAL / 1_000;
    ("/api/v1/query_range", format!("query={query}&start={start}&end={end}&step={step}"))
}

/// A text for a form.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn ask(connection: &mut Connection, (path, form): &(&str, String)) -> (Vec<u8>, Duration) {
    let begun = Instant::now();
    let (status, body) = connection.post_form(path, form);
    let took = begun.elapsed();
    assert_eq!(status, 200, "{form}: {}", String::from_utf8_lossy(&body));
    (body, took)
}
