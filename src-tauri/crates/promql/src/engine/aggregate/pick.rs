//! Aggregations that pick series of a group: `topk`, `bottomk`, `limitk`, `limit_ratio`.

use std::hash::Hasher;

use twox_hash::XxHash64;
use watchglass_model::Labels;

use super::{Group, groups, thinned};
use crate::engine::column::{Grid, Scalar, Series};
use crate::engine::evaluate::Evaluator;
use crate::engine::notes::Note;
use crate::engine::order::Foremost;
use crate::engine::{QueryError, Result};
use crate::tree::{Aggregation, Aggregator, Span};

impl Evaluator<'_> {
    pub(super) fn picked(
        &mut self,
        aggregation: &Aggregation,
        span: Span,
        grid: Grid,
    ) -> Result<Vec<Series>> {
        let Some(expr) = &aggregation.parameter else { return Ok(Vec::new()) };
        let parameter = self.scalar(expr, grid)?;
        let series = self.vector(&aggregation.inner, grid)?;
        let ratio = aggregation.aggregator == Aggregator::LimitRatio;
        let bounds = Bounds::of(&parameter, grid);
        if ratio {
            if !bounds.check_ratio()? {
                return Ok(Vec::new());
            }
            for (got, taken) in bounds.beyond_ratio() {
                self.notes.add(Note::InvalidRatio(got, taken), expr.unwrapped().span);
            }
        } else if !bounds.check_count()? {
            return Ok(Vec::new());
        }
        let pick =
            Pick { aggregator: aggregation.aggregator, parameter: &parameter, series: &series };
        let groups = groups(aggregation, &series);
        self.note_ignored(aggregation.aggregator, &series, span);
        if grid.steps == 1 {
            return Ok(pick.ordered(&groups));
        }
        let mut wanted = vec![vec![false; grid.steps]; series.len()];
        for step in 0..grid.steps {
            self.check_interrupt()?;
            for member in groups.iter().flat_map(|group| pick.members(group, step)) {
                if let Some(place) = wanted.get_mut(member).and_then(|steps| steps.get_mut(step)) {
                    *place = true;
                }
            }
        }
        Ok(series.iter().zip(&wanted).filter_map(|(one, wanted)| thinned(one, wanted)).collect())
    }

    fn note_ignored(&mut self, aggregator: Aggregator, series: &[Series], span: Span) {
        let orders = matches!(aggregator, Aggregator::Topk | Aggregator::Bottomk);
        if orders && series.iter().any(|one| !one.column.histograms.is_empty()) {
            self.notes.add(Note::HistogramIgnoredInAggregation(aggregator.name()), span);
        }
    }
}

/// The least and greatest value of a parameter over all steps.
struct Bounds {
    least: f64,
    greatest: f64,
    nan: bool,
}

impl Bounds {
    fn of(parameter: &Scalar, grid: Grid) -> Self {
        let start = Self { least: f64::INFINITY, greatest: f64::NEG_INFINITY, nan: false };
        parameter.values(grid.steps).fold(start, |bounds, value| Self {
            least: bounds.least.min(value),
            greatest: bounds.greatest.max(value),
            nan: bounds.nan || value.is_nan(),
        })
    }

    /// Whether there is anything to pick; a count that is none is an error.
    fn check_count(&self) -> Result<bool> {
        let fault = |text: String| Err(QueryError::Execution(text));
        if self.greatest < 1.0 && !self.nan {
            return Ok(false);
        }
        if self.nan {
            return fault("Parameter value is NaN".to_owned());
        }
        if self.least <= -9_223_372_036_854_775_808.0 {
            return fault(format!(
                "Scalar value {} underflows int64",
                crate::text::general(self.least)
            ));
        }
        if self.greatest >= 9_223_372_036_854_774_784.0 {
            return fault(format!(
                "Scalar value {} overflows int64",
                crate::text::general(self.greatest)
            ));
        }
        Ok(true)
    }

    /// Whether there is anything to pick; a ratio that is none is an error.
    fn check_ratio(&self) -> Result<bool> {
        if self.nan {
            return Err(QueryError::Execution("Ratio value is NaN".to_owned()));
        }
        Ok(self.greatest != 0.0 || self.least != 0.0)
    }

    /// Ratios beyond -1 and 1, and what they are taken for.
    fn beyond_ratio(&self) -> impl Iterator<Item = (f64, f64)> {
        let above = (self.greatest > 1.0).then_some((self.greatest, 1.0));
        let below = (self.least < -1.0).then_some((self.least, -1.0));
        above.into_iter().chain(below)
    }
}

struct Pick<'a> {
    aggregator: Aggregator,
    parameter: &'a Scalar,
    series: &'a [Series],
}

impl Pick<'_> {
    /// How many to pick of a group at a step.
    fn limit(&self, step: usize) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the bounds were checked against int64"
        )]
        let limit = self.parameter.get(step) as i64;
        usize::try_from(limit.max(0)).unwrap_or(usize::MAX).min(self.series.len())
    }

    /// What is picked of a group at a step, foremost first.
    fn members(&self, group: &Group, step: usize) -> Vec<usize> {
        let present = group
            .members
            .iter()
            .copied()
            .filter(|member| self.series.get(*member).is_some_and(|one| one.column.has(step)));
        match self.aggregator {
            Aggregator::Limitk => present.take(self.limit(step)).collect(),
            Aggregator::LimitRatio => {
                let ratio = self.parameter.get(step).clamp(-1.0, 1.0);
                present.filter(|member| self.is_within(*member, ratio)).collect()
            }
            _ => {
                let smallest = self.aggregator == Aggregator::Bottomk;
                let mut foremost = Foremost::new(self.limit(step), smallest);
                for member in present {
                    let float = self.series.get(member).and_then(|one| one.column.float(step));
                    if let Some(value) = float {
                        foremost.offer(value, member);
                    }
                }
                foremost.into_sorted().into_iter().map(|(_, member)| member).collect()
            }
        }
    }

    /// Whether a series lies within a ratio: of all label sets the ratio's share does, and of the rest the negative
    /// complement.
    fn is_within(&self, member: usize, ratio: f64) -> bool {
        let Some(one) = self.series.get(member) else { return false };
        #[expect(clippy::cast_precision_loss, reason = "a hash is as good with 53 bits")]
        let place = hash(&one.labels) as f64 / u64::MAX as f64;
        if ratio >= 0.0 { place < ratio } else { place >= 1.0 + ratio }
    }

    /// The picked series of the only step, group by group, foremost first.
    fn ordered(&self, groups: &[Group]) -> Vec<Series> {
        let members = groups.iter().flat_map(|group| self.members(group, 0));
        members.filter_map(|member| self.series.get(member).cloned()).collect()
    }
}

/// The hash that Prometheus gives a label set (`model/labels/labels_stringlabels.go`), so that both pick the same.
fn hash(labels: &Labels) -> u64 {
    let mut hasher = XxHash64::with_seed(0);
    for text in labels.iter().flat_map(|(name, value)| [name, value]) {
        match u8::try_from(text.len()) {
            Ok(length) if length < u8::MAX => hasher.write(&[length]),
            _ => {
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
                hasher.write(&[u8::MAX]);
                hasher.write(length.get(..3).unwrap_or_default());
            }
        }
        hasher.write(text.as_bytes());
    }
    hasher.finish()
}
