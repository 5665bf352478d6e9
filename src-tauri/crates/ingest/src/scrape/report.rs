//! What a scrape says of itself: `up` and its kin. They bear the target's labels and are not relabelled.

use std::time::Duration;

use watchglass_configuration::ScrapeConfig;
use watchglass_model::{Labels, METRIC_NAME, Millis, Sample, SampleValue};
use watchglass_storage::SeriesWrite;

use super::absorb::{Counts, ended};

/// How a scrape went.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) is_up: bool,
    pub(crate) took: Duration,
    pub(crate) counts: Counts,
    /// Bytes of the answer; -1 where there were too many.
    pub(crate) body: i64,
}

/// The series of the report, under the labels of one target.
#[derive(Debug)]
pub(crate) struct ReportSeries {
    always: [Labels; 5],
    extra: Option<[Labels; 3]>,
}

impl ReportSeries {
    pub(crate) fn new(target: &Labels, config: &ScrapeConfig) -> Self {
        let named = |name| target.with(METRIC_NAME, name);
        Self {
            always: [
                "up",
                "scrape_duration_seconds",
                "scrape_samples_scraped",
                "scrape_samples_post_metric_relabeling",
                "scrape_series_added",
            ]
            .map(named),
            extra: config.extra_scrape_metrics.then(|| {
                ["scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes"]
                    .map(named)
            }),
        }
    }

    /// Adds the samples of a report.
    #[expect(clippy::cast_precision_loss, reason = "series hold floats")]
    pub(crate) fn add(
        &self,
        report: &Report,
        timeout: Duration,
        limit: u64,
        time: Millis,
        write: &mut SeriesWrite,
    ) {
        let counts = report.counts;
        let values = [
            f64::from(u8::from(report.is_up)),
            report.took.as_secs_f64(),
            counts.scraped as f64,
            counts.relabelled as f64,
            counts.added as f64,
        ];
        let extra = [timeout.as_secs_f64(), limit as f64, report.body as f64];
        let extra = self.extra.iter().flatten().zip(extra);
        for (labels, value) in self.always.iter().zip(values).chain(extra) {
            let sample = Sample { time, value: SampleValue::Float(value), start: 0 };
            write.samples.push((labels.clone(), vec![sample]));
        }
    }

    /// Marks the report's own series as ended.
    pub(crate) fn end(&self, time: Millis, write: &mut SeriesWrite) {
        let all = self.always.iter().chain(self.extra.iter().flatten());
        write.samples.extend(all.map(|labels| (labels.clone(), vec![ended(time)])));
    }
}
