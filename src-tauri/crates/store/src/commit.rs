//! The commit thread: takes what waits, writes it as one group, makes it visible, and says so to everyone who waited.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::Duration;

use watchglass_model::Timestamp;
use watchglass_storage::{Arrival, Done, WriteError};

use crate::head::Head;
use crate::journal::Journal;
use crate::seal::Job;
use crate::view::Shared;

/// A group is written when nobody waits any more or when it has grown to this.
const GROUP_BYTES: usize = 8 << 20;

/// What the commit thread is told.
pub(crate) enum Command {
    /// Keep this, then say so.
    Append(Arrival, Done),
    /// It is now this late.
    Tick(Timestamp),
    /// Freeze the head, whatever its age, and have its partition sealed too.
    SealAll,
    /// Finish what waits and go.
    Close,
}

/// The thread's state: the head that grows and its journal.
pub(crate) struct Commit {
    pub(crate) shared: Arc<Shared>,
    pub(crate) journals: PathBuf,
    pub(crate) head: Arc<Head>,
    pub(crate) journal: Journal,
    pub(crate) seal: SyncSender<Job>,
    /// Bytes that wait in the queue.
    pub(crate) queued: Arc<AtomicUsize>,
    /// A head is frozen when it holds so many bytes of memory,
    pub(crate) head_bytes: usize,
    /// or when its first arrival is so old.
    pub(crate) head_age: Duration,
}

impl Commit {
    /// Works until it is told to close or until nobody can tell it anything any more.
    pub(crate) fn run(mut self, commands: &Receiver<Command>) {
        let mut group = Vec::new();
        while let Ok(command) = commands.recv() {
            let mut next = Some(command);
            let mut bytes = 0;
            while let Some(Command::Append(arrival, done)) = next {
                bytes += arrival.wire.len();
                group.push((arrival, done));
                next = if bytes < GROUP_BYTES { commands.try_recv().ok() } else { None };
            }
            self.commit(&mut group);
            match next {
                Some(Command::Tick(now)) => self.tick(now),
                Some(Command::SealAll) => {
                    self.freeze();
                    let _ = self.seal.send(Job::SealPartition);
                }
                Some(Command::Close) => break,
                Some(Command::Append(..)) | None => {}
            }
        }
        let _ = self.seal.send(Job::Close);
    }

    fn commit(&mut self, group: &mut Vec<(Arrival, Done)>) {
        if group.is_empty() {
            return;
        }
        let arrivals: Vec<_> = group.iter().map(|(arrival, _)| arrival).collect();
        let written = self.journal.append(&arrivals);
        let bytes: usize = arrivals.iter().map(|arrival| arrival.wire.len()).sum();
        self.queued.fetch_sub(bytes, Ordering::Relaxed);
        let outcome = match written {
            Ok(()) => {
                for (arrival, _) in group.iter() {
                    self.head.keep(arrival.received, &arrival.batch);
                }
                Ok(())
            }
            Err(error) => {
                let path = self.journal.path().display();
                tracing::error!("{path} cannot be written: {error}");
                Err(WriteError::Disk(format!("{path}: {error}")))
            }
        };
        for (_, done) in group.drain(..) {
            done(outcome.clone());
        }
        if self.head.store.footprint() >= self.head_bytes {
            self.freeze();
        }
    }

    fn tick(&mut self, now: Timestamp) {
        let first = self.head.received().first;
        let age = u64::try_from(self.head_age.as_nanos()).unwrap_or(u64::MAX);
        if !self.head.is_empty() && now.since(first) >= age {
            self.freeze();
        }
        // A busy seal thread looks at the time by itself, after its work.
        let _ = self.seal.try_send(Job::Tick(now));
    }

    /// Hands the head to the seal thread and starts a new one. Waits while the seal thread is behind.
    fn freeze(&mut self) {
        if self.head.is_empty() {
            return;
        }
        let number = self.head.number + 1;
        let journal = match Journal::create(&self.journals, number) {
            Ok(journal) => journal,
            Err(error) => {
                tracing::error!("journal {number} cannot be started: {error}");
                *self.shared.read_only.lock() =
                    Some(format!("a journal cannot be started: {error}"));
                return;
            }
        };
        self.journal = journal;
        let frozen = std::mem::replace(&mut self.head, Arc::new(Head::new(number)));
        self.shared.change(|view| view.heads.insert(0, Arc::clone(&self.head)));
        let _ = self.seal.send(Job::Seal(frozen));
    }
}
