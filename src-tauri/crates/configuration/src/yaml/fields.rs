//! The fields of a section, taken one by one by name: what remains is unknown, and that is a fault, as is a name that
//! comes twice. Null stands for the zero value, as Go's decoder has it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use super::scalar::{boolean, duration, integer, size};
use super::tree::{Key, Node, Value};
use crate::fault::{Place, Reading};

/// The fields of one section.
pub(crate) struct Fields<'n> {
    /// What upstream calls the section's type.
    kind: &'static str,
    /// Where the section begins.
    pub(crate) place: Place,
    pairs: &'n [(Key, Node)],
    taken: RefCell<BTreeSet<&'static str>>,
    pub(crate) reading: &'n Reading,
}

impl<'n> Fields<'n> {
    /// The fields of a map; those of null are none.
    pub(crate) fn of(node: &'n Node, kind: &'static str, reading: &'n Reading) -> Self {
        let pairs: &[(Key, Node)] = match &node.value {
            Value::Map(pairs) => pairs,
            Value::Null => &[],
            _ => {
                reading.fault(node.place, format!("cannot unmarshal {} into {kind}", shown(node)));
                &[]
            }
        };
        let fields = Self { kind, place: node.place, pairs, taken: RefCell::default(), reading };
        fields.refuse_duplicates();
        fields
    }

    fn refuse_duplicates(&self) {
        let mut seen = BTreeSet::new();
        for (key, _) in self.pairs {
            if !seen.insert(&key.text) {
                let message = format!("field {} already set in type {}", key.text, self.kind);
                self.reading.fault(key.place, message);
            }
        }
    }

    /// The node of a field, if the field is there.
    pub(crate) fn node(&self, name: &'static str) -> Option<&'n Node> {
        self.taken.borrow_mut().insert(name);
        self.pairs.iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
    }

    /// The node of a field that is a section of its own; null stands for none.
    pub(crate) fn section(&self, name: &'static str) -> Option<&'n Node> {
        self.node(name).filter(|node| !node.is_null())
    }

    /// Where a field stands, or else the section.
    pub(crate) fn place_of(&self, name: &str) -> Place {
        let found = self.pairs.iter().find(|(key, _)| key.text == name);
        found.map_or(self.place, |(key, _)| key.place)
    }

    /// A fault of the field of that name.
    pub(crate) fn fault(&self, name: &str, message: impl Into<String>) {
        self.reading.fault(self.place_of(name), message);
    }

    pub(crate) fn text(&self, name: &'static str) -> Option<String> {
        Some(text(self.node(name)?, self.reading))
    }

    pub(crate) fn flag(&self, name: &'static str) -> Option<bool> {
        self.plain(name, "bool", boolean)
    }

    pub(crate) fn integer(&self, name: &'static str) -> Option<i64> {
        self.plain(name, "int", integer)
    }

    /// A number that is not negative.
    pub(crate) fn count(&self, name: &'static str) -> Option<u64> {
        self.plain(name, "uint", |text| integer(text).and_then(|number| u64::try_from(number).ok()))
    }

    pub(crate) fn number(&self, name: &'static str) -> Option<f64> {
        self.plain(name, "float64", |text| text.parse().ok())
    }

    pub(crate) fn duration(&self, name: &'static str) -> Option<Duration> {
        self.parsed(name, duration)
    }

    pub(crate) fn size(&self, name: &'static str) -> Option<u64> {
        self.parsed(name, size)
    }

    /// A scalar whose text is read by `read`, which may complain; null is the zero value.
    fn parsed<T: Default>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let node = self.node(name)?;
        if node.is_null() {
            return Some(T::default());
        }
        match read(&text(node, self.reading)) {
            Ok(value) => Some(value),
            Err(message) => {
                self.reading.fault(node.place, message);
                None
            }
        }
    }

    /// A scalar without quotes that `read` understands.
    fn plain<T: Default>(
        &self,
        name: &'static str,
        kind: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let node = self.node(name)?;
        let value = match &node.value {
            Value::Null => Some(T::default()),
            Value::Scalar { text, is_plain: true } => read(text),
            _ => None,
        };
        if value.is_none() {
            self.reading.fault(node.place, format!("cannot unmarshal {} into {kind}", shown(node)));
        }
        value
    }

    /// The items of a list, null items among them.
    pub(crate) fn items(&self, name: &'static str) -> Option<&'n [Node]> {
        let node = self.node(name)?;
        match &node.value {
            Value::List(items) => Some(items),
            Value::Null => Some(&[]),
            _ => {
                self.reading
                    .fault(node.place, format!("cannot unmarshal {} into a list", shown(node)));
                None
            }
        }
    }

    /// A list of sections; null among them is a fault with these words.
    pub(crate) fn sections<T>(
        &self,
        name: &'static str,
        null: &str,
        read: impl Fn(&'n Node, &'n Reading) -> T,
    ) -> Vec<T> {
        let mut sections = Vec::new();
        for node in self.items(name).unwrap_or_default() {
            if node.is_null() {
                self.reading.fault(node.place, null);
            } else {
                sections.push(read(node, self.reading));
            }
        }
        sections
    }

    pub(crate) fn texts(&self, name: &'static str) -> Option<Vec<String>> {
        Some(self.items(name)?.iter().map(|node| text(node, self.reading)).collect())
    }

    /// The pairs of a map whose names are free.
    pub(crate) fn pairs(&self, name: &'static str) -> &'n [(Key, Node)] {
        let Some(node) = self.section(name) else { return &[] };
        let Value::Map(pairs) = &node.value else {
            self.reading.fault(node.place, format!("cannot unmarshal {} into a map", shown(node)));
            return &[];
        };
        let mut seen = BTreeSet::new();
        for (key, _) in pairs {
            if !seen.insert(&key.text) {
                self.reading.fault(key.place, format!("key {:?} already set in map", key.text));
            }
        }
        pairs
    }

    /// A map from text to text.
    pub(crate) fn text_pairs(&self, name: &'static str) -> Vec<(String, String)> {
        let pairs = self.pairs(name).iter();
        pairs.map(|(key, node)| (key.text.clone(), text(node, self.reading))).collect()
    }

    /// Takes whatever remains: `read` says of each whether it knows it.
    pub(crate) fn others(&self, mut read: impl FnMut(&'n Key, &'n Node) -> bool) {
        let taken = self.taken.borrow();
        let others = self.pairs.iter().filter(|(key, _)| !taken.contains(key.text.as_str()));
        for (key, node) in others {
            if !read(key, node) {
                let message = format!("field {} not found in type {}", key.text, self.kind);
                self.reading.fault(key.place, message);
            }
        }
    }

    /// All fields are read: what remains is a fault.
    pub(crate) fn finish(self) {
        self.others(|_, _| false);
    }
}

/// The text of a scalar; of null the empty one.
pub(crate) fn text(node: &Node, reading: &Reading) -> String {
    match &node.value {
        Value::Null => String::new(),
        Value::Scalar { text, .. } => text.clone(),
        _ => {
            reading.fault(node.place, format!("cannot unmarshal {} into string", shown(node)));
            String::new()
        }
    }
}

/// A node as the messages of Go's decoder show it.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Null => "!!null".to_owned(),
        Value::Scalar { text, .. } => {
            let short: String = text.chars().take(10).collect();
            let more = if short.len() < text.len() { "..." } else { "" };
            format!("!!str `{short}{more}`")
        }
        Value::List(_) => "!!seq".to_owned(),
        Value::Map(_) => "!!map".to_owned(),
    }
}
