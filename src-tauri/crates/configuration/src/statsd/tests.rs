//! Mapping files: what they match, what they make of it, and what is told of faults.

use std::time::Duration;

use super::*;

fn read(text: &str) -> StatsdMappings {
    StatsdMappings::read(text).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The name and labels that a counter gets.
fn mapped(mappings: &StatsdMappings, metric: &str) -> Option<String> {
    let found = mappings.find(metric, StatsdKind::Counter)?;
    let labels = found.labels.iter().map(|(name, value)| format!("{name}={value}"));
    Some(format!("{}{{{}}}", found.name, labels.collect::<Vec<_>>().join(",")))
}

fn faults(text: &str) -> Vec<String> {
    let faults = StatsdMappings::read(text).expect_err(text);
    faults
        .iter()
        .map(|one| format!("{}:{}: {}", one.place.line, one.place.column, one.message))
        .collect()
}

const AIRFLOW: &str = r#"
defaults:
  observer_type: histogram
mappings:
- match: "airflow.dagrun.duration.success.*"
  name: airflow_dag_run_duration
  observer_type: summary
  ttl: 1m20s
  labels:
    dag_id: "$1"
    state: success
- match: "airflow.dag.*.*.duration"
  name: airflow_task_duration
  labels: {dag_id: "$1", task_id: "$2"}
- match: "(.+)\\.ti_(failures|successes)"
  match_type: regex
  name: "${1}_ti_total"
  labels: {outcome: "$2"}
- match: "airflow.*"
  action: drop
  name: dropped
"#;

#[test]
fn names_in_the_style_of_airflow_become_labels() {
    let mappings = read(AIRFLOW);
    let of = |metric| mapped(&mappings, metric);
    assert_eq!(
        of("airflow.dagrun.duration.success.my_dag").as_deref(),
        Some("airflow_dag_run_duration{dag_id=my_dag,state=success}")
    );
    assert_eq!(
        of("airflow.dag.my-dag.load.duration").as_deref(),
        Some("airflow_task_duration{dag_id=my-dag,task_id=load}")
    );
    assert_eq!(
        of("airflow.a.ti_failures").as_deref(),
        Some("airflow.a_ti_total{outcome=failures}")
    );
    assert_eq!(of("airflow.dag.my.dag.load.duration"), None, "a star is one word");
    let found = mappings.find("airflow.dagrun.duration.success.d", StatsdKind::Observer).unwrap();
    assert_eq!(found.mapping.observer, ObserverType::Summary);
    assert_eq!(found.mapping.ttl, Some(Duration::from_secs(80)));
    let dropped = mappings.find("airflow.scheduler", StatsdKind::Gauge).unwrap();
    assert_eq!(dropped.mapping.action, StatsdAction::Drop);
    assert_eq!(dropped.mapping.observer, ObserverType::Histogram);
}

#[test]
fn globs_go_first_and_among_them_the_first() {
    let text = "mappings:\n- {match: 'a.*', match_type: regex, name: regex}\n\
                - {match: a.*.c, name: star}\n- {match: a.b.c, name: word}\n";
    assert_eq!(mapped(&read(text), "a.b.c").as_deref(), Some("star{}"));
    assert_eq!(mapped(&read(text), "a.b.d").as_deref(), Some("regex{}"));
    let unordered = format!("defaults:\n  glob_disable_ordering: true\n{text}");
    assert_eq!(mapped(&read(&unordered), "a.b.c").as_deref(), Some("word{}"));
}

#[test]
fn a_mapping_may_be_for_one_kind_of_metric() {
    let mappings = read(
        "mappings:\n- {match: a.b, match_metric_type: timer, name: t}\n- {match: a.b, name: rest}\n",
    );
    let name = |kind| mappings.find("a.b", kind).map(|found| found.name);
    assert_eq!(name(StatsdKind::Observer).as_deref(), Some("t"));
    assert_eq!(name(StatsdKind::Gauge).as_deref(), Some("rest"));
}

#[test]
fn options_have_older_spellings() {
    let mappings = read(
        "mappings:\n- match: a\n  name: a\n  timer_type: histogram\n  buckets: [0.1, 1, .inf]\n\
         - match: b\n  name: b\n  quantiles: [{quantile: 0.75, error: 0.1}]\n\
         - match: c\n  name: c\n  summary_options: {max_age: 30s, age_buckets: 3}\n",
    );
    let found = |metric| mappings.find(metric, StatsdKind::Observer).unwrap().mapping.clone();
    assert_eq!(
        (found("a").observer, found("a").buckets),
        (ObserverType::Histogram, vec![0.1, 1.0])
    );
    assert_eq!(found("b").summary.quantiles, [Quantile { quantile: 0.75, error: 0.1 }]);
    let summary = found("c").summary;
    assert_eq!((summary.max_age, summary.age_buckets), (Duration::from_secs(30), 3));
    assert_eq!(summary.quantiles.len(), 3);
}

#[test]
fn faults_are_told_with_their_places_and_all_at_once() {
    let found = faults(
        "mappings:\n- match: a..b\n  name: x\n- match: a\n- match: '('\n  match_type: regex\n  name: 9\n\
         - match: c\n  name: c\n  labels: {a-b: x}\n  ttl: soon\n  action: keep\n",
    );
    let beginnings = [
        "2:3: invalid match: a..b",
        "4:3: metric mapping didn't set a metric name",
        "5:3: invalid regex (",
        "7:3: metric name '9'",
        "10:12: invalid label key: a-b",
        "11:3: time: invalid duration \"soon\"",
        "12:3: invalid action type \"keep\"",
    ];
    assert_eq!(found.len(), beginnings.len(), "{found:#?}");
    for (fault, beginning) in found.iter().zip(beginnings) {
        assert!(fault.starts_with(beginning), "{fault} is not {beginning}");
    }
}

#[test]
fn an_observer_has_the_options_of_its_kind() {
    let found = faults(
        "mappings:\n- match: a\n  name: a\n  observer_type: histogram\n  summary_options: {max_age: 1s}\n",
    );
    assert!(found[0].contains("histogram observer and summary options"), "{found:?}");
}

#[test]
fn an_empty_file_maps_nothing_and_unknown_fields_are_passed_over() {
    assert_eq!(read(""), StatsdMappings::default());
    assert_eq!(read("mappings:\n- {match: a, name: a, comment: no}\n").len(), 1);
    assert!(StatsdMappings::read("mappings: [").is_err());
}
