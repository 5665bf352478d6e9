//! Texts: the old functions with the text first, and those of sprig with the text last.

use watchglass_template::{Call, Value};

use super::arguments::{Given, LONGEST, count, expect, text};

pub(super) const ALL: &[(&str, Call)] = &[
    ("ToLower", lower),
    ("ToUpper", upper),
    ("lower", lower),
    ("upper", upper),
    ("title", title),
    ("Trim", |own| two(own, |text, cut| text.trim_matches(any_of(cut)))),
    ("TrimLeft", |own| two(own, |text, cut| text.trim_start_matches(any_of(cut)))),
    ("TrimRight", |own| two(own, |text, cut| text.trim_end_matches(any_of(cut)))),
    ("TrimPrefix", |own| two(own, |text, cut| text.strip_prefix(cut).unwrap_or(text))),
    ("TrimSuffix", |own| two(own, |text, cut| text.strip_suffix(cut).unwrap_or(text))),
    ("TrimSpace", trim_space),
    ("trim", trim_space),
    ("trimAll", |own| two(own, |cut, text| text.trim_matches(any_of(cut)))),
    ("trimPrefix", |own| two(own, |cut, text| text.strip_prefix(cut).unwrap_or(text))),
    ("trimSuffix", |own| two(own, |cut, text| text.strip_suffix(cut).unwrap_or(text))),
    ("Replace", replace_some),
    ("replace", replace_all),
    ("trunc", truncate),
    ("substr", substring),
    ("contains", |own| test(own, |part, text| text.contains(part))),
    ("hasPrefix", |own| test(own, |part, text| text.starts_with(part))),
    ("hasSuffix", |own| test(own, |part, text| text.ends_with(part))),
    ("indent", |own| indented(own, "")),
    ("nindent", |own| indented(own, "\n")),
    ("repeat", repeat),
    ("alignLeft", |own| aligned(own, true)),
    ("alignRight", |own| aligned(own, false)),
    ("default", default),
];

fn any_of(cut: &str) -> impl Fn(char) -> bool {
    let cut: Vec<char> = cut.chars().collect();
    move |one| cut.contains(&one)
}

fn two<'a>(arguments: &[Value<'a>], change: for<'t> fn(&'t str, &'t str) -> &'t str) -> Given<'a> {
    expect(arguments, 2)?;
    Ok(Value::text(change(text(arguments, 0)?, text(arguments, 1)?).to_owned()))
}

fn test<'a>(arguments: &[Value<'a>], test: fn(&str, &str) -> bool) -> Given<'a> {
    expect(arguments, 2)?;
    Ok(Value::Bool(test(text(arguments, 0)?, text(arguments, 1)?)))
}

fn lower<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    Ok(Value::text(text(arguments, 0)?.to_lowercase()))
}

fn upper<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    Ok(Value::text(text(arguments, 0)?.to_uppercase()))
}

/// The first letter of each word in upper case, the others as they are.
fn title<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    let mut out = String::new();
    let mut inside = false;
    for character in text(arguments, 0)?.chars() {
        let letter = character.is_alphanumeric() || matches!(character, '_' | '\'');
        if letter && !inside {
            out.extend(character.to_uppercase());
        } else {
            out.push(character);
        }
        inside = letter;
    }
    Ok(Value::text(out))
}

fn trim_space<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    Ok(Value::text(text(arguments, 0)?.trim().to_owned()))
}

/// `Replace text old new count`; all where the count is negative.
fn replace_some<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 4)?;
    let (own, old, new) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
    match usize::try_from(count(arguments, 3)?) {
        Ok(count) => bounded(own.replacen(old, new, count)),
        Err(_) => bounded(own.replace(old, new)),
    }
}

/// `replace old new text`
fn replace_all<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 3)?;
    bounded(text(arguments, 2)?.replace(text(arguments, 0)?, text(arguments, 1)?))
}

fn bounded<'a>(made: String) -> Given<'a> {
    if made.len() > LONGEST {
        return Err(format!("a text of more than {LONGEST} bytes"));
    }
    Ok(Value::text(made))
}

/// A part of a text by bytes; what cuts a character becomes the replacement character.
fn part(text: &str, start: usize, end: usize) -> String {
    let end = end.min(text.len());
    let bytes = text.as_bytes().get(start.min(end)..end).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

/// `trunc 5 text`: the first bytes, or the last ones where the number is negative.
fn truncate<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 2)?;
    let (length, own) = (count(arguments, 0)?, text(arguments, 1)?);
    let size = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
    let kept = if length >= 0 {
        part(own, 0, size)
    } else {
        part(own, own.len().saturating_sub(size), own.len())
    };
    Ok(Value::text(kept))
}

/// `substr 0 5 text`: a negative start reads to the end, a negative or late end too.
fn substring<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 3)?;
    let (start, end, own) = (count(arguments, 0)?, count(arguments, 1)?, text(arguments, 2)?);
    let length = own.len();
    let (start, end) = match (usize::try_from(start), usize::try_from(end)) {
        (Err(_), Ok(end)) => (0, end),
        (Err(_), Err(_)) => (0, length),
        (Ok(start), Ok(end)) if end <= length => (start, end),
        (Ok(start), _) => (start, length),
    };
    Ok(Value::text(part(own, start, end)))
}

fn spaces(count: i64) -> Result<String, String> {
    let count = usize::try_from(count).unwrap_or(0);
    if count > LONGEST {
        return Err(format!("more than {LONGEST} spaces"));
    }
    Ok(" ".repeat(count))
}

fn indented<'a>(arguments: &[Value<'a>], before: &str) -> Given<'a> {
    expect(arguments, 2)?;
    let (pad, own) = (spaces(count(arguments, 0)?)?, text(arguments, 1)?);
    let lines = own.matches('\n').count() + 1;
    if lines.saturating_mul(pad.len()) > LONGEST {
        return Err(format!("a text of more than {LONGEST} bytes"));
    }
    bounded(format!("{before}{pad}{}", own.replace('\n', &format!("\n{pad}"))))
}

fn repeat<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 2)?;
    let own = text(arguments, 1)?;
    let times = usize::try_from(count(arguments, 0)?).unwrap_or(0);
    if own.len().saturating_mul(times) > LONGEST {
        return Err(format!("a text of more than {LONGEST} bytes"));
    }
    Ok(Value::text(own.repeat(times)))
}

/// `alignLeft 5 text`: cut or filled with spaces to so many characters.
fn aligned<'a>(arguments: &[Value<'a>], left: bool) -> Given<'a> {
    expect(arguments, 2)?;
    let (length, own) = (count(arguments, 0)?, text(arguments, 1)?);
    let Ok(width) = usize::try_from(length) else { return Ok(Value::text(own.to_owned())) };
    let characters = own.chars().count();
    if characters >= width {
        let skipped = if left { 0 } else { characters - width };
        let kept: String = own.chars().skip(skipped).take(width).collect();
        return Ok(Value::text(kept));
    }
    let pad = spaces(i64::try_from(width - characters).unwrap_or(i64::MAX))?;
    Ok(Value::text(if left { format!("{own}{pad}") } else { format!("{pad}{own}") }))
}

/// `default "-" .label`: the first where the second is empty.
fn default<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    match arguments {
        [_, given] if given.is_true() => Ok(given.clone()),
        [default] | [default, _] => Ok(default.clone()),
        _ => Err(format!("wrong number of args: want 2 got {}", arguments.len())),
    }
}
