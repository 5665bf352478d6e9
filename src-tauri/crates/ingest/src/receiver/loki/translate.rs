//! A push into OTLP log records: one resource per stream whose attributes are the stream's labels, structured metadata
//! as attributes of the records, lines as bodies.
//!
//! `loki.resource.labels` names the attributes that are labels, as the Collector's exporter for Loki has it, and
//! `service.name` is the service that Loki would discover.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use watchglass_logpush::{LabelFault, Line, LineFault, Metadata, Sink, StreamLabels};
use watchglass_model::Timestamp;
use watchglass_otlp::{LogsWriter, TextRecord};

use super::faults::Faults;
use super::service::{SERVICE_NAME, service_of};
use super::streams::Streams;

/// Bytes of a line. Loki's own limit is a quarter of it.
const LONGEST_LINE: usize = 1 << 20;
/// Labels of a stream; Loki takes 15.
const MOST_LABELS: usize = 64;
/// Bytes of a label's name, as in Loki,
const LONGEST_NAME: usize = 1024;
/// and of its value, twice Loki's.
const LONGEST_VALUE: usize = 4096;
/// Pairs of structured metadata and their bytes, twice Loki's.
const MOST_METADATA: usize = 256;
const LONGEST_METADATA: usize = 128 << 10;
/// How far ahead of the clock a line may be: what was written in local time and is said to be UTC is not lost.
const AHEAD: u64 = 24 * 3_600_000_000_000;
/// A year of nanoseconds.
const YEAR: u64 = 366 * 24 * 3_600_000_000_000;

/// The attribute that names the attributes that are labels.
const RESOURCE_LABELS: &str = "loki.resource.labels";
const SERVICE_ATTRIBUTE: &str = "service.name";

/// A push while it is read.
pub(super) struct Translation {
    received: Timestamp,
    streams: Arc<Mutex<Streams>>,
    writer: LogsWriter,
    faults: Faults,
    /// The labels of the present stream as text, and how many lines it has told.
    stream: String,
    line: usize,
    explodes: bool,
}

impl Translation {
    pub(super) fn new(received: Timestamp, streams: Arc<Mutex<Streams>>) -> Self {
        Self {
            received,
            streams,
            writer: LogsWriter::default(),
            faults: Faults::default(),
            stream: String::new(),
            line: 0,
            explodes: false,
        }
    }

    /// The OTLP request, what is not in it, and what there is to say about a push of too many streams.
    pub(super) fn finish(self) -> (Bytes, Faults, Option<String>) {
        let explosion = self.explodes.then(|| self.streams.lock().explosion());
        (self.writer.finish().into(), self.faults, explosion)
    }

    fn time(&self, time: Option<i64>) -> Result<u64, String> {
        let Some(time) = time else { return Ok(0) };
        let Ok(nanos) = u64::try_from(time) else {
            return Err(format!("the timestamp {time} lies before 1970"));
        };
        let now = self.received.0;
        if nanos > now.saturating_add(AHEAD) {
            return Err(format!(
                "the timestamp {time} is too new: it lies more than 24 hours ahead of the clock ({now})"
            ));
        }
        let units =
            [("seconds", 1_000_000_000), ("milliseconds", 1_000_000), ("microseconds", 1_000)];
        for (unit, factor) in units {
            let meant = nanos.saturating_mul(factor);
            if meant.abs_diff(now) < YEAR {
                return Err(format!(
                    "the timestamp {time} is in {unit}: send nanoseconds, {meant}"
                ));
            }
        }
        Ok(nanos)
    }

    fn keep(&mut self, line: &Line<'_>) -> Result<(), String> {
        let time = self.time(line.time)?;
        if line.text.len() > LONGEST_LINE {
            return Err(format!(
                "the line has {} bytes, and {LONGEST_LINE} are allowed (max entry size exceeded)",
                line.text.len()
            ));
        }
        check_metadata(line.metadata)?;
        let record = TextRecord { time, observed_time: self.received.0, body: &line.text };
        let attributes = line.metadata.iter().filter(|(_, value)| !value.is_empty());
        self.writer.record(record, attributes.map(|(name, value)| (&**name, &**value)));
        Ok(())
    }
}

impl Sink for Translation {
    fn stream(&mut self, labels: Result<StreamLabels<'_>, LabelFault>) -> bool {
        self.line = 0;
        let labels = match labels {
            Ok(labels) => labels,
            Err(fault) => {
                self.faults.add(|| fault.to_string());
                return false;
            }
        };
        self.stream = labels.to_string();
        if let Err(fault) = check_labels(&labels) {
            self.faults.add(|| format!("stream {}: {fault}", shortened(&self.stream)));
            return false;
        }
        self.explodes |= self.streams.lock().note(&labels, self.received);
        let has_service = !labels.get(SERVICE_NAME).is_empty();
        let service = service_of(&labels).to_owned();
        let mut names: Vec<_> = labels.iter().map(|(name, _)| name).collect();
        if !has_service {
            names.push(SERVICE_ATTRIBUTE);
        }
        let names = names.join(",");
        let own = [(SERVICE_ATTRIBUTE, service.as_str()), (RESOURCE_LABELS, names.as_str())];
        self.writer.sender(labels.iter().chain(own));
        true
    }

    fn line(&mut self, line: Result<Line<'_>, LineFault>) {
        let kept = match &line {
            Ok(line) => self.keep(line),
            Err(fault) => Err(fault.reason.clone()),
        };
        if let Err(reason) = kept {
            let place = self.line;
            self.faults
                .add(|| format!("line {place} of stream {}: {reason}", shortened(&self.stream)));
        }
        self.line += 1;
    }
}

fn check_labels(labels: &StreamLabels<'_>) -> Result<(), String> {
    let count = labels.iter().len();
    if count > MOST_LABELS {
        return Err(format!("it has {count} label names, and {MOST_LABELS} are allowed"));
    }
    for (name, value) in labels.iter() {
        if name.len() > LONGEST_NAME {
            let (size, name) = (name.len(), shortened(name));
            return Err(format!(
                "the label name {name:?} is too long: it has {size} bytes, and {LONGEST_NAME} are allowed"
            ));
        }
        if value.len() > LONGEST_VALUE {
            let size = value.len();
            return Err(format!(
                "the value of the label {name:?} is too long: it has {size} bytes, and {LONGEST_VALUE} are allowed"
            ));
        }
    }
    Ok(())
}

fn check_metadata(metadata: &Metadata<'_>) -> Result<(), String> {
    if metadata.len() > MOST_METADATA {
        return Err(format!(
            "the line has {} pairs of structured metadata, and {MOST_METADATA} are allowed",
            metadata.len()
        ));
    }
    let size: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > LONGEST_METADATA {
        return Err(format!(
            "the structured metadata of the line has {size} bytes, and {LONGEST_METADATA} are allowed"
        ));
    }
    Ok(())
}

/// As much of a text as an answer repeats.
fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 300;
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(LONGEST);
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}
