//! What the commit thread knows of each series: its number and its newest sample, by which it takes or refuses
//! samples before they go into the journal.

use std::sync::Arc;

use parking_lot::RwLock;
use rapidhash::RapidHashMap;
use watchglass_model::{Labels, Millis, Sample, SampleValue, Samples};
use watchglass_storage::{MillisRange, SampleFault, SeriesWrite, Written, same_value};

use super::head::since;
use super::index::Index;
use super::record::Outgoing;
use super::select::Sources;

/// An index is replaced when it has so many series,
const LEAST_RENEWED: usize = 4_096;
/// and one in so many got no samples lately.
const IDLE_SHARE: usize = 3;

/// The series of the growing head.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) index: Arc<RwLock<Index>>,
    numbers: RapidHashMap<Labels, u32>,
    states: Vec<State>,
    /// How much older than the newest of its series a sample may be.
    window: Millis,
    /// Which group of writes is being planned.
    group: u32,
}

/// What is known of a series.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// The newest sample, where known.
    newest: Option<Newest>,
    /// Whether stores of older samples were asked for one that is newer.
    checked: bool,
    /// The last head, and journal, that got samples.
    head: u32,
    /// The last group that got samples, and the place of the first of them.
    group: u32,
    first: u32,
}

#[derive(Debug, Clone, Copy)]
struct Newest {
    time: Millis,
    /// The bits of a float; none for a histogram.
    bits: Option<u64>,
}

impl Newest {
    fn of(sample: &Sample) -> Self {
        let bits = match &sample.value {
            SampleValue::Float(value) => Some(value.to_bits()),
            SampleValue::Histogram(_) => None,
        };
        Self { time: sample.time, bits }
    }
}

/// What becomes of a group of writes when the journal has it.
#[derive(Debug)]
pub(crate) struct Plan<'w> {
    pub(crate) outgoing: Outgoing<'w>,
    /// Of each write.
    pub(crate) written: Vec<Written>,
    undo: Vec<(u32, State)>,
}

impl Ledger {
    /// No series, and a window for samples out of order.
    pub(crate) fn new(window: Millis) -> Self {
        Self {
            index: Arc::default(),
            numbers: RapidHashMap::default(),
            states: Vec::new(),
            window: window.max(0),
            group: 0,
        }
    }

    /// The number of a series, which is made if it is not there.
    pub(crate) fn number(&mut self, labels: &Labels) -> u32 {
        if let Some(number) = self.numbers.get(labels) {
            return *number;
        }
        let number = self.index.write().add(labels);
        self.numbers.insert(labels.clone(), number);
        self.states.push(State::default());
        number
    }

    /// Takes note of a sample that a journal holds.
    pub(crate) fn replayed(&mut self, series: u32, sample: &Sample) {
        if let Some(state) = self.states.get_mut(series as usize)
            && state.newest.is_none_or(|newest| newest.time < sample.time)
        {
            state.newest = Some(Newest::of(sample));
        }
    }

    /// Decides which samples of `writes` head number `head` takes. Until [`Ledger::undo`] is called, they count as
    /// taken.
    pub(crate) fn plan<'w>(
        &mut self,
        head: u32,
        writes: impl Iterator<Item = &'w SeriesWrite>,
        sources: &Sources,
    ) -> Plan<'w> {
        self.group = self.group.wrapping_add(1);
        let mut plan =
            Plan { outgoing: Outgoing::default(), written: Vec::new(), undo: Vec::new() };
        for write in writes {
            let mut written = Written::default();
            for (labels, samples) in &write.samples {
                let series = self.number(labels);
                self.touch(series, labels, head, &mut plan);
                for sample in samples {
                    match self.decide(series, labels, sample, &plan.outgoing, sources) {
                        Ok(taken) => {
                            written.kept += 1;
                            plan.outgoing.samples.extend(taken.then_some((series, sample)));
                        }
                        Err(fault) => written.refused.push((labels.clone(), sample.time, fault)),
                    }
                }
            }
            plan.written.push(written);
        }
        plan
    }

    /// Takes back what a plan that failed has noted.
    pub(crate) fn undo(&mut self, plan: &Plan<'_>) {
        for (series, state) in plan.undo.iter().rev() {
            if let Some(own) = self.states.get_mut(*series as usize) {
                *own = *state;
            }
        }
    }

    /// Forgets what is known of the newest samples of some series, because samples were deleted.
    pub(crate) fn forget(&mut self, series: &[u32]) {
        for number in series {
            if let Some(state) = self.states.get_mut(*number as usize) {
                (state.newest, state.checked) = (None, false);
            }
        }
    }

    /// Starts over without the series that got no samples in head `head` or later, if they are many.
    pub(crate) fn renew(&mut self, head: u32) {
        let idle = self.states.iter().filter(|state| state.head < head).count();
        if self.states.len() < LEAST_RENEWED || idle * IDLE_SHARE < self.states.len() {
            return;
        }
        let old = std::mem::replace(self, Self::new(self.window));
        let index = old.index.read();
        for (number, state) in (0_u32..).zip(&old.states).filter(|(_, one)| one.head >= head) {
            if let Some(labels) = index.labels(number) {
                self.number(labels);
                if let Some(own) = self.states.last_mut() {
                    *own = *state;
                }
            }
        }
    }

    /// Declares a series to a journal that does not know it, and notes how it was before this group.
    fn touch(&mut self, series: u32, labels: &Labels, head: u32, plan: &mut Plan<'_>) {
        let first = u32::try_from(plan.outgoing.samples.len()).unwrap_or(u32::MAX);
        let Some(state) = self.states.get_mut(series as usize) else {
            return;
        };
        if state.group != self.group {
            plan.undo.push((series, *state));
            (state.group, state.first) = (self.group, first);
        }
        if state.head != head {
            state.head = head;
            plan.outgoing.declared.push((series, labels.clone()));
        }
    }

    /// Whether a sample is to be written; one that is there already with the same value is not.
    #[inline]
    fn decide(
        &mut self,
        series: u32,
        labels: &Labels,
        sample: &Sample,
        planned: &Outgoing<'_>,
        sources: &Sources,
    ) -> Result<bool, SampleFault> {
        let Some(state) = self.states.get_mut(series as usize) else {
            return Ok(false);
        };
        if !state.checked {
            state.checked = true;
            let found = sources.newest_since(labels, series, sample.time);
            let newer = found.filter(|found| state.newest.is_none_or(|own| own.time < found.time));
            state.newest = newer.map(|found| Newest::of(&found)).or(state.newest);
        }
        let Some(newest) = state.newest.filter(|newest| sample.time <= newest.time) else {
            state.newest = Some(Newest::of(sample));
            return Ok(true);
        };
        if sample.time < newest.time.saturating_sub(self.window) {
            let ordered = self.window == 0;
            return Err(if ordered { SampleFault::OutOfOrder } else { SampleFault::TooOld });
        }
        if let (true, Some(bits), SampleValue::Float(value)) =
            (sample.time == newest.time, newest.bits, &sample.value)
        {
            return if bits == value.to_bits() { Ok(false) } else { Err(SampleFault::Duplicate) };
        }
        let planned = planned.samples.get(state.first as usize..).unwrap_or_default();
        let planned = planned.iter().find(|(own, one)| *own == series && one.time == sample.time);
        let taken = match planned {
            Some((_, taken)) => Some((*taken).clone()),
            None => sources.at(labels, series, sample.time),
        };
        match taken {
            None => Ok(true),
            Some(taken) if same_value(&taken.value, &sample.value) => Ok(false),
            Some(_) => Err(SampleFault::Duplicate),
        }
    }
}

impl Sources {
    /// The newest sample of a series that is not older than `time`.
    fn newest_since(&self, labels: &Labels, series: u32, time: Millis) -> Option<Sample> {
        let found = self.read(labels, series, since(time));
        found.get(found.len().checked_sub(1)?)
    }

    /// The sample of a series for `time`.
    fn at(&self, labels: &Labels, series: u32, time: Millis) -> Option<Sample> {
        self.read(labels, series, MillisRange { start: time, end: time }).get(0)
    }

    fn read(&self, labels: &Labels, series: u32, range: MillisRange) -> Samples {
        let mut found = Samples::default();
        self.read_series(labels, series, range, &mut found);
        found
    }
}
