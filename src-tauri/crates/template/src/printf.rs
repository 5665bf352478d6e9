//! `printf` with the verbs and flags of Go's `fmt`, and `print`.

use std::fmt::Write;

use crate::number::float_text;
use crate::text::{quoted, quoted_character};
use crate::{Fields, Value};

/// The widest that a verb may ask for; Go has the same bound.
const WIDEST: usize = 1_000_000;

/// Go's `%v`.
pub(crate) fn plain(value: &Value<'_>) -> String {
    match value {
        Value::Nil => "<nil>".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float_text(*value),
        Value::Text(text) => text.clone().into_owned(),
        Value::Time(time) => time.text(),
        Value::List(list) => {
            let inner: Vec<_> = list.iter().map(plain).collect();
            format!("[{}]", inner.join(" "))
        }
        Value::Map(map) => {
            let pairs: Vec<_> =
                map.iter().map(|(name, value)| format!("{name}:{}", plain(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
        Value::Fields(fields) => plain_fields(*fields),
    }
}

fn plain_fields(fields: &dyn Fields) -> String {
    let pairs: Vec<_> =
        fields.pairs().into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
    format!("map[{}]", pairs.join(" "))
}

/// Go's `fmt.Sprint`: a space between two values of which neither is a text.
pub fn print(values: &[Value<'_>]) -> String {
    let mut out = String::new();
    let mut before_is_text = true;
    for value in values {
        let is_text = matches!(value, Value::Text(_));
        if !is_text && !before_is_text {
            out.push(' ');
        }
        out.push_str(&plain(value));
        before_is_text = is_text;
    }
    out
}

/// What stands between `%` and the verb.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Go")]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Go's `fmt.Sprintf`. What does not fit is written into the text, as Go does: `%!d(string=x)`.
pub fn printf(format: &str, values: &[Value<'_>]) -> String {
    let mut state = State { values, next: 0, reordered: false };
    let mut out = String::new();
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_str(before);
        rest = state.verb(&mut out, behind);
    }
    out.push_str(rest);
    if !state.reordered
        && let Some(extra) = values.get(state.next..).filter(|extra| !extra.is_empty())
    {
        let extra: Vec<_> = extra
            .iter()
            .map(|value| match value {
                Value::Nil => "<nil>".to_owned(),
                value => format!("{}={}", value.type_name(), plain(value)),
            })
            .collect();
        let _ = write!(out, "%!(EXTRA {})", extra.join(", "));
    }
    out
}

struct State<'v, 'a> {
    values: &'v [Value<'a>],
    next: usize,
    reordered: bool,
}

impl<'v, 'a> State<'v, 'a> {
    fn take(&mut self) -> Option<&'v Value<'a>> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        Some(value)
    }

    /// Reads and writes one verb; gives the text behind it.
    fn verb<'t>(&mut self, out: &mut String, text: &'t str) -> &'t str {
        let (mut flags, mut rest) = flags(text);
        rest = self.argument_number(rest);
        let (width, behind) = self.length(rest);
        rest = behind;
        if let Some(width) = width {
            flags.minus |= width < 0;
            flags.width = Some(bounded(width));
        }
        if let Some(behind) = rest.strip_prefix('.') {
            let behind = self.argument_number(behind);
            let (precision, behind) = self.length(behind);
            flags.precision = Some(precision.filter(|own| *own >= 0).map_or(0, bounded));
            rest = behind;
        }
        rest = self.argument_number(rest);
        let mut characters = rest.chars();
        let Some(verb) = characters.next() else {
            out.push_str("%!(NOVERB)");
            return "";
        };
        if verb == '%' {
            out.push('%');
        } else if let Some(value) = self.take() {
            out.push_str(&written(value, verb, flags));
        } else {
            let why = if self.reordered { "BADINDEX" } else { "MISSING" };
            let _ = write!(out, "%!{verb}({why})");
        }
        characters.as_str()
    }

    /// `[2]`: the argument that comes next.
    fn argument_number<'t>(&mut self, text: &'t str) -> &'t str {
        let number = text.strip_prefix('[').and_then(|inner| inner.split_once(']'));
        let Some((number, rest)) = number else { return text };
        self.reordered = true;
        self.next = number
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1))
            .unwrap_or(usize::MAX);
        rest
    }

    /// Digits, or `*` for an argument.
    fn length<'t>(&mut self, text: &'t str) -> (Option<i64>, &'t str) {
        if let Some(rest) = text.strip_prefix('*') {
            return match self.take() {
                Some(Value::Int(length)) => (Some(*length), rest),
                _ => (None, rest),
            };
        }
        let end = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = text.split_at(end);
        (digits.parse().ok(), rest)
    }
}

fn bounded(length: i64) -> usize {
    usize::try_from(length.unsigned_abs()).unwrap_or(WIDEST).min(WIDEST)
}

fn flags(text: &str) -> (Flags, &str) {
    let mut flags = Flags::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            '-' => flags.minus = true,
            '+' => flags.plus = true,
            '#' => flags.sharp = true,
            ' ' => flags.space = true,
            '0' => flags.zero = true,
            _ => break,
        }
        rest = rest.get(1..).unwrap_or("");
    }
    (flags, rest)
}

fn written(value: &Value<'_>, verb: char, flags: Flags) -> String {
    if verb == 'T' {
        return padded(value.type_name(), Flags { zero: false, ..flags });
    }
    let text = match value {
        Value::Nil if verb == 'v' => Some("<nil>".to_owned()),
        Value::Nil => return format!("%!{verb}(<nil>)"),
        Value::Bool(own) => matches!(verb, 'v' | 't').then(|| own.to_string()),
        Value::Int(own) => return integer(*own, verb, flags),
        Value::Float(own) => return float(*own, verb, flags),
        Value::Text(text) => text_verb(text, verb, flags),
        Value::List(list) if verb != 'v' && verb != 's' => {
            let inner: Vec<_> = list.iter().map(|one| written(one, verb, flags)).collect();
            return format!("[{}]", inner.join(" "));
        }
        other => matches!(verb, 'v' | 's').then(|| plain(other)),
    };
    match text {
        Some(text) => padded(&text, flags),
        None => unfit(value, verb),
    }
}

fn unfit(value: &Value<'_>, verb: char) -> String {
    format!("%!{verb}({}={})", value.type_name(), plain(value))
}

/// A text brought to its width; zeros are filled in only where `flags` still has them.
fn padded(text: &str, flags: Flags) -> String {
    let missing = flags.width.unwrap_or(0).saturating_sub(text.chars().count());
    if flags.minus {
        format!("{text}{}", " ".repeat(missing))
    } else if flags.zero {
        format!("{}{text}", "0".repeat(missing))
    } else {
        format!("{}{text}", " ".repeat(missing))
    }
}

fn text_verb(text: &str, verb: char, flags: Flags) -> Option<String> {
    let cut: String = match flags.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    };
    match verb {
        'v' if flags.sharp => Some(quoted(&cut)),
        'v' | 's' => Some(cut),
        'q' if flags.sharp && !cut.contains(['`', '\n']) => Some(format!("`{cut}`")),
        'q' => Some(quoted(&cut)),
        'x' | 'X' => {
            let bytes = cut.bytes().take(flags.precision.unwrap_or(usize::MAX));
            let digits: Vec<_> = bytes.map(|byte| format!("{byte:02x}")).collect();
            let digits = digits.concat();
            Some(if verb == 'X' { digits.to_uppercase() } else { digits })
        }
        _ => None,
    }
}

/// A number with its sign; zeros stand between the sign and the digits.
fn signed(negative: bool, digits: &str, flags: Flags) -> String {
    let sign = match (negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    if flags.zero && !flags.minus {
        let width = flags.width.unwrap_or(0).saturating_sub(sign.len());
        return format!("{sign}{digits:0>width$}");
    }
    padded(&format!("{sign}{digits}"), Flags { zero: false, ..flags })
}

fn integer(value: i64, verb: char, flags: Flags) -> String {
    let size = value.unsigned_abs();
    let sharp = |prefix: &'static str| if flags.sharp { prefix } else { "" };
    let character = || u32::try_from(value).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
    let digits = match verb {
        'v' | 'd' => size.to_string(),
        'b' => format!("{}{size:b}", sharp("0b")),
        'o' => format!("{}{size:o}", sharp("0")),
        'O' => format!("0o{size:o}"),
        'x' => format!("{}{size:x}", sharp("0x")),
        'X' => format!("{}{size:X}", sharp("0X")),
        'c' => return padded(&character().to_string(), Flags { zero: false, ..flags }),
        'q' => return padded(&quoted_character(character()), Flags { zero: false, ..flags }),
        'U' => return padded(&format!("U+{size:04X}"), Flags { zero: false, ..flags }),
        _ => return unfit(&Value::Int(value), verb),
    };
    match flags.precision {
        Some(precision) => {
            let digits = format!("{digits:0>precision$}");
            signed(value < 0, &digits, Flags { zero: false, ..flags })
        }
        None => signed(value < 0, &digits, flags),
    }
}

fn float(value: f64, verb: char, flags: Flags) -> String {
    if !matches!(verb, 'v' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G') {
        return unfit(&Value::Float(value), verb);
    }
    if value.is_nan() {
        return padded(if flags.plus { "+NaN" } else { "NaN" }, Flags { zero: false, ..flags });
    }
    let negative = value.is_sign_negative();
    if value.is_infinite() {
        // Go always writes the sign of infinity under %v, and fills with spaces.
        let plus = flags.plus || verb == 'v' || verb == 'g';
        return signed(negative, "Inf", Flags { zero: false, plus, ..flags });
    }
    let size = value.abs();
    let digits = match (verb, flags.precision) {
        ('f' | 'F', precision) => format!("{size:.*}", precision.unwrap_or(6)),
        ('e' | 'E', precision) => scientific(size, precision.unwrap_or(6)),
        (_, None) => float_text(size),
        (_, Some(precision)) => general(size, precision.max(1)),
    };
    let digits = if verb == 'E' || verb == 'G' { digits.to_uppercase() } else { digits };
    signed(negative, &digits, flags)
}

/// `1.500000e+01`
fn scientific(size: f64, precision: usize) -> String {
    let text = format!("{size:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}e-{exponent:0>2}"),
        None => format!("{digits}e+{exponent:0>2}"),
    }
}

/// `%.3g`: so many digits in all, without zeros at the end.
fn general(size: f64, precision: usize) -> String {
    let text = scientific(size, precision - 1);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    let places = i32::try_from(precision).unwrap_or(i32::MAX);
    if exponent < -4 || exponent >= places {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(digits), exponent.abs());
    }
    let decimals = usize::try_from(places - 1 - exponent).unwrap_or(0);
    trimmed(&format!("{size:.decimals$}"))
}
