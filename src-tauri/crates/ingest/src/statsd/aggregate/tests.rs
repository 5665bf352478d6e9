//! What lines become: types, mappings, conflicts, ends, limits.

use super::*;
use crate::statsd::line;

const START: Duration = Duration::from_secs(1_700_000_000);

struct Bench {
    aggregate: Aggregate,
    counts: StatsdCounts,
    mappings: StatsdMappings,
}

impl Bench {
    fn with(mappings: &str) -> Self {
        let mappings = StatsdMappings::read(mappings).unwrap();
        Self { aggregate: Aggregate::default(), counts: StatsdCounts::default(), mappings }
    }

    fn take(&mut self, after: u64, lines: &str) {
        let now = START + Duration::from_secs(after);
        for one in lines.split('\n') {
            line::read(one.as_bytes(), &mut self.counts, |event, counts| {
                self.aggregate.take(&event, &self.mappings, now, counts);
            });
        }
    }

    /// What is written, as `labels value`, sorted.
    fn written(&mut self, after: u64, everything: bool) -> Vec<String> {
        let now = START + Duration::from_secs(after);
        self.aggregate.expire(now);
        let write = self.aggregate.write(now, everything);
        let mut lines: Vec<_> = write
            .samples
            .iter()
            .map(|(labels, samples)| {
                let value = match &samples[0].value {
                    value if value.is_stale() => "stale".to_owned(),
                    SampleValue::Float(value) => value.to_string(),
                    SampleValue::Histogram(_) => "histogram".to_owned(),
                };
                let text = labels.without(METRIC_NAME).to_string();
                format!("{}{} {value}", labels.name(), text.replace("{}", ""))
            })
            .collect();
        lines.sort();
        lines
    }
}

#[test]
fn counters_add_up_and_gauges_are_set_or_moved() {
    let mut bench = Bench::with("");
    bench.take(0, "hits:1|c\nhits:2|c|@0.5\nlevel:5|g\nlevel:-2|g\nlevel:+1|g\nt:4|g|#a:b");
    assert_eq!(bench.written(1, true), ["hits 5", "level 4", "t{a=\"b\"} 4"]);
    bench.take(2, "hits:1|c\nlevel:9|g");
    assert_eq!(bench.written(3, true), ["hits 6", "level 9", "t{a=\"b\"} 4"]);
    assert_eq!((bench.counts.events, bench.counts.unmapped), ([3, 5, 0], 8));
}

#[test]
fn new_series_are_written_before_their_turn() {
    let mut bench = Bench::with("");
    bench.take(0, "a:1|c");
    assert_eq!(bench.written(1, false), ["a 1"]);
    bench.take(1, "a:1|c\nb:1|c");
    assert_eq!(bench.written(2, false), ["b 1"]);
    assert!(bench.written(3, false).is_empty());
    assert_eq!(bench.written(4, true), ["a 2", "b 1"]);
}

#[test]
fn timers_are_summaries_in_seconds_unless_the_mapping_says_histogram() {
    let mut bench = Bench::with(
        "mappings:\n- {match: h.*, name: h, observer_type: histogram, labels: {of: $1},\n   histogram_options: {buckets: [0.1, 1]}}\n",
    );
    bench.take(0, "t:100|ms\nt:300|ms\nt:200|ms\nh.x:50|ms|@0.5\nh.x:2000|ms");
    let expected = [
        "h_bucket{le=\"+Inf\", of=\"x\"} 3",
        "h_bucket{le=\"0.1\", of=\"x\"} 2",
        "h_bucket{le=\"1.0\", of=\"x\"} 2",
        "h_count{of=\"x\"} 3",
        "h_sum{of=\"x\"} 2.1",
        "t_count 3",
        "t_sum 0.6000000000000001",
        "t{quantile=\"0.5\"} 0.2",
        "t{quantile=\"0.9\"} 0.3",
        "t{quantile=\"0.99\"} 0.3",
    ];
    assert_eq!(bench.written(1, true), expected);
}

#[test]
fn mappings_rename_drop_scale_and_honour_labels() {
    let mut bench = Bench::with(
        "mappings:\n- {match: a.*, name: '${1}_total', labels: {l: mapping}, scale: 0.5, help: A thing.}\n\
         - {match: b.*, name: b, labels: {l: mapping}, honor_labels: true}\n\
         - {match: c.*, name: dropped, action: drop}\n",
    );
    bench.take(0, "a.x:4|c|#l:tag\nb.x:1|c|#l:tag\nc.x:1|c");
    assert_eq!(bench.written(1, true), ["b{l=\"tag\"} 1", "x_total{l=\"mapping\"} 2"]);
    assert_eq!((bench.counts.mapped, bench.counts.dropped, bench.counts.rejected()), (2, 1, 0));
}

#[test]
fn one_name_has_one_type() {
    let mut bench = Bench::with("");
    bench.take(0, "x:1|c\nx:2|g\nx:3|ms\ny_count:1|c\ny:1|ms");
    assert_eq!(bench.written(1, true), ["x 1", "y_count 1"]);
    assert_eq!(bench.counts.conflicts, [0, 1, 2]);
}

#[test]
fn what_cannot_be_counted_is_told_by_its_reason() {
    let mut bench = Bench::with("mappings:\n- {match: a.*, name: $2}\n");
    bench.take(0, "x:-1|c\na.b:1|c\ny:1|c|#__own:1\nz:1|ms|#quantile:1");
    let told: Vec<_> = bench.counts.event_errors.keys().copied().collect();
    assert_eq!(told, ["empty_metric_name", "illegal_label_name", "illegal_negative_counter"]);
    assert!(bench.written(1, true).is_empty());
}

#[test]
fn a_series_without_events_ends_after_its_time() {
    let mut bench =
        Bench::with("defaults: {ttl: 10s}\nmappings:\n- {match: s, name: s, ttl: 100s}\n");
    bench.take(0, "x:1|c\ns:1|ms\nnever:1|g");
    assert_eq!(bench.written(9, true).len(), 7);
    bench.take(9, "never:1|g");
    assert_eq!(bench.written(11, false), ["x stale"]);
    assert_eq!(bench.written(19, false), [""; 0]);
    let ended = bench.written(101, false);
    assert_eq!(ended.iter().filter(|line| line.ends_with(" stale")).count(), 6, "{ended:?}");
    assert_eq!(bench.aggregate.room, MOST_VALUES);
    assert_eq!((bench.aggregate.series, bench.aggregate.bytes), (0, 0));
    // It begins anew.
    bench.take(102, "x:1|c");
    assert_eq!(bench.written(103, true), ["x 1"]);
}

#[test]
fn label_sets_cannot_grow_without_end() {
    let mut bench = Bench::with("");
    for place in 0..=MOST_SERIES {
        bench.take(0, &format!("x:1|c|#place:{place}"));
    }
    assert_eq!(bench.aggregate.series(), MOST_SERIES);
    assert_eq!(bench.counts.event_errors.get("too_many_series"), Some(&1));
    bench.take(0, "x:1|c|#place:0");
    assert_eq!(bench.counts.event_errors.get("too_many_series"), Some(&1));
}
