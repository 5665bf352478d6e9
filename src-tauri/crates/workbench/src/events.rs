//! What happens now: arrivals in one piece every tenth of a second, the status every two, mistakes at once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;
use watchglass_ingest::{KeptSamples, Live, Pipeline};
use watchglass_model::{Resource, Timestamp, TraceId};
use watchglass_storage::Batch;

use crate::mistakes::{Changes, Mistake};
use crate::status::Status;
use crate::workbench::Workbench;

/// At least so long between two arrivals; the first comes at once.
const PACE: Duration = Duration::from_millis(100);
/// A sender that repeats its mistake in a loop is told of once in so long.
const MISTAKES_PACE: Duration = Duration::from_secs(1);
const STATUS_EVERY: Duration = Duration::from_secs(2);
const MOST_TRACES: usize = 50;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// Telemetry came.
    Arrival(Arrival),
    /// How the workbench stands.
    Status(Box<Status>),
    /// A sender does something wrong.
    Mistake(Mistake),
}

/// What came since the arrival before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrival {
    /// How many spans.
    pub spans: u64,
    /// How many log records.
    pub log_records: u64,
    /// How many metric points.
    pub points: u64,
    /// How many samples of series, scraped, written remotely, or made of points.
    pub samples: u64,
    /// Who sent, in the order of arrival.
    pub services: Vec<String>,
    /// Of which traces; at most 50.
    pub trace_ids: Vec<TraceId>,
    /// When this was told.
    pub time: Timestamp,
}

/// What happens from now on.
#[derive(Debug)]
pub struct Events {
    closing: CancellationToken,
    workbench: Arc<Workbench>,
    live: broadcast::Receiver<Live>,
    samples: KeptSamples,
    mistakes: Changes,
    are_mistakes_new: bool,
    mistakes_due: Instant,
    /// Mistakes that are still to be told.
    untold: VecDeque<Mistake>,
    ticks: Interval,
    waiting: Arrival,
    due: Instant,
}

impl Events {
    pub(crate) fn new(workbench: Arc<Workbench>, pipeline: &Pipeline, mistakes: Changes) -> Self {
        let mut ticks = interval(STATUS_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            closing: workbench.closing(),
            workbench,
            live: pipeline.subscribe(),
            samples: pipeline.kept_samples(),
            mistakes,
            are_mistakes_new: false,
            mistakes_due: Instant::now(),
            untold: VecDeque::new(),
            ticks,
            waiting: Arrival::default(),
            due: Instant::now(),
        }
    }

    /// Waits for the next event; none when nothing will ever arrive again.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(mistake) = self.untold.pop_front() {
                return Some(Event::Mistake(mistake));
            }
            let is_waiting = self.waiting != Arrival::default();
            tokio::select! {
                biased;
                () = self.closing.cancelled() => return None,
                () = sleep_until(self.due), if is_waiting => {
                    self.due = Instant::now() + PACE;
                    let mut arrival = std::mem::take(&mut self.waiting);
                    arrival.time = self.workbench.now();
                    return Some(Event::Arrival(arrival));
                }
                _ = self.ticks.tick() => {
                    return Some(Event::Status(Box::new(self.workbench.status())));
                }
                () = sleep_until(self.mistakes_due), if self.are_mistakes_new => {
                    self.are_mistakes_new = false;
                    self.mistakes_due = Instant::now() + MISTAKES_PACE;
                    self.untold.extend(self.mistakes.take());
                }
                is_open = self.mistakes.wait(), if !self.are_mistakes_new => {
                    if !is_open {
                        return None;
                    }
                    self.are_mistakes_new = true;
                }
                samples = self.samples.next() => match samples {
                    Some(samples) => self.waiting.samples += samples,
                    None => return None,
                },
                live = self.live.recv() => match live {
                    Ok(live) => self.waiting.add(&live.batch),
                    // What was missed is in the store; the counts of one event are not worth a scan.
                    Err(RecvError::Lagged(_)) => (),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }
}

impl Arrival {
    fn add(&mut self, batch: &Batch) {
        match batch {
            Batch::Spans(spans) => {
                self.spans += spans.rows.len() as u64;
                self.add_services(&spans.arena.resources, |text| spans.arena.text(text));
                for row in &spans.rows {
                    if self.trace_ids.len() >= MOST_TRACES {
                        break;
                    }
                    if !self.trace_ids.contains(&row.trace_id) {
                        self.trace_ids.push(row.trace_id);
                    }
                }
            }
            Batch::Logs(logs) => {
                self.log_records += logs.rows.len() as u64;
                self.add_services(&logs.arena.resources, |text| logs.arena.text(text));
            }
            Batch::Points(points) => {
                self.points += points.rows.len() as u64;
                self.add_services(&points.arena.resources, |text| points.arena.text(text));
            }
        }
    }

    fn add_services<'a>(
        &mut self,
        resources: &[Resource],
        text_of: impl Fn(watchglass_model::Text) -> &'a str,
    ) {
        for resource in resources {
            let name = match text_of(resource.service) {
                "" => watchglass_model::UNKNOWN_SERVICE,
                name => name,
            };
            if !self.services.iter().any(|known| known == name) {
                self.services.push(name.to_owned());
            }
        }
    }
}
