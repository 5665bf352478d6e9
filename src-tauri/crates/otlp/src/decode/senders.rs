//! Resources and instrumentation scopes: what stands above the rows of every signal.

use watchglass_model::{Range, Resource, Scope, Value};

use super::fault::{Fault, Problem};
use super::values::{Ground, List};
use super::wire::{Content, Wire, low};

/// The fields of `ResourceSpans`, `ResourceLogs` and `ResourceMetrics`, and of their scopes, have the same
/// numbers in every signal; only their names differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) resource: &'static str,
    pub(super) scope: &'static str,
    pub(super) row: &'static str,
}

/// Where a row hangs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender {
    pub(super) resource: u32,
    pub(super) scope: u32,
}

/// What is made of the rows of a signal.
pub(super) trait Rows<'a> {
    /// What the fields are called.
    const NAMES: Names;

    /// The arena being filled.
    fn ground(&mut self) -> &mut Ground<'a>;

    /// So many rows are about to come.
    fn expect(&mut self, rows: usize);

    /// Reads one row.
    fn row(&mut self, sender: Sender, bytes: &'a [u8]) -> Result<(), Fault>;
}

/// Reads a whole request.
pub(super) fn request<'a, R: Rows<'a>>(rows: &mut R, bytes: &'a [u8]) -> Result<(), Fault> {
    each_message(bytes, 1, |index, bytes| {
        sender(rows, bytes).map_err(|fault| fault.within_element(R::NAMES.resource, index))
    })
}

/// Reads everything of one sender: first what describes it, then, in a second look, its scopes.
fn sender<'a, R: Rows<'a>>(rows: &mut R, bytes: &'a [u8]) -> Result<(), Fault> {
    let ground = rows.ground();
    let mut resource = Resource::default();
    let list = ground.list(Range::default(), 3);
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Bytes(bytes)) => {
                read_resource(ground, &mut resource, list, bytes)
                    .map_err(|fault| fault.within("resource"))?;
            }
            (3, Content::Bytes(bytes)) => {
                resource.schema_url = ground.text(bytes, "schema_url")?;
            }
            (1 | 3, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    resource.attributes = ground.close(list)?;
    name_service(ground, &mut resource);
    let index = row_index(ground.arena.resources.len());
    ground.arena.resources.push(resource);
    each_message(bytes, 2, |place, bytes| {
        scope(rows, index, bytes).map_err(|fault| fault.within_element(R::NAMES.scope, place))
    })
}

/// Reads everything of one scope, likewise in two looks; the first counts the rows.
fn scope<'a, R: Rows<'a>>(rows: &mut R, resource: u32, bytes: &'a [u8]) -> Result<(), Fault> {
    let ground = rows.ground();
    let mut scope = Scope::default();
    let list = ground.list(Range::default(), 4);
    let mut count = 0;
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Bytes(bytes)) => {
                read_scope(ground, &mut scope, list, bytes)
                    .map_err(|fault| fault.within("scope"))?;
            }
            (2, Content::Bytes(_)) => count += 1,
            (3, Content::Bytes(bytes)) => scope.schema_url = ground.text(bytes, "schema_url")?,
            (1..=3, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    scope.attributes = ground.close(list)?;
    let sender = Sender { resource, scope: row_index(ground.arena.scopes.len()) };
    ground.arena.scopes.push(scope);
    rows.expect(count);
    each_message(bytes, 2, |place, bytes| {
        rows.row(sender, bytes).map_err(|fault| fault.within_element(R::NAMES.row, place))
    })
}

fn read_resource<'a>(
    ground: &mut Ground<'a>,
    resource: &mut Resource,
    list: List,
    bytes: &'a [u8],
) -> Result<(), Fault> {
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Bytes(bytes)) => ground.attribute(list, bytes, "attributes")?,
            (2, Content::Varint(number)) => resource.dropped_attributes_count = low(number),
            (1 | 2, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    Ok(())
}

fn read_scope<'a>(
    ground: &mut Ground<'a>,
    scope: &mut Scope,
    list: List,
    bytes: &'a [u8],
) -> Result<(), Fault> {
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Bytes(bytes)) => scope.name = ground.text(bytes, "name")?,
            (2, Content::Bytes(bytes)) => scope.version = ground.text(bytes, "version")?,
            (3, Content::Bytes(bytes)) => ground.attribute(list, bytes, "attributes")?,
            (4, Content::Varint(number)) => scope.dropped_attributes_count = low(number),
            (1..=4, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    Ok(())
}

fn name_service(ground: &Ground<'_>, resource: &mut Resource) {
    let attributes = resource.attributes.of(&ground.arena.attributes);
    let named = attributes.iter().find(|one| ground.arena.text(one.key) == "service.name");
    if let Some(Value::Text(name)) = named.map(|one| one.value) {
        resource.service = name;
    }
}

/// Calls `read` with the index and the bytes of each occurrence of a message field.
pub(super) fn each_message<'a>(
    bytes: &'a [u8],
    number: u32,
    mut read: impl FnMut(usize, &'a [u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut index = 0;
    let mut wire = Wire::new(bytes);
    while let Some((found, content)) = wire.field()? {
        if found == number {
            let Content::Bytes(bytes) = content else {
                return Err(wire.wrong_type());
            };
            read(index, bytes)?;
            index += 1;
        }
    }
    Ok(())
}

/// An index as batches write it; a request is far too small to have more rows than 32 bits can count.
pub(super) fn row_index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Refuses rows by the million that say nothing: each takes a hundred bytes of memory and two of the request.
pub(super) fn check_density(rows: usize, request: usize, bytes: &[u8]) -> Result<(), Fault> {
    if rows > 4096 + request / 8 {
        return Err(Fault::new(Problem::TooDense, bytes));
    }
    Ok(())
}
