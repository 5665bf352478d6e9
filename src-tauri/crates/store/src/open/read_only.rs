//! Opening a store only to read it: what lies on the disk is shown as it is. Nothing is sealed, moved, made anew or
//! removed; what a start would do about it is left to the next start.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{OpenError, raise_file_limit, replay, take};
use crate::journal;
use crate::lock::FolderLock;
use crate::manifest::{Manifest, PartitionEntry};
use crate::partition::{Openings, Partition};
use crate::seal::{JOURNALS, PARTITIONS, stored};
use crate::series::ledger::Ledger;
use crate::view::{Shared, StoredSegment, read_header};

/// Why such a store refuses writes.
pub(crate) const OPENED_TO_READ: &str = "it was opened only to be read";

/// What there is to read, and the lock that keeps others from changing it.
pub(crate) struct OpenedToRead {
    pub(crate) lock: FolderLock,
    pub(crate) shared: Arc<Shared>,
}

/// Opens the store in `folder`, which must be there.
pub(crate) fn open_to_read(folder: &Path) -> Result<OpenedToRead, OpenError> {
    let unusable = |source| OpenError::Unusable { folder: folder.to_owned(), source };
    if !folder.join(JOURNALS).is_dir() {
        return Err(unusable(io::Error::other("no Watchglass has stored anything there")));
    }
    let lock = take(folder)?;
    raise_file_limit();
    let manifest = Manifest::read(folder).map_err(unusable)?;
    let shared = Arc::new(Shared::default());
    let openings = Arc::default();
    let looking = Looking { folder, shared: &shared, openings: &openings };
    looking.all(&manifest).map_err(unusable)?;
    shared.partitions.store(manifest.partitions.len() as u64, Ordering::Relaxed);
    Ok(OpenedToRead { lock, shared })
}

struct Looking<'a> {
    folder: &'a Path,
    shared: &'a Arc<Shared>,
    openings: &'a Arc<Openings>,
}

impl Looking<'_> {
    /// Shows partitions, and heads of the journals that lie in none of them.
    fn all(&self, manifest: &Manifest) -> io::Result<()> {
        let journals = self.folder.join(JOURNALS);
        let numbers = journal::numbers(&journals)?;
        let mut in_partitions = BTreeSet::new();
        for entry in &manifest.partitions {
            let root = self.folder.join(PARTITIONS);
            let partition = Partition::at(&root, &entry.name, self.openings);
            let segments = self.segments(entry, &partition, &numbers);
            in_partitions.extend(segments.iter().map(|segment| segment.number));
            let bytes = partition.size();
            self.shared.partition_bytes.fetch_add(bytes, Ordering::Relaxed);
            self.shared.change(|view| view.segments.extend(segments));
        }
        self.shared.change(|view| {
            view.segments.sort_by_key(|segment| std::cmp::Reverse(segment.number));
        });
        // Nothing is written, so no sample has to be older than a window allows.
        let mut ledger = Ledger::new(0);
        for number in numbers.iter().filter(|number| !in_partitions.contains(number)) {
            let (head, _) = replay(&journals, *number, &mut ledger, self.shared)?;
            self.shared.change(|view| view.heads.insert(0, head));
        }
        Ok(())
    }

    /// The segments of a partition. One that was not sealed is asked which journals became segments of it; if it does
    /// not open, all of them are read as journals instead.
    fn segments(
        &self,
        entry: &PartitionEntry,
        partition: &Arc<Partition>,
        numbers: &[u32],
    ) -> Vec<Arc<StoredSegment>> {
        if entry.sealed {
            return entry.segments.iter().map(|segment| stored(segment, partition)).collect();
        }
        let found = numbers.iter().filter_map(|number| {
            let header = read_header(partition, *number).transpose()?;
            Some(
                header
                    .map(|header| Arc::new(StoredSegment::with_header(*number, header, partition))),
            )
        });
        found.collect::<io::Result<Vec<_>>>().unwrap_or_else(|error| {
            let name = &partition.name;
            tracing::warn!(
                "partition {name} does not open, its journals are read instead: {error}"
            );
            self.shared.quarantined.lock().push(format!("{name}: {error}"));
            Vec::new()
        })
    }
}
