//! Texts that recur, written once: a column holds small numbers, the dictionary what they stand for.

use rapidhash::RapidHashMap;
use watchglass_model::{Arena, Text};

use super::columns::{Corrupt, Reader, Writer};

/// A dictionary being written. The first text that is asked for is number 0.
#[derive(Debug, Default)]
pub(crate) struct Dictionary<'a> {
    numbers: RapidHashMap<&'a str, u64>,
    lengths: Writer,
    text: Writer,
    last: Option<(&'a str, u64)>,
}

impl<'a> Dictionary<'a> {
    /// The number that stands for `text`.
    #[inline]
    pub(crate) fn number(&mut self, text: &'a str) -> u64 {
        if let Some((last, number)) = self.last
            && last == text
        {
            return number;
        }
        let next = self.numbers.len() as u64;
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.lengths.count(text.len());
            self.text.raw(text.as_bytes());
        }
        self.last = Some((text, number));
        number
    }

    /// How many texts it holds.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Puts the dictionary at the end of `out`.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.count(self.numbers.len());
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

/// The same, with the texts copied into an arena.
pub(crate) fn load(from: &mut Reader<'_>, arena: &mut Arena) -> Result<Vec<Text>, Corrupt> {
    Ok(read(from)?.into_iter().map(|text| arena.push_text(text)).collect())
}

/// The entry that a number stands for.
#[inline]
pub(crate) fn entry<T: Copy>(all: &[T], number: u64) -> Result<T, Corrupt> {
    let found = usize::try_from(number).ok().and_then(|number| all.get(number));
    found.copied().ok_or(Corrupt("a number that stands for nothing"))
}
