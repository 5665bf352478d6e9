//! Reading of log lines by stream: the contract between LogQL, which asks, and the stores that keep lines.
//!
//! A stream is a label set; its entries are lines with a time and, beside the labels, pairs of structured metadata.
//! A reader is asked in two steps, so that whoever asks decides the order and the threads:
//!
//! 1. [`StreamReader::select`] names the *parts* that may hold what a [`StreamScan`] wants. A part is what a store reads
//!    at once, a block or the unsealed head; naming it reads no lines. Parts stay readable, whatever is written or
//!    removed meanwhile: they are one view of the store.
//! 2. [`StreamPart::read`] shows the rows of one part as one [`LineBatch`] of columns that are borrowed from the store's
//!    own buffers. Nothing is copied or allocated a line, and nothing is called through a trait a line.
//!
//! For a log query the engine reads parts from the newest (or oldest) on and stops when the limit is reached and no
//! part that is left can hold anything nearer. For a metric query it hands parts to as many threads as there are cores.
//! So neither a store nor an engine ever merges streams line by line.
//!
//! A scan says what it will do with the rows, and a store may use that to read less; what it may leave out is said at
//! each field. [`crate::MemoryStreams`] defines the answers, and [`crate::contract::check_same_stream_answers`] tells
//! whether another store gives the same.

use memchr::memmem;
use std::collections::BTreeSet;

use watchglass_model::Labels;

use crate::{Matcher, ReadError};

/// Nanoseconds since the Unix epoch; windows and offsets may reach before it.
pub type Nanos = i64;

/// From `start` (inclusive) to `end` (exclusive), which is how Loki reads the times of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NanosRange {
    /// The first instant inside.
    pub start: Nanos,
    /// The first instant behind it.
    pub end: Nanos,
}

impl NanosRange {
    /// All time, but for the last nanosecond that can be told.
    pub const ALL: Self = Self { start: Nanos::MIN, end: Nanos::MAX };

    /// Whether `time` lies inside.
    pub const fn contains(self, time: Nanos) -> bool {
        self.start <= time && time < self.end
    }

    /// Whether something from `first` to `last`, both inclusive, may lie inside.
    pub const fn touches(self, first: Nanos, last: Nanos) -> bool {
        first < self.end && self.start <= last
    }
}

/// What a query wants to see.
#[derive(Debug, Clone)]
pub struct StreamScan {
    /// Which streams: those that pass all of these.
    pub matchers: Vec<Matcher>,
    /// Which of their entries.
    pub range: NanosRange,
    /// What an entry must have to matter; a store may leave out any that has not, whole parts of them above all.
    pub hints: Vec<LineHint>,
    /// How much of the lines will be looked at.
    pub lines: LineDetail,
    /// Which pairs of structured metadata will be looked at.
    pub metadata: MetadataDetail,
    /// Whether hints of the kind [`LineHint::Line`] are the filter itself: then a store must leave out every entry that has
    /// not what they say, and whoever asks need not see the lines.
    pub exact: bool,
}

impl StreamScan {
    /// Everything of the streams that pass `matchers` within `range`.
    pub fn whole(matchers: Vec<Matcher>, range: NanosRange) -> Self {
        Self {
            matchers,
            range,
            hints: Vec::new(),
            lines: LineDetail::Text,
            metadata: MetadataDetail::All,
            exact: false,
        }
    }
}

/// Something without which an entry cannot be in the answer. All hints of a scan hold together.
///
/// A hint is sound whatever the lines hold, so a store may test it on a whole block: on its text, its bloom filter, or
/// its columns of metadata. It must not be taken for the filter itself, which the engine applies to every row shown, unless
/// [`StreamScan::exact`] says so.
#[derive(Debug, Clone, PartialEq)]
pub enum LineHint {
    /// The line contains one of these byte strings, none of which is empty: from `|= "a" or "b"`, from `|~ "x.*timeout"`
    /// what the expression cannot do without, and from `|> "<_> took <_>ms"` its literal parts.
    Line(Vec<Vec<u8>>),
    /// From `| status="500"`, with or without a parser before it.
    ///
    /// Where the stream has a label `name`, its value must be one of `values`. Else, where the entry has structured
    /// metadata `name`, the value of that must be one. Else, the line must contain one of `in_line`; where that list is
    /// empty, the entry cannot be in the answer.
    Label {
        /// The label.
        name: String,
        /// The values that pass; never empty.
        values: Vec<String>,
        /// What a line holds from which a parser could take such a value.
        in_line: Vec<Vec<u8>>,
    },
    /// From `| json | status >= 500`.
    ///
    /// Where neither the stream has a label `name` nor the entry metadata of that name, a parser must take a number from the
    /// line for which the comparison holds, or something that is no number, or fail. So an entry that is surely parsed, and
    /// has no `name` or one that is a number and does not compare, cannot be in the answer.
    Number {
        /// The label.
        name: String,
        /// Which parser takes it from the line.
        parser: LineParser,
        /// How it compares
        comparison: Comparison,
        /// with what.
        value: f64,
    },
}

/// A parser of lines, as far as hints tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineParser {
    /// `| json`
    Json,
    /// `| logfmt`
    Logfmt,
}

/// How a number compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
}

impl Comparison {
    /// Whether it holds.
    #[expect(clippy::float_cmp, reason = "LogQL compares numbers so")]
    pub fn holds(self, number: f64, value: f64) -> bool {
        match self {
            Self::Equal => number == value,
            Self::NotEqual => number != value,
            Self::Greater => number > value,
            Self::GreaterEqual => number >= value,
            Self::Less => number < value,
            Self::LessEqual => number <= value,
        }
    }
}

impl StreamScan {
    /// Whether a line has what all hints of the kind [`LineHint::Line`] say.
    pub fn holds_lines(&self, line: &[u8]) -> bool {
        self.hints.iter().all(|hint| match hint {
            LineHint::Line(any) => any.iter().any(|text| memmem::find(line, text).is_some()),
            LineHint::Label { .. } | LineHint::Number { .. } => true,
        })
    }
}

/// How much of the lines a scan looks at. More may always be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineDetail {
    /// Nothing: they are counted. [`LineBatch::ends`] and [`LineBatch::text`] may be empty.
    Nothing,
    /// How long they are. [`LineBatch::text`] may be empty.
    Lengths,
    /// Their bytes.
    Text,
}

/// Which pairs of structured metadata a scan looks at. More may always be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataDetail {
    /// All of them.
    All,
    /// Those of these names; of none where the list is empty.
    Named(Vec<String>),
}

impl MetadataDetail {
    /// Whether pairs of this name are looked at.
    pub fn wants(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|own| own == name),
        }
    }
}

/// A store of lines, as those who ask see it.
pub trait StreamReader: Send + Sync {
    /// The parts that may hold what `scan` wants, **in the order in which their entries arrived**: of two entries of
    /// one stream with the same time, that of the part which is named first came first, and within a part that of the
    /// lower row. Where parts overlap in both streams and arrival, a store orders them as best it can, but always the
    /// same way, for pages of a log query are cut by this order.
    fn select(&self, scan: &StreamScan) -> Result<Vec<Box<dyn StreamPart>>, ReadError>;

    /// The streams that pass `matchers` and may have entries within `range`, by their labels. A store may name one
    /// whose entries lie beside the range, but not when it is [`NanosRange::ALL`].
    fn streams(&self, matchers: &[Matcher], range: NanosRange) -> Result<Vec<Labels>, ReadError> {
        let volumes = self.volumes(matchers, range)?;
        Ok(volumes.into_iter().map(|volume| volume.labels).collect())
    }

    /// The names of the labels of such streams, sorted.
    fn label_names(
        &self,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<String>, ReadError> {
        let streams = self.streams(matchers, range)?;
        let names: BTreeSet<&str> =
            streams.iter().flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// The values of one label of such streams, sorted.
    fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<String>, ReadError> {
        let streams = self.streams(matchers, range)?;
        let values: BTreeSet<&str> = streams.iter().map(|labels| labels.get(name)).collect();
        Ok(values.into_iter().filter(|value| !value.is_empty()).map(str::to_owned).collect())
    }

    /// How much each of such streams holds within `range`, by their labels. A store may count parts that reach over an
    /// edge of the range whole or in proportion.
    fn volumes(
        &self,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<StreamVolume>, ReadError>;
}

/// How much a stream holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamVolume {
    /// Its labels.
    pub labels: Labels,
    /// How many entries.
    pub entries: u64,
    /// Bytes of their lines.
    pub bytes: u64,
    /// In how many parts they lie.
    pub parts: u64,
}

/// What a store reads at once. It is read at most once by an engine, on whatever thread.
pub trait StreamPart: Send + Sync {
    /// The times of the first and the last row that [`Self::read`] may show; they may lie further apart than the rows do.
    fn bounds(&self) -> (Nanos, Nanos);

    /// Reads the part and calls `visit` once, or not at all where nothing in it can matter. A block that is damaged
    /// shows nothing and is counted by the store; an error means that the query fails.
    fn read(&self, visit: &mut dyn FnMut(LineBatch<'_>)) -> Result<(), ReadError>;
}

/// Rows of one part, in columns. Rows of one stream and the same time stand in the order of their arrival; beyond that
/// any order will do, but an engine that stops early gains where rows are sorted by time.
///
/// Lines lie one behind the other without anything between them, so that a filter may search all of them in one go.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineBatch<'a> {
    /// The labels of the streams in this batch; those of rows that are not shown may be among them.
    pub streams: &'a [Labels],
    /// For each row its place in `streams`.
    pub stream_of: &'a [u32],
    /// For each row its time.
    pub times: &'a [Nanos],
    /// For each row where its line ends in `text`; it begins where that of the row before ends. See [`LineDetail`].
    pub ends: &'a [u32],
    /// The lines: any bytes, most often UTF-8.
    pub text: &'a [u8],
    /// The pairs beside the labels.
    pub metadata: MetadataColumn<'a>,
    /// The rows that are shown, ascending: their stream passes the matchers and their time lies in the range. None where
    /// all rows do.
    pub rows: Option<&'a [u32]>,
}

impl<'a> LineBatch<'a> {
    /// How many rows there are, shown or not.
    pub const fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are no rows.
    pub const fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Where the line of a row lies in `text`; nowhere if `ends` does not say.
    pub fn place(&self, row: usize) -> std::ops::Range<usize> {
        let end = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        let start = row.checked_sub(1).map_or(0, end);
        start..end(row).max(start)
    }

    /// The line of a row; empty where the text is not there.
    pub fn line(&self, row: usize) -> &'a [u8] {
        self.text.get(self.place(row)).unwrap_or_default()
    }

    /// The labels of the stream of a row.
    pub fn stream(&self, row: usize) -> Option<&'a Labels> {
        self.stream_of.get(row).and_then(|place| self.streams.get(*place as usize))
    }
}

/// The structured metadata of rows. Rows that share all pairs may share a set; where every row has pairs of its own,
/// each has a set of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct MetadataColumn<'a> {
    /// For each row its set; no row has metadata where this is empty.
    pub set_of: &'a [u32],
    /// For each set where its pairs end in `pairs`; they begin where those of the set before end.
    pub ends: &'a [u32],
    /// Name and value, both as places in `symbols`. Within a set names are sorted, come once, and values are not empty.
    pub pairs: &'a [(u32, u32)],
    /// The texts of names and values.
    pub symbols: Symbols<'a>,
}

impl<'a> MetadataColumn<'a> {
    /// The set of a row.
    pub fn set(&self, row: usize) -> Option<u32> {
        self.set_of.get(row).copied()
    }

    /// The pairs of a set, by name.
    pub fn pairs(&self, set: u32) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let symbols = self.symbols;
        let end = |set: usize| self.ends.get(set).map_or(0, |end| *end as usize);
        let set = set as usize;
        let start = set.checked_sub(1).map_or(0, end);
        let pairs = self.pairs.get(start..end(set).max(start)).unwrap_or_default();
        pairs.iter().map(move |(name, value)| (symbols.get(*name), symbols.get(*value)))
    }

    /// The pairs of a row, by name.
    pub fn of_row(&self, row: usize) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let column = *self;
        self.set(row).into_iter().flat_map(move |set| column.pairs(set))
    }
}

/// Texts one behind the other, and where each ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct Symbols<'a> {
    /// All of them.
    pub text: &'a str,
    /// Where each ends.
    pub ends: &'a [u32],
}

impl<'a> Symbols<'a> {
    /// One text; empty where there is none.
    pub fn get(&self, place: u32) -> &'a str {
        let end = |place: usize| self.ends.get(place).map_or(0, |end| *end as usize);
        let place = place as usize;
        let start = place.checked_sub(1).map_or(0, end);
        self.text.get(start..end(place).max(start)).unwrap_or_default()
    }
}

/// One entry as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamEntry {
    /// When it happened.
    pub time: Nanos,
    /// The line, without a line end.
    pub line: Vec<u8>,
    /// Structured metadata, in any order. Of a name that comes twice the last counts; empty values are dropped.
    pub metadata: Vec<(String, String)>,
}

/// What is written: entries by stream, in the order of their arrival.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamWrite {
    /// Each stream with its entries.
    pub streams: Vec<(Labels, Vec<StreamEntry>)>,
}
