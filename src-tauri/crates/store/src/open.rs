//! Opening a store: take the folder, read the manifest, look at what was not sealed, and read journals again.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::commit::begin_journal;
use crate::head::Head;
use crate::journal::{self, Journal, Kind};
use crate::lock::{FolderLock, Taken};
use crate::log_index;
use crate::manifest::{Manifest, PartitionEntry};
use crate::partition::Partition;
use crate::seal::{Active, JOURNALS, LOG_INDEXES, PARTITIONS, Sealer, remove_if_there, stored};
use crate::series::ledger::Ledger;
use crate::series::replay::Replay;
use crate::view::{Shared, StoredSegment, read_header};

pub(crate) mod read_only;

/// What a store may use.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What was received longer ago is removed.
    pub retention: Duration,
    /// Bytes on disk, journal included, above which the oldest is removed.
    pub max_disk: u64,
    /// Bytes that must stay free on the disk.
    pub min_free: u64,
    /// Bytes of memory at which a head becomes a segment,
    pub head_bytes: usize,
    /// the samples of series at which it does,
    pub head_samples: u64,
    /// or its age.
    pub head_age: Duration,
    /// Bytes on disk, of its own or of its journals, at which a partition is sealed,
    pub partition_bytes: u64,
    /// or the time that it spans.
    pub partition_age: Duration,
    /// How much older than the newest of its series a sample may be.
    pub out_of_order: Duration,
}

impl Settings {
    /// Sizes that fit a retention and a limit: what is removed as a whole is an eighth of either at most.
    pub fn within(retention: Duration, max_disk: u64) -> Self {
        Self {
            retention,
            max_disk,
            min_free: 256 << 20,
            head_bytes: 32 << 20,
            head_samples: 6_000_000,
            head_age: (retention / 8).min(Duration::from_hours(1)),
            partition_bytes: (max_disk / 16).clamp(1 << 20, 64 << 20),
            partition_age: (retention / 8).min(Duration::from_hours(24)),
            out_of_order: Duration::from_hours(1),
        }
    }
}

/// Why a store did not open. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the folder.
    #[error(
        "{} is in use by another Watchglass (process {holder}): close that one or choose another folder with --data",
        folder.display()
    )]
    InUse {
        /// The data folder.
        folder: PathBuf,
        /// The other's process id.
        holder: String,
    },
    /// The folder cannot be written.
    #[error(
        "{} cannot be written ({source}): make it writable or choose another folder with --data",
        folder.display()
    )]
    Unwritable {
        /// The data folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder's content cannot be used.
    #[error("{} cannot be opened ({source}): choose another folder with --data", folder.display())]
    Unusable {
        /// The data folder.
        folder: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
}

/// An opened folder, before its threads run.
pub(crate) struct Opened {
    pub(crate) lock: FolderLock,
    pub(crate) shared: Arc<Shared>,
    pub(crate) sealer: Sealer,
    pub(crate) head: Arc<Head>,
    pub(crate) journal: Journal,
    pub(crate) ledger: Ledger,
}

/// Opens the store in `folder`, which is made if it is not there.
pub(crate) fn open(folder: &Path, settings: &Settings) -> Result<Opened, OpenError> {
    let unwritable = |source| OpenError::Unwritable { folder: folder.to_owned(), source };
    fs::create_dir_all(folder.join(JOURNALS)).map_err(unwritable)?;
    fs::create_dir_all(folder.join(PARTITIONS)).map_err(unwritable)?;
    let lock = take(folder)?;
    raise_file_limit();
    let unusable = |source| OpenError::Unusable { folder: folder.to_owned(), source };
    let manifest = Manifest::read(folder).map_err(unusable)?;
    let shared = Arc::new(Shared::new(folder.join(LOG_INDEXES)));
    let sealer = Sealer {
        shared: Arc::clone(&shared),
        settings: settings.clone(),
        folder: folder.to_owned(),
        openings: Arc::default(),
        manifest,
        active: None,
        waiting: Vec::new(),
        retired: Vec::new(),
        left: BTreeSet::new(),
    };
    let window = i64::try_from(settings.out_of_order.as_millis()).unwrap_or(i64::MAX);
    let mut opening = Opening { sealer, stored: BTreeSet::new(), ledger: Ledger::new(window) };
    opening.partitions().map_err(unusable)?;
    let (head, journal) = opening.journals().map_err(unusable)?;
    opening.remove_unknown_indexes();
    opening.sealer.keep_size();
    let Opening { sealer, ledger, .. } = opening;
    Ok(Opened { lock, shared, sealer, head, journal, ledger })
}

/// Takes the folder for this process.
fn take(folder: &Path) -> Result<FolderLock, OpenError> {
    let folder = folder.to_owned();
    FolderLock::take(&folder.clone()).map_err(|taken| match taken {
        Taken::By(holder) => OpenError::InUse { folder, holder },
        Taken::Unwritable(source) => OpenError::Unwritable { folder, source },
    })
}

struct Opening {
    sealer: Sealer,
    /// Segments that lie in partitions.
    stored: BTreeSet<u32>,
    /// The series that journals name.
    ledger: Ledger,
}

impl Opening {
    /// Removes indexes of segments that are not there.
    fn remove_unknown_indexes(&self) {
        let shared = &self.sealer.shared;
        let known: BTreeSet<u32> = shared.view().segments.iter().map(|one| one.number).collect();
        for entry in fs::read_dir(&shared.log_folder).into_iter().flatten().flatten() {
            if log_index::number(&entry.path()).is_none_or(|number| !known.contains(&number)) {
                remove_if_there(&entry.path());
            }
        }
    }

    fn partitions(&mut self) -> io::Result<()> {
        self.remove_unknown_folders()?;
        for entry in self.sealer.manifest.partitions.clone() {
            let root = self.sealer.folder.join(PARTITIONS);
            let partition = Partition::at(&root, &entry.name, &self.sealer.openings);
            if entry.sealed {
                self.sealed(&entry, &partition);
            } else {
                self.unsealed(&partition)?;
            }
        }
        self.sealer.shared.change(|view| {
            view.segments.sort_by_key(|segment| std::cmp::Reverse(segment.number));
        });
        Ok(())
    }

    fn sealed(&mut self, entry: &PartitionEntry, partition: &Arc<Partition>) {
        for segment in &entry.segments {
            let segment = stored(segment, partition);
            self.sealer.shared.change(|view| view.segments.push(segment));
        }
    }

    /// Looks which journals became segments of a partition that was not sealed. If it does not open, it is put aside
    /// and nothing is lost: its journals are all there.
    fn unsealed(&mut self, partition: &Arc<Partition>) -> io::Result<()> {
        if let Some(before) = self.sealer.active.take() {
            self.sealer.seal_partition(&before)?;
        }
        let mut active = Active::new(Arc::clone(partition));
        let journals = self.sealer.folder.join(JOURNALS);
        for number in journal::numbers(&journals)? {
            match read_header(partition, number) {
                Ok(Some(header)) => {
                    active.count(number, &header, &journals);
                    self.stored.insert(number);
                    let segment = StoredSegment::with_header(number, header, partition);
                    self.sealer.shared.change(|view| view.segments.push(Arc::new(segment)));
                }
                Ok(None) => {}
                Err(error) => return self.put_aside(partition, &active, &error),
            }
        }
        active.bytes = partition.size();
        self.sealer.active = Some(active);
        Ok(())
    }

    fn put_aside(
        &mut self,
        partition: &Arc<Partition>,
        active: &Active,
        error: &io::Error,
    ) -> io::Result<()> {
        let name = &partition.name;
        tracing::error!(
            "partition {name} does not open and is made anew from its journals: {error}"
        );
        for segment in &active.segments {
            self.stored.remove(&segment.number);
        }
        self.sealer.shared.change(|view| {
            view.segments.retain(|segment| segment.partition.name != *name);
        });
        partition.put_aside(&self.sealer.folder.join("quarantine"))?;
        self.sealer.shared.quarantined.lock().push(format!("{name}: {error}"));
        self.sealer.manifest.partitions.retain(|entry| entry.name != *name);
        self.sealer.manifest.write(&self.sealer.folder)
    }

    fn remove_unknown_folders(&self) -> io::Result<()> {
        let known: BTreeSet<_> =
            self.sealer.manifest.partitions.iter().map(|entry| entry.name.as_str()).collect();
        for folder in fs::read_dir(self.sealer.folder.join(PARTITIONS))? {
            let folder = folder?;
            if folder.file_name().to_str().is_some_and(|name| !known.contains(name)) {
                fs::remove_dir_all(folder.path())?;
            }
        }
        Ok(())
    }

    /// Reads the journals that did not become segments. The last of them goes on growing; the others become segments:
    /// the one before it when the store runs, older ones here and now, so that memory stays bounded.
    fn journals(&mut self) -> io::Result<(Arc<Head>, Journal)> {
        let folder = self.sealer.folder.join(JOURNALS);
        let all = journal::numbers(&folder)?;
        let sealed_through = self.sealer.manifest.last_sealed_segment();
        for number in all.iter().filter(|number| self.is_sealed(**number)) {
            remove_if_there(&journal::path(&folder, *number));
        }
        let unsealed: Vec<_> =
            all.iter().copied().filter(|number| !self.stored.contains(number)).collect();
        let next = all.last().copied().unwrap_or(0).max(sealed_through) + 1;
        let Some((last, before)) = unsealed.split_last() else {
            return self.start(next);
        };
        for (place, number) in before.iter().enumerate() {
            let (head, _) = self.replay(&folder, *number)?;
            if place + 1 < before.len() {
                self.sealer.seal(&head)?;
            } else {
                self.show(&head);
                self.sealer.waiting.push(head);
            }
        }
        let (head, length) = self.replay(&folder, *last)?;
        self.show(&head);
        if head.footprint() >= self.sealer.settings.head_bytes || *last + 1 != next {
            self.sealer.waiting.push(head);
            return self.start(next);
        }
        let journal = Journal::reopen(&folder, *last, length)?;
        Ok((head, journal))
    }

    fn is_sealed(&self, number: u32) -> bool {
        let sealed = self.sealer.manifest.partitions.iter().filter(|entry| entry.sealed);
        sealed.flat_map(|entry| &entry.segments).any(|segment| segment.number == number)
    }

    fn start(&self, number: u32) -> io::Result<(Arc<Head>, Journal)> {
        let folder = self.sealer.folder.join(JOURNALS);
        let journal = begin_journal(&folder, number, &self.sealer.shared)?;
        let head = Arc::new(Head::new(number, &self.ledger.index));
        self.show(&head);
        Ok((head, journal))
    }

    fn replay(&mut self, folder: &Path, number: u32) -> io::Result<(Arc<Head>, u64)> {
        replay(folder, number, &mut self.ledger, &self.sealer.shared)
    }

    fn show(&self, head: &Arc<Head>) {
        self.sealer.shared.change(|view| view.heads.insert(0, Arc::clone(head)));
    }
}

/// Makes a head of a journal; also says up to where the journal is sound.
fn replay(
    folder: &Path,
    number: u32,
    ledger: &mut Ledger,
    shared: &Shared,
) -> io::Result<(Arc<Head>, u64)> {
    let head = Head::new(number, &ledger.index);
    let mut series = Replay::of(&head, ledger, shared);
    let replayed = journal::replay(folder, number, |entry| match entry.kind {
        Kind::Rows(signal) => head.keep_wire(signal, entry.received, &entry.wire),
        Kind::Series => series.keep(entry.received, &entry.wire),
    })?;
    if replayed.damaged > 0 {
        let damaged = replayed.damaged;
        tracing::warn!("journal {number}: {damaged} bytes are damaged and were passed over");
    }
    if replayed.torn > 0 {
        let torn = replayed.torn;
        tracing::info!("journal {number}: {torn} bytes of a write that was never acknowledged");
    }
    Ok((Arc::new(head), replayed.length))
}

/// An open partition holds some 80 files, and many systems allow 1024 at first.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!("the limit of open files stays at {:?}: {error}", limit.current);
    }
}
