//! The expositions of upstream's benchmarks: every line is read, and both text formats say the same.

use std::fs;
use std::ops::ControlFlow;

use watchglass_exposition::{Entry, Format, ReadOptions, read};

use crate::conformance;
use crate::shown::shown;

/// What an exposition holds.
#[derive(Debug, PartialEq, Eq, Default)]
struct Tally {
    types: usize,
    samples: usize,
}

fn tally(text: &[u8], format: Format) -> Tally {
    let mut tally = Tally::default();
    read(text, format, ReadOptions::default(), |entry| {
        match entry {
            Entry::Type { .. } => tally.types += 1,
            Entry::Sample(sample) => {
                sample.series.labels().unwrap();
                tally.samples += 1;
            }
            Entry::Help { .. } | Entry::Unit { .. } => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    tally
}

/// The same, counted by lines.
fn tally_of_lines(text: &str) -> Tally {
    let lines = || text.lines().filter(|line| !line.is_empty());
    Tally {
        types: lines().filter(|line| line.starts_with("# TYPE ")).count(),
        samples: lines().filter(|line| !line.starts_with('#')).count(),
    }
}

#[test]
fn every_family_and_sample_of_the_corpus_is_read() {
    let Some(root) = conformance("exposition") else { return };
    let files = [
        ("1histogram.om.txt", Format::OpenMetrics),
        ("alltypes.237mfs.nometa.prom.txt", Format::Text),
        ("alltypes.237mfs.prom.txt", Format::Text),
        ("alltypes.5mfs.om.txt", Format::OpenMetrics),
    ];
    for (file, format) in files {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let tally = tally(text.as_bytes(), format);
        println!("{file}: {tally:?}");
        assert_eq!(tally, tally_of_lines(&text), "{file}");
        assert!(tally.samples > 10, "{file}");
    }
}

#[test]
fn metadata_changes_no_sample_but_its_bounds() {
    let Some(root) = conformance("exposition") else { return };
    let samples = |file: &str| -> Vec<String> {
        let text = fs::read(root.join(file)).unwrap();
        let lines = shown(&text, Format::Text, ReadOptions::default());
        let samples = lines
            .into_iter()
            .filter(|line| !line.starts_with("help ") && !line.starts_with("type "));
        // Without a type Prometheus does not know a bound from any other label.
        samples.map(|line| line.replace(".0\"}", "\"}")).collect()
    };
    let (with, without) =
        (samples("alltypes.237mfs.prom.txt"), samples("alltypes.237mfs.nometa.prom.txt"));
    let different: Vec<_> = with.iter().zip(&without).filter(|(one, other)| one != other).collect();
    assert_eq!(with.len(), without.len());
    assert!(
        different.iter().all(|(line, _)| line.contains("le=") || line.contains("quantile=")),
        "{different:#?}"
    );
}

#[test]
fn prometheus_text_read_as_openmetrics_says_the_same() {
    let Some(root) = conformance("exposition") else { return };
    let text = fs::read_to_string(root.join("alltypes.237mfs.prom.txt")).unwrap();
    // Some exporters end even this format so; here it is a comment.
    assert!(text.ends_with("# EOF\n"), "the corpus has changed");
    let other = text.replace(" untyped\n", " unknown\n");
    let without_help = |text: &str, format| -> Vec<String> {
        let lines = shown(text.as_bytes(), format, ReadOptions::default()).into_iter();
        lines.filter(|line| !line.starts_with("help ")).collect()
    };
    let one = without_help(&text, Format::Text);
    let other = without_help(&other, Format::OpenMetrics);
    let different = one.iter().zip(&other).find(|(one, other)| one != other);
    assert_eq!((different, one.len()), (None, other.len()));
}
