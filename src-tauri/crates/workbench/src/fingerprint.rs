//! Hashes of content: what tells equal senders, series and log records from different ones, across batches.

use std::hash::{DefaultHasher, Hash, Hasher};

use watchglass_model::{Attributes, ResourceRef, ScopeRef, ValueRef};

/// A running hash. The same content gives the same number in every batch and in every run of one build.
#[derive(Debug, Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub(crate) fn add(&mut self, part: impl Hash) -> &mut Self {
        part.hash(&mut self.0);
        self
    }

    pub(crate) fn add_resource(&mut self, resource: ResourceRef<'_>) -> &mut Self {
        self.add(resource.schema_url()).add_attributes(resource.attributes())
    }

    pub(crate) fn add_scope(&mut self, scope: ScopeRef<'_>) -> &mut Self {
        self.add(scope.name()).add(scope.version()).add_attributes(scope.attributes())
    }

    pub(crate) fn add_attributes(&mut self, attributes: Attributes<'_>) -> &mut Self {
        self.add(attributes.len());
        for (key, value) in attributes.iter() {
            self.add(key).add_value(value);
        }
        self
    }

    /// Attributes whose order does not matter: two senders may list the same labels differently.
    pub(crate) fn add_labels(&mut self, attributes: Attributes<'_>) -> &mut Self {
        let sum = attributes
            .iter()
            .map(|(key, value)| Self::default().add(key).add_value(value).finish())
            .fold(0_u64, u64::wrapping_add);
        self.add(sum)
    }

    pub(crate) fn add_value(&mut self, value: ValueRef<'_>) -> &mut Self {
        match value {
            ValueRef::Empty => self.add(0_u8),
            ValueRef::Text(text) => self.add(1_u8).add(text),
            ValueRef::Bool(bool) => self.add(2_u8).add(bool),
            ValueRef::Int(int) => self.add(3_u8).add(int),
            ValueRef::Double(double) => self.add(4_u8).add(double.to_bits()),
            ValueRef::Bytes(bytes) => self.add(5_u8).add(bytes),
            ValueRef::Array(values) => {
                self.add(6_u8).add(values.iter().len());
                for value in values.iter() {
                    self.add_value(value);
                }
                self
            }
            ValueRef::Map(entries) => self.add(7_u8).add_attributes(entries),
        }
    }

    pub(crate) fn finish(&self) -> u64 {
        self.0.finish()
    }
}
