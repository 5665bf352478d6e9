//! What is written in a text format is what is read from it, whatever the names and values.

use std::fmt::Write;
use std::ops::ControlFlow;

use proptest::prelude::*;
use watchglass_exposition::{Entry, Format, ReadOptions, Value, read};
use watchglass_model::Labels;

/// Labels, a value, a time in milliseconds.
type Sample = (Labels, f64, Option<i64>);

prop_compose! {
    fn samples()(
        name in "[a-z:_]{1,6}|\\PC{1,6}",
        labels in prop::collection::btree_map("[a-z_]{1,4}|[^\0]{1,4}", "[^\0]{1,6}|[\\\\\"\nn]{1,6}", 0..4),
        value in any::<f64>(),
        time in prop::option::of(0..2_000_000_000_000_i64),
    ) -> Sample {
        let mut labels: Vec<_> = labels.into_iter().filter(|(name, _)| name != "__name__").collect();
        labels.push(("__name__".to_owned(), name));
        (Labels::from_pairs(labels), value, time)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn written((labels, value, time): &Sample, format: Format) -> String {
    let mut line = format!("{{{}", quoted(labels.name()));
    for (name, value) in labels.iter().filter(|(name, _)| *name != "__name__") {
        write!(line, ",{}={}", quoted(name), quoted(value)).unwrap();
    }
    write!(line, "}} {value:e}").unwrap();
    match (time, format) {
        (None, _) => {}
        (Some(time), Format::OpenMetrics) => {
            write!(line, " {}.{:03}", time / 1000, time % 1000).unwrap();
        }
        (Some(time), _) => write!(line, " {time}").unwrap(),
    }
    line + "\n"
}

fn read_back(text: &str, format: Format) -> Vec<Sample> {
    let mut samples = Vec::new();
    read(text.as_bytes(), format, ReadOptions::default(), |entry| {
        if let Entry::Sample(sample) = entry
            && let Value::Float(value) = sample.value
        {
            samples.push((sample.series.labels().unwrap(), value, sample.time));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    samples
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn samples_come_back_from_both_text_formats(samples in prop::collection::vec(samples(), 0..6)) {
        for (format, end) in [(Format::Text, ""), (Format::OpenMetrics, "# EOF\n")] {
            let text: String = samples.iter().map(|sample| written(sample, format)).collect();
            let read = read_back(&(text + end), format);
            prop_assert_eq!(read.len(), samples.len());
            for (read, sample) in read.iter().zip(&samples) {
                prop_assert_eq!((&read.0, read.1), (&sample.0, sample.1));
                // Seconds as a float, cut to milliseconds as upstream cuts them, may lose one.
                let lost = sample.2.zip(read.2).map_or(0, |(one, other)| one - other);
                prop_assert!(read.2.is_some() == sample.2.is_some() && (0..=1).contains(&lost));
            }
        }
    }
}
