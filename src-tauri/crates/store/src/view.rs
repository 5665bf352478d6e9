//! What scans see: an immutable list of heads and segments, replaced as a whole whenever something moves from one to
//! the other, so that no scan sees a row twice or not at all.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, RwLock};
use watchglass_model::{Millis, TimeRange};

use crate::cache::Cache;
use crate::codec::envelope;
use crate::head::Head;
use crate::log_index::{self, LogIndex};
use crate::partition::Partition;
use crate::segment::{Header, Key, LogDirectory, Part};
use crate::series::annotations::Annotations;
use crate::series::build::Directory;
use crate::series::summary::Summary;

/// Heads and segments, the newest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    pub(crate) heads: Vec<Arc<Head>>,
    pub(crate) segments: Vec<Arc<StoredSegment>>,
}

/// A segment in a partition, its header read when it is first asked for.
#[derive(Debug)]
pub(crate) struct StoredSegment {
    pub(crate) number: u32,
    /// None where it has no rows.
    pub(crate) times: Option<TimeRange>,
    /// Spans, log records and points.
    pub(crate) rows: [u64; 3],
    pub(crate) partition: Arc<Partition>,
    /// What there is of series.
    pub(crate) series: Summary,
    header: OnceLock<Arc<Header>>,
    /// None where there is none or it cannot be read.
    log_index: OnceLock<Option<LogIndex>>,
    /// None where it cannot be read.
    pub(crate) directory: OnceLock<Option<Arc<Directory>>>,
}

impl StoredSegment {
    /// A segment whose header is not read yet.
    pub(crate) fn known(
        number: u32,
        times: Option<TimeRange>,
        rows: [u64; 3],
        series: Summary,
        partition: &Arc<Partition>,
    ) -> Self {
        let partition = Arc::clone(partition);
        let (header, log_index, directory) = Default::default();
        Self { number, times, rows, partition, series, header, log_index, directory }
    }

    /// A segment whose header is at hand.
    pub(crate) fn with_header(number: u32, header: Header, partition: &Arc<Partition>) -> Self {
        let series = header.series.clone();
        let segment = Self::known(number, header.times(), header.rows(), series, partition);
        let _ = segment.header.set(Arc::new(header));
        segment
    }

    /// The header. Where it cannot be read, that is noted once, and its blocks are found by asking for them.
    pub(crate) fn header(&self, shared: &Shared) -> &Header {
        self.header.get_or_init(|| {
            let why = match read_header(&self.partition, self.number) {
                Ok(Some(header)) => return Arc::new(header),
                Ok(None) => "it is missing".to_owned(),
                Err(error) => error.to_string(),
            };
            shared.damaged_block(self, Key::header(self.number), &why);
            let blocks = [Part::SpanCore, Part::LogCore, Part::Points];
            Arc::new(Header::unknown(blocks.map(|part| self.blocks_of(part))))
        })
    }

    /// The index of the log records, if there is one.
    pub(crate) fn log_index(&self, shared: &Shared) -> Option<&LogIndex> {
        let path = || log_index::path(&shared.log_folder, self.number);
        self.log_index.get_or_init(|| LogIndex::open(path())).as_ref()
    }

    /// What lies in the blocks of log records: as the header says, if it was read, else as the index does.
    pub(crate) fn log_directory(&self, shared: &Shared) -> &LogDirectory {
        let header = self.header.get().filter(|header| header.unknown.is_none());
        match (header, self.log_index(shared)) {
            (Some(header), _) => &header.logs,
            (None, Some(index)) => &index.directory,
            (None, None) => &self.header(shared).logs,
        }
    }

    /// How many blocks of log records there are, where nothing else is known of them.
    pub(crate) fn unknown_log_blocks(&self, shared: &Shared) -> Option<u32> {
        if self.log_index(shared).is_some() {
            return None;
        }
        self.header(shared).unknown.map(|[_, blocks, _]| blocks)
    }

    /// A block, unpacked, or why it cannot be read.
    pub(crate) fn read_block(&self, key: Key) -> Result<Vec<u8>, String> {
        match self.partition.get(key) {
            Ok(Some(stored)) => envelope::unwrap(&stored).map_err(|error| error.to_string()),
            Ok(None) => Err("it is missing".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// How many blocks of a part there are, one after the other.
    fn blocks_of(&self, part: Part) -> u32 {
        let key = |block| Key { segment: self.number, part, block };
        let missing = |block: &u32| !matches!(self.partition.get(key(*block)), Ok(Some(_)));
        (0..u32::MAX).find(missing).unwrap_or(u32::MAX)
    }
}

/// Reads the header of segment `number`; none where the partition has no such segment.
pub(crate) fn read_header(
    partition: &Arc<Partition>,
    number: u32,
) -> std::io::Result<Option<Header>> {
    let Some(block) = partition.get(Key::header(number))? else {
        return Ok(None);
    };
    let header = envelope::unwrap(&block).and_then(|raw| Header::decode(&raw));
    header.map(Some).map_err(std::io::Error::other)
}

/// What the threads of a store share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    view: RwLock<Arc<View>>,
    damaged_blocks: AtomicU64,
    /// Where the indexes of log records lie.
    pub(crate) log_folder: PathBuf,
    /// Blocks of series that were unpacked lately.
    pub(crate) blocks: Cache<u8>,
    /// Their columns of times, by segment and number of the column.
    pub(crate) times: Cache<Millis>,
    /// Metadata and exemplars of series.
    pub(crate) annotations: RwLock<Annotations>,
    /// Why nothing is written now, if so.
    pub(crate) read_only: Mutex<Option<String>>,
    /// What was put aside, and why.
    pub(crate) quarantined: Mutex<Vec<String>>,
    /// Bytes of all partitions on disk, as of the last look.
    pub(crate) partition_bytes: AtomicU64,
    /// How many partitions there are.
    pub(crate) partitions: AtomicU64,
}

impl Shared {
    /// Of an empty store, with the folder of indexes of log records.
    pub(crate) fn new(log_folder: PathBuf) -> Self {
        Self { log_folder, ..Self::default() }
    }

    /// What there is to see now.
    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read())
    }

    /// Replaces what there is to see.
    pub(crate) fn change(&self, change: impl FnOnce(&mut View)) {
        let mut view = self.view.write();
        change(Arc::make_mut(&mut view));
    }

    /// Notes a block that cannot be read.
    pub(crate) fn damaged_block(&self, segment: &StoredSegment, key: Key, why: &str) {
        self.damaged_blocks.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(
            "block {} of {:?} in segment {} of partition {} cannot be read and is passed over: {why}",
            key.block,
            key.part,
            segment.number,
            segment.partition.name
        );
    }

    /// Blocks that could not be read since the start.
    pub(crate) fn damaged_blocks(&self) -> u64 {
        self.damaged_blocks.load(Ordering::Relaxed)
    }
}
