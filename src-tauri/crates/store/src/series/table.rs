//! The table of a segment: its series by labels, 256 a block, and where the chunks of each lie.

use watchglass_model::{Labels, Millis};
use watchglass_storage::MillisRange;

use crate::codec::columns::{Corrupt, Reader, Writer, join, split};
use crate::codec::dictionary::{self, Dictionary};

/// Series of a block.
pub(crate) const ROWS: u32 = 256;

/// A series and its chunks, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) labels: Labels,
    pub(crate) chunks: Vec<ChunkPlace>,
}

/// Where a chunk lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChunkPlace {
    /// From its first to its last sample.
    pub(crate) range: MillisRange,
    /// The block,
    pub(crate) block: u32,
    /// the place in it,
    pub(crate) place: u32,
    /// and the number of its column of times.
    pub(crate) times: u32,
}

/// A block of the table.
pub(crate) fn encode(rows: &[Row]) -> Vec<u8> {
    let mut texts = Dictionary::default();
    let [mut dictionary, mut pairs, mut names, mut values, mut counts] = <[Writer; 5]>::default();
    let [mut starts, mut lengths, mut blocks, mut places, mut times] = <[Writer; 5]>::default();
    let mut last = ChunkPlace::default();
    for row in rows {
        pairs.count(row.labels.len());
        for (name, value) in &row.labels {
            names.varint(texts.number(name));
            values.varint(texts.number(value));
        }
        counts.count(row.chunks.len());
        for chunk in &row.chunks {
            starts.zigzag(chunk.range.start.wrapping_sub(last.range.start));
            lengths.zigzag(chunk.range.end.wrapping_sub(chunk.range.start));
            let step = |now: u32, before: u32| i64::from(now) - i64::from(before);
            blocks.zigzag(step(chunk.block, last.block));
            places.zigzag(step(chunk.place, last.place));
            times.zigzag(step(chunk.times, last.times));
            last = *chunk;
        }
    }
    texts.write(&mut dictionary);
    join([dictionary, pairs, names, values, counts, starts, lengths, blocks, places, times])
}

/// The rows of a block for which `wanted`, told their places in order, says so.
pub(crate) fn decode(bytes: &[u8], wanted: impl Fn(u32) -> bool) -> Result<Vec<Row>, Corrupt> {
    let [mut dictionary, mut pairs, mut names, mut values, mut counts, columns @ ..] =
        split::<10>(bytes)?;
    let texts = dictionary::read(&mut dictionary)?;
    let mut texts = Texts { all: &texts, next: 0 };
    let mut chunks = Chunks { columns, last: ChunkPlace::default() };
    let mut rows = Vec::new();
    let mut place = 0;
    while !pairs.bytes.is_empty() {
        let count = pairs.count(names.bytes.len())?;
        let mut labels = Vec::with_capacity(count);
        for _ in 0..count {
            labels.push((texts.entry(names.varint()?)?, texts.entry(values.varint()?)?));
        }
        let own: Result<Vec<_>, _> =
            (0..counts.count(bytes.len())?).map(|_| chunks.next()).collect();
        let chunks = own?;
        if wanted(place) {
            rows.push(Row { labels: Labels::from_sorted(labels.iter().copied()), chunks });
        }
        place += 1;
    }
    Ok(rows)
}

/// The texts of a block as its columns ask for them: zero is the next one.
struct Texts<'a> {
    all: &'a [&'a str],
    next: u64,
}

impl<'a> Texts<'a> {
    fn entry(&mut self, number: u64) -> Result<&'a str, Corrupt> {
        let place = number.checked_sub(1).unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        dictionary::entry(self.all, place)
    }
}

struct Chunks<'a> {
    columns: [Reader<'a>; 5],
    last: ChunkPlace,
}

impl Chunks<'_> {
    fn next(&mut self) -> Result<ChunkPlace, Corrupt> {
        let [starts, lengths, blocks, places, times] = &mut self.columns;
        let start: Millis = self.last.range.start.wrapping_add(starts.zigzag()?);
        let end = start.wrapping_add(lengths.zigzag()?);
        let step = |before: u32, column: &mut Reader<'_>| {
            let now = i64::from(before).wrapping_add(column.zigzag()?);
            u32::try_from(now).map_err(|_| Corrupt("a place beyond 32 bits"))
        };
        self.last = ChunkPlace {
            range: MillisRange { start, end },
            block: step(self.last.block, blocks)?,
            place: step(self.last.place, places)?,
            times: step(self.last.times, times)?,
        };
        Ok(self.last)
    }
}

impl Default for ChunkPlace {
    fn default() -> Self {
        Self { range: MillisRange { start: 0, end: 0 }, block: 0, place: 0, times: 0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::pack::{Pack, piece};
    use super::*;

    fn rows(numbers: &[(u8, i64, u32)]) -> Vec<Row> {
        let row = |(label, start, place): &(u8, i64, u32)| {
            let range = MillisRange { start: *start, end: start.wrapping_add(7) };
            let chunk = ChunkPlace { range, block: place / 2, place: *place, times: place / 3 };
            let labels = [("job", format!("{}", label % 3)), ("number", label.to_string())];
            Row { labels: Labels::from_pairs(labels), chunks: vec![chunk; usize::from(label % 4)] }
        };
        numbers.iter().map(row).collect()
    }

    proptest! {
        #[test]
        fn rows_read_back_and_damage_never_panics(numbers: Vec<(u8, i64, u32)>, flip: usize) {
            let rows = rows(&numbers);
            let mut bytes = encode(&rows);
            prop_assert_eq!(&decode(&bytes, |_| true)?, &rows);
            let second = decode(&bytes, |row| row == 1)?;
            prop_assert_eq!(second.first(), rows.get(1));
            let bits = bytes.len() * 8;
            bytes[flip % bits / 8] ^= 1 << (flip % 8);
            let _ = decode(&bytes, |_| true);
        }

        #[test]
        fn pieces_read_back_and_damage_never_panics(pieces: Vec<Vec<u8>>, flip: usize) {
            let mut pack = Pack::default();
            for (place, piece) in (0_u32..).zip(&pieces) {
                prop_assert_eq!(pack.push(piece), place);
            }
            let mut bytes = pack.take();
            for (place, one) in (0_u32..).zip(&pieces) {
                prop_assert_eq!(piece(&bytes, place)?, one.as_slice());
            }
            prop_assert!(piece(&bytes, u32::try_from(pieces.len())?).is_err());
            let bits = bytes.len() * 8;
            bytes[flip % bits / 8] ^= 1 << (flip % 8);
            let _ = piece(&bytes, 3);
        }
    }
}
