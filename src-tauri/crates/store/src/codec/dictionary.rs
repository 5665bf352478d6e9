//! Texts that recur, written once: a column holds small numbers, the dictionary what they stand for.

use rapidhash::RapidHashMap;
use watchglass_model::{Arena, Text};

use super::columns::{Corrupt, Reader, Writer};

/// What stands for a text that was not seen before: the next one of the dictionary.
const NEXT: u64 = 0;
/// After so many new texts it is asked whether looking for old ones still pays.
const TRIAL: u64 = 256;

/// A dictionary being written. A column says 0 for "the next new text" and n for "text n - 1 again", so a column
/// of texts that never recur is a column of zeros.
#[derive(Debug, Default)]
pub(crate) struct Dictionary<'a> {
    numbers: RapidHashMap<&'a str, u64>,
    lengths: Writer,
    text: Writer,
    last: Option<(&'a str, u64)>,
    /// How many texts were written, and how often one of them came again.
    count: u64,
    repeats: u64,
}

impl<'a> Dictionary<'a> {
    /// The number that stands for `text` in the next row.
    #[inline]
    pub(crate) fn number(&mut self, text: &'a str) -> u64 {
        if let Some((last, number)) = self.last
            && last == text
        {
            self.repeats += 1;
            return number;
        }
        let next = self.count;
        // Texts that do not recur (ids, messages) are not looked for any more: it would cost more than it saves.
        if next > TRIAL && self.repeats < next / 8 {
            self.push(text);
            return NEXT;
        }
        let place = *self.numbers.entry(text).or_insert(next);
        self.last = Some((text, place + 1));
        if place == next {
            self.push(text);
            return NEXT;
        }
        self.repeats += 1;
        place + 1
    }

    fn push(&mut self, text: &str) {
        self.count += 1;
        self.lengths.count(text.len());
        self.text.raw(text.as_bytes());
    }

    /// Puts the dictionary at the end of `out`.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.varint(self.count);
        out.blob(&self.lengths.bytes);
        out.blob(&self.text.bytes);
    }
}

/// The texts of a dictionary, by number.
pub(crate) fn read<'a>(from: &mut Reader<'a>) -> Result<Vec<&'a str>, Corrupt> {
    let count = from.count(from.bytes.len())?;
    let mut lengths = Reader { bytes: from.blob()? };
    let mut rest = std::str::from_utf8(from.blob()?).map_err(|_| Corrupt("text not in UTF-8"))?;
    let mut texts = Vec::with_capacity(count);
    for _ in 0..count {
        let length = lengths.count(rest.len())?;
        let (text, after) = rest.split_at_checked(length).ok_or(Corrupt("text cut in two"))?;
        texts.push(text);
        rest = after;
    }
    Ok(texts)
}

/// The texts of a dictionary as a column asks for them.
#[derive(Debug)]
pub(crate) struct Texts {
    all: Vec<Text>,
    /// The next new one.
    next: usize,
}

impl Texts {
    /// The texts of a dictionary, copied into an arena.
    pub(crate) fn load(from: &mut Reader<'_>, arena: &mut Arena) -> Result<Self, Corrupt> {
        let all = read(from)?.into_iter().map(|text| arena.push_text(text)).collect();
        Ok(Self { all, next: 0 })
    }

    /// The text that a number of a column stands for.
    #[inline]
    pub(crate) fn entry(&mut self, number: u64) -> Result<Text, Corrupt> {
        if number == NEXT {
            let text = entry(&self.all, self.next as u64)?;
            self.next += 1;
            return Ok(text);
        }
        entry(&self.all, number - 1)
    }
}

/// The entry that a number stands for.
#[inline]
pub(crate) fn entry<T: Copy>(all: &[T], number: u64) -> Result<T, Corrupt> {
    let found = usize::try_from(number).ok().and_then(|number| all.get(number));
    found.copied().ok_or(Corrupt("a number that stands for nothing"))
}
