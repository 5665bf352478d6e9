//! Reading lines: the directory says which columns there are, and each is unpacked when it is first asked for.

use std::cell::OnceCell;

use super::column::form;
use super::cut::PLACE;
use super::moments::Style;
use super::rows::Rows;
use super::write_out::Place;
use crate::codec::columns::{Corrupt, Reader};
use crate::codec::numbers::{self, Stored};
use crate::codec::sections::{self, Section, Unpacker};

/// The lines of a block.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(super) payload: Vec<u8>,
    pub(super) texts: Templates,
}

/// Texts that were cut.
#[derive(Debug)]
pub(super) struct Templates {
    pub(super) known: Vec<Template>,
    /// The template of each text.
    pub(super) numbers: Vec<u64>,
    pub(super) columns: Vec<Column>,
    places: OnceCell<Places>,
}

/// What many texts have in common.
#[derive(Debug)]
pub(super) struct Template {
    /// What stands before, between and after the values.
    pub(super) pieces: Vec<String>,
    /// The columns of the values.
    pub(super) columns: Vec<u32>,
}

/// The values of one place or key.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// How many there are.
    pub(super) count: usize,
    stored: Form,
    values: OnceCell<Values>,
}

/// Where the values of each text stand in their columns: one number a value, texts one after the other.
#[derive(Debug, Default)]
struct Places {
    starts: Vec<u32>,
    places: Vec<u32>,
}

/// A column as it is stored.
#[derive(Debug, Clone)]
enum Form {
    Constant(String),
    Dictionary(usize, Box<TextsForm>, Stored),
    Integers(Stored),
    Padded(usize, Stored),
    Decimals(Stored, Stored),
    Hexadecimal(usize, Section),
    Uuid(Section),
    Trace,
    Span,
    Times(Style, Stored),
    Templates(Box<StoredTemplates>),
    Texts(Box<TextsForm>),
}

#[derive(Debug, Clone)]
enum TextsForm {
    Here(Vec<String>),
    There(Stored, Section),
}

#[derive(Debug, Clone)]
struct StoredTemplates {
    templates: Vec<(Vec<String>, Vec<u32>)>,
    numbers: Stored,
    columns: Vec<(String, Form)>,
}

/// A column, unpacked.
#[derive(Debug)]
pub(super) enum Values {
    Constant(String),
    Dictionary(Texts, Vec<u64>),
    Integers(Vec<u64>),
    Padded(usize, Vec<u64>),
    Decimals(Vec<u64>, Vec<u64>),
    Hexadecimal(usize, Vec<u8>),
    Uuid(Vec<u8>),
    Trace,
    Span,
    Times(Style, Vec<u64>),
    Templates(Box<Templates>),
    Texts(Texts),
}

impl Templates {
    /// The template of a text, and where its values stand in their columns.
    pub(super) fn text(&self, index: usize) -> Option<(&Template, &[u32])> {
        let number = usize::try_from(*self.numbers.get(index)?).ok()?;
        let template = self.known.get(number)?;
        let places = self.places.get_or_init(|| self.find_places());
        let start = *places.starts.get(index)? as usize;
        Some((template, places.places.get(start..start + template.columns.len())?))
    }

    fn find_places(&self) -> Places {
        let mut next = vec![0_u32; self.columns.len()];
        let mut found = Places::default();
        for number in &self.numbers {
            found.starts.push(u32::try_from(found.places.len()).unwrap_or(u32::MAX));
            let template = usize::try_from(*number).ok().and_then(|one| self.known.get(one));
            for column in template.map_or(&[][..], |one| &one.columns) {
                if let Some(next) = next.get_mut(*column as usize) {
                    found.places.push(*next);
                    *next += 1;
                }
            }
        }
        found
    }

    pub(super) fn column(&self, number: u32) -> Result<&Column, Corrupt> {
        self.columns.get(number as usize).ok_or(Corrupt("an unknown column"))
    }
}

/// Texts one after the other, and where each ends.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) text: String,
    pub(super) ends: Vec<usize>,
}

impl Texts {
    pub(super) fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(number)).map(|(start, end)| start..*end);
        range.and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|number| self.get(number))
    }
}

impl Lines {
    /// Opens what [`super::templates::Cuts::write_lines`] wrote.
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, Corrupt> {
        let (directory, payload) = sections::directory(bytes)?;
        let directory = Reader { bytes: &directory };
        let mut from = Unpacker { directory, payload, next: 0 };
        let count = usize::try_from(from.directory.varint()?).unwrap_or(usize::MAX);
        if count > super::MOST_ROWS {
            return Err(Corrupt("a block of too many lines"));
        }
        let stored = read_templates(&mut from, true)?;
        let texts = stored.open(payload, count)?;
        Ok(Self { payload: payload.to_vec(), texts })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.numbers.len()
    }

    /// Puts the line of a row behind `out`.
    pub(crate) fn append(
        &self,
        row: u32,
        rows: &Rows<'_>,
        out: &mut String,
    ) -> Result<(), Corrupt> {
        let at = Place { rows, row, payload: &self.payload };
        self.texts.append(row as usize, at, out)
    }
}

fn read_templates(from: &mut Unpacker<'_>, may_cut: bool) -> Result<StoredTemplates, Corrupt> {
    let mut templates = Vec::new();
    for _ in 0..from.directory.count(from.directory.bytes.len())? {
        let pieces: Vec<String> = from.directory.text()?.split(PLACE).map(str::to_owned).collect();
        let columns =
            (1..pieces.len()).map(|_| from.directory.index()).collect::<Result<_, _>>()?;
        templates.push((pieces, columns));
    }
    let numbers = numbers::read(from)?;
    let mut columns = Vec::new();
    for _ in 0..from.directory.count(from.directory.bytes.len())? {
        let name = from.directory.text()?.to_owned();
        columns.push((name, read_form(from, may_cut)?));
    }
    Ok(StoredTemplates { templates, numbers, columns })
}

fn read_form(from: &mut Unpacker<'_>, may_cut: bool) -> Result<Form, Corrupt> {
    Ok(match from.directory.array()? {
        [form::CONSTANT] => Form::Constant(from.directory.text()?.to_owned()),
        [form::DICTIONARY] => {
            let count = usize::try_from(from.directory.varint()?).unwrap_or(usize::MAX);
            let texts = read_texts(from, count)?;
            Form::Dictionary(count, Box::new(texts), numbers::read(from)?)
        }
        [form::INTEGERS] => Form::Integers(numbers::read(from)?),
        [form::PADDED] => {
            let width = usize::try_from(from.directory.varint()?).unwrap_or(0);
            Form::Padded(width.min(20), numbers::read(from)?)
        }
        [form::DECIMALS] => Form::Decimals(numbers::read(from)?, numbers::read(from)?),
        [form::HEXADECIMAL] => {
            let width = usize::try_from(from.directory.varint()?).unwrap_or(0);
            Form::Hexadecimal(width, from.section()?)
        }
        [form::UUID] => Form::Uuid(from.section()?),
        [form::TRACE] => Form::Trace,
        [form::SPAN] => Form::Span,
        [form::CALENDAR] => {
            let [between, point, fraction, zulu] = from.directory.array()?;
            if fraction > 9 {
                return Err(Corrupt("a time of too many decimals"));
            }
            let style = Style::Calendar { between, point, fraction, zulu: zulu != 0 };
            Form::Times(style, numbers::read(from)?)
        }
        [form::EPOCH] => {
            let [decimals] = from.directory.array()?;
            Form::Times(Style::Epoch { decimals: decimals.min(9) }, numbers::read(from)?)
        }
        [form::TEMPLATES] if may_cut => Form::Templates(Box::new(read_templates(from, false)?)),
        // The number of texts is the number of values, which is known when the column is asked for.
        [form::TEXTS] => Form::Texts(Box::new(read_long_texts(from)?)),
        _ => return Err(Corrupt("a column of unknown form")),
    })
}

fn read_texts(from: &mut Unpacker<'_>, count: usize) -> Result<TextsForm, Corrupt> {
    if from.directory.array()? == [0] {
        return Ok(TextsForm::There(numbers::read(from)?, from.section()?));
    }
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(from.directory.text()?.to_owned());
    }
    Ok(TextsForm::Here(texts))
}

fn read_long_texts(from: &mut Unpacker<'_>) -> Result<TextsForm, Corrupt> {
    let count = usize::try_from(from.directory.varint()?).unwrap_or(usize::MAX);
    read_texts(from, count)
}

impl TextsForm {
    fn open(&self, payload: &[u8], count: usize) -> Result<Texts, Corrupt> {
        let mut texts = Texts::default();
        match self {
            Self::Here(all) => {
                for text in all {
                    texts.text.push_str(text);
                    texts.ends.push(texts.text.len());
                }
            }
            Self::There(lengths, section) => {
                texts.text = section.text(payload)?;
                let mut end = 0_usize;
                for length in lengths.decode(payload, count)? {
                    end = end.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
                    texts.ends.push(end);
                }
                if end != texts.text.len() {
                    return Err(Corrupt("texts of another length"));
                }
            }
        }
        Ok(texts)
    }
}

impl StoredTemplates {
    /// Counts the values of each column, which nothing else says.
    fn open(self, payload: &[u8], count: usize) -> Result<Templates, Corrupt> {
        let numbers = self.numbers.decode(payload, count)?;
        let mut used = vec![0_usize; self.templates.len()];
        for number in &numbers {
            let used = usize::try_from(*number).ok().and_then(|number| used.get_mut(number));
            *used.ok_or(Corrupt("an unknown template"))? += 1;
        }
        let mut counts = vec![0_usize; self.columns.len()];
        for ((_, columns), used) in self.templates.iter().zip(used) {
            for column in columns {
                let count = counts.get_mut(*column as usize);
                *count.ok_or(Corrupt("an unknown column"))? += used;
            }
        }
        let templates = self.templates.into_iter();
        let columns = self.columns.into_iter().zip(counts);
        Ok(Templates {
            known: templates.map(|(pieces, columns)| Template { pieces, columns }).collect(),
            numbers,
            columns: columns
                .map(|((name, stored), count)| Column {
                    name,
                    count,
                    stored,
                    values: OnceCell::new(),
                })
                .collect(),
            places: OnceCell::new(),
        })
    }
}

impl Column {
    /// Whether a value can hold `text`, as far as the letters of its form tell.
    pub(super) fn may_hold(&self, text: &str) -> bool {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        text.bytes().all(|byte| match &self.stored {
            Form::Padded(..) => byte.is_ascii_digit(),
            Form::Integers(_) => byte.is_ascii_digit() || byte == b'-',
            Form::Decimals(..) => byte.is_ascii_digit() || matches!(byte, b'-' | b'.'),
            Form::Hexadecimal(..) | Form::Trace | Form::Span => is_hex(byte),
            Form::Uuid(_) => is_hex(byte) || byte == b'-',
            Form::Times(..) => !byte.is_ascii_alphabetic() || matches!(byte, b'T' | b'Z'),
            _ => true,
        })
    }

    /// The values, unpacked.
    pub(super) fn values(&self, payload: &[u8]) -> Result<&Values, Corrupt> {
        if let Some(values) = self.values.get() {
            return Ok(values);
        }
        let values = self.stored.decode(payload, self.count)?;
        Ok(self.values.get_or_init(|| values))
    }
}

impl Form {
    fn decode(&self, payload: &[u8], count: usize) -> Result<Values, Corrupt> {
        Ok(match self {
            Self::Constant(text) => Values::Constant(text.clone()),
            Self::Dictionary(size, texts, numbers) => {
                Values::Dictionary(texts.open(payload, *size)?, numbers.decode(payload, count)?)
            }
            Self::Integers(numbers) => Values::Integers(numbers.decode(payload, count)?),
            Self::Padded(width, numbers) => Values::Padded(*width, numbers.decode(payload, count)?),
            Self::Decimals(numbers, scales) => {
                let (numbers, scales) =
                    (numbers.decode(payload, count)?, scales.decode(payload, count)?);
                Values::Decimals(numbers, scales)
            }
            Self::Hexadecimal(width, section) => {
                Values::Hexadecimal(*width, section.read(payload)?)
            }
            Self::Uuid(section) => Values::Uuid(section.read(payload)?),
            Self::Trace => Values::Trace,
            Self::Span => Values::Span,
            Self::Times(style, numbers) => Values::Times(*style, numbers.decode(payload, count)?),
            Self::Templates(stored) => {
                Values::Templates(Box::new(StoredTemplates::clone(stored).open(payload, count)?))
            }
            Self::Texts(texts) => Values::Texts(texts.open(payload, count)?),
        })
    }
}
