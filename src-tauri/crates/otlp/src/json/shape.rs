//! What a message type looks like as a table: the name, number and kind of every field. JSON is read by such tables.

/// A message type.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
}

/// A field of a message.
#[derive(Debug)]
pub(super) struct Field {
    /// As the `.proto` file has it; JSON has it in camel case.
    pub(super) name: &'static str,
    pub(super) number: u32,
    pub(super) kind: Kind,
    pub(super) repeated: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// Base64 in JSON.
    Bytes,
    /// Bytes that OTLP/JSON has in hexadecimal.
    Id,
    Bool,
    Uint32,
    Sint32,
    Fixed32,
    Uint64,
    Fixed64,
    Sfixed64,
    Int64,
    Double,
    /// An enum; its values' names in the order of their numbers, without what they all begin with.
    Enum(&'static str, &'static [&'static str]),
    Message(&'static Shape),
}

impl Field {
    /// Whether JSON calls it so: in camel case or by its original name.
    pub(super) fn is_named(&self, key: &str) -> bool {
        let mut rest = key.bytes();
        let mut raise = false;
        for letter in self.name.bytes() {
            if letter == b'_' {
                raise = true;
                continue;
            }
            let wanted = if raise { letter.to_ascii_uppercase() } else { letter };
            raise = false;
            if rest.next() != Some(wanted) {
                return key == self.name;
            }
        }
        rest.next().is_none()
    }
}

/// A field that holds one value.
pub(super) const fn one(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { name, number, kind, repeated: false }
}

/// A field that holds a list.
pub(super) const fn many(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { name, number, kind, repeated: true }
}

/// Writes tables as `.proto` files write messages.
macro_rules! shapes {
    ($($(#[$doc:meta])* $shape:ident = $name:literal { $($count:ident $number:literal $field:literal $kind:expr;)* })*) => {
        $($(#[$doc])* pub(super) static $shape: Shape = Shape {
            name: $name,
            fields: &[$($count($number, $field, $kind)),*],
        };)*
    };
}
pub(super) use shapes;
