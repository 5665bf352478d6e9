//! One rig of targets that vanish, hang, lie and change their mind, scraped by Watchglass and by a real Prometheus with
//! the same `prometheus.yml`. What each shows at the time of its own first, second, third… scrape must be the same.

mod histogram;
mod script;
mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde_json::Value;

use crate::answers::is_same;
use crate::instance::{Instance, beside_others, say, scratch, until};
use crate::prometheus_client::ask;
use crate::reference::{Reference, prometheus};

use script::JOBS;
use server::{Rig, configuration};

const NAME: &str = "scrape_rig::what_is_scraped_is_what_prometheus_scrapes";

/// The series that are there at one moment, by labels.
type View = BTreeMap<String, Value>;

/// Scrapes that bring a series whose sample the store refuses. Prometheus does not count it as added; here the report of
/// a scrape is written together with its samples, before it is known which of them are refused.
const REFUSED: [(&str, usize); 3] = [("times", 3), ("tracked", 3), ("openmetrics", 4)];

fn query(base: &str, text: &str, millis: i64) -> Vec<Value> {
    let time = format!("{}.{:03}", millis / 1000, millis % 1000);
    let (status, answer) = ask(base, "query", &[("query", text), ("time", &time)]);
    assert_eq!(status, 200, "{text}: {answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer["data"]["result"].as_array().unwrap().clone()
}

fn view(base: &str, selector: &str, millis: i64) -> View {
    let series = query(base, selector, millis);
    let shown = series.iter().map(|one| {
        let value = if one["value"].is_null() { &one["histogram"][1] } else { &one["value"][1] };
        (one["metric"].to_string(), value.clone())
    });
    shown.filter(|(labels, _)| !labels.contains("scrape_duration_seconds")).collect()
}

fn now() -> i64 {
    i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

/// The times of a job's scrapes, once there are as many as its script has.
fn scrapes(base: &str, job: &str, count: usize) -> Vec<i64> {
    until(&format!("{count} scrapes of {job}"), || {
        let series = query(base, &format!("up{{rig=\"{job}\"}}[10m]"), now());
        let values = series.first().and_then(|one| one["values"].as_array()).cloned();
        let values = values.unwrap_or_default();
        if values.len() < count { Err(values.len()) } else { Ok(values) }
    })
    .iter()
    .map(|sample| millis(&sample[0]))
    .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
fn millis(seconds: &Value) -> i64 {
    (seconds.as_f64().unwrap() * 1000.0).round() as i64
}

/// What one shows and the other does not, scrape by scrape of every job.
fn differences(ours: &str, theirs: &str) -> (usize, Vec<String>) {
    let (mut compared, mut faults) = (0, Vec::new());
    for job in &JOBS {
        let count = job.script.len();
        let [our_times, their_times] = [ours, theirs].map(|base| scrapes(base, job.name, count));
        let selector = format!("{{rig=\"{}\"}}", job.name);
        for (scrape, (our_time, their_time)) in
            our_times.iter().zip(&their_times).take(count).enumerate()
        {
            let our = view(ours, &selector, *our_time);
            let their = view(theirs, &selector, *their_time);
            compared += our.len().max(their.len());
            let at = format!("{}, scrape {} ({:?})", job.name, scrape + 1, job.script[scrape]);
            let is_refused = REFUSED.contains(&(job.name, scrape + 1));
            let alone = their.keys().filter(|labels| !our.contains_key(*labels));
            for labels in our.keys().chain(alone) {
                let (our, their) = (our.get(labels), their.get(labels));
                let is_same = our.zip(their).is_some_and(|(our, their)| is_same(our, their));
                let is_known = is_refused && labels.contains("scrape_series_added");
                if !(is_same || is_known) {
                    faults.push(format!("{at}: {labels} is {our:?} instead of {their:?}"));
                }
            }
        }
    }
    (compared, faults)
}

/// A job whose target a file names, and one with more targets than it may have. They stand in a file of their own.
fn more_jobs(address: &str, folder: &Path) -> String {
    let (_, port) = address.split_once(':').unwrap();
    format!(
        "- job_name: gone\n  metrics_path: /gone\n  file_sd_configs: [{{files: ['{}']}}]\n\
         - job_name: crowd\n  metrics_path: /crowd\n  target_limit: 1\n  \
         static_configs: [{{targets: ['127.0.0.1:{port}', 'localhost:{port}'], labels: {{rig: crowd}}}}]\n",
        folder.join("targets-*.json").display()
    )
}

/// Takes the target of `gone` away, and looks at its series then: they end when the next scrape would have been.
fn assert_removed_target_ends(bases: [&str; 2], file: &Path) {
    for base in bases {
        scrapes(base, "gone", 2);
    }
    std::fs::remove_file(file).unwrap();
    let last = bases.map(|base| {
        until("the end of a removed target", || {
            let there = view(base, "{rig=\"gone\"}", now());
            if there.is_empty() { Ok(()) } else { Err(there) }
        });
        *scrapes(base, "gone", 2).last().unwrap()
    });
    let views = |after: i64| {
        let each = bases.iter().zip(last);
        each.map(|(base, last)| view(base, "{rig=\"gone\"}", last + after)).collect::<Vec<_>>()
    };
    let before = views(900);
    assert_eq!(before[0], before[1]);
    assert!(before[0].keys().any(|labels| labels.contains("\"__name__\":\"a\"")), "{before:?}");
    assert_eq!(views(1_100), [View::new(), View::new()]);
}

#[test]
fn what_is_scraped_is_what_prometheus_scrapes() {
    let Some(program) = prometheus(NAME) else { return };
    let _guard = beside_others();
    let (rig, folder, data) = (Rig::start(), scratch(), scratch());
    let file = folder.path().join("targets-1.json");
    let targets =
        format!("[{{\"targets\": [\"{}\"], \"labels\": {{\"rig\": \"gone\"}}}}]", rig.address);
    std::fs::write(&file, targets).unwrap();
    let jobs = "scrape_configs:\n".to_owned() + &more_jobs(&rig.address, folder.path());
    std::fs::write(folder.path().join("jobs-more.yml"), jobs).unwrap();
    let more = format!("scrape_config_files: ['{}']\n", folder.path().join("jobs-*.yml").display());
    let own = configuration(&rig.address, "  scrape_native_histograms: true\n", &more);
    std::fs::write(folder.path().join("prometheus.yml"), own).unwrap();
    let instance = Instance::start_with(data.path(), &[folder.path().to_str().unwrap()]);
    let reference = Reference::start(program, &configuration(&rig.address, "", &more));
    let ours = format!("http://{}/prometheus", instance.listen);

    let (compared, faults) = differences(&ours, &reference.base);
    say(&format!(
        "scrape rig: {compared} values of {} jobs compared, {} differ",
        JOBS.len(),
        faults.len()
    ));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for job in ["password", "bearer", "hangs", "vanishes"] {
        assert_eq!(rig.asked("Watchglass", job), rig.asked("Prometheus", job), "{job}");
    }
    let [our, their] = [&ours, &reference.base].map(|base| view(base, "up{rig=\"crowd\"}", now()));
    assert_eq!((our.len(), &our), (2, &their));
    assert_removed_target_ends([&ours, &reference.base], &file);
}
