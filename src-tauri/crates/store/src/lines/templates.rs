//! Texts that were cut: their templates, which of them each text has, and a column for each value. Lines share the columns
//! of a key whatever else they hold; words of free text have a column for each place of a template.

use rapidhash::{RapidHashMap, RapidHashSet};

use super::column::{self, Values};
use super::cut::{Cut, names};
use crate::codec::numbers;
use crate::codec::sections::Packer;

/// So many templates of lines in a block, at most; lines of further ones are kept whole.
const MOST: usize = 1024;
/// So many values are remembered, to tell those that recur.
const REMEMBERED: usize = 4096;
/// A template of words that occurs less often costs more than it saves.
const SELDOM: u32 = 16;

/// The templates and columns of texts that were cut.
#[derive(Default)]
pub(crate) struct Cuts<'a> {
    templates: Vec<Template>,
    known: RapidHashMap<String, u32>,
    /// The template of each text.
    numbers: Vec<u64>,
    columns: Vec<Column<'a>>,
    named: RapidHashMap<String, u32>,
}

struct Template {
    text: String,
    columns: Vec<u32>,
}

/// The values of one column and the texts that they come from.
#[derive(Default)]
struct Column<'a> {
    name: String,
    values: Vec<&'a str>,
    texts: Vec<u32>,
}

impl<'a> Cuts<'a> {
    /// Cuts lines.
    pub(crate) fn lines(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut cuts = Self::default();
        let mut cut = Cut::default();
        for line in lines {
            cut.line(line);
            let known = cuts.known.get(cut.template.as_str()).copied();
            let number = match known {
                Some(number) => number,
                None if cuts.templates.len() < MOST => cuts.template(&cut.template, names),
                None => {
                    cut.whole(line);
                    cuts.template_of_whole(&cut)
                }
            };
            cuts.text(number, line, &cut);
        }
        cuts
    }

    /// Cuts free text at its words with digits; none where that shows nothing that recurs.
    pub(super) fn words(texts: &[&'a str]) -> Option<Self> {
        let mut cut = Cut::default();
        let mut counts: RapidHashMap<String, u32> = RapidHashMap::default();
        for text in texts {
            cut.words(text);
            if let Some(count) = counts.get_mut(cut.template.as_str()) {
                *count += 1;
            } else if counts.len() > texts.len() / 2 {
                return None;
            } else {
                counts.insert(cut.template.clone(), 1);
            }
        }
        let frequent: u64 =
            counts.values().filter(|one| **one >= SELDOM).map(|one| u64::from(*one)).sum();
        if frequent * 2 < texts.len() as u64 {
            return None;
        }
        let mut cuts = Self::default();
        for text in texts {
            cut.words(text);
            if counts.get(cut.template.as_str()).is_none_or(|count| *count < SELDOM) {
                cut.whole(text);
            }
            let known = cuts.known.get(cut.template.as_str()).copied();
            let number = known.unwrap_or_else(|| {
                let own = cuts.templates.len();
                let places = cut.values.len();
                cuts.template(&cut.template, |_| {
                    (0..places).map(|place| format!("{own} {place}")).collect()
                })
            });
            cuts.text(number, text, &cut);
        }
        // A column that is only cut into itself would be cut again for ever.
        (cuts.templates.len() > 1 || cuts.known.keys().all(|one| one != "\0")).then_some(cuts)
    }

    fn template_of_whole(&mut self, cut: &Cut) -> u32 {
        let known = self.known.get(cut.template.as_str()).copied();
        known.unwrap_or_else(|| self.template(&cut.template, names))
    }

    fn template(&mut self, text: &str, names: impl FnOnce(&str) -> Vec<String>) -> u32 {
        let columns = names(text).into_iter().map(|name| self.column(name)).collect();
        let number = u32::try_from(self.templates.len()).unwrap_or(u32::MAX);
        self.templates.push(Template { text: text.to_owned(), columns });
        self.known.insert(text.to_owned(), number);
        number
    }

    fn column(&mut self, name: String) -> u32 {
        let next = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        let columns = &mut self.columns;
        *self.named.entry(name).or_insert_with_key(|name| {
            columns.push(Column { name: name.clone(), ..Column::default() });
            next
        })
    }

    fn text(&mut self, template: u32, text: &'a str, cut: &Cut) {
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.push(u64::from(template));
        let columns = self.templates.get(template as usize).map_or(&[][..], |one| &one.columns);
        for (column, value) in columns.iter().zip(&cut.values) {
            if let Some(column) = self.columns.get_mut(*column as usize) {
                column.values.push(text.get(value.clone()).unwrap_or_default());
                column.texts.push(number);
            }
        }
    }

    /// Shows all that lines are made of, each text at least once. No word lies across two of them.
    pub(crate) fn each_text(&self, mut visit: impl FnMut(&str)) {
        for template in &self.templates {
            visit(&template.text);
        }
        let mut seen = RapidHashSet::default();
        for value in self.columns.iter().flat_map(|column| &column.values) {
            if value.len() < 3 {
                continue;
            }
            // Levels and paths recur within a few lines; ids never do, and need not all be remembered.
            if seen.len() > REMEMBERED {
                seen.clear();
            }
            if seen.insert(*value) {
                visit(value);
            }
        }
    }

    /// Writes templates and columns of lines; text `n` belongs to row `n`.
    pub(crate) fn write_lines(&self, rows: &super::rows::Rows<'_>) -> std::io::Result<Vec<u8>> {
        let mut out = Packer::new()?;
        out.directory.count(self.numbers.len());
        let owners: Vec<u32> = (0..).take(self.numbers.len()).collect();
        self.write_columns(&owners, rows, true, &mut out)?;
        out.finish()
    }

    /// Writes the same for words, whose texts are the values of a column.
    pub(super) fn write(&self, of: Values<'_, '_>, out: &mut Packer) -> std::io::Result<()> {
        self.write_columns(of.owners, of.rows, false, out)
    }

    fn write_columns(
        &self,
        owners: &[u32],
        rows: &super::rows::Rows<'_>,
        may_cut: bool,
        out: &mut Packer,
    ) -> std::io::Result<()> {
        out.directory.count(self.templates.len());
        for template in &self.templates {
            out.directory.blob(template.text.as_bytes());
            template.columns.iter().for_each(|column| out.directory.varint(u64::from(*column)));
        }
        numbers::write(&self.numbers, out)?;
        out.directory.count(self.columns.len());
        for column in &self.columns {
            out.directory.blob(column.name.as_bytes());
            let owners: Vec<u32> = column
                .texts
                .iter()
                .filter_map(|text| owners.get(*text as usize))
                .copied()
                .collect();
            let values = Values { texts: &column.values, owners: &owners, rows };
            column::write(values, may_cut, out)?;
        }
        Ok(())
    }
}
