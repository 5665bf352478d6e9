//! The waiting that stands for work. It is handed in, so that tests can see every wait without waiting.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How a service spends the time that its simulated work takes.
#[derive(Clone)]
pub(crate) struct Pauses(Arc<dyn Fn(Duration) -> Wait + Send + Sync>);

impl Pauses {
    /// Pauses that take the time they say.
    pub(crate) fn real() -> Self {
        Self(Arc::new(|duration| Box::pin(tokio::time::sleep(duration))))
    }

    /// Pauses that are only noted.
    #[cfg(test)]
    pub(crate) fn noted(note: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |duration| {
            note(duration);
            Box::pin(std::future::ready(()))
        }))
    }

    pub(crate) async fn take(&self, duration: Duration) {
        (self.0)(duration).await;
    }

    /// Takes between `least_ms` and `most_ms`, as work of no particular difficulty does.
    pub(crate) async fn work(&self, least_ms: u64, most_ms: u64) {
        let duration = Duration::from_millis(rand::random_range(least_ms..=most_ms));
        self.take(duration).await;
    }
}

impl fmt::Debug for Pauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pauses")
    }
}
