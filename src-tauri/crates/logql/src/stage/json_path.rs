//! Paths into JSON: `request.headers["User-Agent"]`, `servers[0].name`.

use std::borrow::Cow;

use super::json::{Kind, Scanner, plain, text};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A field of an object.
    Key(String),
    /// An element of an array, from 0.
    Element(usize),
}

pub(super) fn parse(path: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    if rest.is_empty() {
        return Err("the path is empty".to_owned());
    }
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, behind) = bracketed(inner)?;
            steps.push(step);
            rest = behind;
            continue;
        }
        let name = match rest.strip_prefix('.') {
            Some(behind) if !steps.is_empty() => behind,
            None if steps.is_empty() => rest,
            _ => return Err(format!("unexpected {rest:?}")),
        };
        let is_part = |one: char| one == '_' || one.is_ascii_alphanumeric();
        let end = name.find(|one| !is_part(one)).unwrap_or(name.len());
        let (key, behind) = name.split_at(end);
        if key.is_empty() || key.starts_with(|one: char| one.is_ascii_digit()) {
            return Err(format!("expected a name, found {name:?}"));
        }
        steps.push(Step::Key(key.to_owned()));
        rest = behind;
    }
    Ok(steps)
}

/// What stands in brackets whose first has been taken.
fn bracketed(inner: &str) -> Result<(Step, &str), String> {
    if let Some(quoted) = inner.strip_prefix('"') {
        let mut key = String::new();
        let mut characters = quoted.char_indices();
        while let Some((place, character)) = characters.next() {
            match character {
                '\\' => key.extend(characters.next().map(|(_, escaped)| escaped)),
                '"' => {
                    let behind = quoted.get(place + 1..).unwrap_or("");
                    let behind = behind.strip_prefix(']').ok_or("expected ']' behind a key")?;
                    return Ok((Step::Key(key), behind));
                }
                other => key.push(other),
            }
        }
        return Err("a key in quotes does not end".to_owned());
    }
    let (number, behind) = inner.split_once(']').ok_or("expected ']'")?;
    let place = number.parse().map_err(|_| format!("expected a number, found {number:?}"))?;
    Ok((Step::Element(place), behind))
}

/// The value at a path: texts without their quotes, all else as it is written; none where there is none or it is null.
pub(super) fn find<'l>(line: &'l [u8], path: &[Step]) -> Result<Option<Cow<'l, str>>, String> {
    let mut scanner = Scanner::new(line);
    let mut start = scanner.place();
    let (mut kind, mut raw) = scanner.value_start()?;
    for step in path {
        let found = match (step, kind) {
            (Step::Key(key), Kind::Object) => to_key(&mut scanner, key)?,
            (Step::Element(place), Kind::Array) => to_element(&mut scanner, *place)?,
            _ => None,
        };
        let Some(found) = found else { return Ok(None) };
        (start, kind, raw) = found;
    }
    match kind {
        Kind::Null => Ok(None),
        Kind::Text => Ok(Some(text(raw))),
        Kind::Plain => Ok(Some(plain(raw))),
        Kind::Object | Kind::Array => {
            scanner.skip_container()?;
            let raw = line.get(start..scanner.place()).unwrap_or_default();
            Ok(Some(plain(raw.trim_ascii_start())))
        }
    }
}

/// Where a value begins, its kind, and its bytes.
type Found<'l> = Option<(usize, Kind, &'l [u8])>;

fn to_key<'l>(scanner: &mut Scanner<'l>, wanted: &str) -> Result<Found<'l>, String> {
    while let Some(key) = scanner.next_key()? {
        let start = scanner.place();
        let (kind, raw) = scanner.value_start()?;
        if text(key) == wanted {
            return Ok(Some((start, kind, raw)));
        }
        if matches!(kind, Kind::Object | Kind::Array) {
            scanner.skip_container()?;
        }
    }
    Ok(None)
}

fn to_element<'l>(scanner: &mut Scanner<'l>, wanted: usize) -> Result<Found<'l>, String> {
    let mut place = 0;
    while scanner.next_element()? {
        let start = scanner.place();
        let (kind, raw) = scanner.value_start()?;
        if place == wanted {
            return Ok(Some((start, kind, raw)));
        }
        if matches!(kind, Kind::Object | Kind::Array) {
            scanner.skip_container()?;
        }
        place += 1;
    }
    Ok(None)
}
