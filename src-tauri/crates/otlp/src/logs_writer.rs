//! Writes log records as an `ExportLogsServiceRequest`: the form in which what other protocols bring is kept.

use crate::write;

/// Fields of `ResourceLogs`, `ScopeLogs`, `LogRecord`, `KeyValue` and `AnyValue`
/// (`opentelemetry/proto/logs/v1/logs.proto`, `common.proto`).
mod field {
    pub(super) const RESOURCE_LOGS: u32 = 1;
    pub(super) const RESOURCE: u32 = 1;
    pub(super) const RESOURCE_ATTRIBUTES: u32 = 1;
    pub(super) const SCOPE_LOGS: u32 = 2;
    pub(super) const LOG_RECORDS: u32 = 2;
    pub(super) const TIME: u32 = 1;
    pub(super) const BODY: u32 = 5;
    pub(super) const ATTRIBUTES: u32 = 6;
    pub(super) const OBSERVED_TIME: u32 = 11;
    pub(super) const KEY: u32 = 1;
    pub(super) const VALUE: u32 = 2;
    pub(super) const STRING_VALUE: u32 = 1;
}

/// A request while it grows: senders one after the other, each with its records.
#[derive(Debug, Default)]
pub struct LogsWriter {
    out: Vec<u8>,
    /// Where the content of the present sender and of its scope begins.
    open: Option<(usize, usize)>,
    record: Vec<u8>,
    pair: Vec<u8>,
}

/// A record of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextRecord<'a> {
    /// Nanoseconds since 1970; zero where it is not known.
    pub time: u64,
    /// When it was received, likewise.
    pub observed_time: u64,
    /// The message.
    pub body: &'a str,
}

impl LogsWriter {
    /// Begins a sender with attributes of text. Records that follow are its own.
    pub fn sender<'a>(&mut self, attributes: impl Iterator<Item = (&'a str, &'a str)>) {
        self.close();
        write::key(&mut self.out, field::RESOURCE_LOGS, write::BYTES);
        let start = self.out.len();
        self.record.clear();
        for (key, value) in attributes {
            attribute(&mut self.record, &mut self.pair, field::RESOURCE_ATTRIBUTES, key, value);
        }
        write::bytes(&mut self.out, field::RESOURCE, &self.record);
        write::key(&mut self.out, field::SCOPE_LOGS, write::BYTES);
        self.open = Some((start, self.out.len()));
    }

    /// Adds a record of the present sender with attributes of text. Without a sender there is nobody to add it to.
    pub fn record<'a>(
        &mut self,
        record: TextRecord<'_>,
        attributes: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        if self.open.is_none() {
            return;
        }
        let out = &mut self.record;
        out.clear();
        for (number, time) in
            [(field::TIME, record.time), (field::OBSERVED_TIME, record.observed_time)]
        {
            if time != 0 {
                write::key(out, number, write::FIXED64);
                out.extend_from_slice(&time.to_le_bytes());
            }
        }
        self.pair.clear();
        write::bytes(&mut self.pair, field::STRING_VALUE, record.body.as_bytes());
        write::bytes(out, field::BODY, &self.pair);
        for (key, value) in attributes {
            attribute(out, &mut self.pair, field::ATTRIBUTES, key, value);
        }
        write::bytes(&mut self.out, field::LOG_RECORDS, &self.record);
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The request.
    pub fn finish(mut self) -> Vec<u8> {
        self.close();
        self.out
    }

    fn close(&mut self) {
        if let Some((sender, scope)) = self.open.take() {
            write::close_length(&mut self.out, scope);
            write::close_length(&mut self.out, sender);
        }
    }
}

/// A `KeyValue` of text as a field of the message in `out`.
fn attribute(out: &mut Vec<u8>, pair: &mut Vec<u8>, number: u32, key: &str, value: &str) {
    pair.clear();
    write::bytes(pair, field::KEY, key.as_bytes());
    write::key(pair, field::VALUE, write::BYTES);
    let start = pair.len();
    write::bytes(pair, field::STRING_VALUE, value.as_bytes());
    write::close_length(pair, start);
    write::bytes(out, number, pair);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_logs;

    #[test]
    fn what_is_written_is_read_again() {
        let mut writer = LogsWriter::default();
        writer.record(TextRecord::default(), [].into_iter());
        assert!(writer.is_empty(), "a record needs a sender");
        writer.sender([("app", "shop"), ("service.name", "web")].into_iter());
        let long = "x".repeat(300);
        let record = TextRecord { time: 5, observed_time: 7, body: &long };
        writer.record(record, [("user", "u1"), ("empty", "")].into_iter());
        writer.record(TextRecord { body: "two", ..record }, [].into_iter());
        writer.sender([("app", "other")].into_iter());
        writer.record(TextRecord::default(), [].into_iter());

        let logs = decode_logs(&writer.finish()).unwrap();
        let told: Vec<_> = logs
            .iter()
            .map(|record| {
                let row = record.row;
                let app = record.resource().attributes().text("app").to_owned();
                let user = record.attributes().text("user").to_owned();
                let body = match record.body() {
                    watchglass_model::ValueRef::Text(text) => text.to_owned(),
                    other => format!("{other:?}"),
                };
                (app, row.time.0, row.observed_time.0, body, user)
            })
            .collect();
        let line = |app: &str, times: (u64, u64), body: &str, user: &str| {
            (app.to_owned(), times.0, times.1, body.to_owned(), user.to_owned())
        };
        let expected = [
            line("shop", (5, 7), &long, "u1"),
            line("shop", (5, 7), "two", ""),
            line("other", (0, 0), "", ""),
        ];
        assert_eq!(told, expected);
        assert_eq!(logs.get(0).unwrap().service(), "web");
    }
}
