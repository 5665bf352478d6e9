//! Server-sent events, taken apart again.

use serde::Serialize;

/// One event as the page gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Event {
    /// Its name.
    pub(crate) event: String,
    /// Its text, which is JSON.
    pub(crate) data: String,
}

impl Event {
    /// The stream is over.
    pub(crate) fn end() -> Self {
        Self { event: "end".to_owned(), data: String::new() }
    }
}

/// Events from pieces of a stream, wherever it is cut.
#[derive(Debug, Default)]
pub(crate) struct EventReader {
    /// What came after the last line's end.
    rest: Vec<u8>,
    event: String,
    data: Vec<String>,
}

impl EventReader {
    /// Takes the next piece and gives the events that it completes.
    pub(crate) fn take(&mut self, piece: &[u8]) -> Vec<Event> {
        self.rest.extend_from_slice(piece);
        let mut events = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            events.extend(self.line(line.trim_end_matches(['\r', '\n'])));
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            let data = std::mem::take(&mut self.data);
            let event = if event.is_empty() { "message".to_owned() } else { event };
            return (!data.is_empty()).then(|| Event { event, data: data.join("\n") });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => self.data.push(value.to_owned()),
            // Comments keep a connection awake; ids and delays are for clients that connect again by themselves.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str =
        ": hello\n\nevent: arrival\ndata: {\"spans\":1}\n\ndata: a\r\ndata: ü\r\n\r\nevent: x\n\n";

    fn expected() -> Vec<Event> {
        let event = |event: &str, data: &str| Event { event: event.into(), data: data.into() };
        vec![event("arrival", "{\"spans\":1}"), event("message", "a\nü")]
    }

    #[test]
    fn events_are_found_wherever_the_stream_is_cut() {
        for size in 1..=STREAM.len() {
            let mut reader = EventReader::default();
            let pieces = STREAM.as_bytes().chunks(size);
            let events: Vec<_> = pieces.flat_map(|piece| reader.take(piece)).collect();
            assert_eq!(events, expected(), "pieces of {size}");
        }
    }
}
