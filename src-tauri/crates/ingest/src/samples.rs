//! Samples of series on their way into the store: how many are safe there, for whoever waits for new ones.

use std::sync::Arc;

use tokio::sync::watch;
use watchglass_storage::{Matcher, MillisRange, SeriesWrite, SeriesWriter, WriteDone, WriteError};

/// A writer that counts the samples which another has kept.
pub(crate) struct CountedSeries {
    writer: Arc<dyn SeriesWriter>,
    /// Since the start.
    kept: watch::Sender<u64>,
}

impl CountedSeries {
    pub(crate) fn new(writer: Arc<dyn SeriesWriter>) -> Arc<Self> {
        Arc::new(Self { writer, kept: watch::Sender::new(0) })
    }

    /// What will be kept from now on.
    pub(crate) fn kept(&self) -> KeptSamples {
        let kept = self.kept.subscribe();
        let told = *kept.borrow();
        KeptSamples { kept, told }
    }
}

impl SeriesWriter for CountedSeries {
    fn write(&self, write: Arc<SeriesWrite>, done: WriteDone) {
        let kept = self.kept.clone();
        self.writer.write(
            write,
            Box::new(move |result| {
                let new = result.as_ref().map_or(0, |written| written.kept);
                kept.send_if_modified(|all| {
                    *all += new;
                    new > 0
                });
                done(result);
            }),
        );
    }

    fn delete(&self, matchers: &[Matcher], range: MillisRange) -> Result<(), WriteError> {
        self.writer.delete(matchers, range)
    }
}

/// How many samples of series are kept from some moment on.
#[derive(Debug)]
pub struct KeptSamples {
    kept: watch::Receiver<u64>,
    told: u64,
}

impl KeptSamples {
    /// Waits until there are new ones, and says how many; none when there will never be any more.
    pub async fn next(&mut self) -> Option<u64> {
        self.kept.changed().await.ok()?;
        let all = *self.kept.borrow_and_update();
        let new = all.saturating_sub(self.told);
        self.told = all;
        Some(new)
    }
}

#[cfg(test)]
mod tests {
    use watchglass_model::{Labels, Sample, SampleValue};
    use watchglass_storage::MemorySeries;

    use super::*;

    fn write(time: i64) -> Arc<SeriesWrite> {
        let sample = Sample { time, value: SampleValue::Float(1.0), start: 0 };
        let labels = Labels::from_pairs([("__name__", "up")]);
        Arc::new(SeriesWrite { samples: vec![(labels, vec![sample])], ..SeriesWrite::default() })
    }

    #[tokio::test]
    async fn only_samples_that_were_kept_later_are_told() {
        let series = CountedSeries::new(Arc::new(MemorySeries::new(0)));
        series.write(write(1_000), Box::new(drop));
        let mut kept = series.kept();
        series.write(write(2_000), Box::new(drop));
        // Out of order: refused, and no news.
        series.write(write(1_500), Box::new(drop));
        series.write(write(3_000), Box::new(drop));
        assert_eq!(kept.next().await, Some(2));
        drop(series);
        assert_eq!(kept.next().await, None);
    }
}
