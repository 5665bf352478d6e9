//! What samples cost: CPU on the way in, bytes on disk, memory while their series are active.
#![expect(clippy::cast_precision_loss, reason = "a table shows three digits")]

use std::path::Path;
use std::time::Duration;

use super::remote_write::{EncodedSeries, MANY_SAMPLES, SAMPLES, Sender};
use super::server::{Server, settle};
use crate::measure::{cpu_of, disk_of, memory_of};
use crate::mix::{Chance, Target, mixed, targets};

/// Scrapes of a day, every 15 seconds.
const DAY: usize = 5_760;
/// Scrapes sent as Prometheus does, a sample a series; the rest of the day comes in larger pieces, to save time.
const SINGLE: usize = 240;
/// Scrapes in a larger piece.
const PIECE: usize = 20;

pub(crate) fn table(prometheus: &Path) {
    println!("what                                     Watchglass  Prometheus   ratio  floor");
    day(prometheus);
    active(prometheus);
}

/// A day of 10,000 series: CPU a million samples, and bytes a sample when both have nothing left to do.
fn day(prometheus: &Path) {
    let servers = Server::pair(prometheus);
    let mut scraped = Scraped::new(10_000);
    let mut sender = Sender::to(&servers, SAMPLES);
    let before = servers.each_ref().map(|one| cpu_of(one.process()));
    for scrape in 0..SINGLE {
        scraped.send(&mut sender, scrape..scrape + 1);
    }
    let sent = sender.finish();
    settle(&servers, Duration::from_millis(500));
    let millions = sent as f64 / 1e6;
    let cpu = |server: usize| {
        let used = cpu_of(servers[server].process()).saturating_sub(before[server]);
        used.as_secs_f64() / millions
    };
    line("remote write, CPU s a million samples", [cpu(0), cpu(1)], 0.5);
    let mut sender = Sender::to(&servers, MANY_SAMPLES);
    for start in (SINGLE..DAY).step_by(PIECE) {
        scraped.send(&mut sender, start..start + PIECE);
    }
    let sent = sent + sender.finish();
    settle(&servers, Duration::from_secs(3));
    let bytes = servers.each_ref().map(|one| disk_of(one.folder()) as f64 / sent as f64);
    line("a day of 10,000 series, bytes a sample", bytes, 1.0);
}

/// Memory with 200,000 active series of 25 samples each.
fn active(prometheus: &Path) {
    let servers = Server::pair(prometheus);
    let mut scraped = Scraped::new(200_000);
    let mut sender = Sender::to(&servers, SAMPLES);
    for scrape in 0..25 {
        scraped.send(&mut sender, scrape..scrape + 1);
    }
    sender.finish();
    settle(&servers, Duration::from_secs(1));
    let resident = servers.each_ref().map(|one| memory_of(one.process()).0 as f64);
    line("200,000 active series, resident MiB", resident, 1.0);
}

fn line(what: &str, [ours, theirs]: [f64; 2], floor: f64) {
    let ratio = ours / theirs;
    let verdict = if ratio <= floor { "" } else { "  MISSED" };
    println!("{what:<40}{ours:>11.3}{theirs:>12.3}{ratio:>8.2}  <= {floor}{verdict}");
}

/// Targets and their encoded series.
struct Scraped {
    targets: Vec<(Target, Vec<EncodedSeries>)>,
    chance: Chance,
}

impl Scraped {
    fn new(series: usize) -> Self {
        let encoded = |target: &Target| target.labels.iter().map(EncodedSeries::of).collect();
        let targets = targets(&mixed(series));
        let targets = targets.into_iter().map(|one| {
            let encoded = encoded(&one);
            (one, encoded)
        });
        Self { targets: targets.collect(), chance: Chance(11) }
    }

    /// Sends some scrapes, of each series those together.
    fn send(&mut self, sender: &mut Sender, scrapes: std::ops::Range<usize>) {
        let chance = &mut self.chance;
        for (number, (target, encoded)) in self.targets.iter_mut().enumerate() {
            let scrapes: Vec<_> = scrapes
                .clone()
                .map(|scrape| (target.time(scrape, chance), target.values(chance)))
                .collect();
            for (place, series) in encoded.iter().enumerate() {
                let samples: Vec<_> =
                    scrapes.iter().map(|(time, values)| (*time, values[place])).collect();
                sender.add(number, series, &samples);
            }
        }
    }
}
