//! The seal thread: makes segments of heads and sealed partitions of segments, and keeps the store within its limits
//! of age and size.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use watchglass_model::{TimeRange, Timestamp};

use crate::head::Head;
use crate::journal;
use crate::log_index::{self, Pieces};
use crate::manifest::{Manifest, PartitionEntry, SegmentEntry};
use crate::open::Settings;
use crate::partition::{Openings, Partition, folder_size};
use crate::segment::{self, Built, Header};
use crate::view::{Shared, StoredSegment};

mod gather;

/// What the seal thread is told.
pub(crate) enum Job {
    /// Make a segment of this head.
    Seal(Arc<Head>),
    /// It is now this late.
    Tick(Timestamp),
    /// Seal the open partition, whatever its size.
    SealPartition,
    /// Write partitions anew that hold what was deleted.
    Clean,
    /// Finish and go.
    Close,
}

/// The partition that takes segments now.
pub(crate) struct Active {
    pub(crate) partition: Arc<Partition>,
    pub(crate) segments: Vec<SegmentEntry>,
    pub(crate) first_received: Timestamp,
    pub(crate) last_received: Timestamp,
    /// Bytes of records written.
    pub(crate) bytes: u64,
    /// Bytes of the journals that stay until the partition is sealed. Many small requests compress badly there, so
    /// a quiet day's journals would be ten times as large as what they became.
    pub(crate) journal_bytes: u64,
}

impl Active {
    /// A partition without segments.
    pub(crate) fn new(partition: Arc<Partition>) -> Self {
        Self {
            partition,
            segments: Vec::new(),
            first_received: Timestamp::ZERO,
            last_received: Timestamp::ZERO,
            bytes: 0,
            journal_bytes: 0,
        }
    }

    /// Counts a segment that was written.
    pub(crate) fn count(&mut self, number: u32, header: &Header, journals: &Path) {
        let journal = fs::metadata(journal::path(journals, number));
        self.journal_bytes += journal.map_or(0, |file| file.len());
        let times = header.times().map(|times| (times.start.0, times.end.0));
        let (rows, series) = (header.rows(), header.series.clone());
        self.segments.push(SegmentEntry { number, times, rows, series });
        self.first_received = self.first_received.or(header.received.first);
        self.last_received = self.last_received.max(header.received.last);
    }
}

/// The thread's state.
pub(crate) struct Sealer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) settings: Settings,
    pub(crate) folder: PathBuf,
    pub(crate) openings: Arc<Openings>,
    pub(crate) manifest: Manifest,
    pub(crate) active: Option<Active>,
    /// Heads that could not be written yet, oldest first.
    pub(crate) waiting: Vec<Arc<Head>>,
    /// Partitions that were rewritten, until the last scan has left them.
    pub(crate) retired: Vec<Arc<Partition>>,
    /// Partitions that cannot be rewritten, because something in them is damaged.
    pub(crate) left: BTreeSet<String>,
}

/// Journals may take a quarter of a partition until it is sealed.
const JOURNALS_SHARE: u64 = 4;

impl Sealer {
    /// Works until it is told to close.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        self.seal_waiting();
        while let Ok(job) = jobs.recv() {
            match job {
                Job::Seal(head) => {
                    self.waiting.push(head);
                    self.seal_waiting();
                }
                Job::Tick(now) => {
                    self.seal_waiting();
                    self.keep_age(now);
                }
                Job::SealPartition => self.roll(),
                Job::Clean => self.clean(),
                Job::Close => break,
            }
            self.remove_retired();
            self.keep_size();
        }
        if let Some(active) = &self.active {
            active.partition.close();
        }
    }

    /// Makes segments of the heads that wait. What the disk refuses goes on waiting.
    fn seal_waiting(&mut self) {
        while let Some(head) = self.waiting.first().map(Arc::clone) {
            if let Err(error) = self.seal(&head) {
                tracing::error!("head {} cannot be written: {error}", head.number);
                *self.shared.read_only.lock() =
                    Some(format!("a segment cannot be written: {error}"));
                return;
            }
            self.waiting.remove(0);
            if self.is_full() {
                self.roll();
            }
        }
    }

    /// Writes one head as a segment and shows the segment in its place.
    pub(crate) fn seal(&mut self, head: &Arc<Head>) -> io::Result<()> {
        let Built { header, records, pieces } =
            segment::build(head.number, head.received(), &head.store, &head.series)?;
        let bytes: u64 = records.iter().map(|(_, record)| record.len() as u64).sum();
        let journals = self.folder.join(JOURNALS);
        let active = self.active()?;
        if let Err(error) = active.partition.append(&records) {
            // This partition takes no more; its journals stay, and the next start looks at it afresh.
            self.active = None;
            return Err(error);
        }
        active.bytes += bytes;
        active.count(head.number, &header, &journals);
        self.index_logs(head.number, &header, &pieces);
        let Some(active) = &self.active else { return Ok(()) };
        let stored = StoredSegment::with_header(head.number, header, &active.partition);
        self.shared.change(|view| {
            view.heads.retain(|one| one.number != head.number);
            view.segments.insert(0, Arc::new(stored));
        });
        Ok(())
    }

    /// Writes the index of a segment's log records. Without it they are found all the same, by reading more.
    fn index_logs(&self, number: u32, header: &Header, pieces: &[Pieces]) {
        if header.logs.blocks.is_empty() {
            return;
        }
        let folder = &self.shared.log_folder;
        if let Err(error) = log_index::write(folder, number, &header.logs, pieces) {
            tracing::warn!("the index of segment {number} cannot be written: {error}");
            remove_if_there(&log_index::path(folder, number));
        }
    }

    fn active(&mut self) -> io::Result<&mut Active> {
        if self.active.is_none() {
            let number = self.manifest.next_partition;
            let name = format!("{number:08}");
            self.manifest.next_partition = number + 1;
            self.manifest.partitions.push(PartitionEntry {
                name: name.clone(),
                sealed: false,
                bytes: 0,
                last_received: 0,
                segments: Vec::new(),
            });
            // Named before it exists: a folder that the manifest does not know is rubbish.
            self.manifest.write(&self.folder)?;
            let partition = Partition::at(&self.folder.join(PARTITIONS), &name, &self.openings);
            self.active = Some(Active::new(partition));
        }
        self.active.as_mut().ok_or_else(|| io::Error::other("no partition is open"))
    }

    fn is_full(&self) -> bool {
        self.active.as_ref().is_some_and(|active| {
            let age = u64::try_from(self.settings.partition_age.as_nanos()).unwrap_or(u64::MAX);
            active.bytes >= self.settings.partition_bytes
                || active.journal_bytes >= self.settings.partition_bytes / JOURNALS_SHARE
                || active.last_received.since(active.first_received) >= age
        })
    }

    /// Seals the open partition: closed, on disk, named in the manifest; then its journals go.
    fn roll(&mut self) {
        let Some(active) = self.active.take() else {
            return;
        };
        if active.segments.is_empty() {
            self.active = Some(active);
            return;
        }
        if let Err(error) = self
            .rewrite(&active)
            .and_then(|done| if done { Ok(()) } else { self.seal_partition(&active) })
        {
            tracing::error!("partition {} cannot be sealed: {error}", active.partition.name);
            *self.shared.read_only.lock() = Some(format!("a partition cannot be sealed: {error}"));
            self.active = Some(active);
            return;
        }
        drop(active);
        self.gather();
    }

    fn remove_journals(&self, active: &Active) {
        for segment in &active.segments {
            remove_if_there(&journal::path(&self.folder.join(JOURNALS), segment.number));
        }
    }

    /// Seals a partition that takes no more segments.
    pub(crate) fn seal_partition(&mut self, active: &Active) -> io::Result<()> {
        active.partition.seal()?;
        let entries = &mut self.manifest.partitions;
        if let Some(entry) = entries.iter_mut().find(|entry| entry.name == active.partition.name) {
            entry.sealed = true;
            entry.bytes = active.partition.size();
            entry.last_received = active.last_received.0;
            entry.segments.clone_from(&active.segments);
        }
        self.manifest.write(&self.folder)?;
        self.remove_journals(active);
        Ok(())
    }

    /// Removes partitions whose last arrival is older than the retention.
    fn keep_age(&mut self, now: Timestamp) {
        let retention = u64::try_from(self.settings.retention.as_nanos()).unwrap_or(u64::MAX);
        let oldest = |entry: &PartitionEntry| {
            entry.sealed && now.since(Timestamp(entry.last_received)) > retention
        };
        while let Some(entry) = self.manifest.partitions.first().filter(|entry| oldest(entry)) {
            let name = entry.name.clone();
            self.remove_partition(&name);
        }
        if self.active.as_ref().is_some_and(|active| now.since(active.last_received) > retention) {
            self.roll();
        }
    }

    /// Removes the oldest partitions while the store is larger than it may be, and refuses writes while the disk has
    /// too little room.
    pub(crate) fn keep_size(&mut self) {
        let mut partitions: u64 = self.sealed_bytes();
        let open = self.active.as_ref().map_or(0, |active| active.partition.size());
        let journals = folder_size(&self.folder.join(JOURNALS));
        let log_folder = self.shared.log_folder.clone();
        let indexes = || folder_size(&log_folder);
        while partitions + open + journals + indexes() > self.settings.max_disk {
            let Some(oldest) = self.manifest.partitions.iter().find(|entry| entry.sealed) else {
                break;
            };
            let name = oldest.name.clone();
            self.remove_partition(&name);
            partitions = self.sealed_bytes();
        }
        self.shared.partition_bytes.store(partitions + open + indexes(), Ordering::Relaxed);
        self.shared.partitions.store(self.manifest.partitions.len() as u64, Ordering::Relaxed);
        self.keep_room();
    }

    fn sealed_bytes(&self) -> u64 {
        self.manifest.partitions.iter().map(|entry| entry.bytes).sum()
    }

    fn keep_room(&self) {
        let Ok(disk) = rustix::fs::statvfs(&self.folder) else {
            return;
        };
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let mut read_only = self.shared.read_only.lock();
        if free < self.settings.min_free {
            *read_only = Some(format!(
                "only {} MB are free on the disk of {}; writing goes on when {} MB are",
                free >> 20,
                self.folder.display(),
                self.settings.min_free >> 20
            ));
        } else if self.waiting.is_empty() {
            *read_only = None;
        }
    }

    fn remove_partition(&mut self, name: &str) {
        let gone = self.shared.view();
        let partition = gone.segments.iter().find(|one| one.partition.name == name);
        let partition = partition.map(|one| Arc::clone(&one.partition));
        for segment in gone.segments.iter().filter(|one| one.partition.name == name) {
            remove_if_there(&log_index::path(&self.shared.log_folder, segment.number));
        }
        self.shared.change(|view| view.segments.retain(|one| one.partition.name != name));
        self.manifest.partitions.retain(|entry| entry.name != name);
        let written = self.manifest.write(&self.folder);
        // What the manifest does not name any more is removed at the next start, if not now.
        let removed = partition.map_or(Ok(()), |partition| partition.remove());
        if let Err(error) = written.and(removed) {
            tracing::warn!("partition {name} cannot be removed: {error}");
        }
    }
}

/// A segment of a sealed partition.
pub(crate) fn stored(entry: &SegmentEntry, partition: &Arc<Partition>) -> Arc<StoredSegment> {
    let range = |(start, end)| TimeRange { start: Timestamp(start), end: Timestamp(end) };
    let (times, series) = (entry.times.map(range), entry.series.clone());
    Arc::new(StoredSegment::known(entry.number, times, entry.rows, series, partition))
}

/// The folder of journals in a data folder.
pub(crate) const JOURNALS: &str = "journal";
/// The folder of indexes of log records in a data folder.
pub(crate) const LOG_INDEXES: &str = "logs";
/// The folder of partitions in a data folder.
pub(crate) const PARTITIONS: &str = "partitions";

/// Removes a file that may have gone already.
pub(crate) fn remove_if_there(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!("{} cannot be removed: {error}", path.display());
    }
}
