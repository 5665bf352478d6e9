//! Reading an arena: attributes by key, values with their text resolved, senders by name.

use crate::arena::{Arena, Attribute, Range, Resource, Scope, Value};

/// What a sender without `service.name` is called, as the resource conventions say.
pub const UNKNOWN_SERVICE: &str = "unknown_service";

/// Some attributes of an arena.
#[derive(Debug, Clone, Copy)]
pub struct Attributes<'a> {
    arena: &'a Arena,
    all: &'a [Attribute],
}

/// A value with its text, bytes and children resolved.
#[derive(Debug, Clone, Copy)]
pub enum ValueRef<'a> {
    /// Given without content.
    Empty,
    /// UTF-8 text.
    Text(&'a str),
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A double.
    Double(f64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// The elements of an array.
    Array(Values<'a>),
    /// The entries of a map.
    Map(Attributes<'a>),
}

/// The elements of an array.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    arena: &'a Arena,
    all: &'a [Value],
}

impl<'a> Attributes<'a> {
    /// In the order in which they were sent.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (&'a str, ValueRef<'a>)> + Clone {
        let arena = self.arena;
        self.all.iter().map(move |one| (arena.text(one.key), arena.value(one.value)))
    }

    /// The first value under `key`.
    pub fn get(self, key: &str) -> Option<ValueRef<'a>> {
        let found = self.all.iter().find(|one| self.arena.text(one.key) == key)?;
        Some(self.arena.value(found.value))
    }

    /// The first value under `key`, if it is text; empty otherwise.
    pub fn text(self, key: &str) -> &'a str {
        match self.get(key) {
            Some(ValueRef::Text(text)) => text,
            _ => "",
        }
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.all.is_empty()
    }
}

impl<'a> Values<'a> {
    /// In the order in which they were sent.
    pub fn iter(self) -> impl ExactSizeIterator<Item = ValueRef<'a>> {
        let arena = self.arena;
        self.all.iter().map(move |one| arena.value(*one))
    }
}

/// A resource with its text resolved.
#[derive(Debug, Clone, Copy)]
pub struct ResourceRef<'a> {
    arena: &'a Arena,
    /// The plain value.
    pub row: &'a Resource,
}

impl<'a> ResourceRef<'a> {
    /// `service.name`, or [`UNKNOWN_SERVICE`].
    pub fn service(self) -> &'a str {
        match self.arena.text(self.row.service) {
            "" => UNKNOWN_SERVICE,
            name => name,
        }
    }

    /// What describes the sender.
    pub fn attributes(self) -> Attributes<'a> {
        self.arena.attributes(self.row.attributes)
    }

    /// The semantic conventions followed.
    pub fn schema_url(self) -> &'a str {
        self.arena.text(self.row.schema_url)
    }
}

/// A scope with its text resolved.
#[derive(Debug, Clone, Copy)]
pub struct ScopeRef<'a> {
    arena: &'a Arena,
    /// The plain value.
    pub row: &'a Scope,
}

impl<'a> ScopeRef<'a> {
    /// The instrumentation's name.
    pub fn name(self) -> &'a str {
        self.arena.text(self.row.name)
    }

    /// The instrumentation's version.
    pub fn version(self) -> &'a str {
        self.arena.text(self.row.version)
    }

    /// What else describes it.
    pub fn attributes(self) -> Attributes<'a> {
        self.arena.attributes(self.row.attributes)
    }

    /// The semantic conventions followed.
    pub fn schema_url(self) -> &'a str {
        self.arena.text(self.row.schema_url)
    }
}

const NO_RESOURCE: &Resource = &Resource {
    attributes: Range { start: 0, length: 0 },
    dropped_attributes_count: 0,
    schema_url: crate::Text::EMPTY,
    service: crate::Text::EMPTY,
};
const NO_SCOPE: &Scope = &Scope {
    name: crate::Text::EMPTY,
    version: crate::Text::EMPTY,
    attributes: Range { start: 0, length: 0 },
    dropped_attributes_count: 0,
    schema_url: crate::Text::EMPTY,
};

impl Arena {
    /// The attributes of a stretch.
    pub fn attributes(&self, range: Range) -> Attributes<'_> {
        Attributes { arena: self, all: range.of(&self.attributes) }
    }

    /// A value, resolved.
    pub fn value(&self, value: Value) -> ValueRef<'_> {
        match value {
            Value::Empty => ValueRef::Empty,
            Value::Text(text) => ValueRef::Text(self.text(text)),
            Value::Bool(bool) => ValueRef::Bool(bool),
            Value::Int(int) => ValueRef::Int(int),
            Value::Double(double) => ValueRef::Double(double),
            Value::Bytes(bytes) => ValueRef::Bytes(self.bytes(bytes)),
            Value::Array(range) => {
                ValueRef::Array(Values { arena: self, all: range.of(&self.values) })
            }
            Value::Map(range) => ValueRef::Map(self.attributes(range)),
        }
    }

    /// A resource by its index in the batch; an empty one where there is none.
    pub fn resource(&self, index: u32) -> ResourceRef<'_> {
        let row = self.resources.get(index as usize).unwrap_or(NO_RESOURCE);
        ResourceRef { arena: self, row }
    }

    /// A scope by its index in the batch; an empty one where there is none.
    pub fn scope(&self, index: u32) -> ScopeRef<'_> {
        let row = self.scopes.get(index as usize).unwrap_or(NO_SCOPE);
        ScopeRef { arena: self, row }
    }
}
