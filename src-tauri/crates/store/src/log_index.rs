//! The index of the log records of a segment, a file beside the databases: its directory, and a filter that says which blocks
//! cannot hold a text. A probe reads a handful of pages, where a database would read leaves of a megabyte. It is made of what
//! the segment holds and only spares reading: where it is missing or damaged, blocks are read.
//!
//! The filter is bit-sliced (Faloutsos and Christodoulakis, 1984): for each of many places there is a row of bits, one a
//! block, so that one look at a row asks all blocks at once.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::codec::columns::{Corrupt, Reader, Writer};
use crate::codec::envelope;
use crate::segment::LogDirectory;

const MAGIC: &[u8; 8] = b"WGLOGX01";
/// Bits for each piece of a block. A third of them is set, so a piece that is not there is found in one block of eight,
/// and three such in one of five hundred.
const BITS: usize = 5;
/// Places of each piece.
const HASHES: u32 = 2;
/// The filter lies in pages that end with their checksum.
const PAGE: usize = 4096;
const CONTENT: usize = PAGE - 4;
/// The magic and the length of the directory.
const HEAD: usize = 12;

/// The pieces of one block, each once.
pub(crate) type Pieces = Vec<u32>;

/// The file of a segment.
pub(crate) fn path(folder: &Path, segment: u32) -> PathBuf {
    folder.join(format!("{segment:08}.logs"))
}

/// The number of the segment that a file belongs to.
pub(crate) fn number(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.strip_suffix(".logs")?.parse().ok()
}

/// The content of the file: magic, directory with the number of rows, pages of the filter.
pub(crate) fn encode(directory: &LogDirectory, pieces: &[Pieces]) -> io::Result<Vec<u8>> {
    let most = pieces.iter().map(Vec::len).max().unwrap_or(0);
    let rows = u32::try_from((most * BITS).max(64)).unwrap_or(u32::MAX);
    let mut head = Writer::default();
    directory.encode(&mut head);
    head.varint(u64::from(rows));
    let head = envelope::wrap(&head.bytes)?;
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&u32::try_from(head.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&head);
    let mut bits = vec![0_u8; (rows as usize * pieces.len()).div_ceil(8)];
    for (block, own) in pieces.iter().enumerate() {
        for row in own.iter().flat_map(|piece| rows_of(*piece, rows)) {
            let bit = row * pieces.len() + block;
            if let Some(byte) = bits.get_mut(bit / 8) {
                *byte |= 1 << (bit % 8);
            }
        }
    }
    for content in bits.chunks(CONTENT) {
        out.extend_from_slice(content);
        out.extend_from_slice(&crc32c::crc32c(content).to_le_bytes());
    }
    Ok(out)
}

/// The rows in which the bits of a piece are set: its hash, and another made of it, scaled to the number of rows.
fn rows_of(piece: u32, rows: u32) -> impl Iterator<Item = usize> {
    (0..HASHES).map(move |number| {
        let hash = piece.wrapping_mul(1 + number * 0x9e37_79b8).rotate_left(number * 15);
        usize::try_from((u64::from(hash) * u64::from(rows)) >> 32).unwrap_or_default()
    })
}

/// Writes the file of a segment. It is no loss if it does not last.
pub(crate) fn write(
    folder: &Path,
    segment: u32,
    directory: &LogDirectory,
    pieces: &[Pieces],
) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(path(folder, segment), encode(directory, pieces)?)
}

/// The index of a segment, its directory read.
#[derive(Debug)]
pub(crate) struct LogIndex {
    pub(crate) directory: LogDirectory,
    path: PathBuf,
    rows: u32,
    /// Where the first page begins.
    start: u64,
}

impl LogIndex {
    /// Reads the directory; none where there is no index or it cannot be read.
    pub(crate) fn open(path: PathBuf) -> Option<Self> {
        let mut file = File::open(&path).ok()?;
        let mut head = [0; HEAD];
        file.read_exact(&mut head).ok()?;
        let (magic, length) = head.split_first_chunk::<8>()?;
        let length = u32::from_le_bytes(*length.as_array()?);
        if magic != MAGIC || u64::from(length) > file.metadata().ok()?.len() {
            return None;
        }
        let mut packed = vec![0; length as usize];
        file.read_exact(&mut packed).ok()?;
        let read = |packed: &[u8]| -> Result<(LogDirectory, u32), Corrupt> {
            let raw = envelope::unwrap(packed)?;
            let from = &mut Reader { bytes: &raw };
            Ok((LogDirectory::decode(from)?, from.index()?))
        };
        let (directory, rows) = read(&packed).ok()?;
        Some(Self { directory, path, rows, start: HEAD as u64 + u64::from(length) })
    }

    /// Opens the filter.
    pub(crate) fn probe(&self) -> Probe<'_> {
        Probe { index: self, file: File::open(&self.path).ok(), page: None }
    }
}

/// The filter of a segment, open.
#[derive(Debug)]
pub(crate) struct Probe<'a> {
    index: &'a LogIndex,
    file: Option<File>,
    /// The page that was read last.
    page: Option<(u64, Vec<u8>)>,
}

impl Probe<'_> {
    /// Says of each block whether it may hold texts of these pieces.
    pub(crate) fn blocks_with(&mut self, pieces: &[u32]) -> Vec<bool> {
        let blocks = self.index.directory.blocks.len();
        let mut found = vec![true; blocks];
        for row in pieces.iter().flat_map(|piece| rows_of(*piece, self.index.rows)) {
            for (block, found) in found.iter_mut().enumerate() {
                *found = *found && self.bit(row * blocks + block);
            }
            if !found.contains(&true) {
                break;
            }
        }
        found
    }

    /// A bit of the filter; set where it cannot be read.
    fn bit(&mut self, bit: usize) -> bool {
        let byte = bit / 8;
        let page = (byte / CONTENT) as u64;
        if self.page.as_ref().is_none_or(|(number, _)| *number != page) {
            self.page = self.read(page).map(|content| (page, content));
        }
        let content = self.page.as_ref().and_then(|(_, content)| content.get(byte % CONTENT));
        content.is_none_or(|byte| byte >> (bit % 8) & 1 == 1)
    }

    fn read(&mut self, page: u64) -> Option<Vec<u8>> {
        let file = self.file.as_mut()?;
        file.seek(SeekFrom::Start(self.index.start + page * PAGE as u64)).ok()?;
        let mut content = Vec::with_capacity(PAGE);
        file.take(PAGE as u64).read_to_end(&mut content).ok()?;
        let (own, checksum) = content.split_last_chunk::<4>()?;
        let sound = crc32c::crc32c(own).to_le_bytes() == *checksum;
        content.truncate(content.len() - 4);
        sound.then_some(content)
    }
}

#[cfg(test)]
mod tests {
    use watchglass_model::{Severity, TimeRange};

    use super::*;
    use crate::segment::LogBlock;

    fn index(folder: &Path, pieces: &[Pieces]) -> LogIndex {
        let block = LogBlock {
            rows: 1,
            times: TimeRange::ALL,
            most_severe: Severity::Info,
            services: vec![0],
            keys: Vec::new(),
            streams: Vec::new(),
        };
        let blocks = vec![block; pieces.len()];
        let names = vec!["shop".to_owned()];
        let directory = LogDirectory { names, blocks, ..LogDirectory::default() };
        write(folder, 7, &directory, pieces).unwrap();
        let read = LogIndex::open(path(folder, 7)).unwrap();
        assert_eq!(read.directory, directory);
        read
    }

    fn pieces(block: u32) -> Pieces {
        (0..2_000).map(|number| (number * 11 + block).wrapping_mul(0x85eb_ca6b)).collect()
    }

    #[test]
    fn it_never_denies_what_a_block_holds_and_seldom_claims_what_none_does() {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<_> = (0..11).map(pieces).collect();
        let index = index(folder.path(), &all);
        let mut probe = index.probe();
        let mut claimed = 0;
        for (block, pieces) in all.iter().enumerate() {
            for three in pieces.chunks(3).step_by(9) {
                let found = probe.blocks_with(three);
                assert!(found[block]);
                claimed += found.iter().filter(|found| **found).count() - 1;
            }
        }
        assert!(claimed < 30, "{claimed} of 8000 claimed");
    }

    #[test]
    fn a_damaged_page_denies_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<_> = (0..3).map(pieces).collect();
        let index = index(folder.path(), &all);
        let path = path(folder.path(), 7);
        let mut bytes = std::fs::read(&path).unwrap();
        let length = bytes.len();
        bytes[length - 40..].fill(0);
        for page in bytes[usize::try_from(index.start).unwrap()..].chunks_mut(PAGE) {
            page[0] ^= 1;
        }
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(index.probe().blocks_with(&[1, 2, 3]), [true; 3]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(index.probe().blocks_with(&[1, 2, 3]), [true; 3]);
        assert!(LogIndex::open(path).is_none());
    }
}
