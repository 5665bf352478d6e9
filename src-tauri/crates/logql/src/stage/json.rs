//! `json`: all fields of an object, or those at given paths. Nothing but names and values is copied, and often not even
//! these; what is not needed is passed over.

mod scanner;

use std::borrow::Cow;

use watchglass_template::text::quoted;

use super::json_path::{self, Step};
use super::needed::Needed;
use super::row::{Row, Sink};
use super::{failure, pattern};
use crate::tree::Extraction;
pub(super) use scanner::{Kind, Scanner, text};

/// How deep objects may lie within one another; what lies deeper is passed over.
const DEEPEST: usize = 64;

/// The parser.
#[derive(Debug, Clone)]
pub(super) struct Json {
    /// Labels and where their values stand; all fields where there are none.
    paths: Vec<(String, Vec<Step>)>,
}

impl Json {
    pub(super) fn new(extractions: &[Extraction]) -> Result<Self, String> {
        let paths = extractions.iter().map(|one| {
            let path = json_path::parse(&one.path)
                .map_err(|fault| format!("cannot parse expression [{}]: {fault}", one.path))?;
            Ok((one.label.clone(), path))
        });
        Ok(Self { paths: paths.collect::<Result<_, String>>()? })
    }

    pub(super) fn run(&self, row: &mut Row<'_>, needed: &Needed) -> bool {
        if row.line.is_empty() || needed.is_done(row) {
            return true;
        }
        let result = row.parse(|line, sink| {
            let mut scanner = Scanner::new(line);
            if !self.paths.is_empty() {
                return self.at_paths(line, sink);
            }
            scanner
                .expect(b'{')
                .and_then(|()| fields(&mut scanner, "", 0, needed, sink).map(|_| ()))
        });
        if let Err(fault) = result {
            row.fail(failure::JSON, fault);
        }
        true
    }

    fn at_paths(&self, line: &[u8], sink: &mut Sink<'_, '_>) -> Result<(), String> {
        let mut scanner = Scanner::new(line);
        scanner.expect(b'{')?;
        for (label, path) in &self.paths {
            let found = json_path::find(line, path)?;
            let value = found.unwrap_or(Cow::Borrowed(""));
            sink.extract(Cow::Owned(label.clone()), value, &Needed::All);
        }
        Ok(())
    }
}

/// The fields of an object whose brace has been taken. True where no more are needed.
fn fields(
    scanner: &mut Scanner<'_>,
    prefix: &str,
    depth: usize,
    needed: &Needed,
    sink: &mut Sink<'_, '_>,
) -> Result<bool, String> {
    while let Some(key) = scanner.next_key()? {
        let (kind, raw) = scanner.value_start()?;
        let key = text(key);
        let name = label_name(prefix, &key);
        match kind {
            Kind::Object if depth < DEEPEST && needed.wants_within(&name) => {
                if fields(scanner, &name, depth + 1, needed, sink)? {
                    return Ok(true);
                }
            }
            Kind::Object | Kind::Array => scanner.skip_container()?,
            Kind::Null => {}
            Kind::Text | Kind::Plain => {
                if !name.is_empty() && needed.wants(&name) {
                    let value = if kind == Kind::Text { text(raw) } else { plain(raw) };
                    if sink.extract(name, value, needed) {
                        return Ok(true);
                    }
                }
            }
        }
    }
    Ok(false)
}

/// A number or truth value as it is written.
pub(super) fn plain(raw: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(raw)
}

/// The label of a field: `prefix_key`, with an underscore for what no label may have.
fn label_name<'k>(prefix: &str, key: &Cow<'k, str>) -> Cow<'k, str> {
    if !prefix.is_empty() {
        return Cow::Owned(format!("{prefix}_{}", pattern::sanitised(key, false)));
    }
    match key {
        Cow::Borrowed(key) => pattern::sanitised(key, true),
        Cow::Owned(key) => Cow::Owned(pattern::sanitised(key, true).into_owned()),
    }
}

/// A fault at a byte.
fn fault_at(place: usize, expected: &str, found: Option<u8>) -> String {
    match found {
        Some(byte) => {
            let found = quoted(&char::from(byte).to_string());
            format!("expected {expected} at byte {place}, found {found}")
        }
        None => format!("expected {expected} at byte {place}, where the line ends"),
    }
}
