//! The doctor's words as aligned plain text, coloured only for a terminal.

use std::fmt::Write;
use std::time::Duration;

use watchglass_model::Timestamp;

use super::findings::Finding;
use super::report::{Answers, Receiver, Service, Store};
use crate::clock;
use crate::units::{show_duration, show_size};

struct Page {
    text: String,
    has_colours: bool,
    now: Timestamp,
}

#[derive(Clone, Copy)]
enum Colour {
    Good,
    Bad,
    Advice,
    Head,
}

/// Writes the whole page.
pub(crate) fn write(
    address: &str,
    answers: Option<&Answers>,
    findings: &[Finding],
    has_colours: bool,
    now: Timestamp,
) -> String {
    let mut page = Page { text: String::new(), has_colours, now };
    if let Some(answers) = answers {
        page.head(address, answers);
        page.receivers(&answers.status.receivers);
        page.services(&answers.services);
        page.store(&answers.status.store);
    }
    page.findings(findings);
    page.text
}

impl Page {
    fn head(&mut self, address: &str, answers: &Answers) {
        let status = &answers.status;
        let (age, started) = (self.since(&status.started), self.clock(&status.started));
        let line = format!("Watchglass {} on http://{address}", status.version);
        self.coloured(Colour::Head, &line);
        let memory = show_size(status.resident_bytes);
        self.line(&format!(", up {age} since {started}, {memory} of memory"));
        self.line(&format!("  workspace  {}", status.workspace));
        self.line(&format!("  data       {}", status.data));
    }

    fn receivers(&mut self, receivers: &[Receiver]) {
        self.title("Receivers");
        let mut rows =
            vec![columns(["", "address", "state", "requests", "spans", "logs", "points", "last"])];
        for receiver in receivers {
            let name = match receiver.name.as_str() {
                "main" => format!("{} (main)", receiver.protocol),
                _ => receiver.protocol.clone(),
            };
            let state = match &receiver.taken_by {
                Some(holder) => format!("{} by {holder}", receiver.state),
                None => receiver.state.clone(),
            };
            let last = receiver.last_received.as_deref();
            rows.push(vec![
                name,
                receiver.address.clone(),
                state,
                receiver.requests.to_string(),
                receiver.spans.to_string(),
                receiver.log_records.to_string(),
                receiver.points.to_string(),
                last.map_or("never".to_owned(), |last| self.ago(last)),
            ]);
        }
        self.table(&rows, 3);
    }

    fn services(&mut self, services: &[Service]) {
        self.title("Services, last 10 minutes");
        if services.is_empty() {
            self.line("  none");
            return;
        }
        let mut rows = vec![columns(["", "language", "spans", "errors", "logs", "last"])];
        for service in services {
            rows.push(vec![
                service.name.clone(),
                service.language.clone(),
                service.spans.to_string(),
                service.errors.to_string(),
                service.log_records.to_string(),
                self.ago(&service.last_seen),
            ]);
        }
        self.table(&rows, 2);
    }

    fn store(&mut self, store: &Store) {
        self.title("Store");
        let retention = show_duration(Duration::from_secs(store.retention_seconds));
        let (used, limit) = (show_size(store.disk_bytes), show_size(store.max_disk_bytes));
        let oldest = store.oldest.as_deref();
        let oldest = oldest.map_or("nothing yet".to_owned(), |it| self.ago(it));
        let rows = [
            ("disk", format!("{used} of {limit}, {} partitions", store.partitions)),
            ("kept", format!("{retention}, oldest {oldest}")),
            (
                "rows",
                format!(
                    "{} spans, {} log records, {} points",
                    store.spans, store.log_records, store.points
                ),
            ),
        ];
        for (name, value) in rows {
            self.line(&format!("  {name:<9}  {value}"));
        }
    }

    fn findings(&mut self, findings: &[Finding]) {
        if !self.text.is_empty() {
            self.line("");
        }
        if findings.iter().all(|finding| !finding.is_fault) {
            self.coloured(Colour::Good, "All is well.");
            self.line("");
        }
        for finding in findings {
            let (colour, mark) =
                if finding.is_fault { (Colour::Bad, "fault ") } else { (Colour::Advice, "advice") };
            self.coloured(colour, mark);
            self.line(&format!("  {}", finding.what));
            for line in finding.remedy.lines() {
                self.line(&format!("        {line}"));
            }
        }
    }

    /// Columns from `numbers` on are aligned to the right, save the last.
    fn table(&mut self, rows: &[Vec<String>], numbers: usize) {
        let count = rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..count).map(width).collect();
        for row in rows {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                // Writing into a string cannot fail.
                let _ = if column >= numbers && column + 1 < count {
                    write!(line, "  {cell:>width$}")
                } else {
                    write!(line, "  {cell:<width$}")
                };
            }
            self.line(line.trim_end());
        }
    }

    fn title(&mut self, title: &str) {
        self.line("");
        self.coloured(Colour::Head, title);
        self.line("");
    }

    fn coloured(&mut self, colour: Colour, text: &str) {
        let code = match colour {
            Colour::Good => "32",
            Colour::Bad => "31",
            Colour::Advice => "33",
            Colour::Head => "1",
        };
        if self.has_colours {
            let _ = write!(self.text, "\x1b[{code}m{text}\x1b[0m");
        } else {
            self.text.push_str(text);
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A time by the wall clock and how long it is gone: `14:03:07, 12 s ago`.
    fn ago(&self, nanos: &str) -> String {
        format!("{}, {} ago", self.clock(nanos), self.since(nanos))
    }

    fn clock(&self, nanos: &str) -> String {
        clock::words(self.time(nanos), self.now)
    }

    fn since(&self, nanos: &str) -> String {
        show_duration(Duration::from_nanos(self.now.since(self.time(nanos))))
    }

    fn time(&self, nanos: &str) -> Timestamp {
        nanos.parse().map_or(self.now, Timestamp)
    }
}

fn columns<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).into()
}

#[cfg(test)]
mod tests {
    use super::super::report::Status;
    use super::*;

    fn answers() -> Answers {
        let receiver = Receiver {
            name: "otlp_http".to_owned(),
            protocol: "OTLP/HTTP".to_owned(),
            address: "127.0.0.1:4318".to_owned(),
            state: "taken".to_owned(),
            taken_by: Some("python3 (pid 4711)".to_owned()),
            ..Receiver::default()
        };
        let status =
            Status { started: "0".to_owned(), receivers: vec![receiver], ..Status::default() };
        Answers { status, ..Answers::default() }
    }

    #[test]
    fn plain_text_has_no_colours_and_names_the_holder() {
        let page = write("127.0.0.1:4319", Some(&answers()), &[], false, Timestamp(5_000_000_000));
        assert!(!page.contains('\x1b'), "{page}");
        assert!(page.contains("taken by python3 (pid 4711)"), "{page}");
        assert!(page.contains("up 5 s"), "{page}");
        assert!(page.ends_with("All is well.\n"), "{page}");
    }

    #[test]
    fn a_fault_comes_with_its_remedy() {
        let finding =
            Finding { is_fault: true, what: "it broke".to_owned(), remedy: "mend it".to_owned() };
        let page = write("127.0.0.1:4319", None, &[finding], true, Timestamp(0));
        assert_eq!(page, "\x1b[31mfault \x1b[0m  it broke\n        mend it\n");
    }
}
