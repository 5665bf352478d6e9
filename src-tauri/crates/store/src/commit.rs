//! The commit thread: takes what waits, writes it as one group, makes it visible, and says so to everyone who waited.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::Duration;

use watchglass_model::Timestamp;
use watchglass_storage::{Arrival, Done, SeriesWrite, WriteDone, WriteError, Written};

use crate::head::Head;
use crate::journal::{Entry, Journal, Kind};
use crate::seal::Job;
use crate::series::ledger::Ledger;
use crate::series::record::Outgoing;
use crate::series::select::Sources;
use crate::series::tombstone::Tombstone;
use crate::view::Shared;

/// A group is written when nobody waits any more or when it has grown to this.
const GROUP_BYTES: usize = 8 << 20;
/// Samples of series may take so many times the memory of a head's rows: what makes a segment worth its index.
const SERIES_SHARE: usize = 4;

/// What the commit thread is told.
pub(crate) enum Command {
    /// Keep this, then say so.
    Write(Write),
    /// Forget samples, then say so.
    Delete(Tombstone, Done),
    /// It is now this late.
    Tick(Timestamp),
    /// Freeze the head, whatever its age, and have its partition sealed too.
    SealAll,
    /// Seal everything, and write anew what holds deleted samples.
    Clean,
    /// Finish what waits and go.
    Close,
}

/// What is to be kept, and who wants to know.
pub(crate) enum Write {
    /// Spans, log records or points.
    Rows(Arrival, Done),
    /// Samples.
    Series(Arc<SeriesWrite>, WriteDone),
}

impl Write {
    /// About how many bytes wait.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Rows(arrival, _) => arrival.wire.len(),
            Self::Series(write, _) => {
                let samples = write.samples.iter().map(|(_, samples)| 64 + 32 * samples.len());
                samples.sum::<usize>() + 256 * (write.exemplars.len() + write.metadata.len())
            }
        }
    }

    /// Says that nothing was kept.
    pub(crate) fn refuse(self, error: WriteError) {
        match self {
            Self::Rows(_, done) => done(Err(error)),
            Self::Series(_, done) => done(Err(error)),
        }
    }
}

/// The thread's state: the head that grows and its journal.
pub(crate) struct Commit {
    pub(crate) shared: Arc<Shared>,
    pub(crate) journals: PathBuf,
    pub(crate) head: Arc<Head>,
    pub(crate) journal: Journal,
    pub(crate) ledger: Ledger,
    pub(crate) seal: SyncSender<Job>,
    /// Bytes that wait in the queue.
    pub(crate) queued: Arc<AtomicUsize>,
    /// A head is frozen when its rows take so many bytes of memory,
    pub(crate) head_bytes: usize,
    /// when it holds so many samples of series,
    pub(crate) head_samples: u64,
    /// or when its first arrival is so old.
    pub(crate) head_age: Duration,
    /// The latest time that this thread was told of.
    pub(crate) now: Timestamp,
}

impl Commit {
    /// Works until it is told to close or until nobody can tell it anything any more.
    pub(crate) fn run(mut self, commands: &Receiver<Command>) {
        while let Ok(command) = commands.recv() {
            let mut group = Vec::new();
            let mut next = Some(command);
            let mut bytes = 0;
            while let Some(Command::Write(write)) = next {
                bytes += write.bytes();
                group.push(write);
                next = if bytes < GROUP_BYTES { commands.try_recv().ok() } else { None };
            }
            self.commit(group);
            match next {
                Some(Command::Tick(now)) => self.tick(now),
                Some(Command::Delete(tombstone, done)) => done(self.delete(&tombstone)),
                Some(Command::SealAll) => {
                    self.freeze();
                    let _ = self.seal.send(Job::SealPartition);
                }
                Some(Command::Clean) => {
                    self.freeze();
                    let _ = self.seal.send(Job::SealPartition);
                    let _ = self.seal.send(Job::Clean);
                }
                Some(Command::Close) => break,
                Some(Command::Write(_)) | None => {}
            }
        }
        let _ = self.seal.send(Job::Close);
    }

    fn commit(&mut self, group: Vec<Write>) {
        if group.is_empty() {
            return;
        }
        let bytes: usize = group.iter().map(Write::bytes).sum();
        self.queued.fetch_sub(bytes, Ordering::Relaxed);
        match self.keep(&group) {
            Ok(written) => {
                let mut written = written.into_iter();
                for write in group {
                    match write {
                        Write::Rows(_, done) => done(Ok(())),
                        Write::Series(_, done) => done(Ok(written.next().unwrap_or_default())),
                    }
                }
            }
            Err(error) => group.into_iter().for_each(|write| write.refuse(error.clone())),
        }
        if self.head.store.footprint() >= self.head_bytes
            || self.head.series.samples() >= self.head_samples
            || self.head.series.footprint() >= self.head_bytes * SERIES_SHARE
        {
            self.freeze();
        }
    }

    /// Puts a group into the journal, then into the head. Says what became of each write of series.
    fn keep(&mut self, group: &[Write]) -> Result<Vec<Written>, WriteError> {
        let mut entries = Vec::new();
        let mut series = Vec::new();
        for write in group {
            match write {
                Write::Rows(arrival, _) => {
                    self.now = self.now.max(arrival.received);
                    let kind = Kind::Rows(arrival.batch.signal());
                    let (received, wire) = (arrival.received, arrival.wire.clone());
                    entries.push(Entry { kind, received, wire });
                }
                Write::Series(write, _) => series.push(&**write),
            }
        }
        let sources = Sources::new(&self.shared, &self.ledger.index);
        let mut plan = self.ledger.plan(self.head.number, series.iter().copied(), &sources);
        self.annotate(&series, &mut plan.outgoing);
        let received = self.received(&plan.outgoing);
        entries.extend(plan.outgoing.entry(received));
        if let Err(error) = self.append(&entries) {
            self.ledger.undo(&plan);
            return Err(error);
        }
        for write in group {
            if let Write::Rows(arrival, _) = write {
                self.head.keep(arrival.received, &arrival.batch);
            }
        }
        if !plan.outgoing.is_empty() {
            self.head.note(received);
            self.head.series.keep(plan.outgoing.samples.iter().copied());
            self.shared.annotations.write().add(&plan.outgoing);
        }
        Ok(plan.written)
    }

    /// Adds the exemplars and metadata that are not known yet.
    fn annotate<'w>(&self, writes: &[&'w SeriesWrite], outgoing: &mut Outgoing<'w>) {
        let known = self.shared.annotations.read();
        for write in writes {
            let own = write
                .exemplars
                .iter()
                .flat_map(|(labels, all)| all.iter().map(move |one| (labels, one)));
            outgoing.exemplars.extend(own.filter(|(labels, one)| !known.has_exemplar(labels, one)));
            let own = write.metadata.iter().map(|(name, metadata)| (name.as_str(), metadata));
            outgoing.metadata.extend(own.filter(|(name, one)| !known.has_metadata(name, one)));
        }
    }

    /// When a record of series arrives: now, as far as this thread knows, or else when its newest sample was taken.
    fn received(&self, outgoing: &Outgoing<'_>) -> Timestamp {
        if self.now != Timestamp::ZERO {
            return self.now;
        }
        let newest = outgoing.samples.iter().map(|(_, sample)| sample.time).max();
        let millis = newest.and_then(|newest| u64::try_from(newest).ok()).unwrap_or(0);
        Timestamp(millis.saturating_mul(1_000_000))
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), WriteError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.journal.append(entries).map_err(|error| {
            let path = self.journal.path().display();
            tracing::error!("{path} cannot be written: {error}");
            WriteError::Disk(format!("{path}: {error}"))
        })
    }

    fn delete(&mut self, tombstone: &Tombstone) -> Result<(), WriteError> {
        let outgoing = Outgoing { tombstones: vec![tombstone], ..Outgoing::default() };
        let received = self.received(&outgoing);
        let entry = outgoing.entry(received);
        self.append(entry.as_slice())?;
        self.head.note(received);
        let hit = self.head.series.delete(tombstone);
        self.ledger.forget(&hit);
        Ok(())
    }

    fn tick(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
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
        let journal = match begin_journal(&self.journals, number, &self.shared) {
            Ok(journal) => journal,
            Err(error) => {
                tracing::error!("journal {number} cannot be started: {error}");
                *self.shared.read_only.lock() =
                    Some(format!("a journal cannot be started: {error}"));
                return;
            }
        };
        self.journal = journal;
        self.ledger.renew(self.head.number);
        let head = Arc::new(Head::new(number, &self.ledger.index));
        let frozen = std::mem::replace(&mut self.head, head);
        self.shared.change(|view| view.heads.insert(0, Arc::clone(&self.head)));
        let _ = self.seal.send(Job::Seal(frozen));
    }
}

/// A new journal, with the metadata and exemplars that no segment keeps.
pub(crate) fn begin_journal(folder: &Path, number: u32, shared: &Shared) -> io::Result<Journal> {
    let mut journal = Journal::create(folder, number)?;
    let annotations = shared.annotations.read();
    // Whoever reads them back takes no note of the time.
    if let Some(entry) = annotations.all().entry(Timestamp::ZERO) {
        journal.append(&[entry])?;
    }
    Ok(journal)
}
