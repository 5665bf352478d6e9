//! Regular expressions in templates.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use watchglass_pattern::BytePattern;
use watchglass_template::{Call, Value};

use super::arguments::{Given, LONGEST, expect, text};

/// So many patterns are remembered a thread; templates rarely have more than one.
const REMEMBERED: usize = 64;

pub(super) const ALL: &[(&str, Call)] = &[
    ("regexReplaceAll", |own| replaced(own, false)),
    ("regexReplaceAllLiteral", |own| replaced(own, true)),
    ("count", count),
];

thread_local! {
    static COMPILED: RefCell<HashMap<String, Arc<BytePattern>>> = RefCell::default();
}

/// The pattern of a text; compiled once, for it is the same for every line.
fn pattern(source: &str) -> Result<Arc<BytePattern>, String> {
    COMPILED.with_borrow_mut(|compiled| {
        if let Some(known) = compiled.get(source) {
            return Ok(Arc::clone(known));
        }
        let pattern = Arc::new(BytePattern::new(source).map_err(|fault| fault.to_string())?);
        if compiled.len() >= REMEMBERED {
            compiled.clear();
        }
        compiled.insert(source.to_owned(), Arc::clone(&pattern));
        Ok(pattern)
    })
}

/// `regexReplaceAll "(a)" text "$1"`
fn replaced<'a>(arguments: &[Value<'a>], literally: bool) -> Given<'a> {
    expect(arguments, 3)?;
    let (own, template) = (text(arguments, 1)?, text(arguments, 2)?);
    let written = pattern(text(arguments, 0)?)?.replace_all(own, template, literally).into_owned();
    if written.len() > LONGEST {
        return Err(format!("a text of more than {LONGEST} bytes"));
    }
    Ok(Value::text(written))
}

/// `count "a.*b" text`
fn count<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 2)?;
    let found = pattern(text(arguments, 0)?)?.count(text(arguments, 1)?);
    Ok(Value::Int(i64::try_from(found).unwrap_or(i64::MAX)))
}
