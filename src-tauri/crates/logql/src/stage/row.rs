//! A line on its way through a pipeline, with its labels.
//!
//! A name is a label of the stream, else structured metadata, else what a parser found. What loses its name to an earlier
//! kind is called `name_extracted`; of several losers the parsed one stays, then that of the metadata.

use std::borrow::Cow;

use watchglass_model::Labels;
use watchglass_storage::{LineBatch, MetadataColumn, Nanos};
use watchglass_template::Fields;

use super::{ERROR, ERROR_DETAILS, Needed};

const LOSER: &str = "_extracted";

/// Where a label comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    /// The stream.
    Stream,
    /// Structured metadata.
    Metadata,
    /// The line.
    Parsed,
}

/// A label that did not come with the row.
#[derive(Debug, Clone)]
struct Added<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    category: Category,
}

/// A label that can be seen.
pub(crate) type Visible<'r> = (Cow<'r, str>, Cow<'r, str>, Category);

/// A line and its labels.
#[derive(Debug, Clone)]
pub(crate) struct Row<'a> {
    /// When it happened.
    pub(crate) time: Nanos,
    /// The line as it is by now.
    pub(crate) line: Cow<'a, [u8]>,
    stream: Option<&'a Labels>,
    metadata: MetadataColumn<'a>,
    set: Option<u32>,
    added: Vec<Added<'a>>,
    /// Labels of stream and metadata that are gone.
    hidden: Vec<String>,
    error: Option<&'static str>,
    details: String,
    /// How many of the needed labels parsers have found.
    found: usize,
}

impl<'a> Row<'a> {
    /// No row of a batch yet.
    pub(crate) fn of(batch: &LineBatch<'a>) -> Self {
        Self {
            time: 0,
            line: Cow::Borrowed(&[]),
            stream: None,
            metadata: batch.metadata,
            set: None,
            added: Vec::new(),
            hidden: Vec::new(),
            error: None,
            details: String::new(),
            found: 0,
        }
    }

    /// Becomes a row of the batch as it came.
    pub(crate) fn reset(&mut self, batch: &LineBatch<'a>, row: usize) {
        self.time = batch.times.get(row).copied().unwrap_or(0);
        self.line = Cow::Borrowed(batch.line(row));
        self.stream = batch.stream(row);
        self.set = batch.metadata.set(row);
        self.added.clear();
        self.hidden.clear();
        self.error = None;
        self.details.clear();
        self.found = 0;
    }

    /// Whether nothing has been done to the labels.
    pub(crate) fn has_own_labels(&self) -> bool {
        self.added.is_empty() && self.hidden.is_empty() && self.error.is_none()
    }

    fn of_stream(&self, name: &str) -> Option<&'a str> {
        self.stream.map(|labels| labels.get(name)).filter(|value| !value.is_empty())
    }

    fn metadata_pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let metadata = self.metadata;
        self.set.into_iter().flat_map(move |set| metadata.pairs(set))
    }

    /// The metadata that is seen under a name.
    fn of_metadata(&self, name: &str) -> Option<&'a str> {
        let own = |wanted: &str| {
            self.metadata_pairs().find(|(own, _)| *own == wanted).map(|(_, value)| value)
        };
        if let Some(base) = name.strip_suffix(LOSER)
            && self.of_stream(base).is_some()
            && let Some(value) = own(base)
        {
            return Some(value);
        }
        own(name).filter(|_| self.of_stream(name).is_none())
    }

    fn is_hidden(&self, name: &str) -> bool {
        self.hidden.iter().any(|own| own == name)
    }

    /// The value of a label that came with the row.
    fn base(&self, name: &str) -> Option<&'a str> {
        if self.is_hidden(name) {
            return None;
        }
        self.of_stream(name).or_else(|| self.of_metadata(name))
    }

    /// The value of a label; none where there is none. What tells of failures is no such label.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let added = self.added.iter().find(|one| one.name == name);
        added.map(|one| one.value.as_ref()).or_else(|| self.base(name))
    }

    /// The category of a label.
    pub(crate) fn category(&self, name: &str) -> Category {
        if let Some(added) = self.added.iter().find(|one| one.name == name) {
            return added.category;
        }
        let of_stream = self.of_stream(name).is_some();
        if of_stream { Category::Stream } else { Category::Metadata }
    }

    /// Takes what a parser found. The first value of a name stays; false where there is one.
    pub(crate) fn extract(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) -> bool {
        let name = match self.base(&name) {
            Some(_) => Cow::Owned(format!("{name}{LOSER}")),
            None => name,
        };
        let is_new = !self.added.iter().any(|one| one.name == name);
        if is_new {
            self.added.push(Added { name, value, category: Category::Parsed });
        }
        is_new
    }

    /// Counts a label that was needed.
    pub(crate) const fn count_found(&mut self) -> usize {
        self.found += 1;
        self.found
    }

    /// How many needed labels have been found.
    pub(crate) const fn found(&self) -> usize {
        self.found
    }

    /// Sets a label, whatever it was before.
    pub(crate) fn set(&mut self, name: &str, value: String, category: Category) {
        self.remove(name);
        let (name, value) = (Cow::Owned(name.to_owned()), Cow::Owned(value));
        self.added.push(Added { name, value, category });
    }

    /// Removes a label.
    pub(crate) fn remove(&mut self, name: &str) {
        self.added.retain(|one| one.name != name);
        if self.base(name).is_some() {
            self.hidden.push(name.to_owned());
        }
    }

    /// Why the row failed; empty where it did not.
    pub(crate) fn error(&self) -> &'static str {
        self.error.unwrap_or("")
    }

    /// Whether the row has failed.
    pub(crate) const fn has_error(&self) -> bool {
        self.error.is_some()
    }

    /// Takes note of a failure. The first one stays.
    pub(crate) fn fail(&mut self, error: &'static str, details: impl Into<String>) {
        if self.error.is_none() {
            self.error = Some(error);
            self.details = details.into();
        }
    }

    /// Forgets the failure, or its details only.
    pub(crate) fn forgive(&mut self, whole: bool) {
        if whole {
            self.error = None;
        } else {
            self.details.clear();
        }
    }

    /// The value of a label for conditions: empty where there is none. Details of failures cannot be asked for.
    pub(crate) fn value(&self, name: &str) -> &str {
        match name {
            ERROR => self.error(),
            ERROR_DETAILS => "",
            _ => self.get(name).unwrap_or(""),
        }
    }

    /// All labels, by name, what tells of failures included.
    pub(crate) fn visible(&self) -> Vec<Visible<'_>> {
        let mut all: Vec<Visible<'_>> = Vec::with_capacity(self.added.len() + 8);
        let free =
            |name: &str| !self.is_hidden(name) && !self.added.iter().any(|one| one.name == name);
        for (name, value) in self.stream.into_iter().flatten().filter(|(name, _)| free(name)) {
            all.push((Cow::Borrowed(name), Cow::Borrowed(value), Category::Stream));
        }
        for (name, value) in self.metadata_pairs() {
            let name = match self.of_stream(name) {
                Some(_) => Cow::Owned(format!("{name}{LOSER}")),
                None => Cow::Borrowed(name),
            };
            let shown = self.of_metadata(&name) == Some(value);
            if free(&name) && shown && !all.iter().any(|(own, ..)| *own == name) {
                all.push((name, Cow::Borrowed(value), Category::Metadata));
            }
        }
        for one in &self.added {
            all.push((
                Cow::Borrowed(one.name.as_ref()),
                Cow::Borrowed(one.value.as_ref()),
                one.category,
            ));
        }
        if let Some(error) = self.error {
            all.push((Cow::Borrowed(ERROR), Cow::Borrowed(error), Category::Parsed));
            if !self.details.is_empty() {
                let details = Cow::Borrowed(self.details.as_str());
                all.push((Cow::Borrowed(ERROR_DETAILS), details, Category::Parsed));
            }
        }
        all.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        all
    }

    /// Calls `parse` with the line and somewhere to put what it finds. Names and values borrow from the line where it is
    /// still that of the store.
    pub(crate) fn parse<T>(&mut self, parse: impl FnOnce(&[u8], &mut Sink<'_, 'a>) -> T) -> T {
        let line = std::mem::take(&mut self.line);
        let borrowed = match line {
            Cow::Borrowed(line) => Some(line),
            Cow::Owned(_) => None,
        };
        let mut sink = Sink { row: self, borrowed };
        let result = parse(&line, &mut sink);
        self.line = line;
        result
    }
}

/// Where parsers put what they find.
#[derive(Debug)]
pub(crate) struct Sink<'r, 'a> {
    /// The row that gets it.
    pub(crate) row: &'r mut Row<'a>,
    borrowed: Option<&'a [u8]>,
}

impl<'a> Sink<'_, 'a> {
    /// Takes a label that a parser found; true where it is the last that is needed.
    pub(crate) fn extract(
        &mut self,
        name: Cow<'_, str>,
        value: Cow<'_, str>,
        needed: &Needed,
    ) -> bool {
        let (name, value) = (self.kept(name), self.kept(value));
        self.row.extract(name, value) && needed.found_one(self.row)
    }

    /// A text that lives as long as the row: the same bytes of the store where they are these.
    fn kept(&self, text: Cow<'_, str>) -> Cow<'a, str> {
        let Cow::Borrowed(part) = text else { return Cow::Owned(text.into_owned()) };
        let place = self.borrowed.and_then(|line| {
            let start = (part.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
            line.get(start..start + part.len())
        });
        match place.and_then(|bytes| std::str::from_utf8(bytes).ok()) {
            Some(same) => Cow::Borrowed(same),
            None => Cow::Owned(part.to_owned()),
        }
    }
}

impl Fields for Row<'_> {
    fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        match name {
            ERROR => self.error.map(Cow::Borrowed),
            ERROR_DETAILS => Some(Cow::Borrowed(self.details.as_str())),
            _ => self.get(name).map(Cow::Borrowed),
        }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let visible = self.visible().into_iter();
        visible.map(|(name, value, _)| (name.into_owned(), value.into_owned())).collect()
    }
}
