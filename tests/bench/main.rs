//! What Watchglass costs, in one run: `cargo build --release --no-default-features -p watchglass`, then
//! `cargo bench -p watchglass-tests [-- store|logs [LINES]|series|intake|start]`. Ratios are against decoding the same bytes with prost.
#![expect(clippy::print_stdout, reason = "a benchmark prints a table")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop here")]

mod instance;
mod intake;
mod logs;
mod measure;
mod series;
mod start;
mod store;
mod traffic;

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|one| !one.starts_with('-')).collect();
    let all: [(&str, fn()); 5] = [
        ("store", store::table),
        ("logs", logs::table),
        ("series", series::table),
        ("intake", intake::table),
        ("start", start::table),
    ];
    for (name, table) in all {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            println!("\n## {name}\n");
            table();
        }
    }
}
