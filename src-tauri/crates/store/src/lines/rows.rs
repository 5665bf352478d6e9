//! What lines can repeat of the records that they belong to: times and ids.

use watchglass_model::{LogRecord, SpanId, TraceId};

/// The records of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) records: &'a [LogRecord],
}

impl Rows<'_> {
    /// The time of a row, in nanoseconds since the Unix epoch.
    pub(super) fn time(&self, row: u32) -> u64 {
        self.record(row).map_or(0, |record| record.timestamp().0)
    }

    pub(super) fn trace(&self, row: u32) -> TraceId {
        self.record(row).map(|record| record.trace_id).unwrap_or_default()
    }

    pub(super) fn span(&self, row: u32) -> SpanId {
        self.record(row).map(|record| record.span_id).unwrap_or_default()
    }

    fn record(&self, row: u32) -> Option<&LogRecord> {
        self.records.get(row as usize)
    }

    /// Whether `text` is the trace id of the row.
    pub(super) fn writes_trace(&self, row: u32, text: &str) -> bool {
        text.len() == 32 && same(&self.trace(row).0, text)
    }

    /// Whether `text` is the span id of the row.
    pub(super) fn writes_span(&self, row: u32, text: &str) -> bool {
        text.len() == 16 && same(&self.span(row).0, text)
    }
}

fn same(bytes: &[u8], text: &str) -> bool {
    let pairs = text.as_bytes().as_chunks::<2>().0;
    pairs.iter().zip(bytes).all(|(pair, byte)| *pair == hexadecimal(*byte))
}

/// Two lower-case digits.
pub(super) fn hexadecimal(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15]
        .map(|nibble| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 })
}
