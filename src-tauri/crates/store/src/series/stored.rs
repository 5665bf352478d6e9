//! The series of a stored segment: postings name rows of the table, rows name chunks, and only those blocks are read.

use std::borrow::Cow;
use std::sync::Arc;

use watchglass_model::{Millis, Samples};
use watchglass_storage::{MatchOperator, Matcher, MillisRange, all_match};

use super::build::Directory;
use super::chunk;
use super::columns::{append_within, merge};
use super::index::{intersection, union};
use super::pack::piece;
use super::table::{self, ChunkPlace, ROWS, Row};
use crate::codec::columns::{Corrupt, Reader};
use crate::segment::{Key, Part};
use crate::view::{Shared, StoredSegment};

impl StoredSegment {
    /// The series that pass `matchers`, with their chunks that overlap `range`; without any, a series is left out.
    pub(crate) fn select_series(
        &self,
        shared: &Shared,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Vec<Row> {
        if !self.series.times.is_some_and(|times| times.overlaps(range)) {
            return Vec::new();
        }
        let lists = matchers.iter().filter(|one| !one.matches_absence());
        let lists = lists.map(|one| Cow::Owned(self.postings(shared, one))).collect();
        let mut found = Vec::new();
        match intersection(lists) {
            Some(numbers) => {
                for some in numbers.chunk_by(|one, other| one / ROWS == other / ROWS) {
                    let Some(first) = some.first() else { continue };
                    let wanted =
                        |row: u32| some.binary_search(&(first / ROWS * ROWS + row)).is_ok();
                    found.extend(self.rows(shared, first / ROWS, wanted));
                }
            }
            None => {
                for block in 0..self.series.series.div_ceil(ROWS) {
                    found.extend(self.rows(shared, block, |_| true));
                }
            }
        }
        found.retain_mut(|row| {
            row.chunks.retain(|chunk| chunk.range.overlaps(range));
            !row.chunks.is_empty() && all_match(matchers, &row.labels)
        });
        found
    }

    /// A block of the table.
    pub(crate) fn rows(
        &self,
        shared: &Shared,
        block: u32,
        wanted: impl Fn(u32) -> bool,
    ) -> Vec<Row> {
        let key = self.key(Part::SeriesTable, block);
        self.unpack(shared, key, |raw| table::decode(raw, wanted)).unwrap_or_default()
    }

    /// Adds the samples of chunks within `range` to `into`.
    pub(crate) fn read_chunks(
        &self,
        shared: &Shared,
        chunks: &[ChunkPlace],
        range: MillisRange,
        into: &mut Samples,
    ) {
        let mut read = Samples::default();
        for place in chunks.iter().filter(|chunk| chunk.range.overlaps(range)) {
            read.clear();
            if self.read_chunk(shared, *place, range, &mut read).is_none() {
                continue;
            }
            if into.times.last().is_none_or(|last| *last < place.range.start) {
                append_within(&read, range, into);
            } else {
                let mut inside = Samples::default();
                append_within(&read, range, &mut inside);
                merge(into, &inside);
            }
        }
    }

    /// Reads a chunk up to the end of `range` at least.
    fn read_chunk(
        &self,
        shared: &Shared,
        place: ChunkPlace,
        range: MillisRange,
        into: &mut Samples,
    ) -> Option<()> {
        let times = self.column(shared, place.times)?;
        let wanted = times.partition_point(|time| *time <= range.end);
        let key = self.key(Part::SeriesChunks, place.block);
        self.unpack(shared, key, |raw| {
            chunk::decode(piece(raw, place.place)?, &times, wanted, into)
        })
    }

    /// A column of times by its number, from the cache if it is there: series of one scrape share it.
    fn column(&self, shared: &Shared, number: u32) -> Option<Arc<[Millis]>> {
        let id = (self.partition.number, self.key(Part::SeriesTimes, number).bytes());
        shared.times.get(id, || {
            let firsts = &self.directory(shared)?.times;
            let block = firsts.partition_point(|first| *first <= number).checked_sub(1)?;
            let first = *firsts.get(block)?;
            let key = self.key(Part::SeriesTimes, u32::try_from(block).ok()?);
            let mut times = Vec::new();
            self.unpack(shared, key, |raw| {
                chunk::times::decode(piece(raw, number - first)?, &mut times)
            })?;
            Some(times)
        })
    }

    /// The rows of the table with a label that passes `matcher`.
    fn postings(&self, shared: &Shared, matcher: &Matcher) -> Vec<u32> {
        let exact = (matcher.operator == MatchOperator::Equal).then_some(matcher.value.as_str());
        let mut numbers = Vec::new();
        self.each_posting(shared, Some(&matcher.name), exact, &mut |_, value, steps| {
            if matcher.matches(value) {
                read_numbers(steps, self.series.series, &mut numbers)?;
            }
            Ok(())
        });
        if exact.is_some() { numbers } else { union(numbers) }
    }

    /// Shows the names and values that series here have, all or those of one name.
    pub(crate) fn each_label(
        &self,
        shared: &Shared,
        name: Option<&str>,
        visit: &mut dyn FnMut(&str, &str),
    ) {
        self.each_posting(shared, name, None, &mut |name, value, _| {
            visit(name, value);
            Ok(())
        });
    }

    /// Shows names, values and the rows that have them; only of the blocks that may hold the name and value asked for.
    fn each_posting(
        &self,
        shared: &Shared,
        name: Option<&str>,
        exact: Option<&str>,
        visit: &mut dyn FnMut(&str, &str, Reader<'_>) -> Result<(), Corrupt>,
    ) -> Option<()> {
        let firsts = &self.directory(shared)?.postings;
        let low = (name.unwrap_or(""), exact.unwrap_or(""));
        let start = firsts.partition_point(|(name, value)| (name.as_str(), value.as_str()) <= low);
        let start = start.saturating_sub(1);
        let reaches = |(first, value): &&(String, String)| match (name, exact) {
            (None, _) => true,
            (Some(name), None) => first.as_str() <= name,
            (Some(name), Some(exact)) => (first.as_str(), value.as_str()) <= (name, exact),
        };
        let end = start + firsts.get(start..)?.iter().take_while(reaches).count();
        for block in start..end {
            let key = self.key(Part::SeriesPostings, u32::try_from(block).ok()?);
            self.unpack(shared, key, |raw| {
                let from = &mut Reader { bytes: raw };
                while !from.bytes.is_empty() {
                    let (own, value, steps) = (from.text()?, from.text()?, from.blob()?);
                    let wanted = name.is_none_or(|name| own == name);
                    if wanted && exact.is_none_or(|exact| value == exact) {
                        visit(own, value, Reader { bytes: steps })?;
                    }
                }
                Ok(())
            });
        }
        Some(())
    }

    fn directory(&self, shared: &Shared) -> Option<&Arc<Directory>> {
        let read = || {
            let key = self.key(Part::SeriesDirectory, 0);
            self.unpack(shared, key, Directory::decode).map(Arc::new)
        };
        self.directory.get_or_init(read).as_ref()
    }

    const fn key(&self, part: Part, block: u32) -> Key {
        Key { segment: self.number, part, block }
    }

    /// Reads a block, from the cache if it is there; damage costs the block and is noted.
    fn unpack<T>(
        &self,
        shared: &Shared,
        key: Key,
        decode: impl FnOnce(&[u8]) -> Result<T, Corrupt>,
    ) -> Option<T> {
        let id = (self.partition.number, key.bytes());
        let block = shared.blocks.get(id, || match self.read_block(key) {
            Ok(block) => Some(block),
            Err(why) => {
                shared.damaged_block(self, key, &why);
                None
            }
        })?;
        decode(&block).map_err(|error| shared.damaged_block(self, key, &error.to_string())).ok()
    }
}

fn read_numbers(mut steps: Reader<'_>, series: u32, into: &mut Vec<u32>) -> Result<(), Corrupt> {
    let mut number = 0_u32;
    while !steps.bytes.is_empty() {
        number = number.wrapping_add(steps.index()?);
        if number >= series {
            return Err(Corrupt("a series behind the end"));
        }
        into.push(number);
    }
    Ok(())
}
