//! How fast an exposition of a megabyte and a request of a million samples are read. Run with `--release`, and the
//! path of a Prometheus text; without one it makes its own.
#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::fmt::Write;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use watchglass_exposition::write::{Protocol, decode};
use watchglass_exposition::{Entry, Format, ReadOptions, read};

fn main() {
    let text = text();
    #[expect(clippy::cast_precision_loss, reason = "a size to be read by people")]
    let megabytes = text.len() as f64 / 1e6;
    let open_metrics = text.replace(" untyped\n", " unknown\n") + "# EOF\n";
    for (name, text, format) in
        [("text", &text, Format::Text), ("OpenMetrics", &open_metrics, Format::OpenMetrics)]
    {
        let samples = samples(text, format, |_| {});
        let bare = best(|| samples_of(text, format));
        let labels = best(|| samples_with_labels(text, format));
        println!(
            "{name}: {megabytes:.2} MB, {samples} samples in {bare:?}; with labels {labels:?}"
        );
    }
    let request = request(10_000, 100);
    let decoded = best(|| decode(&request, Protocol::V1).map_or(0, |batch| batch.sample_count()));
    let labels = best(|| {
        decode(&request, Protocol::V1)
            .map_or(0, |batch| batch.series().filter(|series| series.labels().is_ok()).count())
    });
    println!(
        "remote write: {} bytes, 10,000 series of 100 samples in {decoded:?}; with labels {labels:?}",
        request.len()
    );
}

fn samples_of(text: &str, format: Format) -> usize {
    samples(text, format, |_| {})
}

fn samples_with_labels(text: &str, format: Format) -> usize {
    samples(text, format, |entry| {
        if let Entry::Sample(sample) = entry {
            drop(black_box(sample.series.labels()));
        }
    })
}

fn samples(text: &str, format: Format, look: impl Fn(&Entry<'_>)) -> usize {
    let mut samples = 0;
    let result = read(text.as_bytes(), format, ReadOptions::default(), |entry| {
        look(&entry);
        samples += usize::from(matches!(entry, Entry::Sample(_)));
        ControlFlow::Continue(())
    });
    assert!(result.is_ok(), "{result:?}");
    samples
}

fn best(run: impl Fn() -> usize) -> Duration {
    let once = || {
        let begin = Instant::now();
        black_box(run());
        begin.elapsed()
    };
    (0..20).map(|_| once()).min().unwrap_or_default()
}

/// The file named on the command line, or a text of our own; repeated up to a megabyte.
fn text() -> String {
    let once = std::env::args().nth(1).and_then(|path| std::fs::read_to_string(path).ok());
    let once = once.map(|text| text.replace("# EOF\n", ""));
    let once = once.unwrap_or_else(|| {
        let mut text = "# HELP http_requests_total Requests.\n# TYPE http_requests_total counter\n".to_owned();
        for place in 0..1000 {
            let written = writeln!(
                text,
                "http_requests_total{{code=\"200\",handler=\"/api/v1/{place}\",method=\"get\"}} {}.5",
                place * 37
            );
            assert!(written.is_ok(), "text takes any text");
        }
        text
    });
    once.repeat(1_000_000 / once.len().max(1) + 1)
}

/// A request of remote write 1.0, written by hand.
fn request(series: u32, samples: u32) -> Vec<u8> {
    let mut request = Vec::new();
    for place in 0..series {
        let mut body = Vec::new();
        let instance = format!("host-{place}:9090");
        for (name, value) in [
            ("__name__", "http_requests_total"),
            ("code", "200"),
            ("instance", &*instance),
            ("job", "api"),
        ] {
            let mut label = Vec::new();
            field(&mut label, 0x0a, name.as_bytes());
            field(&mut label, 0x12, value.as_bytes());
            field(&mut body, 0x0a, &label);
        }
        for sample in 0..samples {
            let mut bytes = vec![0x09];
            bytes.extend(f64::from(place + sample).to_le_bytes());
            bytes.push(0x10);
            varint(&mut bytes, 1_700_000_000_000 + u64::from(sample) * 15_000);
            field(&mut body, 0x12, &bytes);
        }
        field(&mut request, 0x0a, &body);
    }
    request
}

fn field(into: &mut Vec<u8>, key: u8, bytes: &[u8]) {
    into.push(key);
    varint(into, bytes.len() as u64);
    into.extend_from_slice(bytes);
}

fn varint(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    into.push((number & 0x7f) as u8);
}
