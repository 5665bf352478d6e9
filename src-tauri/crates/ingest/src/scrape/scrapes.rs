//! The jobs of a configuration, running.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use rapidhash::v3::rapidhash_v3;
use tokio_util::sync::CancellationToken;
use watchglass_configuration::Configuration;
use watchglass_storage::SeriesWriter;

use super::pool::{Pool, PoolStatus, Shared};
use super::rhythm::Live;

/// All jobs; clones share them.
#[derive(Clone)]
pub struct Scrapes {
    writer: Arc<dyn SeriesWriter>,
    live: Live,
    closing: CancellationToken,
    pools: Arc<Mutex<BTreeMap<String, Pool>>>,
}

impl Scrapes {
    /// No jobs yet. What they scrape goes to `writer`.
    pub fn new(writer: Arc<dyn SeriesWriter>) -> Self {
        let (live, closing) = (Live::default(), CancellationToken::new());
        Self { writer, live, closing, pools: Arc::default() }
    }

    /// Runs the jobs of a configuration and no others. Jobs that stay the same go on undisturbed. To be called within a
    /// tokio runtime.
    pub fn apply(&self, configuration: &Configuration) {
        let shared = Shared {
            writer: Arc::clone(&self.writer),
            live: self.live.clone(),
            seed: rapidhash_v3(configuration.global.external_labels.to_string().as_bytes()),
            closing: self.closing.clone(),
        };
        let mut pools = self.pools.lock();
        let mut before = std::mem::take(&mut *pools);
        for config in &configuration.scrape_configs {
            let same = before.remove(&config.job_name).filter(|pool| **pool.config() == *config);
            let pool =
                same.unwrap_or_else(|| Pool::start(Arc::new(config.clone()), shared.clone()));
            pools.insert(config.job_name.clone(), pool);
        }
    }

    /// How the jobs stand, by name.
    pub fn pools(&self) -> Vec<PoolStatus> {
        self.pools.lock().values().map(Pool::status).collect()
    }

    /// Ends all jobs at once; nothing is marked as ended, for the program will go on another time.
    pub fn close(&self) {
        self.closing.cancel();
    }
}

impl fmt::Debug for Scrapes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrapes").field("jobs", &self.pools.lock().len()).finish_non_exhaustive()
    }
}
