//! The walk over the tree: which part of the engine evaluates which node, on which grid.

use watchglass_model::{Labels, Millis};
use watchglass_storage::SeriesReader;

use super::column::{Column, Computed, Grid, Scalar, Series};
use super::length::QueryShape;
use super::notes::Notes;
use super::series::{merged, without_metadata};
use super::statistics::Counting;
use super::{EngineOptions, Interrupt, MatrixSeries, QueryError, Result, When, call};
use crate::tree::{At, Expr, Node, Sign, ValueType};

/// The evaluation of one query.
pub(crate) struct Evaluator<'a> {
    pub(crate) reader: &'a dyn SeriesReader,
    pub(crate) options: &'a EngineOptions,
    pub(crate) shape: QueryShape,
    pub(crate) when: When,
    pub(crate) notes: Notes,
    pub(crate) counting: Counting,
    interrupt: Interrupt<'a>,
    held: usize,
    work: usize,
    /// Whether only counts and sums of histograms matter to what stands around the node under evaluation.
    pub(crate) detail: Detail,
}

/// How much of histograms an expression needs (`detectHistogramStatsDecoding` in Prometheus `promql/engine.go`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Nothing was said yet.
    Open,
    /// Counts and sums.
    Statistics,
    /// All buckets, whatever is said further in.
    Buckets,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(
        reader: &'a dyn SeriesReader,
        options: &'a EngineOptions,
        when: When,
        interrupt: Interrupt<'a>,
    ) -> Self {
        let shape = match when {
            When::Instant(_) => QueryShape::default(),
            When::Range { start, end, step } => QueryShape { range: end - start, step },
        };
        Self {
            reader,
            options,
            shape,
            when,
            notes: Notes::default(),
            counting: Counting::default(),
            interrupt,
            held: 0,
            work: 0,
            detail: Detail::Open,
        }
    }

    /// Evaluates with another need for detail; where all buckets are needed already, they stay so.
    pub(crate) fn needing<T>(&mut self, detail: Detail, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.detail;
        if before != Detail::Buckets {
            self.detail = detail;
        }
        let result = work(self);
        self.detail = before;
        result
    }

    /// Whether the query is for one instant.
    pub(crate) const fn is_instant(&self) -> bool {
        matches!(self.when, When::Instant(_))
    }

    /// The whole query's first and last instant.
    pub(crate) const fn bounds(&self) -> (Millis, Millis) {
        match self.when {
            When::Instant(at) => (at, at),
            When::Range { start, end, .. } => (start, end),
        }
    }

    /// The instant to which a selector is pinned.
    pub(crate) fn pinned(&self, at: Option<At>) -> Option<Millis> {
        Some(match at? {
            At::Time(time) => time,
            At::Start => self.bounds().0,
            At::End => self.bounds().1,
        })
    }

    /// Ends the query if it was interrupted.
    pub(crate) fn check_interrupt(&self) -> Result<()> {
        (self.interrupt)().map_or(Ok(()), |interruption| Err(interruption.into()))
    }

    /// Checks that `more` samples may be held beside those that are.
    pub(crate) fn check_samples(&self, more: usize) -> Result<()> {
        let held = self.held.saturating_add(more);
        self.counting.hold(held);
        if held > self.options.max_samples {
            return Err(QueryError::TooManySamples);
        }
        Ok(())
    }

    /// Ends the query if looking at so many values more is beyond what it may.
    pub(crate) fn check_work(&mut self, values: usize) -> Result<()> {
        self.work = self.work.saturating_add(values);
        match self.options.most_work {
            Some(most) if self.work > most => Err(QueryError::TooMuchWork),
            _ => Ok(()),
        }
    }

    /// Evaluates the whole query: names that were to go are gone afterwards.
    pub(crate) fn answer(&mut self, expr: &Expr, grid: Grid) -> Result<Computed> {
        let computed = self.evaluate(expr, grid)?;
        let Computed::Vector(mut series) = computed else { return Ok(computed) };
        for one in series.iter_mut().filter(|one| one.drop_name) {
            one.labels = without_metadata(&one.labels);
        }
        Ok(Computed::Vector(merged(series)?))
    }

    /// The samples of a range selector or subquery at one instant.
    pub(crate) fn raw(&mut self, expr: &Expr, grid: Grid) -> Result<Vec<MatrixSeries>> {
        let ranges = self.ranges(expr, grid)?;
        let mut series = Vec::new();
        ranges.each(self, &mut |evaluator, labels, drop_name, points| {
            let samples = ranges.window_samples(points, grid, &evaluator.counting)?;
            evaluator.check_samples(samples.len())?;
            let delayed = drop_name && evaluator.options.delayed_name_removal;
            let labels = if delayed { without_metadata(labels) } else { labels.clone() };
            series.push(MatrixSeries { labels, samples });
            Ok(())
        })?;
        Ok(series)
    }

    /// Evaluates an expression on a grid.
    pub(crate) fn evaluate(&mut self, expr: &Expr, grid: Grid) -> Result<Computed> {
        self.check_interrupt()?;
        if grid.steps == 0 {
            return Ok(nothing(expr));
        }
        if grid.steps > 1 && is_step_invariant(expr) {
            let once = Grid { steps: 1, ..grid };
            let once = self.counted_at_each(|evaluator| evaluator.evaluate(expr, once))?;
            return Ok(once.repeated(grid.steps));
        }
        let before = self.held;
        let computed = self.node(expr, grid)?;
        self.held = before;
        if let Computed::Vector(series) = &computed {
            let points = series.iter().map(|one| one.column.points()).sum();
            self.check_samples(points)?;
            self.held += points;
        }
        Ok(computed)
    }

    fn node(&mut self, expr: &Expr, grid: Grid) -> Result<Computed> {
        match &expr.node {
            Node::Number(number) => Ok(Computed::Scalar(Scalar::Same(number.value))),
            Node::Text(text) => Ok(Computed::Text(text.clone())),
            Node::Paren(inner) | Node::Unary(Sign::Plus, inner) => self.evaluate(inner, grid),
            Node::Unary(Sign::Minus, inner) => {
                let computed = self.evaluate(inner, grid)?;
                self.negated(computed, grid)
            }
            Node::Binary(binary) => self.binary(binary, expr.span, grid),
            Node::Aggregation(aggregation) => {
                self.aggregation(aggregation, expr.span, grid).map(Computed::Vector)
            }
            Node::Call(call) => call::evaluate(self, call, expr, grid),
            Node::Vector(selector) => {
                self.selected(selector, expr.span, grid).map(Computed::Vector)
            }
            Node::Matrix(_) | Node::Subquery(_) => Err(QueryError::Execution(
                "a range vector stands where none can be used".to_owned(),
            )),
        }
    }

    fn negated(&self, computed: Computed, grid: Grid) -> Result<Computed> {
        let mut series = match computed {
            Computed::Scalar(scalar) => {
                let negative = scalar.combined(&Scalar::Same(0.0), grid.steps, |value, _| -value);
                return Ok(Computed::Scalar(negative));
            }
            Computed::Vector(series) => series,
            text @ Computed::Text(_) => return Ok(text),
        };
        for one in &mut series {
            self.rename(one);
            super::instant::map_floats(&mut one.column, |value| -value);
            for (_, histogram) in &mut one.column.histograms {
                std::sync::Arc::make_mut(histogram).mul(-1.0);
            }
        }
        Ok(Computed::Vector(self.unique(series)?))
    }

    /// Takes note that a series means something else now: its name goes, now or later.
    pub(crate) fn rename(&self, series: &mut Series) {
        if !self.options.delayed_name_removal {
            series.labels = without_metadata(&series.labels);
        }
        series.drop_name = true;
    }

    /// Joins series whose labels became the same.
    pub(crate) fn unique(&self, series: Vec<Series>) -> Result<Vec<Series>> {
        if self.options.delayed_name_removal { Ok(series) } else { merged(series) }
    }

    /// Evaluates an expression that gives a scalar.
    pub(crate) fn scalar(&mut self, expr: &Expr, grid: Grid) -> Result<Scalar> {
        match self.evaluate(expr, grid)? {
            Computed::Scalar(scalar) => Ok(scalar),
            _ => Err(QueryError::Execution("expected a scalar".to_owned())),
        }
    }

    /// Evaluates an expression that gives a vector.
    pub(crate) fn vector(&mut self, expr: &Expr, grid: Grid) -> Result<Vec<Series>> {
        match self.evaluate(expr, grid)? {
            Computed::Vector(series) => Ok(series),
            _ => Err(QueryError::Execution("expected an instant vector".to_owned())),
        }
    }
}

/// The answer on a grid without steps.
fn nothing(expr: &Expr) -> Computed {
    match expr.value_type() {
        ValueType::Scalar => Computed::Scalar(Scalar::Each(Vec::new())),
        ValueType::String => Computed::Text(String::new()),
        ValueType::Vector | ValueType::Matrix => Computed::Vector(Vec::new()),
    }
}

/// Whether an expression gives the same at every step, because all its selectors are pinned by `@`.
pub(crate) fn is_step_invariant(expr: &Expr) -> bool {
    match &expr.node {
        Node::Number(_) | Node::Text(_) => true,
        Node::Vector(selector) => selector.at.is_some(),
        Node::Matrix(matrix) => matrix.selector.at.is_some(),
        Node::Subquery(subquery) => subquery.at.is_some(),
        Node::Call(call) if call::depends_on_time(call.function.name) => false,
        _ => expr.children().into_iter().all(is_step_invariant),
    }
}

/// A series without labels.
pub(crate) const fn unlabelled(column: Column) -> Series {
    Series { labels: Labels::EMPTY, drop_name: false, column }
}
