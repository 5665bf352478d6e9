//! The manifest: which partitions there are and what lies in them. It is replaced as a whole, never edited.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::series::summary::Summary;

const FILE: &str = "manifest.json";
const VERSION: u32 = 2;

/// The partitions, oldest first. At most the last is not sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Manifest {
    version: u32,
    pub(crate) partitions: Vec<PartitionEntry>,
    /// The first number that no partition has had.
    pub(crate) next_partition: u32,
}

/// What the manifest says of a partition.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PartitionEntry {
    pub(crate) name: String,
    pub(crate) sealed: bool,
    /// Bytes on disk when it was sealed.
    pub(crate) bytes: u64,
    /// The last arrival, in nanoseconds since the Unix epoch.
    pub(crate) last_received: u64,
    /// Known once sealed.
    pub(crate) segments: Vec<SegmentEntry>,
}

/// What the manifest says of a segment of a sealed partition.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SegmentEntry {
    pub(crate) number: u32,
    /// The first and last time of its rows, in nanoseconds since the Unix epoch; none where it has only series.
    pub(crate) times: Option<(u64, u64)>,
    /// Spans, log records and points.
    pub(crate) rows: [u64; 3],
    /// What there is of series.
    #[serde(default)]
    pub(crate) series: Summary,
}

impl Manifest {
    /// The manifest of a data folder; an empty one where there is none.
    pub(crate) fn read(folder: &Path) -> io::Result<Self> {
        let text = match fs::read_to_string(folder.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { version: VERSION, ..Self::default() });
            }
            Err(error) => return Err(error),
        };
        let manifest: Self = serde_json::from_str(&text)?;
        if manifest.version > VERSION {
            return Err(io::Error::other(format!(
                "{FILE} has version {}, and this program knows {VERSION}: use a newer Watchglass or another --data folder",
                manifest.version
            )));
        }
        if manifest.version < VERSION {
            return Err(io::Error::other(format!(
                "{FILE} has version {}, which this program does not read any more (it writes {VERSION}): use an older Watchglass or another --data folder",
                manifest.version
            )));
        }
        Ok(manifest)
    }

    /// Replaces the manifest; it is safe on disk when it returns.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        replace(&folder.join(FILE), serde_json::to_string_pretty(self)?.as_bytes())
    }

    /// The number of the last segment of sealed partitions; zero without any.
    pub(crate) fn last_sealed_segment(&self) -> u32 {
        let sealed = self.partitions.iter().filter(|one| one.sealed);
        sealed.flat_map(|one| &one.segments).map(|one| one.number).max().unwrap_or(0)
    }
}

/// Replaces a file so that a crash leaves either the old or the new one.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut file = File::create(&aside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
