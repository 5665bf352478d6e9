//! Attribute names and values for completion.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench::Occurrence;

/// Attribute names, the most frequent first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttributeKeys {
    pub(crate) keys: Vec<AttributeKey>,
}

/// An attribute name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttributeKey {
    pub(crate) key: String,
    pub(crate) count: u64,
}

/// Values of an attribute, the most frequent first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttributeValues {
    pub(crate) values: Vec<AttributeValue>,
}

/// A value of an attribute.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttributeValue {
    pub(crate) value: String,
    pub(crate) count: u64,
}

impl From<Vec<Occurrence>> for AttributeKeys {
    fn from(all: Vec<Occurrence>) -> Self {
        let keys = all.into_iter().map(|one| AttributeKey { key: one.text, count: one.count });
        Self { keys: keys.collect() }
    }
}

impl From<Vec<Occurrence>> for AttributeValues {
    fn from(all: Vec<Occurrence>) -> Self {
        let values =
            all.into_iter().map(|one| AttributeValue { value: one.text, count: one.count });
        Self { values: values.collect() }
    }
}
