//! Character classes in brackets, as Go's `regexp/syntax` reads them.

use super::escape::{NOTHING, before, escape, perl_class, split, unicode_class, write_range};
use crate::PatternFault;

/// The names between `[:` and `:]`.
const NAMES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// The class at the start of `text`, which begins with `[`, for the `regex` crate, and the text behind it.
pub(super) fn class(text: &str) -> Result<(String, &str), PatternFault> {
    let mut rest = text.get(1..).unwrap_or_default();
    let mut written = String::from("[");
    if let Some(negated) = rest.strip_prefix('^') {
        written.push('^');
        rest = negated;
    }
    let members = written.len();
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        rest = member(rest, text, &mut written)?;
    }
    if written.len() == members {
        written.push_str(NOTHING);
    }
    written.push(']');
    Ok((written, rest.get(1..).unwrap_or_default()))
}

/// Reads one member of `class` (a class by name, a character or a range) and returns the text behind it.
fn member<'a>(text: &'a str, class: &str, into: &mut String) -> Result<&'a str, PatternFault> {
    let named = match named_class(text)? {
        None => unicode_class(text)?.or_else(|| perl_class(text)),
        found => found,
    };
    if let Some((found, rest)) = named {
        into.push_str(&found);
        return Ok(rest);
    }
    let (low, mut rest) = character(text, class)?;
    let mut high = low;
    if let Some(behind) =
        rest.strip_prefix('-').filter(|behind| !behind.is_empty() && !behind.starts_with(']'))
    {
        (high, rest) = character(behind, class)?;
        if high < low {
            return Err(PatternFault::new("invalid character class range", before(text, rest)));
        }
    }
    write_range(low, high, into);
    Ok(rest)
}

/// `[:alpha:]` and the like at the start of `text`.
fn named_class(text: &str) -> Result<Option<(String, &str)>, PatternFault> {
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|behind| behind.split_once(":]"))
    else {
        return Ok(None);
    };
    let written = before(text, rest);
    if NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return Ok(Some((written.to_owned(), rest)));
    }
    Err(PatternFault::new("invalid character class range", written))
}

fn character<'a>(text: &'a str, class: &str) -> Result<(u32, &'a str), PatternFault> {
    if text.starts_with('\\') {
        return escape(text);
    }
    let (character, rest) =
        split(text).ok_or_else(|| PatternFault::new("missing closing ]", class))?;
    Ok((u32::from(character), rest))
}
