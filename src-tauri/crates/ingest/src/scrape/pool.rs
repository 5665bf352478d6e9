//! The targets of one job: what its discoveries find, and a loop for each target.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use watchglass_configuration::{ScrapeConfig, TargetGroup};
use watchglass_model::Labels;
use watchglass_storage::SeriesWriter;

use super::client::Requester;
use super::discovery::{Found, discover};
use super::fetch::Fetch;
use super::rhythm::{Forbidden, Live, Rhythm};
use super::scraper::{TargetScraper, TargetStatus};
use super::target::{Target, Targeted};

/// Groups that discoveries may have found before the pool has looked at them.
const WAITING: usize = 16;

/// How a job stands.
#[derive(Debug, Clone)]
pub struct PoolStatus {
    /// The job.
    pub config: Arc<ScrapeConfig>,
    /// Its targets, by labels.
    pub active: Vec<(Arc<Target>, TargetStatus)>,
    /// What relabelling dropped, as many as are to be remembered.
    pub dropped: Vec<DroppedTarget>,
    /// How much it dropped.
    pub dropped_count: usize,
    /// What was discovered and is no target: its labels, and why.
    pub refused: Vec<(Labels, String)>,
}

/// What relabelling dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedTarget {
    /// The labels before relabelling.
    pub discovered: Labels,
}

/// What all pools share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) writer: Arc<dyn SeriesWriter>,
    pub(crate) live: Live,
    /// What this program adds to the places of targets within the interval.
    pub(crate) seed: u64,
    /// The program ends: nothing is marked as ended, for it will go on.
    pub(crate) closing: CancellationToken,
}

/// A running job; it ends when it is dropped.
pub(crate) struct Pool {
    config: Arc<ScrapeConfig>,
    state: Arc<Mutex<State>>,
    stop: CancellationToken,
}

/// What tells targets apart.
type Identity = (Labels, String);

#[derive(Default)]
struct State {
    running: BTreeMap<Identity, Running>,
    dropped: Vec<DroppedTarget>,
    dropped_count: usize,
    refused: Vec<(Labels, String)>,
}

struct Running {
    target: Arc<Target>,
    status: Arc<parking_lot::RwLock<TargetStatus>>,
    forbidden: Forbidden,
    stop: CancellationToken,
}

impl Pool {
    /// Starts a job. To be called within a tokio runtime.
    pub(crate) fn start(config: Arc<ScrapeConfig>, shared: Shared) -> Self {
        let (state, stop) = (Arc::default(), shared.closing.child_token());
        let pool =
            Self { config: Arc::clone(&config), state: Arc::clone(&state), stop: stop.clone() };
        tokio::spawn(follow(config, state, shared, stop));
        pool
    }

    pub(crate) const fn config(&self) -> &Arc<ScrapeConfig> {
        &self.config
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let state = self.state.lock();
        let active = state.running.values();
        PoolStatus {
            config: Arc::clone(&self.config),
            active: active
                .map(|one| (Arc::clone(&one.target), one.status.read().clone()))
                .collect(),
            dropped: state.dropped.clone(),
            dropped_count: state.dropped_count,
            refused: state.refused.clone(),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Follows the discoveries of a job until it is stopped.
async fn follow(
    config: Arc<ScrapeConfig>,
    state: Arc<Mutex<State>>,
    shared: Shared,
    stop: CancellationToken,
) {
    let fetch = match Requester::new(&config.client) {
        Ok(requester) => Fetch::new(requester, &config),
        Err(fault) => {
            tracing::error!(job = config.job_name, %fault, "cannot scrape");
            return;
        }
    };
    if config.histograms.classic_to_custom {
        let job = &config.job_name;
        tracing::warn!(
            job,
            "convert_classic_histograms_to_nhcb is understood but not done: classic histograms stay what they are"
        );
    }
    let (sender, mut found) = mpsc::channel(WAITING);
    for (place, discovery) in config.discoveries.iter().enumerate() {
        discover(place, discovery, &sender, &stop);
    }
    drop(sender);
    let mut groups: BTreeMap<usize, Vec<TargetGroup>> = BTreeMap::new();
    loop {
        let Found { discovery, groups: new } = tokio::select! {
            () = stop.cancelled() => return,
            found = found.recv() => match found {
                Some(found) => found,
                // Static groups have been told once and for all.
                None => return stop.cancelled().await,
            },
        };
        groups.insert(discovery, new);
        let targeted: Vec<_> =
            groups.values().flatten().flat_map(|group| Target::of_group(group, &config)).collect();
        state.lock().follow(targeted, &config, &fetch, &shared, &stop);
    }
}

impl State {
    /// Starts what is new, and stops what is gone.
    fn follow(
        &mut self,
        targeted: Vec<Targeted>,
        config: &Arc<ScrapeConfig>,
        fetch: &Fetch,
        shared: &Shared,
        stop: &CancellationToken,
    ) {
        let mut wanted = BTreeMap::new();
        (self.dropped, self.dropped_count, self.refused) = (Vec::new(), 0, Vec::new());
        let most = usize::try_from(config.limits.keep_dropped_targets).unwrap_or(0);
        for one in targeted {
            match one {
                Targeted::Target(target) => {
                    let identity = (target.labels.clone(), target.url.to_string());
                    wanted.entry(identity).or_insert_with(|| Arc::new(*target));
                }
                Targeted::Dropped(discovered) => {
                    self.dropped_count += 1;
                    if most == 0 || self.dropped.len() < most {
                        self.dropped.push(DroppedTarget { discovered });
                    }
                }
                Targeted::Refused(labels, fault) => self.refused.push((labels, fault.to_string())),
            }
        }
        self.running.retain(|identity, running| {
            let is_wanted = wanted.contains_key(identity);
            if !is_wanted {
                running.stop.cancel();
            }
            is_wanted
        });
        let limit = usize::try_from(config.limits.targets).unwrap_or(usize::MAX);
        let forbidden = (limit > 0 && wanted.len() > limit).then(|| {
            format!("target_limit exceeded (number of targets: {}, limit: {limit})", wanted.len())
        });
        for (identity, target) in wanted {
            let start = || Running::start(target, config, fetch, shared, stop);
            let running = self.running.entry(identity).or_insert_with(start);
            running.forbidden.lock().clone_from(&forbidden);
        }
    }
}

impl Running {
    fn start(
        target: Arc<Target>,
        config: &Arc<ScrapeConfig>,
        fetch: &Fetch,
        shared: &Shared,
        stop: &CancellationToken,
    ) -> Self {
        let scraper = TargetScraper::with_fetch(
            Arc::clone(&target),
            Arc::clone(config),
            fetch.clone(),
            Arc::clone(&shared.writer),
        );
        let (status, forbidden, stop) =
            (scraper.status(), Forbidden::default(), stop.child_token());
        let rhythm = Rhythm {
            interval: target.interval,
            hash: target.hash() ^ shared.seed,
            forbidden: Arc::clone(&forbidden),
            live: shared.live.clone(),
            stop: stop.clone(),
            closing: shared.closing.clone(),
        };
        tokio::spawn(rhythm.run(scraper));
        Self { target, status, forbidden, stop }
    }
}
