//! Objects and lists: walks the JSON text along the tables of `shape` and writes each field as it comes.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::error::{JsonError, Step};
use super::scalar::Scalar;
use super::shape::{Field, Kind, Shape};
use crate::write;

/// Reads a request of the given shape.
pub(super) fn translate(shape: &'static Shape, json: &[u8]) -> Result<Vec<u8>, JsonError> {
    let mut made = Made { out: Vec::with_capacity(json.len() / 2), path: Vec::new() };
    let mut reader = serde_json::Deserializer::from_slice(json);
    Message { made: &mut made, shape }
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|error| JsonError::new(&error, &made.path))?;
    Ok(made.out)
}

/// The protobuf bytes so far, and where in the JSON text we are.
#[derive(Debug)]
struct Made {
    out: Vec<u8>,
    path: Vec<Step>,
}

/// Reads an object, or `null` for an empty message.
struct Message<'m> {
    made: &'m mut Made,
    shape: &'static Shape,
}

impl<'de> DeserializeSeed<'de> for Message<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Message<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", self.shape.name)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(field) = object.next_key_seed(Name(self.shape, &mut self.made.path))? {
            match field {
                None => drop(object.next_value::<IgnoredAny>()?),
                Some(field) => {
                    object.next_value_seed(Content { made: &mut *self.made, field })?;
                    self.made.path.pop();
                }
            }
        }
        Ok(())
    }
}

/// Reads an object's key: a field of the shape, which becomes the path's last step, or none.
struct Name<'m>(&'static Shape, &'m mut Vec<Step>);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<&'static Field>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<&'static Field>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a field of {}", self.0.name)
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let found = self.0.fields.iter().find(|field| field.is_named(key));
        if found.is_some() {
            self.1.push(Step::Field(key.to_owned()));
        }
        Ok(found)
    }
}

/// Reads what stands behind a field's name.
struct Content<'m> {
    made: &'m mut Made,
    field: &'static Field,
}

impl<'de> DeserializeSeed<'de> for Content<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        match self.field.kind {
            _ if self.field.repeated => reader.deserialize_any(self),
            Kind::Message(_) => reader.deserialize_option(self),
            kind => {
                let number = self.field.number;
                Scalar::new(&mut self.made.out, kind, Some(number)).deserialize(reader)
            }
        }
    }
}

impl<'de> Visitor<'de> for Content<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        let Kind::Message(shape) = self.field.kind else {
            return Err(D::Error::custom("a single message"));
        };
        Element { made: self.made, shape, number: self.field.number }.deserialize(reader)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { made, field } = self;
        made.path.push(Step::Element(0));
        if let Kind::Message(shape) = field.kind {
            let number = field.number;
            while list.next_element_seed(Element { made: &mut *made, shape, number })?.is_some() {
                step_on(&mut made.path);
            }
        } else {
            write::key(&mut made.out, field.number, write::BYTES);
            let start = made.out.len();
            while list.next_element_seed(Scalar::new(&mut made.out, field.kind, None))?.is_some() {
                step_on(&mut made.path);
            }
            write::close_length(&mut made.out, start);
        }
        made.path.pop();
        Ok(())
    }
}

fn step_on(path: &mut [Step]) {
    if let Some(Step::Element(index)) = path.last_mut() {
        *index += 1;
    }
}

/// Reads a message as a field of the message around it.
struct Element<'m> {
    made: &'m mut Made,
    shape: &'static Shape,
    number: u32,
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        write::key(&mut self.made.out, self.number, write::BYTES);
        let start = self.made.out.len();
        Message { made: &mut *self.made, shape: self.shape }.deserialize(reader)?;
        write::close_length(&mut self.made.out, start);
        Ok(())
    }
}
