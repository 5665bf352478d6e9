//! What is wrong, worst first, each with what to do.

use serde::Serialize;
use watchglass_workbench::STANDARD_PORT_TAKEN;

use super::report::{Answers, Mistake, Store};
use crate::units::show_size;

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// A fault makes the doctor exit with 1; the rest is advice.
    pub(crate) is_fault: bool,
    /// What is found.
    pub(crate) what: String,
    /// What to do.
    pub(crate) remedy: String,
}

/// What the answers of a running instance show.
pub(crate) fn of(answers: &Answers) -> Vec<Finding> {
    let mut findings = store(&answers.status.store);
    let faults = answers.status.configuration_faults.iter();
    findings.extend(faults.map(|place| {
        let remedy = "mend the file; what was last good in it stays in force until then";
        fault(place.clone(), remedy.to_owned())
    }));
    findings.extend(answers.mistakes.iter().map(mistake));
    let receivers = &answers.status.receivers;
    let rejected: u64 = receivers.iter().map(|receiver| receiver.rejected).sum();
    if rejected > 0 {
        findings.push(fault(
            format!(
                "{rejected} spans, log records or points were refused because they are invalid"
            ),
            "the answers to their senders say which and why: look at the exporter's log".to_owned(),
        ));
    }
    if receivers.iter().all(|receiver| receiver.requests == 0) {
        // The main address takes OTLP over HTTP too, where its own port is another's.
        let mut ways = ["otlp_http", "main"].into_iter().filter_map(|name| {
            receivers.iter().find(|it| it.name == name && it.state == "listening")
        });
        let http = ways.next().map_or("127.0.0.1:4318", |receiver| receiver.address.as_str());
        findings.push(Finding {
            is_fault: false,
            what: "nothing has arrived since the start".to_owned(),
            remedy: format!(
                "start a service with `watchglass run -- CMD`, or set OTEL_EXPORTER_OTLP_ENDPOINT=http://{http}"
            ),
        });
    }
    findings
}

fn store(store: &Store) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(reason) = &store.read_only {
        findings.push(fault(
            format!("nothing is stored: {reason}"),
            "free some space on the disk, or restart with another folder by --data".to_owned(),
        ));
    }
    for partition in &store.quarantined {
        findings.push(fault(
            format!("a part of the store would not open and was put aside: {partition}"),
            "everything else works; remove its folder in quarantine/ when you do not need it"
                .to_owned(),
        ));
    }
    if store.damaged_blocks > 0 {
        findings.push(fault(
            format!("{} blocks of the store could not be read", store.damaged_blocks),
            "what was in them is lost; if it goes on, check the disk".to_owned(),
        ));
    }
    if store.disk_bytes > store.max_disk_bytes / 10 * 9 && store.max_disk_bytes > 0 {
        findings.push(Finding {
            is_fault: false,
            what: format!(
                "the store has nearly all the {} it may take, so the oldest telemetry goes first",
                show_size(store.max_disk_bytes)
            ),
            remedy: "give it more with --max-disk if that is too early".to_owned(),
        });
    }
    findings
}

fn mistake(mistake: &Mistake) -> Finding {
    let times = if mistake.count == 1 { String::new() } else { format!(" ({}×)", mistake.count) };
    let found =
        fault(format!("{}{times}: {}", mistake.title, mistake.detail), mistake.remedy.clone());
    Finding { is_fault: mistake.kind != STANDARD_PORT_TAKEN, ..found }
}

fn fault(what: String, remedy: String) -> Finding {
    Finding { is_fault: true, what, remedy }
}

#[cfg(test)]
mod tests {
    use super::super::report::{Receiver, Status};
    use super::*;

    fn answers(store: Store, mistakes: Vec<Mistake>) -> Answers {
        let receivers = vec![Receiver { requests: 1, ..Receiver::default() }];
        Answers {
            status: Status { receivers, store, ..Status::default() },
            mistakes,
            services: Vec::new(),
        }
    }

    #[test]
    fn a_quiet_healthy_instance_has_no_findings() {
        let store = Store { max_disk_bytes: 1000, ..Store::default() };
        assert_eq!(of(&answers(store, Vec::new())), []);
    }

    #[test]
    fn nothing_received_is_advice_not_a_fault() {
        let mut quiet = answers(Store::default(), Vec::new());
        quiet.status.receivers = vec![Receiver::default()];
        assert!(of(&quiet).iter().all(|finding| !finding.is_fault));
        assert_eq!(of(&quiet).len(), 1);
    }

    #[test]
    fn advice_never_names_a_port_that_another_holds() {
        let mut quiet = answers(Store::default(), Vec::new());
        let receiver = |name: &str, address: &str, state: &str| Receiver {
            name: name.to_owned(),
            address: address.to_owned(),
            state: state.to_owned(),
            ..Receiver::default()
        };
        quiet.status.receivers = vec![
            receiver("otlp_http", "127.0.0.1:4318", "taken"),
            receiver("main", "127.0.0.1:4319", "listening"),
        ];
        assert!(of(&quiet)[0].remedy.ends_with("=http://127.0.0.1:4319"), "{:?}", of(&quiet));
    }

    #[test]
    fn a_prometheus_that_runs_beside_is_no_fault() {
        let taken = Mistake { kind: STANDARD_PORT_TAKEN.to_owned(), ..Mistake::default() };
        let findings = of(&answers(Store::default(), vec![taken]));
        assert_eq!(findings.iter().map(|finding| finding.is_fault).collect::<Vec<_>>(), [false]);
    }

    #[test]
    fn mistakes_and_a_full_disk_are_faults() {
        let store = Store { read_only: Some("the disk is full".to_owned()), ..Store::default() };
        let mistake = Mistake { title: "gRPC on 4318".to_owned(), count: 3, ..Mistake::default() };
        let findings = of(&answers(store, vec![mistake]));
        assert_eq!(findings.iter().filter(|finding| finding.is_fault).count(), 2);
        assert!(findings[1].what.starts_with("gRPC on 4318 (3×)"));
    }
}
