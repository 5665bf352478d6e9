//! Go's `regexp/syntax` parser with its rules and its words for faults, writing the same pattern for the `regex` crate.

use std::fmt::Write;

use super::class::class;
use super::escape::{before, escape, literal, perl_class, split, unicode_class};
use crate::PatternFault;

/// The most copies of one thing that counted repetitions may ask for, nested ones multiplied.
const MOST_REPEATS: u32 = 1_000;

/// A pattern in the syntax of the `regex` crate.
pub(super) struct Translated {
    /// The pattern.
    pub(super) text: String,
    /// The names of its groups, the whole match first.
    pub(super) groups: Vec<Option<String>>,
}

/// `(?imsU)`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags([(char, bool); 4]);

impl Flags {
    /// No flag but, where wanted, `s`.
    pub(super) const fn dot_all(wanted: bool) -> Self {
        Self([('i', false), ('m', false), ('s', wanted), ('U', false)])
    }

    /// Sets a flag; false where there is no such flag.
    fn set(&mut self, flag: char, on: bool) -> bool {
        let found = self.0.iter_mut().find(|(own, _)| *own == flag);
        found.map(|(_, value)| *value = on).is_some()
    }

    fn text(self) -> String {
        let of = |wanted| self.0.iter().filter(move |(_, on)| *on == wanted).map(|(flag, _)| *flag);
        of(true)
            .chain(['-'].into_iter().filter(|_| of(false).count() > 0))
            .chain(of(false))
            .collect()
    }
}

/// Something that can be repeated, or flags from here on.
struct Item {
    text: String,
    kind: Kind,
    /// How many copies of one thing the counted repetitions inside ask for.
    copies: u32,
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// A character, class or group: a repetition may stand behind it.
    Closed,
    /// To be put in parentheses before it is repeated.
    Open,
    /// Flags, which a repetition looks past.
    Flags,
}

/// An open group, or the whole pattern.
struct Group {
    /// What it begins with.
    opening: String,
    /// Flags to return to behind it.
    flags: Flags,
    /// Alternatives that are complete.
    text: String,
    /// The parts of the last alternative.
    items: Vec<Item>,
    copies: u32,
}

impl Group {
    fn new(opening: String, flags: Flags) -> Self {
        Self { opening, flags, text: String::new(), items: Vec::new(), copies: 1 }
    }

    /// Moves the parts of the last alternative to those that are complete.
    fn complete(&mut self) {
        for item in self.items.drain(..) {
            self.text.push_str(&item.text);
            self.copies = self.copies.max(item.copies);
        }
    }
}

/// Translates `source`, read with `flags`; a fault is one that Go finds.
pub(super) fn translate(source: &str, flags: Flags) -> Result<Translated, PatternFault> {
    let whole = Group::new(format!("(?{}:", flags.text()), flags);
    let mut parser = Parser { source, flags, groups: vec![whole], names: vec![None] };
    parser.parse()?;
    let mut groups = parser.groups.into_iter();
    match (groups.next(), groups.next()) {
        (Some(mut whole), None) => {
            whole.complete();
            Ok(Translated { text: whole.opening + &whole.text + ")", groups: parser.names })
        }
        _ => Err(PatternFault::new("missing closing )", source)),
    }
}

struct Parser<'a> {
    source: &'a str,
    flags: Flags,
    /// Groups that are open, the whole pattern first.
    groups: Vec<Group>,
    names: Vec<Option<String>>,
}

impl Parser<'_> {
    fn parse(&mut self) -> Result<(), PatternFault> {
        let mut rest = self.source;
        // The text from the last repetition on, if that is what was read last.
        let mut repeated = None;
        while let Some((first, behind)) = split(rest) {
            let previous = repeated.take();
            let start = rest;
            rest = match first {
                '(' if behind.starts_with('?') => self.perl_group(rest)?,
                '(' => {
                    self.open("(".to_owned());
                    self.names.push(None);
                    behind
                }
                '|' => {
                    self.alternative();
                    behind
                }
                ')' => {
                    self.close()?;
                    behind
                }
                '^' | '$' => self.push(first.to_string(), Kind::Open, behind),
                '.' => self.push(".".to_owned(), Kind::Closed, behind),
                '[' => {
                    let (text, behind) = class(rest)?;
                    self.push(text, Kind::Closed, behind)
                }
                '*' | '+' | '?' => {
                    repeated = Some(start);
                    self.repeat(start, behind, previous, None)?
                }
                '{' => match count(rest) {
                    Some((range, behind)) => {
                        repeated = Some(start);
                        self.repeat(start, behind, previous, Some(range))?
                    }
                    None => self.push(literal(u32::from(first)), Kind::Closed, behind),
                },
                '\\' => self.escaped(rest)?,
                _ => self.push(literal(u32::from(first)), Kind::Closed, behind),
            };
        }
        Ok(())
    }

    fn group(&mut self) -> &mut Group {
        self.groups.last_mut().expect("the whole pattern stays open to the end")
    }

    fn push<'b>(&mut self, text: String, kind: Kind, rest: &'b str) -> &'b str {
        self.group().items.push(Item { text, kind, copies: 1 });
        rest
    }

    fn open(&mut self, opening: String) {
        let group = Group::new(opening, self.flags);
        self.groups.push(group);
    }

    /// `|`: flags that were set within the group hold in its next alternative too.
    fn alternative(&mut self) {
        let flags = self.flags;
        let group = self.group();
        group.complete();
        group.text.push('|');
        let _ = write!(group.text, "(?{})", flags.text());
    }

    fn close(&mut self) -> Result<(), PatternFault> {
        if self.groups.len() < 2 {
            return Err(PatternFault::new("unexpected )", self.source));
        }
        if let Some(mut group) = self.groups.pop() {
            group.complete();
            self.flags = group.flags;
            let text = group.opening + &group.text + ")";
            self.group().items.push(Item { text, kind: Kind::Closed, copies: group.copies });
        }
        Ok(())
    }

    /// A repetition at the start of `from`, whose operator ends where `behind` begins; `previous` is the text from
    /// the repetition directly before it.
    fn repeat<'b>(
        &mut self,
        from: &str,
        behind: &'b str,
        previous: Option<&str>,
        counted: Option<(u32, Option<u32>)>,
    ) -> Result<&'b str, PatternFault> {
        let size = |part| PatternFault::new("invalid repeat count", part);
        if let Some((least, most)) = counted
            && (least > MOST_REPEATS
                || most.is_some_and(|most| most > MOST_REPEATS || least > most))
        {
            return Err(size(before(from, behind)));
        }
        let rest = behind.strip_prefix('?').unwrap_or(behind);
        let written = before(from, rest);
        if let Some(previous) = previous {
            let both = before(previous, rest);
            return Err(PatternFault::new("invalid nested repetition operator", both));
        }
        let last = self.group().items.iter_mut().rfind(|item| item.kind != Kind::Flags);
        let Some(item) = last else {
            return Err(PatternFault::new("missing argument to repetition operator", written));
        };
        if let Some((least, most)) = counted {
            item.copies = match most {
                Some(0) => 1,
                _ => item.copies.saturating_mul(most.unwrap_or(least).max(1)),
            };
            if item.copies > MOST_REPEATS {
                return Err(size(written));
            }
        }
        if item.kind == Kind::Open {
            item.text = format!("(?:{})", item.text);
        }
        item.text.push_str(written);
        item.kind = Kind::Open;
        Ok(rest)
    }

    /// An escape outside brackets.
    fn escaped<'b>(&mut self, text: &'b str) -> Result<&'b str, PatternFault> {
        if let Some(quoted) = text.strip_prefix(r"\Q") {
            let (inner, rest) = quoted.split_once(r"\E").unwrap_or((quoted, ""));
            for character in inner.chars() {
                self.push(literal(u32::from(character)), Kind::Closed, rest);
            }
            return Ok(rest);
        }
        for (written, same) in
            [(r"\A", r"\A"), (r"\z", r"\z"), (r"\b", r"(?-u:\b)"), (r"\B", r"(?-u:\B)")]
        {
            if let Some(rest) = text.strip_prefix(written) {
                return Ok(self.push(same.to_owned(), Kind::Open, rest));
            }
        }
        if let Some((class, rest)) = unicode_class(text)?.or_else(|| perl_class(text)) {
            return Ok(self.push(class, Kind::Closed, rest));
        }
        let (character, rest) = escape(text)?;
        Ok(self.push(literal(character), Kind::Closed, rest))
    }

    /// What begins with `(?`: a named group, flags, or a group with flags.
    fn perl_group<'b>(&mut self, text: &'b str) -> Result<&'b str, PatternFault> {
        let named = text.strip_prefix("(?P<").filter(|name| !name.is_empty());
        let named = named.or_else(|| text.strip_prefix("(?<").filter(|name| !name.is_empty()));
        let Some(named) = named else { return self.flags(text) };
        let fault = |part| PatternFault::new("invalid named capture", part);
        let (name, rest) = named.split_once('>').ok_or_else(|| fault(text))?;
        let legal = |one: char| one.is_ascii_alphanumeric() || one == '_';
        if name.is_empty() || !name.chars().all(legal) {
            return Err(fault(before(text, rest)));
        }
        self.open("(".to_owned());
        self.names.push(Some(name.to_owned()));
        Ok(rest)
    }

    /// `(?i)`, `(?i-s:` and the like.
    fn flags<'b>(&mut self, text: &'b str) -> Result<&'b str, PatternFault> {
        let mut rest = text.get(2..).unwrap_or_default();
        let (mut flags, mut on, mut seen) = (self.flags, true, true);
        while let Some((flag, behind)) = split(rest) {
            rest = behind;
            match flag {
                '-' if on => (on, seen) = (false, false),
                ':' if seen => {
                    self.open(format!("(?{}:", flags.text()));
                    self.flags = flags;
                    return Ok(rest);
                }
                ')' if seen => {
                    self.flags = flags;
                    let text = format!("(?{})", flags.text());
                    return Ok(self.push(text, Kind::Flags, rest));
                }
                _ if flags.set(flag, on) => seen = true,
                _ => break,
            }
        }
        Err(PatternFault::new("invalid or unsupported Perl syntax", before(text, rest)))
    }
}

/// `{2}`, `{2,}` or `{2,3}` at the start of `text`, and the text behind it; none where it is no repetition.
fn count(text: &str) -> Option<((u32, Option<u32>), &str)> {
    let (least, rest) = number(text.strip_prefix('{')?)?;
    let Some(rest) = rest.strip_prefix(',') else {
        return Some(((least, Some(least)), rest.strip_prefix('}')?));
    };
    if let Some(rest) = rest.strip_prefix('}') {
        return Some(((least, None), rest));
    }
    let (most, rest) = number(rest)?;
    Some(((least, Some(most)), rest.strip_prefix('}')?))
}

/// A number without leading zeros; one that is too big is as big as can be.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|one: char| !one.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}
