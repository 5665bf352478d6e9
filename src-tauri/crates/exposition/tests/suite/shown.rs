//! Entries as lines of text, so that tables can say what is expected.

use std::fmt::Write;
use std::ops::ControlFlow;

use watchglass_exposition::{Entry, Format, ReadOptions, Sample, Value, read};

/// What an exposition says, a line for each entry; the last line is the error, if there is one.
pub(crate) fn shown(bytes: &[u8], format: Format, options: ReadOptions) -> Vec<String> {
    let mut lines = Vec::new();
    let result = read(bytes, format, options, |entry| {
        lines.push(line(&entry));
        ControlFlow::Continue(())
    });
    if let Err(fault) = result {
        lines.push(format!("line {}: {}", fault.line, fault.message));
    }
    lines
}

/// The message of the error that reading ends with.
pub(crate) fn fault(bytes: &[u8], format: Format) -> String {
    match read(bytes, format, ReadOptions::default(), |_| ControlFlow::Continue(())) {
        Ok(()) => "no error".to_owned(),
        Err(fault) => fault.message,
    }
}

fn line(entry: &Entry<'_>) -> String {
    match entry {
        Entry::Help { metric, text } => format!("help {metric} {text:?}"),
        Entry::Type { metric, kind } => format!("type {metric} {}", kind.as_str()),
        Entry::Unit { metric, unit } => format!("unit {metric} {unit:?}"),
        Entry::Sample(sample) => sample_line(sample),
    }
}

fn sample_line(sample: &Sample<'_>) -> String {
    let mut line = match sample.series.labels() {
        Ok(labels) => format!("{}{}", labels.name(), labels.without("__name__")),
        Err(fault) => format!("({fault})"),
    };
    match &sample.value {
        Value::Float(value) => write!(line, " {value}").unwrap(),
        Value::Histogram(histogram) => write!(line, " {histogram:?}").unwrap(),
    }
    if let Some(time) = sample.time {
        write!(line, " @{time}").unwrap();
    }
    if let Some(start) = sample.start {
        write!(line, " from {start}").unwrap();
    }
    for exemplar in sample.exemplars {
        write!(line, " # {} {}", exemplar.labels(), exemplar.value).unwrap();
        if let Some(time) = exemplar.time {
            write!(line, " @{time}").unwrap();
        }
    }
    line
}

/// The bytes that name the series of an exposition.
pub(crate) fn texts(bytes: &[u8], format: Format, options: ReadOptions) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    read(bytes, format, options, |entry| {
        if let Entry::Sample(sample) = entry {
            texts.push(sample.series.text().to_vec());
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    texts
}
