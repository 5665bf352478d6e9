//! Attribute values, resources and scopes in OTLP's JSON shapes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench as workbench;
use workbench::Value;

/// OTLP's `AnyValue`: one of these fields, or none for a value without content.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AnyValue {
    Text {
        #[serde(rename = "stringValue")]
        value: String,
    },
    Bool {
        #[serde(rename = "boolValue")]
        value: bool,
    },
    Int {
        /// In decimal: 64 bits do not fit a JSON number.
        #[serde(rename = "intValue")]
        value: String,
    },
    Double {
        #[serde(rename = "doubleValue")]
        value: Double,
    },
    Bytes {
        /// Base64.
        #[serde(rename = "bytesValue")]
        value: String,
    },
    Array {
        #[serde(rename = "arrayValue")]
        value: ArrayValue,
    },
    Map {
        #[serde(rename = "kvlistValue")]
        value: KeyValueList,
    },
    Empty {},
}

/// A number, or `NaN`, `Infinity` or `-Infinity`, which JSON numbers cannot tell.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Double {
    Finite(f64),
    Other(String),
}

/// The elements of an array.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArrayValue {
    #[schema(no_recursion)]
    pub(crate) values: Vec<AnyValue>,
}

/// The entries of a map.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyValueList {
    pub(crate) values: Vec<KeyValue>,
}

/// An attribute.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyValue {
    pub(crate) key: String,
    #[schema(no_recursion)]
    pub(crate) value: AnyValue,
}

/// Who sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resource {
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes_count: u32,
    pub(crate) schema_url: String,
}

/// The instrumentation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Scope {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes_count: u32,
    pub(crate) schema_url: String,
}

impl From<Value> for AnyValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Empty => Self::Empty {},
            Value::Text(value) => Self::Text { value },
            Value::Bool(value) => Self::Bool { value },
            Value::Int(int) => Self::Int { value: int.to_string() },
            Value::Double(double) => Self::Double { value: double.into() },
            Value::Bytes(bytes) => Self::Bytes { value: STANDARD.encode(bytes) },
            Value::Array(values) => Self::Array {
                value: ArrayValue { values: values.into_iter().map(Self::from).collect() },
            },
            Value::Map(entries) => {
                Self::Map { value: KeyValueList { values: key_values(entries) } }
            }
        }
    }
}

impl From<f64> for Double {
    fn from(double: f64) -> Self {
        if double.is_finite() {
            Self::Finite(double)
        } else if double.is_nan() {
            Self::Other("NaN".to_owned())
        } else if double > 0.0 {
            Self::Other("Infinity".to_owned())
        } else {
            Self::Other("-Infinity".to_owned())
        }
    }
}

impl From<workbench::Resource> for Resource {
    fn from(resource: workbench::Resource) -> Self {
        Self {
            attributes: key_values(resource.attributes),
            dropped_attributes_count: resource.dropped_attributes_count,
            schema_url: resource.schema_url,
        }
    }
}

impl From<workbench::Scope> for Scope {
    fn from(scope: workbench::Scope) -> Self {
        Self {
            name: scope.name,
            version: scope.version,
            attributes: key_values(scope.attributes),
            dropped_attributes_count: scope.dropped_attributes_count,
            schema_url: scope.schema_url,
        }
    }
}

/// Attributes in OTLP's shape.
pub(crate) fn key_values(all: workbench::KeyValues) -> Vec<KeyValue> {
    let all = all.into_iter();
    all.map(|(key, value)| KeyValue { key, value: value.into() }).collect()
}
