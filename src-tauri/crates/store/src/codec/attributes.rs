//! Lists of attributes as columns. Lists with the same keys and types in the same order share a shape; for each
//! place in a shape there is one column of values, and for each key one dictionary of texts. So the values of
//! `http.route` lie together, next to their like, and a row costs one number for its shape.

use rapidhash::RapidHashMap;
use watchglass_model::{Arena, Attribute, Range, Text, Value, ValueRef};

use super::columns::{Corrupt, Reader, Writer};
use super::dictionary::{Dictionary, Texts};
use super::sources::{read_text, read_value, write_value};

const TEXT: u64 = 0;
const INT: u64 = 1;
const DOUBLE: u64 = 2;
const BOOL: u64 = 3;
const BYTES: u64 = 4;
const EMPTY: u64 = 5;
const NESTED: u64 = 6;
const TYPES: u64 = 8;

/// The lists of one block being written.
#[derive(Debug, Default)]
pub(crate) struct ListWriter<'a> {
    keys: Keys<'a>,
    /// The texts of each key.
    texts: Vec<Dictionary<'a>>,
    shapes: RapidHashMap<Vec<u64>, Shape>,
    written_shapes: Writer,
    columns: Vec<Writer>,
    places: Vec<u64>,
    /// The shape of the list before, which is mostly the shape of the next one.
    last: (Vec<u64>, Shape),
}

#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    number: u64,
    first_column: usize,
}

/// Numbers for keys.
#[derive(Debug, Default)]
struct Keys<'a> {
    numbers: RapidHashMap<&'a str, u64>,
    in_order: Vec<&'a str>,
    /// Which key stood last at each position of a list: the same stands there again more often than not.
    recent: Vec<(&'a str, u64)>,
}

impl<'a> Keys<'a> {
    #[inline]
    fn number(&mut self, position: usize, key: &'a str) -> u64 {
        if let Some((recent, number)) = self.recent.get(position)
            && (std::ptr::eq(*recent, key) || *recent == key)
        {
            return *number;
        }
        let next = self.in_order.len() as u64;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.in_order.push(key);
        }
        match self.recent.get_mut(position) {
            Some(recent) => *recent = (key, number),
            None => self.recent.push((key, number)),
        }
        number
    }
}

impl<'a> ListWriter<'a> {
    /// Writes a list and gives the number of its shape, which the row must keep.
    pub(crate) fn list(
        &mut self,
        list: impl Iterator<Item = (&'a str, ValueRef<'a>)> + Clone,
    ) -> u64 {
        let mut places = std::mem::take(&mut self.places);
        places.clear();
        for (position, (key, value)) in list.clone().enumerate() {
            places.push(self.keys.number(position, key) * TYPES + type_of(value));
        }
        self.texts.resize_with(self.keys.in_order.len(), Dictionary::default);
        let shape = self.shape(&places);
        let columns = self.columns.iter_mut().skip(shape.first_column);
        for ((place, (_, value)), column) in places.iter().zip(list).zip(columns) {
            match value {
                ValueRef::Text(text) => {
                    let key = usize::try_from(place / TYPES).unwrap_or(usize::MAX);
                    column.varint(self.texts[key].number(text));
                }
                ValueRef::Int(int) => column.zigzag(int),
                ValueRef::Double(double) => column.double(double),
                ValueRef::Bool(bool) => column.raw(&[u8::from(bool)]),
                ValueRef::Bytes(bytes) => column.blob(bytes),
                ValueRef::Empty => {}
                nested @ (ValueRef::Array(_) | ValueRef::Map(_)) => write_value(column, nested),
            }
        }
        self.places = places;
        shape.number
    }

    fn shape(&mut self, places: &[u64]) -> Shape {
        if self.last.0 == places && !self.shapes.is_empty() {
            return self.last.1;
        }
        let known = self.shapes.get(places).copied();
        let shape = known.unwrap_or_else(|| self.new_shape(places));
        self.last.0.clear();
        self.last.0.extend_from_slice(places);
        self.last.1 = shape;
        shape
    }

    fn new_shape(&mut self, places: &[u64]) -> Shape {
        let shape = Shape { number: self.shapes.len() as u64, first_column: self.columns.len() };
        self.columns.resize_with(shape.first_column + places.len(), Writer::default);
        self.written_shapes.count(places.len());
        for place in places {
            self.written_shapes.varint(*place);
        }
        self.shapes.insert(places.to_vec(), shape);
        shape
    }

    /// Everything written, as one column.
    pub(crate) fn finish(self) -> Writer {
        let mut out = Writer::default();
        out.count(self.keys.in_order.len());
        for key in &self.keys.in_order {
            out.blob(key.as_bytes());
        }
        for texts in &self.texts {
            texts.write(&mut out);
        }
        out.count(self.shapes.len());
        out.raw(&self.written_shapes.bytes);
        for column in &self.columns {
            out.blob(&column.bytes);
        }
        out
    }
}

fn type_of(value: ValueRef<'_>) -> u64 {
    match value {
        ValueRef::Text(_) => TEXT,
        ValueRef::Int(_) => INT,
        ValueRef::Double(_) => DOUBLE,
        ValueRef::Bool(_) => BOOL,
        ValueRef::Bytes(_) => BYTES,
        ValueRef::Empty => EMPTY,
        ValueRef::Array(_) | ValueRef::Map(_) => NESTED,
    }
}

/// The lists of one block being read, in the order in which they were written.
#[derive(Debug)]
pub(crate) struct ListReader<'a> {
    keys: Vec<Text>,
    texts: Vec<Texts>,
    shapes: Vec<Vec<Place<'a>>>,
}

#[derive(Debug)]
struct Place<'a> {
    key: usize,
    kind: u64,
    column: Reader<'a>,
}

impl<'a> ListReader<'a> {
    /// Opens what [`ListWriter::finish`] gave, with all text copied into `arena`.
    pub(crate) fn open(mut from: Reader<'a>, arena: &mut Arena) -> Result<Self, Corrupt> {
        let mut keys = Vec::new();
        for _ in 0..from.count(from.bytes.len())? {
            keys.push(read_text(&mut from, arena)?);
        }
        let mut texts = Vec::with_capacity(keys.len());
        for _ in &keys {
            texts.push(Texts::load(&mut from, arena)?);
        }
        let mut shapes = Vec::new();
        for _ in 0..from.count(from.bytes.len())? {
            let mut places = Vec::new();
            for _ in 0..from.count(from.bytes.len())? {
                let place = from.varint()?;
                let key = usize::try_from(place / TYPES).unwrap_or(usize::MAX);
                if key >= keys.len() {
                    return Err(Corrupt("a shape with an unknown key"));
                }
                places.push(Place { key, kind: place % TYPES, column: Reader { bytes: &[] } });
            }
            shapes.push(places);
        }
        for place in shapes.iter_mut().flatten() {
            place.column = Reader { bytes: from.blob()? };
        }
        Ok(Self { keys, texts, shapes })
    }

    /// The next list of a shape.
    pub(crate) fn list(&mut self, shape: u64, arena: &mut Arena) -> Result<Range, Corrupt> {
        let shape = usize::try_from(shape).ok().and_then(|shape| self.shapes.get_mut(shape));
        let places = shape.ok_or(Corrupt("an unknown shape"))?;
        // Nested values push into the same vector, so a list with one is put together aside.
        if places.iter().any(|place| place.kind == NESTED) {
            let mut list = Vec::with_capacity(places.len());
            for place in places {
                list.push(next_attribute(place, &self.keys, &mut self.texts, arena)?);
            }
            let start = arena.attributes.len();
            arena.attributes.extend(list);
            return Ok(Range::since(start, arena.attributes.len()));
        }
        let start = arena.attributes.len();
        for place in places {
            let attribute = next_attribute(place, &self.keys, &mut self.texts, arena)?;
            arena.attributes.push(attribute);
        }
        Ok(Range::since(start, arena.attributes.len()))
    }
}

#[inline]
fn next_attribute(
    place: &mut Place<'_>,
    keys: &[Text],
    texts: &mut [Texts],
    arena: &mut Arena,
) -> Result<Attribute, Corrupt> {
    let column = &mut place.column;
    let value = match place.kind {
        TEXT => Value::Text(texts[place.key].entry(column.varint()?)?),
        INT => Value::Int(column.zigzag()?),
        DOUBLE => Value::Double(column.double()?),
        BOOL => Value::Bool(column.array::<1>()? != [0]),
        BYTES => Value::Bytes(arena.push_bytes(column.blob()?)),
        EMPTY => Value::Empty,
        _ => read_value(column, arena)?,
    };
    Ok(Attribute { key: keys[place.key], value })
}
