//! Attributes and their values. Lists lie side by side in the arena, so what is nested in a value waits until
//! the list it belongs to is complete: it is put aside, still as bytes, and read afterwards.

use watchglass_model::{Arena, Attribute, Range, Text, Value};

use super::fault::{Fault, Problem};
use super::nested::{Target, Waiting};
use super::wire::{Content, Wire};

/// The arena being filled.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) arena: Arena,
    /// Nested values of lists that are not complete yet.
    pub(super) waiting: Vec<Waiting<'a>>,
    /// A value that lies in a row, not in the arena: a log record's body.
    pub(super) loose: Value,
}

/// A list of attributes while it grows.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    start: usize,
    /// The list of the row before, whose keys and texts are likely to come again.
    like: Range,
    /// How deep its entries lie within the request.
    pub(super) depth: u32,
}

impl List {
    /// The same list with entries at another depth.
    pub(super) const fn at(self, depth: u32) -> Self {
        Self { depth, ..self }
    }
}

impl<'a> Ground<'a> {
    /// An arena for a request of so many bytes.
    pub(super) fn new(request: &[u8]) -> Self {
        Self {
            arena: Arena::with_capacity(request.len() / 4, request.len() / 28),
            waiting: Vec::new(),
            loose: Value::Empty,
        }
    }

    /// Keeps a text, which may share the bytes of an equal one.
    #[inline]
    pub(super) fn text_like(&mut self, bytes: &[u8], like: Text) -> Result<Text, Fault> {
        if self.arena.text(like).as_bytes() == bytes {
            return Ok(like);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(self.arena.push_text(text)),
            Err(error) => {
                let place = bytes.get(error.valid_up_to()..).unwrap_or_default();
                Err(Fault::new(Problem::NotUtf8, place))
            }
        }
    }

    /// Keeps the text of a field.
    pub(super) fn text(&mut self, bytes: &[u8], field: &'static str) -> Result<Text, Fault> {
        self.text_like(bytes, Text::EMPTY).map_err(|fault| fault.within(field))
    }

    /// Begins a list of attributes.
    pub(super) fn list(&self, like: Range, depth: u32) -> List {
        List { start: self.arena.attributes.len(), like, depth }
    }

    /// Reads the next attribute of a list.
    #[inline]
    pub(super) fn attribute(
        &mut self,
        list: List,
        bytes: &'a [u8],
        field: &'static str,
    ) -> Result<(), Fault> {
        let index = self.arena.attributes.len();
        self.key_value(list, index, bytes)
            .map_err(|fault| fault.within_element(field, index - list.start))
    }

    #[inline]
    fn key_value(&mut self, list: List, index: usize, bytes: &'a [u8]) -> Result<(), Fault> {
        let place = list.like.start as usize + (index - list.start);
        let like = match self.arena.attributes.get(place) {
            Some(like) if place < (list.like.start + list.like.length) as usize => *like,
            _ => NOTHING,
        };
        let target = Target::Attribute(index);
        if let Some((key, text)) = plain_text(bytes) {
            return self.push_text_attribute(key, text, like);
        }
        let mut made = NOTHING;
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            match field {
                (1, Content::Bytes(key)) => {
                    made.key =
                        self.text_like(key, like.key).map_err(|fault| fault.within("key"))?;
                }
                (2, Content::Bytes(value)) => {
                    let depth = list.depth + 1;
                    made.value = self
                        .value(value, made.value, like.value, target, depth)
                        .map_err(|fault| fault.within("value"))?;
                }
                (1 | 2, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        self.arena.attributes.push(made);
        Ok(())
    }

    #[inline]
    fn push_text_attribute(
        &mut self,
        key: &[u8],
        text: &[u8],
        like: Attribute,
    ) -> Result<(), Fault> {
        let like_text = match like.value {
            Value::Text(text) => text,
            _ => Text::EMPTY,
        };
        let key = self.text_like(key, like.key).map_err(|fault| fault.within("key"))?;
        let text = self.text_like(text, like_text).map_err(|fault| fault.within("value"))?;
        self.arena.attributes.push(Attribute { key, value: Value::Text(text) });
        Ok(())
    }

    /// Reads an `AnyValue` over what an earlier occurrence of the field has set, as protobuf merges messages.
    #[inline]
    pub(super) fn value(
        &mut self,
        bytes: &'a [u8],
        earlier: Value,
        like: Value,
        target: Target,
        depth: u32,
    ) -> Result<Value, Fault> {
        let mut value = earlier;
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            if let (5, Content::Bytes(bytes)) = field {
                value = self.put_aside(value, false, bytes, target, depth)?;
                continue;
            }
            if let (6, Content::Bytes(bytes)) = field {
                value = self.put_aside(value, true, bytes, target, depth)?;
                continue;
            }
            let read = match field {
                (1, Content::Bytes(text)) => {
                    let like = match like {
                        Value::Text(text) => text,
                        _ => Text::EMPTY,
                    };
                    Value::Text(self.text_like(text, like)?)
                }
                (2, Content::Varint(number)) => Value::Bool(number != 0),
                (3, Content::Varint(number)) => Value::Int(number.cast_signed()),
                (4, Content::Fixed64(bits)) => Value::Double(f64::from_bits(bits)),
                (7, Content::Bytes(bytes)) => Value::Bytes(self.arena.push_bytes(bytes)),
                // An index into the dictionary that only profiles have.
                (8, Content::Varint(_)) => Value::Empty,
                (1..=8, _) => return Err(wire.wrong_type()),
                _ => continue,
            };
            if matches!(value, Value::Array(_) | Value::Map(_)) {
                self.forget(target);
            }
            value = read;
        }
        Ok(value)
    }

    /// Reads the value of a field outside the arena; [`Ground::close_loose`] gives it.
    pub(super) fn loose(&mut self, bytes: &'a [u8], depth: u32) -> Result<(), Fault> {
        self.loose = self.value(bytes, self.loose, Value::Empty, Target::Loose, depth)?;
        Ok(())
    }

    /// Ends a row that has a loose value.
    pub(super) fn close_loose(&mut self) -> Result<Value, Fault> {
        self.read_waiting()?;
        Ok(std::mem::take(&mut self.loose))
    }

    /// Ends a list of attributes.
    #[inline]
    pub(super) fn close(&mut self, list: List) -> Result<Range, Fault> {
        let range = Range::since(list.start, self.arena.attributes.len());
        if !self.waiting.is_empty() {
            self.read_waiting()?;
        }
        Ok(range)
    }
}

const NOTHING: Attribute = Attribute { key: Text::EMPTY, value: Value::Empty };

/// The key and the text of an attribute that is written as nearly all are: a short key, then a short text.
#[inline]
fn plain_text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, rest) = short(0x0a, bytes)?;
    let (value, rest) = short(0x12, rest)?;
    let (text, nothing) = short(0x0a, value)?;
    (rest.is_empty() && nothing.is_empty()).then_some((key, text))
}

/// A field with this key byte and less than 128 bytes of content, and what follows it.
#[inline]
fn short(key: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    match bytes {
        [found, length @ 0..0x80, rest @ ..] if *found == key => {
            rest.split_at_checked(usize::from(*length))
        }
        _ => None,
    }
}
