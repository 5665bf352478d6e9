//! A block of many pieces: their lengths, then the pieces.

use crate::codec::columns::{Corrupt, Reader, Writer};

/// A block being filled.
#[derive(Debug, Default)]
pub(crate) struct Pack {
    lengths: Writer,
    content: Writer,
    count: u32,
}

impl Pack {
    /// Adds a piece and gives its place.
    pub(crate) fn push(&mut self, piece: &[u8]) -> u32 {
        self.lengths.count(piece.len());
        self.content.raw(piece);
        self.count += 1;
        self.count - 1
    }

    /// Bytes of the pieces.
    pub(crate) fn len(&self) -> usize {
        self.content.bytes.len()
    }

    /// Whether it has no piece.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The block; the pack is empty afterwards.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let all = std::mem::take(self);
        let mut out = Writer::default();
        out.blob(&all.lengths.bytes);
        out.raw(&all.content.bytes);
        out.bytes
    }
}

/// The piece at a place of a block.
pub(crate) fn piece(block: &[u8], place: u32) -> Result<&[u8], Corrupt> {
    let mut pieces = Reader { bytes: block };
    let mut lengths = Reader { bytes: pieces.blob()? };
    let mut before = 0;
    for _ in 0..place {
        before += lengths.count(block.len())?;
    }
    let length = lengths.count(block.len())?;
    let piece = pieces.bytes.get(before..).and_then(|rest| rest.get(..length));
    piece.ok_or(Corrupt("a piece behind the end"))
}
