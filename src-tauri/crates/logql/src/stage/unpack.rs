//! `unpack`: what Promtail's `pack` made: an object of labels with the line in `_entry`.

use std::borrow::Cow;

use super::failure;
use super::json::{Kind, Scanner, text};
use super::needed::Needed;
use super::pattern::sanitised;
use super::row::Row;

const ENTRY: &str = "_entry";

pub(super) fn run(row: &mut Row<'_>, needed: &Needed) -> bool {
    if row.line.is_empty() {
        return true;
    }
    let result = row.parse(|line, sink| {
        let mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        let mut entry = None;
        let mut scanner = Scanner::new(line);
        scanner.expect(b'{')?;
        while let Some(key) = scanner.next_key()? {
            let (kind, raw) = scanner.value_start()?;
            match kind {
                Kind::Object | Kind::Array => scanner.skip_container()?,
                Kind::Null | Kind::Plain => {}
                Kind::Text => {
                    let key = text(key);
                    if key == ENTRY {
                        entry = Some(text(raw).into_owned());
                    } else {
                        let name = Cow::Owned(sanitised(&key, true).into_owned());
                        pairs.push((name, text(raw)));
                    }
                }
            }
        }
        // Without the line it was not packed, and stays as it is.
        if entry.is_some() {
            for (name, value) in pairs.into_iter().filter(|(name, _)| needed.wants(name)) {
                sink.extract(name, value, needed);
            }
        }
        Ok::<_, String>(entry)
    });
    match result {
        Ok(Some(entry)) => row.line = Cow::Owned(entry.into_bytes()),
        Ok(None) => {}
        Err(fault) => row.fail(failure::JSON, fault),
    }
    true
}
