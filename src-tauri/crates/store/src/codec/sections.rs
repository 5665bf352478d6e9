//! Sections: a directory that says what there is, and behind it pieces of bytes, each compressed by itself, so that
//! whoever needs one column unpacks one column.

use std::borrow::Cow;
use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};

use super::columns::{Corrupt, Reader, Writer};

/// Columns of numbers and ids gain nothing from higher levels, texts 4 %, for twice the time.
const LEVEL: i32 = 3;
/// No section is longer before compression; a damaged length must not ask for more memory than that.
const LONGEST: usize = 256 << 20;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
/// One byte, again and again.
const REPEATED: u8 = 2;

/// Sections being written.
pub(crate) struct Packer {
    pub(crate) directory: Writer,
    payload: Vec<u8>,
    compressor: Compressor<'static>,
}

impl Packer {
    pub(crate) fn new() -> std::io::Result<Self> {
        let compressor = Compressor::new(LEVEL)?;
        Ok(Self { directory: Writer::default(), payload: Vec::new(), compressor })
    }

    /// Adds a section and names it in the directory.
    pub(crate) fn section(&mut self, raw: &[u8]) -> std::io::Result<()> {
        let packed = pack(&mut self.compressor, raw)?;
        self.name(raw.len(), &packed);
        Ok(())
    }

    /// Adds whichever is shorter once compressed: the sections `one` or the section `other`. Says whether it was `one`.
    pub(crate) fn shorter(
        &mut self,
        one: &[Vec<u8>],
        other: &[u8],
        announce: impl FnOnce(&mut Writer, bool),
    ) -> std::io::Result<()> {
        let mut packed = Vec::with_capacity(one.len());
        for raw in one {
            packed.push(pack(&mut self.compressor, raw)?);
        }
        let length: usize = packed.iter().map(|section| section.bytes.len() + 3).sum();
        let other_packed = pack(&mut self.compressor, other)?;
        let first = length <= other_packed.bytes.len() + 3;
        announce(&mut self.directory, first);
        if first {
            for (raw, packed) in one.iter().zip(&packed) {
                self.name(raw.len(), packed);
            }
        } else {
            self.name(other.len(), &other_packed);
        }
        Ok(())
    }

    fn name(&mut self, length: usize, packed: &Packed<'_>) {
        self.directory.raw(&[packed.form]);
        self.directory.count(length);
        self.directory.count(packed.bytes.len());
        self.payload.extend_from_slice(&packed.bytes);
    }

    /// The directory, compressed, and the sections.
    pub(crate) fn finish(mut self) -> std::io::Result<Vec<u8>> {
        let packed = self.compressor.compress(&self.directory.bytes)?;
        let mut out = Writer::default();
        out.count(self.directory.bytes.len());
        out.blob(&packed);
        out.raw(&self.payload);
        Ok(out.bytes)
    }
}

struct Packed<'a> {
    form: u8,
    bytes: Cow<'a, [u8]>,
}

fn pack<'a>(compressor: &mut Compressor<'_>, raw: &'a [u8]) -> std::io::Result<Packed<'a>> {
    if let [first, rest @ ..] = raw
        && rest.iter().all(|byte| byte == first)
    {
        return Ok(Packed { form: REPEATED, bytes: Cow::Borrowed(std::slice::from_ref(first)) });
    }
    let packed = compressor.compress(raw)?;
    if packed.len() < raw.len() {
        return Ok(Packed { form: ZSTD, bytes: Cow::Owned(packed) });
    }
    Ok(Packed { form: PLAIN, bytes: Cow::Borrowed(raw) })
}

/// The directory of what [`Packer::finish`] wrote.
pub(crate) fn directory(bytes: &[u8]) -> Result<(Vec<u8>, &[u8]), Corrupt> {
    let mut from = Reader { bytes };
    let length = usize::try_from(from.varint()?).unwrap_or(usize::MAX);
    let directory = unpack(from.blob()?, length)?;
    Ok((directory, from.bytes))
}

thread_local! {
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

fn unpack(packed: &[u8], length: usize) -> Result<Vec<u8>, Corrupt> {
    if length > LONGEST {
        return Err(Corrupt("a section that is too long"));
    }
    // A thread that reads a block unpacks a dozen sections: making a decompressor takes longer than many of them.
    let raw = DECOMPRESSOR.with_borrow_mut(|known| {
        if known.is_none() {
            *known = Decompressor::new().ok();
        }
        known.as_mut().and_then(|decompressor| decompressor.decompress(packed, length).ok())
    });
    raw.ok_or(Corrupt("a section that does not unpack"))
}

/// A directory being read, with the sections that it names, one after the other.
#[derive(Debug)]
pub(crate) struct Unpacker<'a> {
    pub(crate) directory: Reader<'a>,
    pub(crate) payload: &'a [u8],
    /// Where the next section begins.
    pub(crate) next: usize,
}

impl Unpacker<'_> {
    /// The section that the directory names next.
    pub(crate) fn section(&mut self) -> Result<Section, Corrupt> {
        let [form] = self.directory.array()?;
        let length = usize::try_from(self.directory.varint()?).unwrap_or(usize::MAX);
        let stored = self.directory.count(self.payload.len())?;
        let start = self.next;
        self.next = start + stored;
        if self.next > self.payload.len() || length > LONGEST {
            return Err(Corrupt("a section beyond its block"));
        }
        Ok(Section { form, length, start, stored })
    }
}

/// Where a section lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section {
    form: u8,
    length: usize,
    start: usize,
    stored: usize,
}

impl Section {
    /// The section, unpacked.
    pub(crate) fn read(self, payload: &[u8]) -> Result<Vec<u8>, Corrupt> {
        let stored = payload.get(self.start..self.start + self.stored);
        let stored = stored.ok_or(Corrupt("a section beyond its block"))?;
        match (self.form, stored) {
            (PLAIN, stored) if stored.len() == self.length => Ok(stored.to_vec()),
            (ZSTD, stored) => unpack(stored, self.length),
            (REPEATED, [byte]) => Ok(vec![*byte; self.length]),
            _ => Err(Corrupt("a section of unknown form")),
        }
    }

    /// The section as text.
    pub(crate) fn text(self, payload: &[u8]) -> Result<String, Corrupt> {
        String::from_utf8(self.read(payload)?).map_err(|_| Corrupt("text not in UTF-8"))
    }
}
