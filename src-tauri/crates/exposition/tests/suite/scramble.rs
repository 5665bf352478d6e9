//! Random and garbled expositions: an error or entries, never a panic, and never more than the bytes account for.

use std::ops::ControlFlow;

use proptest::prelude::*;
use watchglass_exposition::{Entry, Format, ReadOptions, lint, read};

use crate::messages::client::{Histogram, Metric, MetricFamily, exposition};
use crate::messages::{BucketSpan, labels};

/// Pieces that text formats are made of, so that random texts get far into the parser.
const PIECES: [&str; 28] = [
    "a",
    "b_total",
    "c_created",
    "\n",
    " ",
    "\t",
    "{",
    "}",
    "=",
    ",",
    "\"",
    "\\",
    "\"x\"",
    "le",
    "1",
    "-0.5",
    "NaN",
    "# ",
    "# TYPE ",
    "# HELP ",
    "# UNIT ",
    "# EOF",
    "counter",
    "histogram",
    "# {",
    "\0",
    "é",
    "\u{1}",
];

fn texts() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60);
    (pieces, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(pieces, place, byte)| {
        let mut text = pieces.concat().into_bytes();
        if !text.is_empty() && byte < 40 {
            let place = place.index(text.len());
            text[place] = byte.wrapping_add(0xf0);
        }
        text
    })
}

fn look_at_all(bytes: &[u8], format: Format) {
    let options = ReadOptions {
        created_as_start: true,
        classic_beside_native: true,
        ..ReadOptions::default()
    };
    let mut samples = 0;
    let _ = read(bytes, format, options, |entry| {
        if let Entry::Sample(sample) = entry {
            let _ = (sample.series.labels(), sample.series.name());
            sample.exemplars.iter().for_each(|exemplar| drop(exemplar.labels()));
            samples += 1;
        }
        ControlFlow::Continue(())
    });
    assert!(samples <= bytes.len() * 3 + 3, "{samples} samples from {} bytes", bytes.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_of_every_kind_never_panic(text in texts()) {
        for format in [Format::Text, Format::OpenMetrics] {
            look_at_all(&text, format);
        }
        // What the strict reader takes the lenient one takes too.
        if lint(&text).is_ok() {
            let options = ReadOptions::default();
            prop_assert!(read(&text, Format::OpenMetrics, options, |_| ControlFlow::Continue(())).is_ok());
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        for format in [Format::Text, Format::OpenMetrics, Format::Protobuf] {
            look_at_all(&bytes, format);
        }
        let _ = lint(&bytes);
    }

    #[test]
    fn garbled_protobuf_never_panics(place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let histogram = Histogram {
            sample_count: 3,
            positive_span: vec![BucketSpan { offset: 1, length: 2 }],
            positive_delta: vec![1, 1],
            ..Histogram::default()
        };
        let metric = Metric { label: labels(&[("a", "b")]), histogram: Some(histogram), ..Metric::default() };
        let family = MetricFamily { name: "m".to_owned(), kind: 4, metric: vec![metric], ..MetricFamily::default() };
        let mut bytes = exposition(&[family.clone(), family]);
        let place = place.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(if cut { place } else { bytes.len() });
        look_at_all(&bytes, Format::Protobuf);
    }
}

#[test]
fn a_visitor_that_has_enough_ends_the_reading() {
    let mut seen = 0;
    let text = b"a 1\nb 2\nc oops\n";
    let result = read(text, Format::Text, ReadOptions::default(), |_| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((result, seen), (Ok(()), 2));
}
