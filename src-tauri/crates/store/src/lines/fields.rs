//! Fields of lines: which lines a parser surely takes no number from that passes a test. Whatever is in doubt (a line that is
//! not sound, a key that comes twice or is escaped, a value that is no number) is for the parser to decide.

use watchglass_storage::{LineParser, label_name};

use super::read::{Lines, Template, Values};
use crate::codec::columns::{Corrupt, unzigzag};

impl Lines {
    /// Says of each line whether `parser` surely finds no field `name`, or a number there that does not pass.
    pub(crate) fn failing(
        &self,
        name: &str,
        parser: LineParser,
        passes: &dyn Fn(f64) -> bool,
    ) -> Result<Vec<bool>, Corrupt> {
        let texts = &self.texts;
        let kind = match parser {
            LineParser::Json => '{',
            LineParser::Logfmt => '=',
        };
        let mut columns = Vec::new();
        for column in &texts.columns {
            let key = column.name.strip_prefix(kind).map(label_name);
            columns.push(Field {
                is_wanted: key.is_some_and(|key| key == name),
                sound: kind == '=' || column.values(&self.payload)?.are_sound(&self.payload)?,
                bare: column.values(&self.payload)?.are_numbers(),
            });
        }
        let verdicts: Vec<Verdict> =
            texts.known.iter().map(|one| Verdict::of(one, kind, &columns)).collect();
        let mut failing = Vec::with_capacity(texts.numbers.len());
        for (index, number) in texts.numbers.iter().enumerate() {
            let verdict = usize::try_from(*number).ok().and_then(|number| verdicts.get(number));
            failing.push(match verdict {
                Some(Verdict::Without) => true,
                Some(Verdict::At(place)) => {
                    self.value(index, *place)?.is_some_and(|one| !passes(one))
                }
                _ => false,
            });
        }
        Ok(failing)
    }

    fn value(&self, index: usize, place: usize) -> Result<Option<f64>, Corrupt> {
        let Some((template, places)) = self.texts.text(index) else { return Ok(None) };
        let (Some(column), Some(own)) = (template.columns.get(place), places.get(place)) else {
            return Ok(None);
        };
        Ok(self.texts.column(*column)?.values(&self.payload)?.number(*own as usize))
    }
}

/// What is known of a column.
#[derive(Debug, Clone, Copy)]
struct Field {
    /// It has the name that is looked for.
    is_wanted: bool,
    /// Its values can stand between quotes.
    sound: bool,
    /// They can stand without.
    bare: bool,
}

/// What a template says of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Its lines are parsed and have no such field.
    Without,
    /// They are parsed, and the field is this value of theirs.
    At(usize),
    Unknown,
}

impl Verdict {
    fn of(template: &Template, kind: char, fields: &[Field]) -> Self {
        let own: Option<Vec<Field>> =
            template.columns.iter().map(|column| fields.get(*column as usize).copied()).collect();
        let Some(own) = own else { return Self::Unknown };
        let sound = match kind {
            '{' => is_sound_json(template, &own),
            // A line without a single pair is no error of logfmt's, but words between pairs are labels of their own.
            _ => template.pieces.iter().any(|piece| piece.contains('=')),
        };
        let mut places = own.iter().enumerate().filter(|(_, field)| field.is_wanted);
        match (sound, places.next(), places.next()) {
            (true, None, _) if kind == '{' => Self::Without,
            (true, Some((place, _)), None) => Self::At(place),
            _ => Self::Unknown,
        }
    }
}

/// Whether a template is JSON with its values in their places.
fn is_sound_json(template: &Template, fields: &[Field]) -> bool {
    let mut text = String::new();
    for (number, piece) in template.pieces.iter().enumerate() {
        text.push_str(piece);
        if let Some(field) = fields.get(number) {
            let quoted = piece.ends_with('"');
            if !(if quoted { field.sound } else { field.bare }) {
                return false;
            }
            text.push('0');
        }
    }
    !text.contains('\\') && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok()
}

impl Values {
    /// Whether none of the values has what JSON escapes.
    fn are_sound(&self, payload: &[u8]) -> Result<bool, Corrupt> {
        Ok(match self {
            Self::Constant(text) => is_sound(text),
            Self::Dictionary(texts, _) | Self::Texts(texts) => is_sound(&texts.text),
            Self::Templates(texts) => {
                let mut pieces = texts.known.iter().flat_map(|template| &template.pieces);
                if !pieces.all(|piece| is_sound(piece)) {
                    return Ok(false);
                }
                for column in &texts.columns {
                    if !column.values(payload)?.are_sound(payload)? {
                        return Ok(false);
                    }
                }
                true
            }
            _ => true,
        })
    }

    /// Whether all values are numbers as JSON writes them.
    fn are_numbers(&self) -> bool {
        let number = |text: &str| serde_json::from_str::<serde_json::Number>(text).is_ok();
        match self {
            Self::Constant(text) => number(text),
            Self::Dictionary(texts, _) => texts.iter().all(number),
            Self::Integers(_) | Self::Decimals(..) => true,
            _ => false,
        }
    }

    /// A value as a number, if it is one.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a parser takes the same double from the digits"
    )]
    fn number(&self, index: usize) -> Option<f64> {
        match self {
            Self::Constant(text) => text.parse().ok(),
            Self::Dictionary(texts, numbers) => {
                let place = usize::try_from(*numbers.get(index)?).ok()?;
                texts.get(place).parse().ok()
            }
            Self::Integers(integers) => Some(unzigzag(*integers.get(index)?) as f64),
            Self::Decimals(integers, scales) => {
                let scale = i32::try_from(*scales.get(index)?).ok()?;
                let text = format!("{}e-{scale}", unzigzag(*integers.get(index)?));
                text.parse().ok()
            }
            _ => None,
        }
    }
}

/// Whether JSON writes a text as it is.
fn is_sound(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' && byte != b'\\')
}
