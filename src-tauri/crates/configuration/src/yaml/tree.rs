//! From text to nodes: anchors and merge keys resolved, only the first document read, size bounded.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use granit_parser::{Event, Marker, Parser, ScalarStyle, Span};

use crate::fault::{Fault, Place};

/// Nodes that a file may have once its aliases are resolved: a short file can stand for a huge one.
const MOST_NODES: usize = 1 << 20;

/// A node and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    /// A scalar's text, and whether it stands without quotes or a tag and so may be read as a number or boolean.
    Scalar {
        text: String,
        is_plain: bool,
    },
    List(Vec<Node>),
    /// Pairs in the order written, duplicates among them.
    Map(Vec<(Key, Node)>),
}

/// The key of a pair and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) text: String,
}

impl Node {
    pub(crate) const fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

/// The first document of a text; an empty text is null.
pub(crate) fn tree(text: &str) -> Result<Node, Fault> {
    let mut reader =
        Reader { parser: Parser::new_from_str(text), anchors: BTreeMap::new(), nodes: 0 };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd | Event::DocumentEnd => {
                return Ok(Node { place: place(&span.start), value: Value::Null });
            }
            event if event.is_node() => return reader.node(event, &span),
            _ => {}
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), Fault> {
        loop {
            let Some(next) = self.parser.next_event() else {
                return Ok((Event::StreamEnd, Span::default()));
            };
            let (event, span) = next
                .map_err(|fault| Fault { place: place(fault.marker()), message: fault.info() })?;
            if !matches!(event, Event::Comment(..)) {
                return Ok((event, span));
            }
        }
    }

    /// The node that begins with `event`. How deep nodes nest is bounded by the parser.
    fn node(&mut self, event: Event<'t>, span: &Span) -> Result<Node, Fault> {
        let place = place(&span.start);
        self.count(1, place)?;
        let anchor = event.anchor_id();
        let value = match event {
            Event::Scalar(text, style, _, tag) => {
                let is_binary = tag.as_ref().is_some_and(|tag| tag.suffix() == "binary");
                scalar(&text, style, tag.is_some(), is_binary)
                    .map_err(|message| Fault { place, message })?
            }
            Event::SequenceStart(..) => Value::List(self.list()?),
            Event::MappingStart(..) => Value::Map(self.map()?),
            Event::Alias(id) => {
                let named = self.anchors.get(&id).cloned();
                let named = named.ok_or_else(|| Fault {
                    place,
                    message: "an alias within what it stands for".to_owned(),
                })?;
                self.count(size(&named), place)?;
                named.value
            }
            _ => Value::Null,
        };
        let node = Node { place, value };
        if let Some(id) = anchor {
            self.anchors.insert(id, node.clone());
        }
        Ok(node)
    }

    fn list(&mut self) -> Result<Vec<Node>, Fault> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd | Event::StreamEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, &span)?),
            }
        }
    }

    fn map(&mut self) -> Result<Vec<(Key, Node)>, Fault> {
        let (mut pairs, mut merged) = (Vec::new(), Vec::new());
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                break;
            }
            let is_merge =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let key = self.key(event, &span)?;
            let (event, span) = self.next()?;
            let value = self.node(event, &span)?;
            if is_merge {
                merge(value, &mut merged)?;
            } else {
                pairs.push((key, value));
            }
        }
        for (key, value) in merged {
            if !pairs.iter().any(|(own, _)| own.text == key.text) {
                pairs.push((key, value));
            }
        }
        Ok(pairs)
    }

    fn key(&mut self, event: Event<'t>, span: &Span) -> Result<Key, Fault> {
        let written = match &event {
            Event::Scalar(text, ..) => text.clone().into_owned(),
            _ => String::new(),
        };
        let node = self.node(event, span)?;
        match node.value {
            Value::Scalar { text, .. } => Ok(Key { place: node.place, text }),
            Value::Null => Ok(Key { place: node.place, text: written }),
            _ => Err(Fault { place: node.place, message: "a key must be a scalar".to_owned() }),
        }
    }

    fn count(&mut self, nodes: usize, place: Place) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MOST_NODES {
            let message = format!("more than {MOST_NODES} values, aliases resolved");
            return Err(Fault { place, message });
        }
        Ok(())
    }
}

/// The pairs of a merge key: of a map, or of several, of which the first has precedence.
fn merge(value: Node, into: &mut Vec<(Key, Node)>) -> Result<(), Fault> {
    match value.value {
        Value::Map(pairs) => into.extend(pairs),
        Value::List(maps) => {
            for map in maps {
                merge(map, into)?;
            }
        }
        _ => {
            let message = "map merge requires map or sequence of maps as the value".to_owned();
            return Err(Fault { place: value.place, message });
        }
    }
    Ok(())
}

fn scalar(
    text: &str,
    style: ScalarStyle,
    is_tagged: bool,
    is_binary: bool,
) -> Result<Value, String> {
    if is_binary {
        let bytes = STANDARD
            .decode(text.trim())
            .map_err(|fault| format!("!!binary value contains invalid base64 data: {fault}"))?;
        let text = String::from_utf8(bytes).map_err(|fault| {
            format!("\"{}\" is not valid UTF-8", fault.as_bytes().escape_ascii())
        })?;
        return Ok(Value::Scalar { text, is_plain: false });
    }
    let is_plain = style == ScalarStyle::Plain && !is_tagged;
    if is_plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Ok(Value::Null);
    }
    Ok(Value::Scalar { text: text.to_owned(), is_plain })
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(pairs) => 1 + pairs.iter().map(|(_, value)| size(value)).sum::<usize>(),
        _ => 1,
    }
}

fn place(marker: &Marker) -> Place {
    Place { line: marker.line().max(1), column: marker.col() + 1 }
}
