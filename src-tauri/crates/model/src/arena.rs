//! The shared ground of a batch: text, attribute values, resources and scopes in flat vectors.

/// A stretch of an arena's text or bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Text {
    start: u32,
    length: u32,
}

impl Text {
    /// The empty text, valid in every arena.
    pub const EMPTY: Self = Self { start: 0, length: 0 };

    /// Whether it holds nothing.
    pub const fn is_empty(self) -> bool {
        self.length == 0
    }

    fn slice(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.length as usize
    }
}

/// A stretch of one of a batch's vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Range {
    /// The first element.
    pub start: u32,
    /// How many elements.
    pub length: u32,
}

impl Range {
    /// From an element to the present end of a vector, whose length is given.
    pub fn since(start: usize, end: usize) -> Self {
        Self { start: index(start), length: index(end.saturating_sub(start)) }
    }

    /// The elements of `all` that the range names; nothing where it reaches beyond.
    pub fn of<T>(self, all: &[T]) -> &[T] {
        let start = self.start as usize;
        all.get(start..start + self.length as usize).unwrap_or_default()
    }
}

/// A key and its value. Keys may repeat: OTLP forbids it, and some senders do it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attribute {
    /// The attribute's name.
    pub key: Text,
    /// What it is set to.
    pub value: Value,
}

/// OTLP's `AnyValue`. Nested values are stretches of the arena's `values` and `attributes`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Value {
    /// A value that was given without content.
    #[default]
    Empty,
    /// UTF-8 text.
    Text(Text),
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A double, NaN and infinities included.
    Double(f64),
    /// A stretch of the arena's bytes.
    Bytes(Text),
    /// A stretch of the arena's values.
    Array(Range),
    /// A stretch of the arena's attributes.
    Map(Range),
}

/// Who sent: the attributes that every row of one sender shares.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Resource {
    /// What describes the sender.
    pub attributes: Range,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
    /// The semantic conventions that the resource's attributes follow.
    pub schema_url: Text,
    /// The value of `service.name`; empty where there is none.
    pub service: Text,
}

/// The instrumentation that made the rows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scope {
    /// The library's or module's name.
    pub name: Text,
    /// Its version.
    pub version: Text,
    /// What else describes it.
    pub attributes: Range,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
    /// The semantic conventions that the rows' attributes follow.
    pub schema_url: Text,
}

/// The text, bytes, values, resources and scopes that the rows of one batch point into.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arena {
    text: String,
    bytes: Vec<u8>,
    /// Attributes of resources, scopes and rows, and the entries of maps.
    pub attributes: Vec<Attribute>,
    /// The elements of arrays.
    pub values: Vec<Value>,
    /// The senders.
    pub resources: Vec<Resource>,
    /// The instrumentations.
    pub scopes: Vec<Scope>,
}

impl Arena {
    /// An arena with room for `text` bytes of text and `attributes` attributes.
    pub fn with_capacity(text: usize, attributes: usize) -> Self {
        Self {
            text: String::with_capacity(text),
            attributes: Vec::with_capacity(attributes),
            ..Self::default()
        }
    }

    /// Keeps a copy of `text`. An arena holds at most 4 GiB; beyond that texts come out empty.
    pub fn push_text(&mut self, text: &str) -> Text {
        if text.is_empty() {
            return Text::EMPTY;
        }
        let start = self.text.len();
        self.text.push_str(text);
        stretch(start, text.len())
    }

    /// Keeps a copy of `bytes`.
    pub fn push_bytes(&mut self, bytes: &[u8]) -> Text {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        stretch(start, bytes.len())
    }

    /// The text behind `text`.
    pub fn text(&self, text: Text) -> &str {
        self.text.get(text.slice()).unwrap_or_default()
    }

    /// The bytes behind `bytes`.
    pub fn bytes(&self, bytes: Text) -> &[u8] {
        self.bytes.get(bytes.slice()).unwrap_or_default()
    }

    /// Bytes of memory that the arena holds, for limits.
    pub fn footprint(&self) -> usize {
        self.text.capacity()
            + self.bytes.capacity()
            + self.attributes.capacity() * size_of::<Attribute>()
            + self.values.capacity() * size_of::<Value>()
            + self.resources.capacity() * size_of::<Resource>()
            + self.scopes.capacity() * size_of::<Scope>()
    }
}

fn stretch(start: usize, length: usize) -> Text {
    match (u32::try_from(start), u32::try_from(length)) {
        (Ok(start), Ok(length)) => Text { start, length },
        _ => Text::EMPTY,
    }
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
