//! Which lines hold a text, found in templates and columns: a line is put together only where the text may lie across
//! the border of a value.

use memchr::memmem::Finder;

use super::read::{Column, Lines, Template, Templates, Texts, Values};
use super::rows::Rows;
use super::write_out::Place;
use crate::codec::columns::Corrupt;

/// A text that is looked for.
struct Needle<'n> {
    text: &'n str,
    finder: Finder<'n>,
}

impl Needle<'_> {
    fn is_in(&self, text: &str) -> bool {
        self.finder.find(text.as_bytes()).is_some()
    }
}

/// What columns are looked up by.
#[derive(Clone, Copy)]
struct Ground<'a> {
    rows: &'a Rows<'a>,
    payload: &'a [u8],
    /// The rows that the values of a column belong to; of lines, each is its own.
    owners: Option<&'a [u32]>,
}

impl Ground<'_> {
    fn place(&self, index: usize) -> Place<'_> {
        let own = u32::try_from(index).unwrap_or(u32::MAX);
        let row = self.owners.map_or(own, |owners| owners.get(index).copied().unwrap_or(u32::MAX));
        Place { rows: self.rows, row, payload: self.payload }
    }
}

impl Lines {
    /// Says of each line whether it holds `text`.
    pub(crate) fn holding(&self, text: &str, rows: &Rows<'_>) -> Result<Vec<bool>, Corrupt> {
        let needle = Needle { text, finder: Finder::new(text) };
        self.texts.search(&needle, Ground { rows, payload: &self.payload, owners: None })
    }
}

impl Lines {
    /// The same for bytes that are no text; lines are put together for it.
    pub(crate) fn holding_bytes(
        &self,
        bytes: &[u8],
        rows: &Rows<'_>,
    ) -> Result<Vec<bool>, Corrupt> {
        let finder = Finder::new(bytes);
        let mut line = String::new();
        let numbers = (0_u32..).take(self.len());
        numbers
            .map(|row| {
                line.clear();
                self.append(row, rows, &mut line)?;
                Ok(finder.find(line.as_bytes()).is_some())
            })
            .collect()
    }
}

impl Templates {
    fn search(&self, needle: &Needle<'_>, on: Ground<'_>) -> Result<Vec<bool>, Corrupt> {
        let mut found = vec![false; self.numbers.len()];
        let kinds: Vec<Kind<'_>> = self.known.iter().map(|one| Kind::of(one, needle)).collect();
        let kind = |number: &u64| usize::try_from(*number).ok().and_then(|one| kinds.get(one));
        for (found, number) in found.iter_mut().zip(&self.numbers) {
            *found = kind(number) == Some(&Kind::All);
        }
        if found.iter().all(|found| *found) {
            return Ok(found);
        }
        for (number, column) in (0_u32..).zip(&self.columns) {
            let concerned = self.known.iter().zip(&kinds);
            let mut concerned = concerned.filter(|(_, kind)| **kind != Kind::All);
            if concerned.any(|(template, _)| template.columns.contains(&number)) {
                self.search_column(number, column, needle, on, &mut found)?;
            }
        }
        self.search_borders(needle, on, &kinds, &mut found)?;
        Ok(found)
    }

    fn search_column(
        &self,
        number: u32,
        column: &Column,
        needle: &Needle<'_>,
        on: Ground<'_>,
        found: &mut [bool],
    ) -> Result<(), Corrupt> {
        if column.count == 0 || !column.may_hold(needle.text) {
            return Ok(());
        }
        let texts = self.texts_of(number);
        let owners: Vec<u32> = texts.iter().map(|text| on.place(*text as usize).row).collect();
        let on = Ground { owners: Some(&owners), ..on };
        let hits = column.values(on.payload)?.search(column.count, needle, on)?;
        for (text, _) in texts.iter().zip(hits).filter(|(_, hit)| *hit) {
            if let Some(found) = found.get_mut(*text as usize) {
                *found = true;
            }
        }
        Ok(())
    }

    /// The texts that the values of a column stand in.
    pub(super) fn texts_of(&self, column: u32) -> Vec<u32> {
        let uses: Vec<usize> = self
            .known
            .iter()
            .map(|template| template.columns.iter().filter(|one| **one == column).count())
            .collect();
        let mut texts = Vec::new();
        for (text, number) in (0_u32..).zip(&self.numbers) {
            let uses = usize::try_from(*number).ok().and_then(|one| uses.get(one));
            texts.extend(std::iter::repeat_n(text, uses.copied().unwrap_or(0)));
        }
        texts
    }

    /// Looks at texts in which the needle may reach from a piece of the template into a value or back.
    fn search_borders(
        &self,
        needle: &Needle<'_>,
        on: Ground<'_>,
        kinds: &[Kind<'_>],
        found: &mut [bool],
    ) -> Result<(), Corrupt> {
        if !kinds.iter().any(|kind| matches!(kind, Kind::Borders(_))) {
            return Ok(());
        }
        let mut text = String::new();
        for (index, (found, number)) in found.iter_mut().zip(&self.numbers).enumerate() {
            let kind = usize::try_from(*number).ok().and_then(|number| kinds.get(number));
            let Some(Kind::Borders(borders)) = kind else { continue };
            if !*found && self.border_may_hold(index, borders, on)? {
                text.clear();
                self.append(index, on.place(index), &mut text)?;
                *found = needle.is_in(&text);
            }
        }
        Ok(())
    }

    /// Whether the values of a text are such that the needle may lie across one of its borders.
    fn border_may_hold(
        &self,
        index: usize,
        borders: &Borders<'_>,
        on: Ground<'_>,
    ) -> Result<bool, Corrupt> {
        if borders.ends || borders.rests.is_empty() {
            return Ok(borders.ends);
        }
        let Some((template, places)) = self.text(index) else { return Ok(false) };
        for (number, rest) in &borders.rests {
            let (column, place) = (template.columns.get(*number), places.get(*number));
            if let (Some(column), Some(place)) = (column, place) {
                let values = self.column(*column)?.values(on.payload)?;
                if values.may_start(*place as usize, rest) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl Needle<'_> {
    /// Whether the needle holds the whole of `piece`, with something before and behind it.
    fn is_within(&self, piece: &str) -> bool {
        !piece.is_empty()
            && self.text.len() >= piece.len() + 2
            && memchr::memmem::find(self.text.as_bytes(), piece.as_bytes()).is_some()
    }
}

/// What remains of `needle` where `piece` ends with its beginning.
fn rests<'n>(needle: &'n str, piece: &str) -> impl Iterator<Item = &'n str> {
    let cuts = needle.char_indices().skip(1).map(|(place, _)| needle.split_at(place));
    cuts.filter(|(start, _)| piece.ends_with(start)).map(|(_, rest)| rest)
}

/// Whether `piece` begins with an end of `needle`.
fn ends_in(needle: &str, piece: &str) -> bool {
    let mut cuts = needle.char_indices().skip(1).map(|(place, _)| needle.split_at(place));
    cuts.any(|(_, rest)| piece.starts_with(rest))
}

/// What a template says of a needle.
#[derive(Debug, PartialEq, Eq)]
enum Kind<'n> {
    /// All of its texts hold it.
    All,
    /// It may lie across the border of a value.
    Borders(Borders<'n>),
    /// It lies within a value or nowhere.
    Values,
}

/// Where a needle may lie across the border of a value.
#[derive(Debug, Default, PartialEq, Eq)]
struct Borders<'n> {
    /// What would remain of it at the beginning of which value.
    rests: Vec<(usize, &'n str)>,
    /// A piece of the template begins with its end, or lies within it: then values are not looked at beforehand.
    ends: bool,
}

impl<'n> Kind<'n> {
    fn of(template: &Template, needle: &Needle<'n>) -> Self {
        if template.pieces.iter().any(|piece| needle.is_in(piece)) {
            return Self::All;
        }
        let last = template.pieces.len().saturating_sub(1);
        let mut borders = Borders::default();
        for (number, piece) in template.pieces.iter().enumerate() {
            if number < last {
                borders.rests.extend(rests(needle.text, piece).map(|rest| (number, rest)));
            }
            let within = number < last && needle.is_within(piece);
            borders.ends |= number > 0 && (within || ends_in(needle.text, piece));
        }
        if borders == Borders::default() { Self::Values } else { Self::Borders(borders) }
    }
}

impl Values {
    /// Says of each value whether it holds the needle.
    fn search(
        &self,
        count: usize,
        needle: &Needle<'_>,
        on: Ground<'_>,
    ) -> Result<Vec<bool>, Corrupt> {
        match self {
            Self::Constant(text) => Ok(vec![needle.is_in(text); count]),
            Self::Dictionary(texts, numbers) => {
                let hits: Vec<bool> = texts.iter().map(|text| needle.is_in(text)).collect();
                let hit =
                    |number: &u64| usize::try_from(*number).ok().and_then(|one| hits.get(one));
                Ok(numbers.iter().map(|number| hit(number).copied().unwrap_or(false)).collect())
            }
            Self::Templates(texts) => texts.search(needle, on),
            Self::Texts(texts) => Ok(texts.search(needle)),
            _ => {
                let mut text = String::new();
                (0..count)
                    .map(|index| {
                        text.clear();
                        self.append(index, on.place(index), &mut text)?;
                        Ok(needle.is_in(&text))
                    })
                    .collect()
            }
        }
    }

    /// Whether a value may begin with `rest`, or `rest` with the value.
    fn may_start(&self, index: usize, rest: &str) -> bool {
        let agrees = |value: &str| value.starts_with(rest) || rest.starts_with(value);
        let first = rest.as_bytes().first().copied().unwrap_or_default();
        match self {
            Self::Constant(text) => agrees(text),
            Self::Dictionary(texts, numbers) => {
                let number = numbers.get(index).and_then(|one| usize::try_from(*one).ok());
                agrees(texts.get(number.unwrap_or(usize::MAX)))
            }
            Self::Texts(texts) => agrees(texts.get(index)),
            Self::Integers(_) | Self::Decimals(..) => first.is_ascii_digit() || first == b'-',
            Self::Padded(..) | Self::Times(..) => first.is_ascii_digit(),
            Self::Hexadecimal(..) | Self::Uuid(_) | Self::Trace | Self::Span => {
                matches!(first, b'0'..=b'9' | b'a'..=b'f')
            }
            Self::Templates(_) => true,
        }
    }
}

impl Texts {
    /// Looks through all texts in one go; what lies across the end of one is not in it.
    fn search(&self, needle: &Needle<'_>) -> Vec<bool> {
        let mut found = vec![false; self.ends.len()];
        let mut from = 0;
        while let Some(place) =
            self.text.as_bytes().get(from..).and_then(|rest| needle.finder.find(rest))
        {
            let start = from + place;
            let number = self.ends.partition_point(|end| *end <= start);
            let end = self.ends.get(number).copied().unwrap_or(self.text.len());
            if start + needle.text.len() <= end
                && let Some(found) = found.get_mut(number)
            {
                *found = true;
                from = end;
            } else {
                from = start + 1;
            }
        }
        found
    }
}
