//! Attribute values, resources and scopes copied out of a batch, so that an answer outlives its scan.

use std::fmt;

use watchglass_model::{Attributes, ResourceRef, ScopeRef, ValueRef};

/// OTLP's `AnyValue`, owned.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Given without content.
    #[default]
    Empty,
    /// UTF-8 text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A double, NaN and infinities included.
    Double(f64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The elements of an array.
    Array(Vec<Value>),
    /// The entries of a map.
    Map(KeyValues),
}

/// Attributes in the order in which they were sent.
pub type KeyValues = Vec<(String, Value)>;

/// Who sent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resource {
    /// What describes the sender.
    pub attributes: KeyValues,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
    /// The semantic conventions followed.
    pub schema_url: String,
}

/// The instrumentation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    /// The library's or module's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What else describes it.
    pub attributes: KeyValues,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
    /// The semantic conventions followed.
    pub schema_url: String,
}

/// As the page writes it: text bare, what is nested as JSON, bytes in hexadecimal.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            other => other.write_json(f),
        }
    }
}

impl Value {
    fn write_json(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("null"),
            Self::Text(text) => write_quoted(f, text),
            Self::Bool(bool) => write!(f, "{bool}"),
            Self::Int(int) => write!(f, "{int}"),
            Self::Double(double) => write!(f, "{double}"),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Self::Array(values) => {
                f.write_str("[")?;
                for (number, value) in values.iter().enumerate() {
                    f.write_str(if number == 0 { "" } else { "," })?;
                    value.write_json(f)?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (number, (key, value)) in entries.iter().enumerate() {
                    f.write_str(if number == 0 { "" } else { "," })?;
                    write_quoted(f, key)?;
                    f.write_str(":")?;
                    value.write_json(f)?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

impl From<ValueRef<'_>> for Value {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Empty => Self::Empty,
            ValueRef::Text(text) => Self::Text(text.to_owned()),
            ValueRef::Bool(bool) => Self::Bool(bool),
            ValueRef::Int(int) => Self::Int(int),
            ValueRef::Double(double) => Self::Double(double),
            ValueRef::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            ValueRef::Array(values) => Self::Array(values.iter().map(Self::from).collect()),
            ValueRef::Map(entries) => Self::Map(key_values(entries)),
        }
    }
}

impl From<ResourceRef<'_>> for Resource {
    fn from(resource: ResourceRef<'_>) -> Self {
        Self {
            attributes: key_values(resource.attributes()),
            dropped_attributes_count: resource.row.dropped_attributes_count,
            schema_url: resource.schema_url().to_owned(),
        }
    }
}

impl From<ScopeRef<'_>> for Scope {
    fn from(scope: ScopeRef<'_>) -> Self {
        Self {
            name: scope.name().to_owned(),
            version: scope.version().to_owned(),
            attributes: key_values(scope.attributes()),
            dropped_attributes_count: scope.row.dropped_attributes_count,
            schema_url: scope.schema_url().to_owned(),
        }
    }
}

/// A copy of attributes.
pub(crate) fn key_values(attributes: Attributes<'_>) -> KeyValues {
    attributes.iter().map(|(key, value)| (key.to_owned(), Value::from(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_page_writes_them() {
        let text = |text: &str| Value::Text(text.to_owned());
        for (value, expected) in [
            (Value::Empty, ""),
            (text("a \"b\""), "a \"b\""),
            (Value::Int(-5), "-5"),
            (Value::Double(1.0), "1"),
            (Value::Bytes(vec![1, 255]), "01ff"),
            (Value::Array(vec![text("a"), Value::Bool(true), Value::Empty]), "[\"a\",true,null]"),
            (
                Value::Map(vec![("k".to_owned(), text("v")), ("n".to_owned(), Value::Double(0.5))]),
                "{\"k\":\"v\",\"n\":0.5}",
            ),
        ] {
            assert_eq!(value.to_string(), expected);
        }
    }
}
