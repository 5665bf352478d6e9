//! Labels that Prometheus refuses, and its words for them.

use std::borrow::Cow;

use watchglass_exposition::{Format, ReadOptions, validated};
use watchglass_model::Labels;

use crate::shown::texts;

/// A name and a value.
type Pair = (&'static [u8], &'static [u8]);

fn of(pairs: &[Pair]) -> Result<Labels, (String, String)> {
    let pairs = pairs.iter().map(|(name, value)| (Cow::Borrowed(*name), Cow::Borrowed(*value)));
    validated(pairs).map_err(|fault| (fault.to_string(), fault.of_write()))
}

#[test]
fn labels_come_out_sorted_and_without_empty_values() {
    let labels = of(&[(b"z", b"1"), (b"empty", b""), (b"__name__", b"a"), (b"b.c", b"2")]);
    let expected = [("__name__", "a"), ("b.c", "2"), ("z", "1")];
    assert_eq!(labels.unwrap().iter().collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_refused_is_told_in_upstreams_words() {
    let cases: [(&[Pair], &str, &str); 5] = [
        (
            &[(b"a", b"1")],
            "missing metric name (__name__ label)",
            "invalid metric name or labels, got {a=\"1\"}",
        ),
        (
            &[(b"__name__", b"m"), (b"", b"1")],
            "invalid metric name or label names: {=\"1\", __name__=\"m\"}",
            "invalid metric name or labels, got {=\"1\", __name__=\"m\"}",
        ),
        (
            &[(b"__name__", b"m"), (b"a", b"\xff")],
            "invalid metric name or label names: {__name__=\"m\", a=\"\\xff\"}",
            "invalid metric name or labels, got {__name__=\"m\", a=\"\\xff\"}",
        ),
        (
            &[(b"a", b"2"), (b"__name__", b"m"), (b"a", b"1")],
            "label name \"a\" is not unique: invalid sample",
            "invalid labels for series, labels {__name__=\"m\", a=\"2\", a=\"1\"}, duplicated label a",
        ),
        (
            &[(b"__name__", b"")],
            "missing metric name (__name__ label)",
            "invalid metric name or labels, got {__name__=\"\"}",
        ),
    ];
    for (pairs, scrape, write) in cases {
        assert_eq!(of(pairs).unwrap_err(), (scrape.to_owned(), write.to_owned()));
    }
}

#[test]
fn the_text_of_a_series_is_what_stands_before_its_value() {
    let exposition = b"  m { a = \"1\" } 1\n{\"b.c\"} 2 3\nplain 4";
    let texts = texts(exposition, Format::Text, ReadOptions::default());
    let texts: Vec<_> = texts.into_iter().map(|text| String::from_utf8(text).unwrap()).collect();
    assert_eq!(texts, ["m { a = \"1\" }", "{\"b.c\"}", "plain"]);
}
