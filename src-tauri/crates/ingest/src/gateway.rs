//! A Pushgateway without a scraper: groups of metrics that jobs push, kept in the catalog and written as samples, at once
//! and then at every interval, with the labels of the group; as a Prometheus that honours labels would scrape them.
//!
//! Acknowledged means kept: the group's document is on disk and its samples are in the store before a push is answered.

mod check;
mod document;
mod expose;
mod family;
mod group;
mod read;
mod report;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;
use rapidhash::RapidHashSet;
use tokio::sync::Mutex;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::sync::CancellationToken;
use watchglass_model::{Millis, Timestamp};
use watchglass_storage::{Catalog, ReadError, SeriesWrite, WriteError};

use crate::pipeline::{Pipeline, refusal_of};
use crate::receiver::now;
use crate::refresh::Refresh;
use crate::refusal::Refusal;
use crate::scrape::ended;
use group::{Group, Groups};

pub(crate) use group::{Grouping, Mode};
pub(crate) use read::{Families, families};
pub(crate) use report::rfc3339;

/// The catalog's kind of documents.
const KIND: &str = "pushgateway";

/// Bytes that the documents of all groups may take together: each is held in memory too, and every push writes its own.
const MOST_BYTES: usize = 32 << 20;

/// The gateway; clones share it.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
}

struct Shared {
    catalog: Arc<dyn Catalog>,
    pipeline: Pipeline,
    groups: RwLock<Held>,
    /// Changes happen one after another, each at a later time than the one before.
    last: Mutex<Millis>,
}

#[derive(Debug, Default)]
struct Held {
    groups: Groups,
    /// Bytes of each group's document.
    sizes: BTreeMap<Grouping, usize>,
}

/// Why a push is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PushFault {
    /// It does not fit itself or what other groups hold; the failure is noted in the group.
    #[error("pushed metrics are invalid or inconsistent with existing metrics: {0}")]
    Inconsistent(String),
    /// There is no room.
    #[error(
        "all groups together would take {0} bytes, and {MOST_BYTES} are allowed: delete some with DELETE"
    )]
    Full(usize),
    /// The store does not take it now.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<WriteError> for PushFault {
    fn from(fault: WriteError) -> Self {
        Self::Refused(refusal_of(&fault))
    }
}

impl From<JoinError> for PushFault {
    fn from(_: JoinError) -> Self {
        Self::Refused(Pipeline::busy())
    }
}

impl Gateway {
    /// A gateway with the groups that the catalog holds. Its samples go through `pipeline`.
    pub fn open(catalog: Arc<dyn Catalog>, pipeline: Pipeline) -> Result<Self, ReadError> {
        let mut held = Held::default();
        for (key, document) in catalog.list(KIND)? {
            if let Some((grouping, group)) = document::read(&document) {
                held.put(grouping, group, document.len());
            } else {
                tracing::warn!(key, "a pushed group cannot be read and is left out");
            }
        }
        let groups = RwLock::new(held);
        let shared = Shared { catalog, pipeline, groups, last: Mutex::new(0) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Writes all groups at every interval until `closing`.
    pub async fn run(self, refresh: Refresh, closing: CancellationToken) {
        loop {
            if let Err(refusal) = self.refresh(now()).await {
                tracing::warn!("the pushed metrics were not written: {refusal}");
            }
            tokio::select! {
                () = closing.cancelled() => return,
                () = refresh.next() => {}
            }
        }
    }

    /// Writes all groups once.
    async fn refresh(&self, now: Timestamp) -> Result<(), Refusal> {
        let mut last = self.shared.last.lock().await;
        let time = later(&mut last, now);
        let groups = self.groups();
        let samples = groups.values().flat_map(|group| group.samples());
        let samples: Vec<_> = samples.map(|sample| sample.at(time)).collect();
        if samples.is_empty() {
            return Ok(());
        }
        let write = SeriesWrite { samples, ..SeriesWrite::default() };
        self.shared.pipeline.write(write).await.map(drop)
    }

    /// Takes a push. It is done to its end even if who asked has hung up; `Ok` says how many samples it brought.
    pub(crate) async fn push(
        &self,
        grouping: Grouping,
        families: Families,
        mode: Mode,
        now: Timestamp,
    ) -> Result<usize, PushFault> {
        let gateway = self.clone();
        let work = async move {
            let mut last = gateway.shared.last.lock().await;
            let time = later(&mut last, now);
            let groups = gateway.groups();
            let samples = families.values().map(read::Drafted::len).sum();
            let pushed = group::pushed(&groups, &grouping, families, mode, now);
            let (group, verdict) = match pushed {
                Ok(group) => (group, Ok(samples)),
                Err(fault) => {
                    let group = group::failed(&groups, &grouping, now);
                    (group, Err(PushFault::Inconsistent(fault)))
                }
            };
            gateway.replace(grouping, Some(group), time).await?;
            verdict
        };
        tokio::spawn(work).await?
    }

    /// Deletes a group; its series end.
    pub(crate) async fn delete(&self, grouping: Grouping, now: Timestamp) -> Result<(), PushFault> {
        let gateway = self.clone();
        let work = async move {
            let mut last = gateway.shared.last.lock().await;
            let time = later(&mut last, now);
            gateway.replace(grouping, None, time).await
        };
        tokio::spawn(work).await?
    }

    /// Puts a group in the place of the one before, or deletes it: in the catalog, in memory, in the store.
    async fn replace(
        &self,
        grouping: Grouping,
        group: Option<Group>,
        time: Millis,
    ) -> Result<(), PushFault> {
        let before = self.shared.groups.read().groups.get(&grouping).cloned();
        if before.is_none() && group.is_none() {
            return Ok(());
        }
        let (document, key) =
            (group.as_ref().map(|one| document::written(&grouping, one)), document::key(&grouping));
        let size = document.as_ref().map_or(0, String::len);
        if group.is_some() {
            self.shared.groups.read().room(&grouping, size)?;
        }
        let catalog = Arc::clone(&self.shared.catalog);
        let kept = spawn_blocking(move || match document {
            Some(document) => catalog.put(KIND, &key, &document),
            None => catalog.remove(KIND, &key),
        });
        kept.await??;
        let write = difference(before.as_deref(), group.as_ref(), time);
        match group {
            Some(group) => self.shared.groups.write().put(grouping, group, size),
            None => self.shared.groups.write().forget(&grouping),
        }
        self.shared.pipeline.write(write).await?;
        Ok(())
    }

    fn groups(&self) -> Groups {
        self.shared.groups.read().groups.clone()
    }

    /// All groups in the text format.
    pub(crate) fn exposition(&self) -> String {
        expose::exposition(&self.groups())
    }

    /// All groups as `/api/v1/metrics` tells them.
    pub(crate) fn report(&self) -> serde_json::Value {
        report::report(&self.groups())
    }
}

impl Held {
    fn put(&mut self, grouping: Grouping, group: Group, size: usize) {
        self.sizes.insert(grouping.clone(), size);
        self.groups.insert(grouping, Arc::new(group));
    }

    fn forget(&mut self, grouping: &Grouping) {
        self.sizes.remove(grouping);
        self.groups.remove(grouping);
    }

    /// Whether there is room for a document of `size` bytes in the place of the group's old one.
    fn room(&self, grouping: &Grouping, size: usize) -> Result<(), PushFault> {
        let others = self.sizes.iter().filter(|(key, _)| *key != grouping);
        let all = others.map(|(_, size)| size).sum::<usize>() + size;
        if all > MOST_BYTES { Err(PushFault::Full(all)) } else { Ok(()) }
    }
}

/// A time in milliseconds that is later than the last: no two values of a series may bear the same.
fn later(last: &mut Millis, now: Timestamp) -> Millis {
    let now = Millis::try_from(now.0 / 1_000_000).unwrap_or(Millis::MAX);
    *last = now.max(last.saturating_add(1));
    *last
}

/// What is to be written when `after` takes the place of `before`: the new values, and the end of what is gone.
fn difference(before: Option<&Group>, after: Option<&Group>, time: Millis) -> SeriesWrite {
    let mut write = SeriesWrite::default();
    let mut here: RapidHashSet<_> = RapidHashSet::default();
    if let Some(after) = after {
        here.extend(after.samples().map(|sample| &sample.series));
        write.samples.extend(after.samples().map(|sample| sample.at(time)));
        let families = after.families.iter();
        write.metadata.extend(families.map(|(name, family)| (name.clone(), family.metadata())));
    }
    let gone = before.into_iter().flat_map(Group::samples);
    let gone = gone.filter(|sample| !here.contains(&sample.series));
    write.samples.extend(gone.map(|sample| (sample.series.clone(), vec![ended(time)])));
    write
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let groups = self.shared.groups.read().groups.len();
        f.debug_struct("Gateway").field("groups", &groups).finish_non_exhaustive()
    }
}
