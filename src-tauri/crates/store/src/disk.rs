//! The entrance: a store in a folder, with its two threads.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use watchglass_model::{Labels, Logs, Points, Spans, Timestamp};
use watchglass_storage::{
    Arrival, Catalog, Done, Flow, LogScan, Matcher, MetricMetadata, MillisRange, NanosRange,
    PointScan, ReadError, Reader, SeriesCursor, SeriesExemplar, SeriesExtent, SeriesReader,
    SeriesWrite, SeriesWriter, Size, SpanScan, StreamPart, StreamReader, StreamScan, StreamVolume,
    WriteDone, WriteError, Writer,
};

use crate::catalog::CatalogStore;
use crate::commit::{Command, Commit, Write};
use crate::lock::FolderLock;
use crate::open::read_only::{OPENED_TO_READ, open_to_read};
use crate::open::{OpenError, Settings, open};
use crate::partition::folder_size;
use crate::scan;
use crate::seal::JOURNALS;
use crate::series::select;
use crate::series::tombstone::Tombstone;
use crate::streams;
use crate::view::Shared;

/// Bytes that may wait for the disk; whoever comes then is asked to come again.
const QUEUE_BYTES: usize = 64 << 20;
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// A store in a folder of this machine's disk.
#[derive(Debug)]
pub struct DiskStore {
    shared: Arc<Shared>,
    catalog: CatalogStore,
    journals: std::path::PathBuf,
    commands: Sender<Command>,
    queued: Arc<AtomicUsize>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    _lock: FolderLock,
}

impl DiskStore {
    /// Opens the store in `folder`, which is made if it is not there.
    pub fn open(folder: &Path, settings: &Settings) -> Result<Self, OpenError> {
        let opened = open(folder, settings)?;
        let unusable = |source| OpenError::Unusable { folder: folder.to_owned(), source };
        let (catalog, rebuilt) = CatalogStore::open(folder).map_err(unusable)?;
        opened.shared.quarantined.lock().extend(rebuilt);
        let (commands, commanded) = channel();
        // One head may wait while another is sealed; then the commit thread waits too, and memory stays bounded.
        let (jobs, given) = sync_channel(1);
        let queued = Arc::new(AtomicUsize::new(0));
        let journals = folder.join(JOURNALS);
        let commit = Commit {
            shared: Arc::clone(&opened.shared),
            journals: journals.clone(),
            head: opened.head,
            journal: opened.journal,
            ledger: opened.ledger,
            seal: jobs,
            queued: Arc::clone(&queued),
            head_bytes: settings.head_bytes,
            head_samples: settings.head_samples,
            head_age: settings.head_age,
            now: Timestamp::ZERO,
        };
        let sealer = opened.sealer;
        let threads = vec![
            thread("commit", move || commit.run(&commanded)).map_err(unusable)?,
            thread("seal", move || sealer.run(&given)).map_err(unusable)?,
        ];
        Ok(Self {
            shared: opened.shared,
            catalog,
            journals,
            commands,
            queued,
            threads: Mutex::new(threads),
            _lock: opened.lock,
        })
    }

    /// Opens what lies in `folder` to be read: nothing of it is changed, and every write is refused. No other process
    /// may have the folder.
    pub fn open_to_read(folder: &Path) -> Result<Self, OpenError> {
        let opened = open_to_read(folder)?;
        *opened.shared.read_only.lock() = Some(OPENED_TO_READ.to_owned());
        // Nobody listens: what is commanded is not done.
        let (commands, _) = channel();
        Ok(Self {
            shared: opened.shared,
            catalog: CatalogStore::copy_of(folder),
            journals: folder.join(JOURNALS),
            commands,
            queued: Arc::default(),
            threads: Mutex::default(),
            _lock: opened.lock,
        })
    }

    /// Tells the store how late it is: old heads are sealed, old partitions removed. Once a second is enough.
    pub fn tick(&self, now: Timestamp) {
        let _ = self.commands.send(Command::Tick(now));
    }

    /// Seals everything, as if it were old enough; the work is done some time after the return.
    pub fn seal_all(&self) {
        let _ = self.commands.send(Command::SealAll);
    }

    /// How much it holds.
    pub fn size(&self) -> Size {
        let view = self.shared.view();
        let mut rows = [0; 3];
        let heads = view.heads.iter().map(|head| head.store.rows());
        for some in heads.chain(view.segments.iter().map(|segment| segment.rows)) {
            rows.iter_mut().zip(some).for_each(|(all, some)| *all += some);
        }
        let starts = view.segments.iter().filter_map(|segment| {
            let rows = segment.times.map(|times| times.start);
            let millis = segment.series.times.and_then(|times| u64::try_from(times.start).ok());
            let series = millis.map(|start| Timestamp(start.saturating_mul(1_000_000)));
            rows.into_iter().chain(series).min()
        });
        let journal_bytes = folder_size(&self.journals);
        Size {
            disk_bytes: self.shared.partition_bytes.load(Ordering::Relaxed) + journal_bytes,
            journal_bytes,
            head_bytes: view.heads.iter().map(|head| head.footprint() as u64).sum(),
            partitions: self.shared.partitions.load(Ordering::Relaxed),
            oldest: starts.min(),
            rows,
            quarantined: self.shared.quarantined.lock().clone(),
            damaged_blocks: self.shared.damaged_blocks(),
            read_only: self.shared.read_only.lock().clone(),
        }
    }

    /// Finishes what waits and closes the store. What comes later is refused.
    pub fn close(&self) {
        let _ = self.commands.send(Command::Close);
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store ended with a panic");
            }
        }
    }
}

impl DiskStore {
    /// Hands a write to the commit thread, if there is room for it.
    fn send(&self, write: Write) {
        if let Some(reason) = self.shared.read_only.lock().clone() {
            return write.refuse(WriteError::Disk(reason));
        }
        let bytes = write.bytes();
        let waiting = self.queued.fetch_add(bytes, Ordering::Relaxed);
        // A single request that is larger than the queue is let through when it is alone.
        if waiting > 0 && waiting + bytes > QUEUE_BYTES {
            self.queued.fetch_sub(bytes, Ordering::Relaxed);
            return write.refuse(WriteError::Overloaded { retry_after: RETRY_AFTER });
        }
        if let Err(refused) = self.commands.send(Command::Write(write)) {
            self.queued.fetch_sub(bytes, Ordering::Relaxed);
            if let Command::Write(write) = refused.0 {
                write.refuse(WriteError::Closed);
            }
        }
    }
}

impl Drop for DiskStore {
    fn drop(&mut self) {
        self.close();
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(format!("store-{name}")).spawn(work)
}

impl Writer for DiskStore {
    fn append(&self, arrival: Arrival, done: Done) {
        self.send(Write::Rows(arrival, done));
    }
}

impl SeriesWriter for DiskStore {
    fn write(&self, write: Arc<SeriesWrite>, done: WriteDone) {
        self.send(Write::Series(write, done));
    }

    fn delete(&self, matchers: &[Matcher], range: MillisRange) -> Result<(), WriteError> {
        if let Some(reason) = self.shared.read_only.lock().clone() {
            return Err(WriteError::Disk(reason));
        }
        let (tell, told) = channel();
        let done = Box::new(move |outcome| drop(tell.send(outcome)));
        let tombstone = Tombstone { matchers: matchers.to_vec(), range };
        let sent = self.commands.send(Command::Delete(tombstone, done));
        sent.map_err(|_| WriteError::Closed)?;
        told.recv().unwrap_or(Err(WriteError::Closed))
    }

    fn clean(&self) {
        let _ = self.commands.send(Command::Clean);
    }
}

impl SeriesReader for DiskStore {
    fn select(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<Box<dyn SeriesCursor>>, ReadError> {
        let found = select::select(&self.shared, matchers, range).into_iter();
        Ok(found.map(|cursor| Box::new(cursor) as Box<dyn SeriesCursor>).collect())
    }

    fn label_names(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError> {
        Ok(select::label_names(&self.shared, matchers, range))
    }

    fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError> {
        Ok(select::label_values(&self.shared, name, matchers, range))
    }

    fn exemplars(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<(Labels, Vec<SeriesExemplar>)>, ReadError> {
        Ok(self.shared.annotations.read().exemplars(matchers, range))
    }

    fn metadata(
        &self,
        metric: Option<&str>,
    ) -> Result<Vec<(String, Vec<MetricMetadata>)>, ReadError> {
        Ok(self.shared.annotations.read().metadata(metric))
    }

    fn extent(&self) -> Result<SeriesExtent, ReadError> {
        Ok(select::extent(&self.shared))
    }
}

impl Reader for DiskStore {
    fn scan_spans(
        &self,
        scan: &SpanScan,
        visit: &mut dyn FnMut(&Spans, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        scan::scan_spans(&self.shared, scan, visit)
    }

    fn scan_logs(
        &self,
        scan: &LogScan,
        visit: &mut dyn FnMut(&Logs, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        scan::scan_logs(&self.shared, scan, visit)
    }

    fn scan_points(
        &self,
        scan: &PointScan,
        visit: &mut dyn FnMut(&Points, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        scan::scan_points(&self.shared, scan, visit)
    }
}

impl StreamReader for DiskStore {
    fn select(&self, scan: &StreamScan) -> Result<Vec<Box<dyn StreamPart>>, ReadError> {
        streams::select(&self.shared, scan)
    }

    fn volumes(
        &self,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<StreamVolume>, ReadError> {
        streams::volumes(&self.shared, matchers, range)
    }
}

impl Catalog for DiskStore {
    fn put(&self, kind: &str, key: &str, document: &str) -> Result<(), WriteError> {
        self.catalog.put(kind, key, document)
    }

    fn remove(&self, kind: &str, key: &str) -> Result<(), WriteError> {
        self.catalog.remove(kind, key)
    }

    fn list(&self, kind: &str) -> Result<Vec<(String, String)>, ReadError> {
        self.catalog.list(kind)
    }
}
