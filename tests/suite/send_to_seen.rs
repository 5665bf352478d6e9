//! How long it takes from sending one span until it is found by search and told to those who watch.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use prost::Message;
use serde_json::Value;

use crate::instance::{Instance, PATIENCE, alone, http, say, until};
use crate::load::{span, spans};

const SAMPLES: u64 = 200;
const PACE: Duration = Duration::from_millis(110);

/// Trace ids as the stream of events tells them, each with the moment.
fn watch(instance: &Instance) -> Receiver<(String, Instant)> {
    let (send, receive) = channel();
    let request = http().get(format!("http://{}/api/events", instance.listen));
    let stream = BufReader::new(request.timeout(Duration::from_mins(5)).send().unwrap());
    std::thread::spawn(move || {
        let mut event = String::new();
        for line in stream.lines().map_while(Result::ok) {
            let at = Instant::now();
            if let Some(name) = line.strip_prefix("event:") {
                name.trim().clone_into(&mut event);
            } else if let (Some(data), "arrival") = (line.strip_prefix("data:"), event.as_str()) {
                let arrival: Value = serde_json::from_str(data).unwrap();
                for id in arrival["trace_ids"].as_array().unwrap() {
                    // The test may be done.
                    let _ = send.send((id.as_str().unwrap().to_owned(), at));
                }
            }
        }
    });
    receive
}

fn quantiles(mut all: Vec<Duration>) -> [Duration; 2] {
    all.sort_unstable();
    [all[all.len() / 2], all[all.len() * 99 / 100]]
}

fn shown([half, most]: [Duration; 2]) -> String {
    format!("p50 {:.1} ms, p99 {:.1} ms", half.as_secs_f64() * 1e3, most.as_secs_f64() * 1e3)
}

#[test]
fn a_span_is_seen_soon_after_it_is_sent() {
    let _alone = alone();
    let instance = Instance::start();
    let arrivals = watch(&instance);
    let mut sent = BTreeMap::new();
    let (mut searched, mut told) = (Vec::new(), Vec::new());
    for number in 1..=SAMPLES {
        // Events are told at most every 100 ms: a span that comes after a pause shows the way, not the pace.
        std::thread::sleep(PACE);
        let id = format!("{number:032x}");
        let name = format!("op-{number}");
        let body = spans("seen", vec![span(number.into(), number, &name)]).encode_to_vec();
        let begun = Instant::now();
        let response = instance.export("/v1/traces", "application/x-protobuf", body);
        assert_eq!(response.status().as_u16(), 200);
        let path = format!("/api/traces?service=seen&operation={name}");
        until(&path, || {
            let found = instance.get(&path);
            if found["traces"][0]["trace_id"] == *id { Ok(()) } else { Err(found) }
        });
        searched.push(begun.elapsed());
        sent.insert(id, begun);
        while told.len() < sent.len() {
            let (id, at) = arrivals.recv_timeout(PATIENCE).unwrap();
            told.push(at - sent[&id]);
        }
    }
    let (searched, told) = (quantiles(searched), quantiles(told));
    say(&format!(
        "send to seen, {SAMPLES} spans: in search {}; in /api/events {}",
        shown(searched),
        shown(told)
    ));
    assert!(searched[1] < Duration::from_secs(1) && told[1] < Duration::from_secs(1));
}
