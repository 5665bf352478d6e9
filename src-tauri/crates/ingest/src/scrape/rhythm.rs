//! The loop of one target: at its place in every interval, until it is stopped, and what is left to do then.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};
use tokio_util::sync::CancellationToken;
use watchglass_model::Labels;

use super::clock::{aligned, millis, now, until_first};
use super::scraper::TargetScraper;

/// Why a target must not be asked, if so.
pub(crate) type Forbidden = Arc<Mutex<Option<String>>>;

/// The labels of the targets that are being scraped, and how many have them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Live(Arc<Mutex<BTreeMap<Labels, usize>>>);

impl Live {
    fn enter(&self, labels: &Labels) {
        *self.0.lock().entry(labels.clone()).or_default() += 1;
    }

    fn leave(&self, labels: &Labels) {
        let mut all = self.0.lock();
        if let Some(count) = all.get_mut(labels) {
            *count -= 1;
            if *count == 0 {
                all.remove(labels);
            }
        }
    }

    fn holds(&self, labels: &Labels) -> bool {
        self.0.lock().contains_key(labels)
    }
}

/// When a target is scraped, and until when.
#[derive(Debug)]
pub(crate) struct Rhythm {
    pub(crate) interval: Duration,
    /// Where in the interval.
    pub(crate) hash: u64,
    pub(crate) forbidden: Forbidden,
    pub(crate) live: Live,
    /// The target is gone.
    pub(crate) stop: CancellationToken,
    /// The program ends.
    pub(crate) closing: CancellationToken,
}

impl Rhythm {
    pub(crate) async fn run(self, mut scraper: TargetScraper) {
        self.live.enter(scraper.labels());
        let last = self.scrape(&mut scraper).await;
        self.live.leave(scraper.labels());
        if let Some(last) = last {
            self.end(&mut scraper, last).await;
        }
    }

    /// Scrapes until it is stopped; the time of the last scrape, if there was one.
    async fn scrape(&self, scraper: &mut TargetScraper) -> Option<Duration> {
        tokio::select! {
            () = self.stop.cancelled() => return None,
            () = sleep(until_first(now(), self.interval, self.hash)) => {}
        }
        let start = now();
        let mut ticks = interval_at(Instant::now(), self.interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut last = None;
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return last,
                _ = ticks.tick() => {}
            }
            let time = aligned(now(), start, self.interval);
            let forbidden = self.forbidden.lock().clone();
            let scrape = async {
                match forbidden {
                    Some(message) => scraper.fail(&message, millis(time)).await,
                    None => scraper.scrape(millis(time)).await,
                }
            };
            tokio::select! {
                () = self.closing.cancelled() => return None,
                () = scrape => last = Some(time),
            }
        }
    }

    /// Ends the series of a target that is gone, at the time of the scrape that does not happen any more. It may come
    /// back, under another configuration too: so this waits two intervals and a little, and then looks whether it did.
    async fn end(&self, scraper: &mut TargetScraper, last: Duration) {
        let until = last + self.interval * 2 + self.interval / 10;
        tokio::select! {
            () = self.closing.cancelled() => return,
            () = sleep(until.saturating_sub(now())) => {}
        }
        if !self.live.holds(scraper.labels()) {
            scraper.end(millis(last + self.interval)).await;
        }
    }
}
