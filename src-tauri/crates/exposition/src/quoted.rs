//! Bytes quoted as Go's `%q` does, for messages that read like upstream's.

use std::fmt::{self, Display, Formatter, Write};

/// Displays bytes between quotes, with everything escaped that is not printable text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            chunk.valid().chars().try_for_each(|char| write_char(f, char))?;
            chunk.invalid().iter().try_for_each(|byte| write!(f, "\\x{byte:02x}"))?;
        }
        f.write_char('"')
    }
}

fn write_char(f: &mut Formatter<'_>, char: char) -> fmt::Result {
    match char {
        '"' => f.write_str("\\\""),
        '\\' => f.write_str("\\\\"),
        '\n' => f.write_str("\\n"),
        '\t' => f.write_str("\\t"),
        '\r' => f.write_str("\\r"),
        '\x07' => f.write_str("\\a"),
        '\x08' => f.write_str("\\b"),
        '\x0b' => f.write_str("\\v"),
        '\x0c' => f.write_str("\\f"),
        char if char.is_ascii_control() => write!(f, "\\x{:02x}", u32::from(char)),
        ' ' => f.write_char(' '),
        char if !char.is_control() && !char.is_whitespace() => f.write_char(char),
        char => write!(f, "\\u{:04x}", u32::from(char)),
    }
}
