//! Discoveries, each a task that tells all it knows whenever that changes. Where one fails, what it found before holds.

mod dns;
mod docker;
mod file;
mod http;
mod kubernetes;

use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use watchglass_configuration::{Discovery, TargetGroup};

/// All that one discovery of a job knows.
#[derive(Debug)]
pub(crate) struct Found {
    /// Which, by its place in the configuration.
    pub(crate) discovery: usize,
    pub(crate) groups: Vec<TargetGroup>,
}

/// Starts a discovery.
pub(crate) fn discover(
    place: usize,
    discovery: &Discovery,
    sender: &Sender<Found>,
    stop: &CancellationToken,
) {
    let tell = Tell { place, sender: sender.clone(), stop: stop.clone() };
    match discovery {
        Discovery::Static(groups) => {
            let groups = groups.clone();
            tokio::spawn(async move { tell.tell(groups).await });
        }
        Discovery::File(config) => drop(tokio::spawn(file::run(config.clone(), tell))),
        Discovery::Http(config) => drop(tokio::spawn(http::run(config.clone(), tell))),
        Discovery::Dns(config) => drop(tokio::spawn(dns::run(config.clone(), tell))),
        Discovery::Docker(config) => drop(tokio::spawn(docker::run(config.clone(), tell))),
        Discovery::Kubernetes(config) => {
            drop(tokio::spawn(kubernetes::run((**config).clone(), tell)));
        }
        Discovery::Other(_) => {
            let mechanism = discovery.name();
            tracing::warn!(
                mechanism,
                "this discovery is understood but not run: it finds no targets"
            );
        }
    }
}

/// Where a discovery tells what it knows.
#[derive(Debug)]
struct Tell {
    place: usize,
    sender: Sender<Found>,
    stop: CancellationToken,
}

impl Tell {
    /// Tells all that is known. False: nobody listens any more.
    async fn tell(&self, groups: Vec<TargetGroup>) -> bool {
        let found = Found { discovery: self.place, groups };
        tokio::select! {
            () = self.stop.cancelled() => false,
            sent = self.sender.send(found) => sent.is_ok(),
        }
    }

    /// Looks now and after every interval, and tells what is found if it is something else than before.
    async fn repeat<F>(self, mechanism: &str, every: Duration, mut look: impl FnMut() -> F)
    where
        F: Future<Output = Result<Vec<TargetGroup>, String>>,
    {
        let mut ticks = interval(every.max(Duration::from_millis(100)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut known = None;
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let found = tokio::select! {
                () = self.stop.cancelled() => return,
                found = look() => found,
            };
            match found {
                Ok(groups) if known.as_ref() != Some(&groups) => {
                    known = Some(groups.clone());
                    if !self.tell(groups).await {
                        return;
                    }
                }
                Ok(_) => {}
                Err(fault) => tracing::warn!(mechanism, fault, "cannot look for targets"),
            }
        }
    }
}

/// A group whose labels have one more.
fn with_label(group: TargetGroup, name: &str, value: &str) -> TargetGroup {
    TargetGroup { labels: group.labels.with(name, value), ..group }
}

/// A label's name from one that others allow (`strutil.SanitizeLabelName`).
fn sanitized(name: &str) -> String {
    name.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '_' }).collect()
}
