//! What Watchglass costs, in one run: `cargo build --release --no-default-features -p watchglass`, then
//! `cargo bench -p watchglass-tests [-- store|logs [LINES]|series|intake|start|metrics]`. Ratios are against decoding the
//! same bytes with prost, or against Prometheus.
#![expect(clippy::print_stdout, reason = "a benchmark prints a table")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop here")]

mod instance;
mod intake;
mod logs;
mod measure;
mod metrics;
mod mix;
mod series;
mod start;
mod store;
mod traffic;

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|one| !one.starts_with('-')).collect();
    let all: [(&str, fn()); 7] = [
        ("store", store::table),
        ("logs", logs::table),
        ("series", series::table),
        ("intake", intake::table),
        ("start", start::table),
        ("metrics-costs", metrics::costs),
        ("metrics-queries", metrics::queries),
    ];
    for (name, table) in all {
        if wanted.is_empty() || wanted.iter().any(|one| name.starts_with(one.as_str())) {
            println!("\n## {name}\n");
            table();
        }
    }
}
