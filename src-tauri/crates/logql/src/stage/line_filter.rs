//! Line filters: the hot path. A block of lines is searched in one go, as if there were no lines.

use memchr::memmem::Finder;
use watchglass_pattern::BytePattern;
use watchglass_storage::LineBatch;

use super::ip::Addresses;
use super::line_pattern::{LinePattern, Part};
use crate::tree::{LineFilter, LineOperand, LineOperator};

/// A filter that can run.
#[derive(Debug, Clone)]
pub(crate) struct LineTest {
    negative: bool,
    tests: Vec<Test>,
}

#[derive(Debug, Clone)]
enum Test {
    /// Everything passes: `|= ""`.
    Any,
    Contains(Box<Finder<'static>>),
    Matches(Box<BytePattern>),
    Pattern(LinePattern),
    Ip(Addresses),
}

impl LineTest {
    pub(super) fn new(filter: &LineFilter) -> Result<Self, String> {
        let tests = filter.operands.iter().map(|operand| Test::new(filter.operator, operand));
        Ok(Self {
            negative: filter.operator.is_negative(),
            tests: tests.collect::<Result<_, _>>()?,
        })
    }

    /// Whether a line passes.
    pub(crate) fn passes(&self, line: &[u8]) -> bool {
        self.tests.iter().any(|test| test.finds(line)) != self.negative
    }

    /// The rows of a batch that pass, ascending.
    pub(crate) fn rows(&self, batch: &LineBatch<'_>, into: &mut Vec<u32>) {
        into.clear();
        if let (None, false, [Test::Contains(finder)]) =
            (batch.rows, self.negative, self.tests.as_slice())
        {
            return search(batch, finder, into);
        }
        let passes = |row: &u32| self.passes(batch.line(*row as usize));
        match batch.rows {
            Some(rows) => into.extend(rows.iter().copied().filter(passes)),
            None => into.extend((0..).take(batch.len()).filter(passes)),
        }
    }
}

/// The rows whose line contains what is looked for. Matches that reach over the end of a line are none.
fn search(batch: &LineBatch<'_>, finder: &Finder<'_>, into: &mut Vec<u32>) {
    let length = finder.needle().len();
    let mut from = 0;
    let mut row = 0;
    while let Some(found) = batch.text.get(from..).and_then(|text| finder.find(text)) {
        let start = from + found;
        let ends = batch.ends.get(row..).unwrap_or_default();
        row += ends.partition_point(|end| *end as usize <= start);
        let Some(end) = batch.ends.get(row) else { return };
        let end = *end as usize;
        if start + length <= end {
            into.extend(u32::try_from(row));
            from = end;
            row += 1;
        } else {
            from = start + 1;
        }
    }
}

impl Test {
    fn new(operator: LineOperator, operand: &LineOperand) -> Result<Self, String> {
        let text = match operand {
            LineOperand::Ip(addresses) => return Addresses::new(addresses).map(Self::Ip),
            LineOperand::Text(text) => text,
        };
        Ok(match operator {
            LineOperator::Contains | LineOperator::NotContains if text.is_empty() => Self::Any,
            LineOperator::Contains | LineOperator::NotContains => {
                Self::Contains(Box::new(Finder::new(text.as_bytes()).into_owned()))
            }
            LineOperator::Matches | LineOperator::NotMatches => {
                let pattern = BytePattern::new(text).map_err(|fault| fault.to_string())?;
                Self::Matches(Box::new(pattern))
            }
            LineOperator::Pattern | LineOperator::NotPattern => {
                let pattern = LinePattern::new(text)?;
                let named = pattern.parts().iter().any(|part| matches!(part, Part::Named(_)));
                if named {
                    return Err(format!("invalid pattern: named captures are not allowed: {text}"));
                }
                Self::Pattern(pattern)
            }
        })
    }

    fn finds(&self, line: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Contains(finder) => finder.find(line).is_some(),
            Self::Matches(pattern) => pattern.is_match(line),
            Self::Pattern(pattern) => pattern.covers(line),
            Self::Ip(addresses) => addresses.are_in(line),
        }
    }
}
