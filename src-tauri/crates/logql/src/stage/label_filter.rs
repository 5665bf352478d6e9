//! Conditions on labels.

use watchglass_storage::Matcher;
use watchglass_template::duration::parse_go;
use watchglass_template::number::{parse_float, widened};

use super::failure;
use super::ip::Addresses;
use super::row::Row;
use crate::syntax::parse_size;
use crate::tree::{Comparison, LabelFilter};

/// A condition that can be tried.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    Text(Matcher),
    /// How a value is compared, what with, and how it is read.
    Number(String, Comparison, f64, Read),
    Ip(String, bool, Addresses),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

/// How a value becomes a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    Number,
    Duration,
    Bytes,
}

impl Read {
    fn value(self, text: &str) -> Result<f64, String> {
        match self {
            Self::Number => parse_float(text),
            Self::Duration => parse_go(text).map(widened),
            #[expect(
                clippy::cast_precision_loss,
                reason = "both sides are rounded in the same way"
            )]
            Self::Bytes => parse_size(text).map(|bytes| bytes as f64),
        }
    }
}

impl Condition {
    pub(super) fn new(filter: &LabelFilter) -> Result<Self, String> {
        Ok(match filter {
            LabelFilter::Text(matcher) => Self::Text(matcher.clone()),
            LabelFilter::Number(name, comparison, value) => {
                Self::Number(name.clone(), *comparison, *value, Read::Number)
            }
            LabelFilter::Duration(name, comparison, nanos) => {
                Self::Number(name.clone(), *comparison, widened(*nanos), Read::Duration)
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "both sides are rounded in the same way"
            )]
            LabelFilter::Bytes(name, comparison, bytes) => {
                Self::Number(name.clone(), *comparison, *bytes as f64, Read::Bytes)
            }
            LabelFilter::Ip { name, negated, addresses } => {
                Self::Ip(name.clone(), *negated, Addresses::new(addresses)?)
            }
            LabelFilter::And(left, right) => {
                Self::And(Box::new(Self::new(left)?), Box::new(Self::new(right)?))
            }
            LabelFilter::Or(left, right) => {
                Self::Or(Box::new(Self::new(left)?), Box::new(Self::new(right)?))
            }
        })
    }

    /// Whether trying it may leave a failure behind.
    pub(super) fn may_fail(&self) -> bool {
        match self {
            Self::Text(_) | Self::Ip(..) => false,
            Self::Number(..) => true,
            Self::And(left, right) | Self::Or(left, right) => left.may_fail() || right.may_fail(),
        }
    }

    /// Whether a row passes. One that has failed before is dropped by conditions on texts alone.
    pub(super) fn holds(&self, row: &mut Row<'_>) -> bool {
        match self {
            Self::Text(matcher) => matcher.matches(row.value(&matcher.name)),
            Self::Number(name, comparison, wanted, read) => {
                if row.has_error() {
                    return true;
                }
                let Some(text) = row.get(name) else { return false };
                match read.value(text) {
                    Ok(value) => comparison.holds(value, *wanted),
                    Err(fault) => {
                        row.fail(failure::LABEL_FILTER, fault);
                        true
                    }
                }
            }
            Self::Ip(name, negated, addresses) => {
                if row.has_error() {
                    return true;
                }
                row.get(name).is_some_and(|text| addresses.are_in(text.as_bytes()) != *negated)
            }
            Self::And(left, right) => {
                let left = left.holds(row);
                let right = right.holds(row);
                left && right
            }
            Self::Or(left, right) => left.holds(row) || right.holds(row),
        }
    }
}
