//! Quantiles and fractions of histograms, native ones and those made of `le` buckets.

use std::collections::HashMap;
use std::sync::Arc;

use watchglass_model::{FloatHistogram, Labels};

use super::Result;
use super::call::{argument, text_argument};
use super::column::{Column, Grid, Scalar, Series};
use super::evaluate::Evaluator;
use super::notes::{Note, Notes};
use crate::quantile::{
    BucketQuantile, ClassicBucket, NanObservations, bucket_fraction, bucket_quantile,
    histogram_fraction, histogram_quantile,
};
use crate::text::open_metrics;
use crate::tree::{Call, Span};

/// What is asked of each histogram.
enum Question {
    /// The value below which a share of the observations lies.
    Quantile(Scalar),
    /// The share of the observations between two values.
    Fraction(Scalar, Scalar),
}

/// Evaluates `histogram_quantile`, `histogram_quantiles` or `histogram_fraction`.
pub(crate) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    grid: Grid,
) -> Result<Vec<Series>> {
    let span = |place: usize| {
        call.arguments.get(place).map(|one| one.unwrapped().span).unwrap_or_default()
    };
    match call.function.name {
        "histogram_quantile" => {
            let quantile = evaluator.scalar(argument(call, 0)?, grid)?;
            let histograms = Histograms::of(evaluator, call, 1, grid)?;
            note_quantile(&mut evaluator.notes, &quantile, span(0), grid);
            let mut series = Vec::new();
            let question = Question::Quantile(quantile);
            histograms.answer(evaluator, &question, span(1), None, &mut series);
            evaluator.unique(series)
        }
        "histogram_fraction" => {
            let lower = evaluator.scalar(argument(call, 0)?, grid)?;
            let upper = evaluator.scalar(argument(call, 1)?, grid)?;
            let histograms = Histograms::of(evaluator, call, 2, grid)?;
            let mut series = Vec::new();
            let question = Question::Fraction(lower, upper);
            histograms.answer(evaluator, &question, span(2), None, &mut series);
            evaluator.unique(series)
        }
        _ => {
            let label = text_argument(call, 1)?;
            let histograms = Histograms::of(evaluator, call, 0, grid)?;
            let mut series = Vec::new();
            for place in 2..call.arguments.len() {
                let quantile = evaluator.scalar(argument(call, place)?, grid)?;
                note_quantile(&mut evaluator.notes, &quantile, span(place), grid);
                let question = Question::Quantile(quantile);
                histograms.answer(evaluator, &question, span(0), Some(label), &mut series);
            }
            super::series::merged(series)
        }
    }
}

fn note_quantile(notes: &mut Notes, quantile: &Scalar, span: Span, grid: Grid) {
    for value in quantile.values(grid.steps).filter(|value| !(0.0..=1.0).contains(value)) {
        notes.add(Note::InvalidQuantile(value), span);
    }
}

/// A histogram of `le` buckets: its labels without `le`, and its buckets.
struct Classic {
    labels: Labels,
    drop_name: bool,
    buckets: Vec<(f64, Column)>,
}

/// The histograms of a vector.
struct Histograms {
    native: Vec<Series>,
    classic: Vec<Classic>,
    grid: Grid,
}

impl Histograms {
    fn of(evaluator: &mut Evaluator<'_>, call: &Call, place: usize, grid: Grid) -> Result<Self> {
        let expr = argument(call, place)?;
        let series = evaluator.vector(expr, grid)?;
        let mut histograms = Self { native: Vec::new(), classic: Vec::new(), grid };
        let mut places: HashMap<Labels, usize> = HashMap::new();
        for mut one in series {
            let native = std::mem::take(&mut one.column.histograms);
            if !one.column.is_empty() {
                histograms.add_bucket(evaluator, &one, expr.span, &mut places);
            }
            if !native.is_empty() {
                let column = Column { histograms: native, ..Column::empty(grid.steps) };
                histograms.native.push(Series { column, ..one });
            }
        }
        histograms.drop_mixed(evaluator, expr.span, &places)?;
        Ok(histograms)
    }

    /// Adds a series as a bucket of the histogram that it belongs to by its other labels.
    fn add_bucket(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        series: &Series,
        span: Span,
        places: &mut HashMap<Labels, usize>,
    ) {
        let text = series.labels.get("le");
        let Some(bound) = bound(text) else {
            let metric = metric(evaluator, &series.labels);
            evaluator.notes.add(Note::BadBucketLabel(metric, text.to_owned()), span);
            return;
        };
        let labels = series.labels.without("le");
        let place = *places.entry(labels.clone()).or_insert_with(|| {
            self.classic.push(Classic { labels, drop_name: true, buckets: Vec::new() });
            self.classic.len() - 1
        });
        if let Some(classic) = self.classic.get_mut(place) {
            classic.buckets.push((bound, series.column.clone()));
        }
    }

    /// At a step where native and classic histograms have the same labels, neither counts.
    fn drop_mixed(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        span: Span,
        places: &HashMap<Labels, usize>,
    ) -> Result<()> {
        for native in &mut self.native {
            let classic = places.get(&native.labels).and_then(|place| self.classic.get_mut(*place));
            let Some(classic) = classic else { continue };
            let both: Vec<usize> = native
                .column
                .histograms
                .iter()
                .map(|(step, _)| *step)
                .filter(|step| classic.buckets.iter().any(|(_, column)| column.has(*step)))
                .collect();
            if both.is_empty() {
                continue;
            }
            let metric = metric(evaluator, &native.labels);
            evaluator.notes.add(Note::MixedClassicNative(metric), span);
            native.column.retain(|step| !both.contains(&step));
            for (_, column) in &mut classic.buckets {
                column.retain(|step| !both.contains(&step));
            }
        }
        evaluator.check_interrupt()
    }

    /// Adds what each histogram answers. `span` is where the vector stands, `label` is that which tells one quantile
    /// from another.
    fn answer(
        &self,
        evaluator: &mut Evaluator<'_>,
        question: &Question,
        span: Span,
        label: Option<&str>,
        answers: &mut Vec<Series>,
    ) {
        let mut push = |evaluator: &Evaluator<'_>, labels: &Labels, drop_name, column: Column| {
            if column.is_empty() {
                return;
            }
            let mut answer = Series { labels: labels.clone(), drop_name, column };
            evaluator.rename(&mut answer);
            if let (Some(label), Question::Quantile(quantile)) = (label, question) {
                answer.labels = answer.labels.with(label, &open_metrics(quantile.get(0)));
            }
            answers.push(answer);
        };
        for native in &self.native {
            let mut column = Column::empty(self.grid.steps);
            for (step, histogram) in &native.column.histograms {
                let (value, nans) = question.of_native(histogram, *step);
                column.set_float(*step, value);
                if let Some(nans) = nans {
                    let metric = metric(evaluator, &native.labels);
                    evaluator.notes.add(note_of(nans, metric), span);
                }
            }
            push(evaluator, &native.labels, native.drop_name, column);
        }
        for classic in &self.classic {
            let (column, forced) = classic.answer(question, self.grid);
            if forced {
                let metric = metric(evaluator, &classic.labels);
                evaluator.notes.add(Note::ForcedMonotonicity(metric), span);
            }
            push(evaluator, &classic.labels, classic.drop_name, column);
        }
    }
}

/// The metric's name, which is known only while names are kept.
fn metric(evaluator: &Evaluator<'_>, labels: &Labels) -> String {
    if evaluator.options.delayed_name_removal { labels.name().to_owned() } else { String::new() }
}

fn note_of(nans: NanObservations, metric: String) -> Note {
    match nans {
        NanObservations::Result => Note::QuantileNan(metric),
        NanObservations::Skewed => Note::QuantileSkewed(metric),
        NanObservations::Excluded => Note::FractionNans(metric),
    }
}

impl Question {
    fn of_native(
        &self,
        histogram: &Arc<FloatHistogram>,
        step: usize,
    ) -> (f64, Option<NanObservations>) {
        match self {
            Self::Quantile(quantile) => histogram_quantile(quantile.get(step), histogram),
            Self::Fraction(lower, upper) => {
                histogram_fraction(lower.get(step), upper.get(step), histogram)
            }
        }
    }
}

impl Classic {
    /// The answers, and whether counts that fell from bucket to bucket had to be mended for them.
    fn answer(&self, question: &Question, grid: Grid) -> (Column, bool) {
        let mut column = Column::empty(grid.steps);
        let mut forced = false;
        let mut buckets = Vec::with_capacity(self.buckets.len());
        for step in 0..grid.steps {
            buckets.clear();
            buckets.extend(self.buckets.iter().filter_map(|(upper_bound, counts)| {
                Some(ClassicBucket { upper_bound: *upper_bound, count: counts.float(step)? })
            }));
            if buckets.is_empty() {
                continue;
            }
            let value = match question {
                Question::Quantile(quantile) => {
                    let BucketQuantile { value, forced_monotonic, .. } =
                        bucket_quantile(quantile.get(step), &mut buckets);
                    forced |= forced_monotonic;
                    value
                }
                Question::Fraction(lower, upper) => {
                    bucket_fraction(lower.get(step), upper.get(step), &mut buckets)
                }
            };
            column.set_float(step, value);
        }
        (column, forced)
    }
}

/// The upper bound that a label's value tells.
fn bound(text: &str) -> Option<f64> {
    text.parse().ok()
}
