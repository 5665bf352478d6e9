//! What few rows share, written row by row: resources, scopes, and values nested in values.

use rapidhash::RapidHashMap;
use watchglass_model::{
    Arena, Attribute, Attributes, Range, Resource, ResourceRef, Scope, ScopeRef, Text, Value,
    ValueRef,
};

use super::columns::{Corrupt, Reader, Writer};

/// Nesting that a sound block never has; a damaged one must not exhaust the stack.
const DEEPEST: u32 = 128;

/// Resources or scopes of many batches, each different one written once.
#[derive(Debug, Default)]
pub(crate) struct SourceTable {
    numbers: RapidHashMap<Vec<u8>, u64>,
    seen: RapidHashMap<(u32, u32), u64>,
    written: Writer,
}

impl SourceTable {
    /// The number of the source that batch `batch` holds at `index`; `write` spells it out when it is new.
    #[inline]
    pub(crate) fn number(
        &mut self,
        batch: u32,
        index: u32,
        write: impl FnOnce(&mut Writer),
    ) -> u64 {
        if let Some(number) = self.seen.get(&(batch, index)) {
            return *number;
        }
        let mut spelled = Writer::default();
        write(&mut spelled);
        let next = self.numbers.len() as u64;
        let number = *self.numbers.entry(spelled.bytes).or_insert_with_key(|spelled| {
            self.written.raw(spelled);
            next
        });
        self.seen.insert((batch, index), number);
        number
    }

    /// All sources, as one column.
    pub(crate) fn finish(self) -> Writer {
        let mut out = Writer::default();
        out.count(self.numbers.len());
        out.raw(&self.written.bytes);
        out
    }
}

pub(crate) fn write_resource(out: &mut Writer, resource: ResourceRef<'_>) {
    write_attributes(out, resource.attributes());
    out.varint(u64::from(resource.row.dropped_attributes_count));
    out.blob(resource.schema_url().as_bytes());
}

pub(crate) fn write_scope(out: &mut Writer, scope: ScopeRef<'_>) {
    out.blob(scope.name().as_bytes());
    out.blob(scope.version().as_bytes());
    write_attributes(out, scope.attributes());
    out.varint(u64::from(scope.row.dropped_attributes_count));
    out.blob(scope.schema_url().as_bytes());
}

/// Reads a table of resources into the arena.
pub(crate) fn read_resources(from: &mut Reader<'_>, arena: &mut Arena) -> Result<(), Corrupt> {
    for _ in 0..from.count(from.bytes.len())? {
        let attributes = read_attributes(from, arena, 0)?;
        let all = attributes.of(&arena.attributes);
        let named = all.iter().find(|one| arena.text(one.key) == "service.name");
        let service = match named.map(|one| one.value) {
            Some(Value::Text(name)) => name,
            _ => Text::EMPTY,
        };
        let resource = Resource {
            attributes,
            dropped_attributes_count: from.index()?,
            schema_url: read_text(from, arena)?,
            service,
        };
        arena.resources.push(resource);
    }
    Ok(())
}

/// Reads a table of scopes into the arena.
pub(crate) fn read_scopes(from: &mut Reader<'_>, arena: &mut Arena) -> Result<(), Corrupt> {
    for _ in 0..from.count(from.bytes.len())? {
        let scope = Scope {
            name: read_text(from, arena)?,
            version: read_text(from, arena)?,
            attributes: read_attributes(from, arena, 0)?,
            dropped_attributes_count: from.index()?,
            schema_url: read_text(from, arena)?,
        };
        arena.scopes.push(scope);
    }
    Ok(())
}

pub(crate) fn write_attributes(out: &mut Writer, attributes: Attributes<'_>) {
    out.count(attributes.len());
    for (key, value) in attributes.iter() {
        out.blob(key.as_bytes());
        write_value(out, value);
    }
}

pub(crate) fn write_value(out: &mut Writer, value: ValueRef<'_>) {
    match value {
        ValueRef::Empty => out.raw(&[0]),
        ValueRef::Text(text) => {
            out.raw(&[1]);
            out.blob(text.as_bytes());
        }
        ValueRef::Bool(bool) => out.raw(&[2, u8::from(bool)]),
        ValueRef::Int(int) => {
            out.raw(&[3]);
            out.zigzag(int);
        }
        ValueRef::Double(double) => {
            out.raw(&[4]);
            out.double(double);
        }
        ValueRef::Bytes(bytes) => {
            out.raw(&[5]);
            out.blob(bytes);
        }
        ValueRef::Array(values) => {
            out.raw(&[6]);
            out.count(values.iter().len());
            for value in values.iter() {
                write_value(out, value);
            }
        }
        ValueRef::Map(entries) => {
            out.raw(&[7]);
            write_attributes(out, entries);
        }
    }
}

pub(crate) fn read_text(from: &mut Reader<'_>, arena: &mut Arena) -> Result<Text, Corrupt> {
    let text = std::str::from_utf8(from.blob()?).map_err(|_| Corrupt("text not in UTF-8"))?;
    Ok(arena.push_text(text))
}

pub(crate) fn read_value(from: &mut Reader<'_>, arena: &mut Arena) -> Result<Value, Corrupt> {
    read_nested(from, arena, 0)
}

pub(crate) fn read_attributes(
    from: &mut Reader<'_>,
    arena: &mut Arena,
    depth: u32,
) -> Result<Range, Corrupt> {
    let count = from.count(from.bytes.len())?;
    let mut list = Vec::with_capacity(count);
    for _ in 0..count {
        let key = read_text(from, arena)?;
        list.push(Attribute { key, value: read_nested(from, arena, depth)? });
    }
    let start = arena.attributes.len();
    arena.attributes.extend(list);
    Ok(Range::since(start, arena.attributes.len()))
}

fn read_nested(from: &mut Reader<'_>, arena: &mut Arena, depth: u32) -> Result<Value, Corrupt> {
    if depth > DEEPEST {
        return Err(Corrupt("values nested too deeply"));
    }
    Ok(match from.array::<1>()? {
        [0] => Value::Empty,
        [1] => Value::Text(read_text(from, arena)?),
        [2] => Value::Bool(from.array::<1>()? != [0]),
        [3] => Value::Int(from.zigzag()?),
        [4] => Value::Double(from.double()?),
        [5] => Value::Bytes(arena.push_bytes(from.blob()?)),
        [6] => {
            let count = from.count(from.bytes.len())?;
            let mut list = Vec::with_capacity(count);
            for _ in 0..count {
                list.push(read_nested(from, arena, depth + 1)?);
            }
            let start = arena.values.len();
            arena.values.extend(list);
            Value::Array(Range::since(start, arena.values.len()))
        }
        [7] => Value::Map(read_attributes(from, arena, depth + 1)?),
        _ => return Err(Corrupt("a value of unknown type")),
    })
}
