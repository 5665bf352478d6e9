//! Functions over ranges of lines: what is scanned, by how many threads, and what becomes of it.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use watchglass_model::Labels;
use watchglass_storage::{
    LineBatch, LineDetail, MatchOperator, MetadataDetail, NanosRange, StreamPart, StreamScan,
};

use super::collect::{Collector, Gathered, Known, Point};
use super::column::{ABSENT, Series};
use super::evaluate::Evaluator;
use super::keys::SeriesBy;
use super::scan::{Reading, statistics_of};
use super::steps::{Seen, StepSums, Windows};
use super::windows::over_points;
use super::{Interrupt, QueryError, Result, Statistics};
use crate::stage::{self, Needed, Pipeline, Row, Unwrapper};
use crate::text::braced;
use crate::tree::{Grouping, RangeAggregation, RangeOperation, Stage, StageKind};

impl Evaluator<'_> {
    /// Evaluates a function over a range. `outer` is the grouping of a sum directly around it, by which lines can be
    /// counted at once.
    pub(super) fn range_aggregation(
        &mut self,
        range: &RangeAggregation,
        outer: Option<&Grouping>,
    ) -> Result<Vec<Series>> {
        let windows = Windows { grid: self.grid, range: range.range, offset: range.offset };
        if self.grid.steps == 0 {
            return Ok(Vec::new());
        }
        let plan = Plan::new(range, outer, windows, self.query.now)?;
        let parts = self.reader.select(&plan.scan(range))?;
        let collector = self.collect(&plan, &parts)?;
        let mut series: Vec<Series> = Vec::with_capacity(collector.series.len());
        for (labels, gathered) in collector.series {
            self.check_interrupt()?;
            let values = match gathered {
                Gathered::Sums(sums) => from_sums(range, sums, &windows),
                Gathered::Points(mut points) => {
                    points.sort_unstable_by_key(|point| (point.time, point.place));
                    over_points(range, &points, &windows, self.interrupt)?
                }
            };
            series.push(Series { labels, values });
        }
        if range.operation == RangeOperation::AbsentOverTime {
            return Ok(absent(range, &series, windows.grid.steps));
        }
        series.sort_by(|one, other| one.labels.cmp(&other.labels));
        Ok(series)
    }

    /// Reads all parts, on several threads where there are several.
    fn collect(&mut self, plan: &Plan, parts: &[Box<dyn StreamPart>]) -> Result<Collector> {
        let shared = Shared {
            parts,
            next: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            held: AtomicUsize::new(0),
            most: self.options.max_samples,
            interrupt: self.interrupt,
        };
        let threads = self.options.threads.clamp(1, parts.len().max(1));
        let done: Vec<_> = if threads == 1 {
            vec![shared.work(plan)]
        } else {
            thread::scope(|scope| {
                let running: Vec<_> =
                    (0..threads).map(|_| scope.spawn(|| shared.work(plan))).collect();
                running
                    .into_iter()
                    .map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                    .collect()
            })
        };
        let mut collector: Option<Collector> = None;
        let mut failed: Option<((usize, usize), QueryError)> = None;
        for one in done {
            match one {
                Ok((own, statistics)) => {
                    self.add(statistics);
                    match &mut collector {
                        Some(collector) => collector.merge(own, &plan.windows),
                        None => collector = Some(own),
                    }
                }
                Err(fault) if failed.as_ref().is_none_or(|known| fault.0 < known.0) => {
                    failed = Some(fault);
                }
                Err(_) => {}
            }
        }
        match failed {
            Some((_, fault)) => Err(fault),
            None => Ok(collector.unwrap_or_default()),
        }
    }
}

/// What is done with the lines of a range.
struct Plan {
    reading: Reading,
    unwrapper: Option<Unwrapper>,
    by: SeriesBy,
    windows: Windows,
    counts_bytes: bool,
    needed: Needed,
    /// Whether rows of one stream and metadata are always of one series.
    keeps_labels: bool,
}

impl Plan {
    fn new(
        range: &RangeAggregation,
        outer: Option<&Grouping>,
        windows: Windows,
        now: i64,
    ) -> Result<Self> {
        let counts_bytes =
            matches!(range.operation, RangeOperation::BytesOverTime | RangeOperation::BytesRate);
        let stages = if counts_bytes {
            range.log.stages.clone()
        } else {
            without_idle_formats(&range.log.stages)
        };
        let grouping = range.grouping.as_ref().or(outer.filter(|_| sums_up(range.operation)));
        let needed = match grouping {
            Some(grouping) if !grouping.without => {
                Needed::of_metric(&grouping.labels, &stages, range.unwrap.as_ref())
            }
            _ => Needed::All,
        };
        let pipeline = Pipeline::new(&stages, needed.clone(), now).map_err(QueryError::Invalid)?;
        let unwrapper = range.unwrap.as_ref().map(Unwrapper::new).transpose();
        let unwrapper = unwrapper.map_err(QueryError::Invalid)?;
        let by = SeriesBy::new(grouping, unwrapper.as_ref().map(Unwrapper::label));
        let keeps_labels = pipeline.keeps_labels() && unwrapper.is_none();
        let reading = Reading::new(pipeline);
        Ok(Self { reading, unwrapper, by, windows, counts_bytes, needed, keeps_labels })
    }

    fn scan(&self, range: &RangeAggregation) -> StreamScan {
        let (start, end) = self.windows.bounds();
        let lines = match (self.reading.looks_at_lines(), self.counts_bytes) {
            (true, _) => LineDetail::Text,
            (false, true) => LineDetail::Lengths,
            (false, false) => LineDetail::Nothing,
        };
        let metadata = match &self.needed {
            Needed::All => MetadataDetail::All,
            Needed::Named(names) => MetadataDetail::Named(
                names
                    .iter()
                    .flat_map(|name| [Some(name.as_str()), name.strip_suffix("_extracted")])
                    .flatten()
                    .map(str::to_owned)
                    .collect(),
            ),
        };
        StreamScan {
            matchers: range.log.matchers.clone(),
            range: NanosRange { start, end },
            hints: stage::hints(&range.log.stages),
            lines,
            metadata,
            exact: false,
        }
    }

    fn empty(&self) -> fn() -> Gathered {
        if self.unwrapper.is_some() {
            || Gathered::Points(Vec::new())
        } else {
            || Gathered::Sums(StepSums::default())
        }
    }
}

/// Whether a sum of such a function is the same function of all lines together.
const fn sums_up(operation: RangeOperation) -> bool {
    matches!(
        operation,
        RangeOperation::Rate
            | RangeOperation::CountOverTime
            | RangeOperation::BytesOverTime
            | RangeOperation::BytesRate
            | RangeOperation::SumOverTime
    )
}

/// The stages without those that write lines which nothing reads.
fn without_idle_formats(stages: &[Stage]) -> Vec<Stage> {
    let reads = |stage: &Stage| {
        matches!(
            stage.kind,
            StageKind::Line(_)
                | StageKind::Json(_)
                | StageKind::Logfmt(_)
                | StageKind::Regexp(_)
                | StageKind::Pattern(_)
                | StageKind::Unpack
        ) || reads_line_in_template(&stage.kind)
    };
    let idle = |place: usize, stage: &Stage| {
        matches!(stage.kind, StageKind::LineFormat(_))
            && !stages.get(place + 1..).unwrap_or_default().iter().any(reads)
    };
    let kept = stages.iter().enumerate().filter(|(place, stage)| !idle(*place, stage));
    kept.map(|(_, stage)| stage.clone()).collect()
}

/// Whether a label is made of the line.
fn reads_line_in_template(stage: &StageKind) -> bool {
    let StageKind::LabelFormat(formats) = stage else { return false };
    formats.iter().any(|format| match &format.source {
        crate::tree::LabelSource::Template(source) => source.contains(crate::functions::LINE),
        crate::tree::LabelSource::Label(_) => false,
    })
}

/// What the threads of a query share.
struct Shared<'s> {
    parts: &'s [Box<dyn StreamPart>],
    next: AtomicUsize,
    stopped: AtomicBool,
    held: AtomicUsize,
    most: usize,
    interrupt: Interrupt<'s>,
}

/// A failure and the part and row at which it happened.
type Failed = ((usize, usize), QueryError);

impl Shared<'_> {
    fn work(&self, plan: &Plan) -> Result<(Collector, Statistics), Failed> {
        let mut collector = Collector::default();
        let mut statistics = Statistics::default();
        while !self.stopped.load(Ordering::Relaxed) {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = self.parts.get(place) else { break };
            let before = collector.held;
            let mut failed = None;
            let read = part.read(&mut |batch| {
                statistics_of(&batch, &mut statistics);
                let taken = self.take(plan, &batch, place, &mut collector, &mut statistics);
                failed = taken.err();
            });
            let failed = failed.or_else(|| read.err().map(|fault| ((place, 0), fault.into())));
            let failed = failed.or_else(|| self.too_much(collector.held - before, place));
            if let Some(failed) = failed {
                self.stopped.store(true, Ordering::Relaxed);
                return Err(failed);
            }
        }
        Ok((collector, statistics))
    }

    fn too_much(&self, more: usize, place: usize) -> Option<Failed> {
        let held = self.held.fetch_add(more, Ordering::Relaxed) + more;
        (held > self.most).then(|| {
            let message = format!(
                "the query would hold more than {} numbers and series; narrow its time range or its selector, or group by fewer labels",
                self.most
            );
            ((place, 0), QueryError::Execution(message))
        })
    }

    fn take(
        &self,
        plan: &Plan,
        batch: &LineBatch<'_>,
        part: usize,
        collector: &mut Collector,
        statistics: &mut Statistics,
    ) -> Result<(), Failed> {
        let mut known = Known::default();
        let mut seen: Option<Seen> = None;
        let mut at = 0;
        let result = plan.reading.rows(batch, false, self.interrupt, &mut |row, number| {
            at = number;
            let time = batch.times.get(number).copied().unwrap_or(0);
            if !seen.as_ref().is_some_and(|seen| seen.holds_for(time)) {
                seen = plan.windows.seen(time);
            }
            let Some(seen) = &seen else { return Ok(ControlFlow::Continue(())) };
            row.reset(batch, number);
            if !plan.reading.pipeline.run(row) {
                return Ok(ControlFlow::Continue(()));
            }
            take_row(plan, batch, (part, number), row, seen, &mut known, collector, statistics)?;
            Ok(ControlFlow::Continue(()))
        });
        result.map_err(|fault| ((part, at), fault))
    }
}

#[expect(clippy::too_many_arguments, reason = "what a row meets, once a row")]
fn take_row(
    plan: &Plan,
    batch: &LineBatch<'_>,
    (part, number): (usize, usize),
    row: &mut Row<'_>,
    seen: &Seen,
    known: &mut Known,
    collector: &mut Collector,
    statistics: &mut Statistics,
) -> Result<()> {
    let value = match &plan.unwrapper {
        None => None,
        Some(unwrapper) => match unwrapper.value(row) {
            None => return Ok(()),
            value => value,
        },
    };
    if row.has_error() {
        let labels = row.visible();
        let pairs = labels.iter().map(|(name, value, _)| (name.as_ref(), value.as_ref()));
        return Err(QueryError::Pipeline { error: row.error().to_owned(), series: braced(pairs) });
    }
    statistics.passed += 1;
    let place = if plan.keeps_labels && row.has_own_labels() {
        collector.known_place(batch, number, row, &plan.by, known, plan.empty())
    } else {
        collector.place(row, &plan.by, plan.empty())
    };
    if let Some(value) = value {
        let arrival = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let place_of = (arrival(part), arrival(number));
        collector.add_point(place, Point { time: row.time, value, place: place_of });
    } else {
        let bytes = if plan.counts_bytes { length(plan, batch, number, row) } else { 0 };
        collector.add_sum(place, seen, bytes, plan.windows.grid.steps);
    }
    Ok(())
}

/// How long a line is by now; a store need not show lines that nothing looks at.
fn length(plan: &Plan, batch: &LineBatch<'_>, number: usize, row: &Row<'_>) -> u64 {
    let length =
        if plan.reading.looks_at_lines() { row.line.len() } else { batch.place(number).len() };
    length as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts become floats, as everything does")]
fn from_sums(range: &RangeAggregation, sums: StepSums, windows: &Windows) -> Vec<f64> {
    let seconds = range.range as f64 / 1e9;
    let value = |(lines, sum): (i64, i64)| match range.operation {
        _ if lines == 0 => ABSENT,
        RangeOperation::Rate => lines as f64 / seconds,
        RangeOperation::BytesOverTime => sum as f64,
        RangeOperation::BytesRate => sum as f64 / seconds,
        _ => lines as f64,
    };
    sums.totals(windows.grid.steps).into_iter().map(value).collect()
}

/// One where no series has anything. Its labels are those that the selector names by `=`, once.
fn absent(range: &RangeAggregation, series: &[Series], steps: usize) -> Vec<Series> {
    let matchers = &range.log.matchers;
    let once = |name: &str| matchers.iter().filter(|own| own.name == name).count() == 1;
    let named = matchers
        .iter()
        .filter(|own| own.operator == MatchOperator::Equal && once(&own.name))
        .map(|own| (own.name.as_str(), own.value.as_str()));
    let labels = Labels::from_pairs(named);
    let value = |step| if series.iter().any(|one| one.has(step)) { ABSENT } else { 1.0 };
    let values = (0..steps).map(value).collect();
    vec![Series { labels, values }]
}
