//! `kill -9` at a random moment under load, twenty times over on one data folder: what was acknowledged is there.

use std::time::Duration;

use crate::acknowledged::{Load, find};
use crate::instance::{Instance, alone, say, scratch};
use crate::load::Numbers;

const ROUNDS: u64 = 20;

#[test]
fn every_acknowledged_row_outlives_kill_9() {
    let _alone = alone();
    let data = scratch();
    let mut moments = Numbers(20);
    let mut rounds = Vec::new();
    let mut instance = Instance::start_with(data.path(), &["--max-disk", "8GiB"]);
    say("kill -9: round, acknowledged, found, restart ms, partitions");
    for round in 0..ROUNDS {
        let load = Load::begin(&instance, round);
        std::thread::sleep(Duration::from_millis(150 + moments.next() % 750));
        instance.kill();
        let acknowledged = load.end();
        instance = Instance::start_with(data.path(), &["--max-disk", "8GiB"]);
        let restart = instance.started_in.as_millis();
        let (found, missing) = find(&instance, &acknowledged);
        let partitions = instance.get("/api/status")["store"]["partitions"].clone();
        let count = acknowledged.count();
        say(&format!("  {round:>2} {count:>6} {found:>6} {restart:>5} {partitions}"));
        assert_eq!(missing, Vec::<String>::new(), "lost in round {round}");
        assert!(count > 0, "nothing was acknowledged in round {round}");
        rounds.push(acknowledged);
    }
    for (round, acknowledged) in rounds.iter().enumerate() {
        let (_, missing) = find(&instance, acknowledged);
        assert_eq!(missing, Vec::<String>::new(), "of round {round}, lost later");
    }
    // The store counts its partitions once a second.
    instance.wait("/api/status", |status| status["store"]["partitions"].as_u64() > Some(0));
}
