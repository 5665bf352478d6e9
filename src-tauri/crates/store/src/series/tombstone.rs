//! Deletions: what was asked to be forgotten, kept until everything older than the asking is gone.

use watchglass_model::Labels;
use watchglass_storage::{MatchOperator, Matcher, MillisRange, all_match};

use crate::codec::columns::{Corrupt, Reader, Writer};

/// Samples within `range` of series that pass `matchers` are forgotten, if they were written before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tombstone {
    pub(crate) matchers: Vec<Matcher>,
    pub(crate) range: MillisRange,
}

const OPERATORS: [MatchOperator; 4] = [
    MatchOperator::Equal,
    MatchOperator::NotEqual,
    MatchOperator::Matches,
    MatchOperator::NotMatches,
];

impl Tombstone {
    /// Whether it stands for a series.
    pub(crate) fn covers(&self, labels: &Labels) -> bool {
        all_match(&self.matchers, labels)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.zigzag(self.range.start);
        out.zigzag(self.range.end);
        out.count(self.matchers.len());
        for matcher in &self.matchers {
            let operator = (0_u8..).zip(OPERATORS).find(|(_, one)| *one == matcher.operator);
            out.raw(&[operator.map_or(0, |(number, _)| number)]);
            out.blob(matcher.name.as_bytes());
            out.blob(matcher.value.as_bytes());
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let range = MillisRange { start: from.zigzag()?, end: from.zigzag()? };
        let mut matchers = Vec::new();
        for _ in 0..from.count(from.bytes.len())? {
            let [operator] = from.array()?;
            let operator = OPERATORS.get(usize::from(operator)).copied();
            let operator = operator.ok_or(Corrupt("an unknown operator"))?;
            let (name, value) = (from.text()?, from.text()?);
            let matcher = Matcher::new(name, operator, value);
            matchers.push(matcher.map_err(|_| Corrupt("a pattern that does not compile"))?);
        }
        Ok(Self { matchers, range })
    }
}
