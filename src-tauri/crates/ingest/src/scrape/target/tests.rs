//! What becomes of what a discovery finds.

use std::path::Path;

use watchglass_configuration::{Configuration, Discovery, Surroundings};

use super::*;

fn targeted(job: &str) -> Vec<Targeted> {
    let text = format!("scrape_configs:\n- job_name: shop\n{job}");
    let surroundings =
        Surroundings { folder: Path::new("."), environment: &|_| None, files: &|_| Vec::new() };
    let found = Configuration::read(&text, &surroundings).unwrap();
    let config = &found.scrape_configs[0];
    let [Discovery::Static(groups)] = &config.discoveries[..] else { panic!("static groups") };
    groups.iter().flat_map(|group| Target::of_group(group, config)).collect()
}

fn target(job: &str) -> Target {
    match targeted(job).remove(0) {
        Targeted::Target(target) => *target,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_said_comes_from_the_job() {
    let target = target(
        "  params: {module: [http_2xx, other], a: [x y]}
  static_configs: [{targets: ['host:80'], labels: {env: dev, __param_a: z, __meta_x: gone}}]",
    );
    assert_eq!(target.url.as_str(), "http://host/metrics?a=z&module=http_2xx&module=other");
    let labels = [("env", "dev"), ("instance", "host:80"), ("job", "shop")];
    assert_eq!(target.labels, Labels::from_pairs(labels));
    assert_eq!(target.discovered.get("__scrape_interval__"), "1m");
    assert_eq!(target.discovered.get("__meta_x"), "gone");
    assert_eq!((target.interval.as_secs(), target.timeout.as_secs()), (60, 10));
}

#[test]
fn relabelling_sets_address_path_scheme_interval_and_instance() {
    let target = target(
        "  static_configs: [{targets: ['probe']}]
  relabel_configs:
  - {source_labels: [__address__], target_label: instance}
  - {replacement: 'exporter:9115', target_label: __address__}
  - {replacement: https, target_label: __scheme__}
  - {replacement: /probe, target_label: __metrics_path__}
  - {replacement: 30s, target_label: __scrape_interval__}",
    );
    assert_eq!(target.url.as_str(), "https://exporter:9115/probe");
    assert_eq!((target.labels.get("instance"), target.interval.as_secs()), ("probe", 30));
}

#[test]
fn what_is_no_target_says_why() {
    let refused = |rule: &str| {
        let job = format!("  static_configs: [{{targets: [a]}}]\n  relabel_configs: [{rule}]");
        match targeted(&job).remove(0) {
            Targeted::Refused(_, fault) => fault.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let address = refused("{regex: __address__, action: labeldrop}");
    assert_eq!(address, "no address");
    let slash = refused("{replacement: 'http://a', target_label: __address__}");
    assert_eq!(slash, "\"http://a\" is not a valid hostname");
    let zero = refused("{replacement: 0s, target_label: __scrape_interval__}");
    assert_eq!(zero, "scrape interval cannot be 0");
    let long = refused("{replacement: 2m, target_label: __scrape_timeout__}");
    assert_eq!(long, "scrape timeout cannot be greater than scrape interval (\"2m\" > \"1m\")");
    let wrong = refused("{replacement: soon, target_label: __scrape_interval__}");
    assert_eq!(wrong, "error parsing scrape interval: not a valid duration string: \"soon\"");
}

#[test]
fn a_dropped_target_keeps_what_was_discovered() {
    let found = targeted(
        "  static_configs: [{targets: [a, b]}]
  relabel_configs: [{source_labels: [__address__], regex: a, action: drop}]",
    );
    let [Targeted::Dropped(labels), Targeted::Target(_)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(labels.get("__address__"), "a");
}

#[test]
fn durations_are_written_as_prometheus_writes_them() {
    let texts = [
        (90_000, "1m30s"),
        (60_000, "1m"),
        (86_400_000, "1d"),
        (100, "100ms"),
        (694_800_000, "8d1h"),
    ];
    for (millis, text) in texts {
        assert_eq!(duration_text(Duration::from_millis(millis)), text);
    }
}
