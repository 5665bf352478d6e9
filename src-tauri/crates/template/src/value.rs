//! What a template works with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use crate::layout::Time;

/// A map of texts that the caller keeps in a form of its own, such as the labels of a line. A name that is not there
/// reads as the empty text, as a Go `map[string]string` does.
pub trait Fields: Sync {
    /// The value of a name.
    fn field(&self, name: &str) -> Option<Cow<'_, str>>;

    /// All names and values, by name.
    fn pairs(&self) -> Vec<(String, String)>;
}

/// A value.
#[derive(Clone, Default)]
pub enum Value<'a> {
    /// Nothing: Go's nil interface.
    #[default]
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// An `int`.
    Int(i64),
    /// A `float64`.
    Float(f64),
    /// A `string`.
    Text(Cow<'a, str>),
    /// A `time.Time`.
    Time(Box<Time>),
    /// A `map[string]interface{}`.
    Map(Arc<BTreeMap<String, Value<'static>>>),
    /// A `[]interface{}`.
    List(Arc<Vec<Value<'static>>>),
    /// A `map[string]string`.
    Fields(&'a (dyn Fields + 'a)),
}

impl<'a> Value<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A list.
    pub fn list(values: Vec<Value<'static>>) -> Self {
        Self::List(Arc::new(values))
    }

    /// As Go names the type.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Time(_) => "time.Time",
            Self::Map(_) => "map[string]interface {}",
            Self::List(_) => "[]interface {}",
            Self::Fields(_) => "map[string]string",
        }
    }

    /// Whether `if` and `and` take it for true: not zero, not empty.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Time(_) => true,
            Self::Map(map) => !map.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Fields(fields) => !fields.pairs().is_empty(),
        }
    }

    /// The same without anything borrowed.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Nil => Value::Nil,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Float(value) => Value::Float(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Time(time) => Value::Time(time),
            Self::Map(map) => Value::Map(map),
            Self::List(list) => Value::List(list),
            Self::Fields(fields) => Value::Map(Arc::new(
                fields
                    .pairs()
                    .into_iter()
                    .map(|(name, value)| (name, Value::text(value)))
                    .collect(),
            )),
        }
    }

    /// The value of a field; an error where values of this type have none.
    pub(crate) fn field(&self, name: &str) -> Result<Value<'a>, String> {
        match self {
            Self::Map(map) => Ok(map.get(name).cloned().unwrap_or_default()),
            Self::Fields(fields) => Ok(Self::Text(fields.field(name).unwrap_or_default())),
            Self::Nil => Err(format!("nil data; no entry for key {}", crate::text::quoted(name))),
            other => Err(format!("can't evaluate field {name} in type {}", other.type_name())),
        }
    }
}

/// As `{{ . }}` writes it: Go's `%v`, but `<no value>` for nothing.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("<no value>"),
            Self::Text(text) => f.write_str(text),
            other => f.write_str(&crate::printf::plain(other)),
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.type_name(), self)
    }
}
