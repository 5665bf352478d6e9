//! How often values that are held in memory are written again, so that no query finds them stale.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// The interval at which held values are written, as a Prometheus would scrape them; clones share it.
#[derive(Debug, Clone)]
pub struct Refresh(Arc<watch::Sender<Duration>>);

impl Refresh {
    /// The interval where nobody says otherwise.
    pub const USUAL: Duration = Duration::from_secs(15);

    /// Changes the interval; who waits begins anew.
    pub fn set(&self, interval: Duration) {
        self.0.send_if_modified(|now| std::mem::replace(now, interval) != interval);
    }

    /// The interval now.
    pub fn interval(&self) -> Duration {
        *self.0.borrow()
    }

    /// Waits one interval.
    pub(crate) async fn next(&self) {
        let mut changes = self.0.subscribe();
        loop {
            let interval = *changes.borrow_and_update();
            tokio::select! {
                () = sleep(interval) => return,
                // The sender lives as long as `self`.
                _ = changes.changed() => {}
            }
        }
    }
}

impl Default for Refresh {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Self::USUAL)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_hears_of_a_shorter_interval() {
        let refresh = Refresh::default();
        refresh.set(Duration::from_hours(1));
        let waiting = tokio::spawn({
            let refresh = refresh.clone();
            async move { refresh.next().await }
        });
        tokio::task::yield_now().await;
        refresh.set(Duration::from_millis(1));
        waiting.await.unwrap();
        assert_eq!(refresh.interval(), Duration::from_millis(1));
    }
}
