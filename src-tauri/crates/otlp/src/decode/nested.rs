//! Arrays and maps within values: put aside while the list around them grows, then read, one level at a time.

use watchglass_model::{Range, Value};

use super::MAX_DEPTH;
use super::fault::{Fault, Problem};
use super::values::{Ground, List};
use super::wire::{Content, Wire};

/// The bytes of an array or map, and the value that they are to become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting<'a> {
    target: Target,
    is_map: bool,
    bytes: &'a [u8],
    depth: u32,
}

/// Where a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The value of the attribute at an index of the arena.
    Attribute(usize),
    /// The value at an index of the arena.
    Element(usize),
    /// Not in the arena.
    Loose,
}

impl<'a> Ground<'a> {
    #[cold]
    pub(super) fn put_aside(
        &mut self,
        earlier: Value,
        is_map: bool,
        bytes: &'a [u8],
        target: Target,
        depth: u32,
    ) -> Result<Value, Fault> {
        if depth >= MAX_DEPTH {
            return Err(Fault::new(Problem::TooDeep, bytes));
        }
        if matches!((earlier, is_map), (Value::Array(_), true) | (Value::Map(_), false)) {
            self.forget(target);
        }
        self.waiting.push(Waiting { target, is_map, bytes, depth: depth + 1 });
        Ok(if is_map { Value::Map(Range::default()) } else { Value::Array(Range::default()) })
    }

    /// Drops what was put aside for a value that has been given anew.
    pub(super) fn forget(&mut self, target: Target) {
        while self.waiting.last().is_some_and(|one| one.target == target) {
            self.waiting.pop();
        }
    }

    /// Reads all that was put aside.
    pub(super) fn read_waiting(&mut self) -> Result<(), Fault> {
        while let Some(last) = self.waiting.last() {
            let target = last.target;
            let end = self.waiting.len();
            let earlier = self.waiting.iter().rev().take_while(|one| one.target == target);
            let start = end - earlier.count();
            let (values, attributes) = (self.arena.values.len(), self.arena.attributes.len());
            let list = self.list(Range::default(), 0);
            let mut is_map = false;
            for place in start..end {
                let Some(part) = self.waiting.get(place).copied() else {
                    break;
                };
                is_map = part.is_map;
                self.elements(part, list).map_err(|fault| fault.within("nested value"))?;
            }
            let value = if is_map {
                Value::Map(Range::since(attributes, self.arena.attributes.len()))
            } else {
                Value::Array(Range::since(values, self.arena.values.len()))
            };
            self.waiting.drain(start..end);
            self.set(target, value);
        }
        Ok(())
    }

    /// Reads the elements of one occurrence of an array or map.
    fn elements(&mut self, part: Waiting<'a>, list: List) -> Result<(), Fault> {
        let depth = part.depth + 1;
        let mut wire = Wire::new(part.bytes);
        while let Some(field) = wire.field()? {
            match field {
                (1, Content::Bytes(bytes)) if depth > MAX_DEPTH => {
                    return Err(Fault::new(Problem::TooDeep, bytes));
                }
                (1, Content::Bytes(bytes)) if part.is_map => {
                    self.attribute(list.at(depth), bytes, "values")?;
                }
                (1, Content::Bytes(bytes)) => {
                    let index = self.arena.values.len();
                    let target = Target::Element(index);
                    let value = self.value(bytes, Value::Empty, Value::Empty, target, depth)?;
                    self.arena.values.push(value);
                }
                (1, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        Ok(())
    }

    fn set(&mut self, target: Target, value: Value) {
        match target {
            Target::Attribute(index) => {
                if let Some(one) = self.arena.attributes.get_mut(index) {
                    one.value = value;
                }
            }
            Target::Element(index) => {
                if let Some(one) = self.arena.values.get_mut(index) {
                    *one = value;
                }
            }
            Target::Loose => self.loose = value,
        }
    }
}
