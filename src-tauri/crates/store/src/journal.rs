//! The journal: what was acknowledged and is not sealed yet, as the OTLP bytes that came or as a record of series.
//! One file for each head; one frame, one checksum and one `fdatasync` for all requests that wait together.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use watchglass_model::Timestamp;
use watchglass_storage::Signal;

/// The first bytes of a file, with the format's version.
const OPENING: &[u8; 8] = b"WGJRNL01";
/// The first bytes of a frame, by which reading finds back after damage.
const FRAME: [u8; 4] = *b"WGfr";
/// Opening, checksum, length.
const FRAME_HEADER: usize = 12;
/// Kind, time of arrival, length.
const ENTRY_HEADER: usize = 13;
/// What one frame needs again for the next; a giant's memory is given back.
const KEPT_BYTES: usize = 10 << 20;
/// No frame unpacks to more; a damaged length must not ask for more memory.
const LONGEST_FRAME: usize = 1 << 30;

/// A journal file that grows.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// Bytes that are safe.
    length: u64,
    /// Kept between frames: fresh memory for each would cost as much as the compression.
    gathered: Vec<u8>,
    packed: Vec<u8>,
    frame_length: usize,
}

/// One request as it came, or all writes of series of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) received: Timestamp,
    pub(crate) wire: Bytes,
}

/// How the bytes of an entry are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An OTLP export request.
    Rows(Signal),
    /// A record of series.
    Series,
}

impl Kind {
    const SERIES: u8 = 4;

    const fn byte(self) -> u8 {
        match self {
            Self::Rows(signal) => signal as u8,
            Self::Series => Self::SERIES,
        }
    }

    fn of(byte: u8) -> Option<Self> {
        if byte == Self::SERIES {
            return Some(Self::Series);
        }
        Signal::ALL.into_iter().find(|one| *one as u8 == byte).map(Self::Rows)
    }
}

/// The file of journal `number` in `folder`.
pub(crate) fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:08}.journal"))
}

/// The numbers of the journals in `folder`, ascending.
pub(crate) fn numbers(folder: &Path) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let name = file?.file_name();
        let number =
            name.to_str().and_then(|name| name.strip_suffix(".journal")?.parse::<u32>().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

impl Journal {
    /// A new, empty journal; its name is safe on disk too.
    pub(crate) fn create(folder: &Path, number: u32) -> io::Result<Self> {
        let path = path(folder, number);
        let mut file = File::create(&path)?;
        file.write_all(OPENING)?;
        file.sync_all()?;
        File::open(folder)?.sync_all()?;
        Ok(Self::at(path, file, OPENING.len() as u64))
    }

    /// An old journal, to go on after its last whole frame.
    pub(crate) fn reopen(folder: &Path, number: u32, length: u64) -> io::Result<Self> {
        let path = path(folder, number);
        let mut file = OpenOptions::new().write(true).open(&path)?;
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        file.sync_all()?;
        Ok(Self { path, file, length, gathered: Vec::new(), packed: Vec::new(), frame_length: 0 })
    }

    fn at(path: PathBuf, file: File, length: u64) -> Self {
        Self { path, file, length, gathered: Vec::new(), packed: Vec::new(), frame_length: 0 }
    }

    /// Writes a group of entries as one frame. They are safe on disk when it returns; when it fails, none is.
    pub(crate) fn append(&mut self, group: &[Entry]) -> io::Result<()> {
        self.gathered.clear();
        for entry in group {
            let length = u32::try_from(entry.wire.len())
                .map_err(|_| io::Error::other("a request of 4 GiB"))?;
            self.gathered.push(entry.kind.byte());
            self.gathered.extend_from_slice(&entry.received.0.to_le_bytes());
            self.gathered.extend_from_slice(&length.to_le_bytes());
            self.gathered.extend_from_slice(&entry.wire);
        }
        self.pack()?;
        let written = self.write();
        match &written {
            Ok(()) => self.length += self.frame_length as u64,
            // Half a frame would hide the frames after it.
            Err(_) => self.cut_back()?,
        }
        written
    }

    /// Makes a frame of what is gathered.
    fn pack(&mut self) -> io::Result<()> {
        let raw = u32::try_from(self.gathered.len()).map_err(io::Error::other)?;
        let most = lz4_flex::block::get_maximum_output_size(self.gathered.len());
        self.packed.resize((FRAME_HEADER + 4 + most).max(self.packed.len()), 0);
        let (header, content) = self.packed.split_at_mut(FRAME_HEADER);
        content[..4].copy_from_slice(&raw.to_le_bytes());
        let length = 4 + lz4_flex::block::compress_into(&self.gathered, &mut content[4..])
            .map_err(io::Error::other)?;
        header[..4].copy_from_slice(&FRAME);
        header[4..8].copy_from_slice(&crc32c::crc32c(&content[..length]).to_le_bytes());
        let stored = u32::try_from(length).map_err(io::Error::other)?;
        header[8..].copy_from_slice(&stored.to_le_bytes());
        self.frame_length = FRAME_HEADER + length;
        self.gathered.clear();
        self.gathered.shrink_to(KEPT_BYTES);
        Ok(())
    }

    fn write(&mut self) -> io::Result<()> {
        self.file.write_all(&self.packed[..self.frame_length])?;
        self.file.sync_data()
    }

    fn cut_back(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// What a journal held.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    /// Up to where the file is sound.
    pub(crate) length: u64,
    /// Bytes between sound frames that were passed over because they are damaged.
    pub(crate) damaged: u64,
    /// Bytes after the last sound frame: what a crash left of a write that nobody was told of.
    pub(crate) torn: u64,
}

/// Reads journal `number` and hands every entry on in the order of writing. A damaged frame is passed over; the torn
/// end that a crash leaves was never acknowledged.
pub(crate) fn replay(
    folder: &Path,
    number: u32,
    mut keep: impl FnMut(Entry),
) -> io::Result<Replayed> {
    let mut file = Vec::new();
    File::open(path(folder, number))?.read_to_end(&mut file)?;
    let mut replayed = Replayed { length: OPENING.len() as u64, damaged: 0, torn: 0 };
    let mut at = OPENING.len();
    while let Some(rest) = file.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((entries, length)) = frame(rest) {
            entries.into_iter().for_each(&mut keep);
            at += length;
            replayed.length = at as u64;
            replayed.damaged += std::mem::take(&mut replayed.torn);
        } else {
            let step = next_frame(rest);
            replayed.torn += step as u64;
            at += step;
        }
    }
    Ok(replayed)
}

/// How many bytes to the next place that looks like a frame.
fn next_frame(rest: &[u8]) -> usize {
    let found = rest.get(1..).and_then(|rest| rest.windows(4).position(|four| four == FRAME));
    found.map_or(rest.len(), |place| place + 1)
}

/// The entries of the frame at the beginning of `bytes` and its length, if it is sound.
fn frame(bytes: &[u8]) -> Option<(Vec<Entry>, usize)> {
    let (header, rest) = bytes.split_first_chunk::<FRAME_HEADER>()?;
    let [m0, m1, m2, m3, c0, c1, c2, c3, l0, l1, l2, l3] = *header;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    let packed = rest.get(..length)?;
    if [m0, m1, m2, m3] != FRAME || crc32c::crc32c(packed) != u32::from_le_bytes([c0, c1, c2, c3]) {
        return None;
    }
    let (size, block) = lz4_flex::block::uncompressed_size(packed).ok()?;
    if size > LONGEST_FRAME {
        return None;
    }
    let content = Bytes::from(lz4_flex::block::decompress(block, size).ok()?);
    Some((entries(&content)?, FRAME_HEADER + length))
}

fn entries(content: &Bytes) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut at = 0;
    while at < content.len() {
        let header = content.get(at..)?.first_chunk::<ENTRY_HEADER>()?;
        let [kind, time @ .., l0, l1, l2, l3] = *header;
        let kind = Kind::of(kind)?;
        let start = at + ENTRY_HEADER;
        at = start + u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        if at > content.len() {
            return None;
        }
        let received = Timestamp(u64::from_le_bytes(time));
        entries.push(Entry { kind, received, wire: content.slice(start..at) });
    }
    Some(entries)
}
