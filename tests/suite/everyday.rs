//! The everyday set-up: a service and an exporter that are scraped, jobs that push, libraries that send StatsD; real clients,
//! unchanged, and everything asked for in PromQL afterwards.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::clients::python;
use crate::instance::{Instance, beside_others, http, scratch, until};
use crate::prometheus;

/// A process of the set-up; dropped, it is killed.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn client(words: &[&str]) -> Command {
    let mut command = python();
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("clients"));
    command.arg("everyday.py").args(words).env("NO_PROXY", "127.0.0.1");
    command
}

/// Runs a client to its end.
fn run(words: &[&str]) {
    let output = client(words).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {}\n{err}", output.status);
}

/// The `FastAPI` service and its port.
fn service() -> (Process, u16) {
    let mut child = client(&["serve"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Process(child), line.trim().parse().unwrap())
}

/// Debian's node exporter and its port.
fn node_exporter() -> (Process, u16) {
    // It cannot tell which port it got, so one is looked for that is free now.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new("prometheus-node-exporter");
    command.arg(format!("--web.listen-address=127.0.0.1:{port}")).stderr(Stdio::null());
    let child =
        command.spawn().expect("prometheus-node-exporter is missing: run `cargo xtask test`");
    (Process(child), port)
}

/// The values of a query by the labels that are asked for.
fn ask(instance: &Instance, query: &str) -> Vec<(Value, f64)> {
    let (_, answer) = prometheus::ask(instance, "query", &[("query", query)]);
    assert_eq!(answer["status"], "success", "{query}: {answer}");
    let result = answer["data"]["result"].as_array().unwrap().iter();
    result
        .map(|one| (one["metric"].clone(), one["value"][1].as_str().unwrap().parse().unwrap()))
        .collect()
}

/// Waits until a query has one series with this value.
fn expect(instance: &Instance, query: &str, value: f64) {
    until(query, || {
        let found = ask(instance, query);
        match found.as_slice() {
            [(_, one)] if (one - value).abs() < 1e-9 => Ok(()),
            _ => Err(found),
        }
    });
}

/// An instance on a workspace with these files, receiving StatsD.
fn instance_with(files: &[(&str, &str)]) -> (Instance, tempfile::TempDir, SocketAddr) {
    let folder = scratch();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let data = folder.path().join("data");
    let workspace = folder.path().to_str().unwrap();
    let instance = Instance::start_with(&data, &["--statsd", "127.0.0.1:0", workspace]);
    let status = instance.get("/api/status");
    let receivers = status["receivers"].as_array().unwrap();
    let statsd = receivers.iter().find(|one| one["name"] == "statsd").unwrap();
    assert_eq!(statsd["state"], "listening");
    let address = statsd["address"].as_str().unwrap().parse().unwrap();
    (instance, folder, address)
}

const EVERY_SECOND: &str = "global: {scrape_interval: 1s, scrape_timeout: 1s}\n";

#[test]
fn a_service_and_an_exporter_are_scraped() {
    let _beside = beside_others();
    let (_service, port) = service();
    let (_exporter, exporter_port) = node_exporter();
    let configuration = format!(
        "{EVERY_SECOND}scrape_configs:\n\
         - job_name: shop\n  static_configs: [{{targets: ['127.0.0.1:{port}']}}]\n\
         - job_name: node\n  static_configs: [{{targets: ['127.0.0.1:{exporter_port}']}}]\n"
    );
    let (instance, _folder, _) = instance_with(&[("prometheus.yml", &configuration)]);
    for item in ["tea", "tea", "cake"] {
        let url = format!("http://127.0.0.1:{port}/order/{item}");
        until("an order", || http().get(&url).send().map_err(|error| error.to_string()));
    }
    expect(&instance, "orders_total{item='tea', job='shop'}", 2.0);
    expect(&instance, "sum(orders_total)", 3.0);
    expect(&instance, "order_wait_seconds_bucket{le='1.0'}", 3.0);
    expect(&instance, "histogram_quantile(0.5, order_wait_seconds_bucket)", 0.55);
    expect(&instance, "up{job='node'}", 1.0);
    let metrics = text_of(&format!("http://127.0.0.1:{exporter_port}/metrics"));
    let told = metrics.lines().find_map(|line| line.strip_prefix("node_memory_MemTotal_bytes "));
    expect(&instance, "node_memory_MemTotal_bytes{job='node'}", told.unwrap().parse().unwrap());
    expect(&instance, "count(node_cpu_seconds_total{mode='idle'}) > bool 0", 1.0);
}

fn text_of(url: &str) -> String {
    http().get(url).send().unwrap().text().unwrap()
}

#[test]
fn jobs_push_with_prometheus_client() {
    let _beside = beside_others();
    let (instance, folder, _) = instance_with(&[("prometheus.yml", EVERY_SECOND)]);
    let gateway = format!("http://{}/pushgateway", instance.listen);
    run(&["push", &gateway]);
    // What was acknowledged is there at once, with the labels of the group.
    let found = ask(&instance, "job_last_success");
    let labels = serde_json::json!({
        "__name__": "job_last_success", "instance": "nightly", "job": "backup", "path": "/var/tmp",
    });
    assert_eq!(found, [(labels, 1234.5)]);
    expect(&instance, "job_rows{table='orders', job='backup'}", 8.0);
    expect(&instance, "histogram_quantile(1, job_seconds_bucket)", 10.0);
    expect(&instance, "push_time_seconds{job='backup'} > bool 1600000000", 1.0);
    assert!(ask(&instance, "job_gone").is_empty(), "a deleted group has ended");
    assert_eq!(ask(&instance, "count_over_time(job_gone[1m])").len(), 1);
    expect(&instance, "count_over_time(job_last_success[1m]) > bool 3", 1.0);
    let metadata = instance.get("/prometheus/api/v1/metadata?metric=job_rows");
    assert_eq!(metadata["data"]["job_rows"][0]["type"], "gauge");
    // It is kept over a kill, and is written on.
    instance.kill();
    let data = folder.path().join("data");
    let instance = Instance::start_with(&data, &[folder.path().to_str().unwrap()]);
    let exposed = text_of(&format!("http://{}/pushgateway/metrics", instance.listen));
    assert!(
        exposed.contains("job_rows{instance=\"nightly\",job=\"backup\",path=\"/var/tmp\""),
        "{exposed}"
    );
    assert!(!exposed.contains("job_gone"), "{exposed}");
    expect(&instance, "job_rows", 8.0);
}

const AIRFLOW: &str = "mappings:\n\
    - match: airflow.dagrun.duration.success.*\n  name: airflow_dagrun_duration_seconds\n  observer_type: histogram\n  \
      histogram_options: {buckets: [1, 2]}\n  labels: {dag_id: $1, state: success}\n\
    - match: airflow.pool.open_slots.*\n  name: airflow_pool_open_slots\n  labels: {pool: $1}\n";

#[test]
fn libraries_send_statsd() {
    let _beside = beside_others();
    let files = [("prometheus.yml", EVERY_SECOND), ("statsd_mapping.yml", AIRFLOW)];
    let (instance, folder, address) = instance_with(&files);
    until("the mappings", || {
        let told = text_of(&format!("http://{}/metrics", instance.listen));
        if told.contains("statsd_exporter_loaded_mappings 2\n") { Ok(()) } else { Err(told) }
    });
    run(&["statsd", "127.0.0.1", &address.port().to_string()]);
    for (query, value) in [
        ("airflow_ti_failures", 3.0),
        ("airflow_scheduler_heartbeat", 2.0),
        ("airflow_pool_open_slots{pool='default_pool'}", 6.0),
        ("airflow_dagrun_duration_seconds_bucket{dag_id='my_dag', state='success', le='2.0'}", 1.0),
        ("airflow_dagrun_duration_seconds_sum", 1.5),
        ("stream_hits", 2.0),
        ("stream_level", 42.0),
        ("stream_task{quantile='0.5'}", 0.25),
        ("dog_visits{page='home', env='dev'}", 5.0),
        ("dog_size_sum{page='home'}", 20.0),
    ] {
        expect(&instance, query, value);
    }
    let status = instance.get("/api/status");
    let receivers = status["receivers"].as_array().unwrap();
    let statsd = receivers.iter().find(|one| one["name"] == "statsd").unwrap();
    assert_eq!((&statsd["points"], &statsd["rejected"]), (&11.into(), &0.into()), "{statsd}");
    // A mapping that is changed is in force without a restart; one with a fault changes nothing and is told.
    let changed = AIRFLOW.replace("airflow_pool_open_slots", "slots");
    fs::write(folder.path().join("statsd_mapping.yml"), changed).unwrap();
    let reload = format!("http://{}/-/reload", instance.listen);
    assert!(http().post(&reload).send().unwrap().status().is_success());
    run(&["statsd", "127.0.0.1", &address.port().to_string()]);
    expect(&instance, "slots{pool='default_pool'}", 6.0);
    fs::write(folder.path().join("statsd_mapping.yml"), "mappings:\n- match: a..b\n").unwrap();
    let refused = http().post(&reload).send().unwrap().text().unwrap();
    assert!(refused.contains("statsd_mapping.yml:2:3: "), "{refused}");
}
