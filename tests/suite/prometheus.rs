//! The Prometheus API of the built program: what remote write and OTLP bring is there for PromQL, and stays there.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::instance::{Instance, beside_others, http, scratch};
use crate::prometheus_client::{self, TimeSeries, series};

/// Asks by a form, as Grafana does.
fn ask(instance: &Instance, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let base = format!("http://{}/prometheus", instance.listen);
    let (status, text) = prometheus_client::ask(&base, path, form);
    (status, serde_json::from_str(&text).unwrap())
}

/// Writes series remotely; gives the status and what was said.
fn write(instance: &Instance, timeseries: Vec<TimeSeries>) -> Option<(u16, String)> {
    prometheus_client::write(&format!("http://{}/prometheus", instance.listen), timeseries)
}

const MINUTE: i64 = 60_000;

#[test]
fn what_is_written_remotely_is_there_for_promql() {
    let _guard = beside_others();
    let instance = Instance::start();
    let counter = [("__name__", "jobs_total"), ("job", "a")];
    let samples: Vec<_> =
        (0..10_i32).map(|n| (i64::from(n) * MINUTE, f64::from(n) * 60.0)).collect();
    assert_eq!(write(&instance, vec![series(&counter, &samples)]).unwrap().0, 204);

    let (status, answer) = ask(
        &instance,
        "query",
        &[("query", "sum by (job) (rate(jobs_total[5m]))"), ("time", "540")],
    );
    assert_eq!(status, 200);
    let expected = json!({"status": "success", "data": {"resultType": "vector",
        "result": [{"metric": {"job": "a"}, "value": [540, "1"]}]}});
    assert_eq!(answer, expected);

    let range = [("query", "jobs_total"), ("start", "0"), ("end", "120"), ("step", "1m")];
    let values = json!([[0, "0"], [60, "60"], [120, "120"]]);
    assert_eq!(ask(&instance, "query_range", &range).1["data"]["result"][0]["values"], values);

    let names = ask(&instance, "labels", &[]).1;
    assert_eq!(names["data"], json!(["__name__", "job"]));
}

#[test]
fn one_bad_series_of_a_write_does_not_cost_the_others() {
    let _guard = beside_others();
    let instance = Instance::start();
    let nameless = series(&[("job", "b")], &[(0, 1.0)]);
    let good = series(&[("__name__", "up"), ("job", "c")], &[(0, 1.0)]);
    let (status, text) = write(&instance, vec![nameless, good]).unwrap();
    assert_eq!(status, 400);
    assert!(text.contains("job"), "it says which: {text}");
    let (_, answer) = ask(&instance, "query", &[("query", "up"), ("time", "0")]);
    assert_eq!(answer["data"]["result"][0]["metric"]["job"], "c");
}

#[test]
fn a_query_that_makes_no_sense_is_told_with_its_place() {
    let _guard = beside_others();
    let instance = Instance::start();
    let (status, answer) = ask(&instance, "query", &[("query", "sum(up")]);
    assert_eq!((status, &answer["errorType"]), (400, &json!("bad_data")));
    let text = answer["error"].as_str().unwrap();
    assert!(text.starts_with("invalid parameter \"query\": 1:7: parse error:"), "{text}");

    let range = [("query", "up"), ("start", "0"), ("end", "100000"), ("step", "1")];
    let (status, answer) = ask(&instance, "query_range", &range);
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("11,000 points"));
}

#[test]
fn a_metric_that_came_over_otlp_has_its_prometheus_name() {
    let _guard = beside_others();
    let instance = Instance::start();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos().to_string();
    let request = json!({"resourceMetrics": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "web"}}]},
        "scopeMetrics": [{"metrics": [{"name": "http.server.served", "unit": "By", "sum": {
            "aggregationTemporality": 2, "isMonotonic": true,
            "dataPoints": [{"asInt": "7", "timeUnixNano": now}]}}]}],
    }]});
    let body = request.to_string().into_bytes();
    let response = instance.export("/v1/metrics", "application/json", body);
    assert_eq!(response.status().as_u16(), 200);
    let (_, answer) = ask(&instance, "query", &[("query", "http_server_served_bytes_total")]);
    let result = &answer["data"]["result"][0];
    assert_eq!((&result["metric"]["job"], &result["value"][1]), (&json!("web"), &json!("7")));
}

#[test]
fn otlp_is_taken_where_prometheus_takes_it() {
    let _guard = beside_others();
    let instance = Instance::start();
    let address = format!("http://{}/prometheus/api/v1/otlp/v1/metrics", instance.listen);
    let send = |kind: &str, body: Vec<u8>| {
        http().post(&address).header("content-type", kind).body(body).send().unwrap()
    };
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos().to_string();
    let request = json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": [
        {"name": "level", "gauge": {"dataPoints": [{"asInt": "3", "timeUnixNano": now}]}},
    ]}]}]});
    let taken = send("application/json", request.to_string().into_bytes());
    assert_eq!((taken.status().as_u16(), taken.text().unwrap().as_str()), (200, "{}"));
    assert_eq!(send("application/x-protobuf", Vec::new()).status().as_u16(), 200);
    assert_eq!(send("application/x-protobuf", vec![0xff; 9]).status().as_u16(), 400);
    assert_eq!(send("text/plain", Vec::new()).status().as_u16(), 415);
    let (_, answer) = ask(&instance, "query", &[("query", "level")]);
    assert_eq!(answer["data"]["result"][0]["value"][1], json!("3"));
}

#[test]
fn acknowledged_samples_survive_being_killed() {
    let _guard = beside_others();
    let data = scratch();
    let mut acknowledged: i64 = 0;
    for _ in 0..5 {
        let instance = Instance::start_on(data.path());
        let process = Pid::from_raw(i32::try_from(instance.pid()).unwrap()).unwrap();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            kill_process(process, Signal::KILL).unwrap();
        });
        while !killer.is_finished() {
            let next = acknowledged + 1;
            #[expect(clippy::cast_precision_loss, reason = "a few thousand samples")]
            let samples = [(next * 1000, next as f64)];
            let written =
                write(&instance, vec![series(&[("__name__", "count"), ("job", "k")], &samples)]);
            if written.is_some_and(|(status, _)| status == 204) {
                acknowledged = next;
            }
        }
        killer.join().unwrap();
        instance.kill();
    }
    assert!(acknowledged > 10, "some were acknowledged: {acknowledged}");
    let instance = Instance::start_on(data.path());
    let query = format!("count_over_time(count[{acknowledged}s])");
    let time = acknowledged.to_string();
    let (_, answer) = ask(&instance, "query", &[("query", &query), ("time", &time)]);
    assert_eq!(answer["data"]["result"][0]["value"][1], json!(time));
}
