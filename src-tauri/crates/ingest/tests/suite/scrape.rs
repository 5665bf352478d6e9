//! Scraping a target that vanishes, hangs, lies and changes its mind: the series after each.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use watchglass_ingest::scrape::{Health, Scrapes};
use watchglass_model::STALE;
use watchglass_storage::{Matcher, MillisRange, SeriesReader as _};

use super::scrape_rig::{Does, Rig, TEXT, says};

/// The lines that are not the scrape's own report.
fn exposed(series: &str) -> Vec<&str> {
    series.lines().filter(|line| !line.starts_with("scrape_") && !line.starts_with("up")).collect()
}

fn line<'a>(series: &'a str, name: &str) -> &'a str {
    series.lines().find(|line| line.starts_with(name)).unwrap_or_default()
}

#[tokio::test]
async fn what_vanishes_ends_and_what_comes_back_goes_on() {
    let rig = Rig::new().await;
    let series = rig.run("", &[says("a 1; b 2"), says("a 1"), says("a 1; b 3"), says("b 3")]).await;
    assert_eq!(exposed(&series), ["a 1@1 1@2 1@3 end@4", "b 2@1 end@2 3@3 3@4"]);
    assert_eq!(line(&series, "up"), "up 1@1 1@2 1@3 1@4");
    assert_eq!(line(&series, "scrape_samples_scraped"), "scrape_samples_scraped 2@1 1@2 2@3 1@4");
    assert_eq!(line(&series, "scrape_series_added"), "scrape_series_added 2@1 0@2 1@3 0@4");
}

#[tokio::test]
async fn a_target_that_fails_ends_everything_once() {
    let rig = Rig::new().await;
    let does = [says("a 1"), Does::Fails(503), Does::Fails(503), says("a 2")];
    let series = rig.run("", &does).await;
    assert_eq!(exposed(&series), ["a 1@1 end@2 2@4"]);
    assert_eq!(line(&series, "up"), "up 1@1 0@2 0@3 1@4");
}

#[tokio::test]
async fn a_target_that_hangs_is_given_up() {
    let rig = Rig::new().await;
    let settings = "  scrape_interval: 1s\n  scrape_timeout: 100ms";
    let series = rig.run(settings, &[says("a 1"), Does::Hangs, says("a 2")]).await;
    assert_eq!(exposed(&series), ["a 1@1 end@2 2@3"]);
    assert_eq!(line(&series, "up"), "up 1@1 0@2 1@3");
}

#[tokio::test]
async fn of_a_scrape_that_cannot_be_read_nothing_is_kept_and_what_it_lacks_ends() {
    let rig = Rig::new().await;
    let series = rig.run("", &[says("a 1; b 1"), says("a 2; c 2; b {"), says("a 3; b 3")]).await;
    // What the scrape brought before it broke goes on, and ends later: so Prometheus has it.
    assert_eq!(exposed(&series), ["a 1@1 3@3", "b 1@1 end@2 3@3", "c end@3"]);
    assert_eq!(line(&series, "up"), "up 1@1 0@2 1@3");
    assert_eq!(line(&series, "scrape_samples_scraped"), "scrape_samples_scraped 2@1 2@2 2@3");
}

#[tokio::test]
async fn an_answer_that_does_not_say_what_it_is_fails_unless_a_fallback_is_set() {
    let unknown = || Does::Says("a 1\n".to_owned(), "");
    let html = || Does::Says("a 1\n".to_owned(), "text/html");
    let rig = Rig::new().await;
    let series = rig.run("", &[unknown(), html()]).await;
    assert_eq!((exposed(&series), line(&series, "up")), (vec![], "up 0@1 0@2"));
    let rig = Rig::new().await;
    let settings = "  fallback_scrape_protocol: PrometheusText0.0.4";
    let series = rig.run(settings, &[unknown(), html()]).await;
    assert_eq!((exposed(&series), line(&series, "up")), (vec!["a 1@1 1@2"], "up 1@1 1@2"));
}

#[tokio::test]
async fn labels_that_clash_are_renamed_or_honoured() {
    let exposition = says(r#"a{job="own",instance="",exported_job="x"} 1"#);
    let rig = Rig::new().await;
    let series = rig.run("", std::slice::from_ref(&exposition)).await;
    assert_eq!(exposed(&series), [r#"a{exported_exported_job="own", exported_job="x"} 1@1"#]);
    let rig = Rig::new().await;
    let series = rig.run("  honor_labels: true", &[exposition]).await;
    assert_eq!(exposed(&series), [r#"a{exported_job="x", job="own"} 1@1"#]);
}

#[tokio::test]
async fn an_empty_label_that_is_honoured_keeps_that_of_the_target_away() {
    let rig = Rig::new().await;
    let does = [says(r#"a{instance=""} 1; b 2"#)];
    rig.run("  honor_labels: true", &does).await;
    let instance = |metric| {
        let found = rig.store.select(&[Matcher::metric(metric)], MillisRange::ALL).unwrap();
        found[0].labels().get("instance").to_owned()
    };
    assert_eq!([instance("a"), instance("b")], ["", "i"]);
}

#[tokio::test]
async fn a_series_that_was_too_much_is_new_when_there_is_room() {
    let rig = Rig::new().await;
    let does = [says("a 1; b 1"), says("a 2; b 2; c 2"), says("a 3; c 3")];
    let series = rig.run("  sample_limit: 2", &does).await;
    assert_eq!(line(&series, "scrape_series_added"), "scrape_series_added 2@1 0@2 1@3");
}

#[tokio::test]
async fn own_timestamps_count_unless_they_are_not_honoured_and_never_end() {
    let does = [says("a 1 500; b 1"), says("b 2")];
    let rig = Rig::new().await;
    let series = rig.run("", &does).await;
    assert_eq!(exposed(&series), ["a 1@0", "b 1@1 2@2"]);
    let rig = Rig::new().await;
    let series = rig.run("  honor_timestamps: false", &does).await;
    assert_eq!(exposed(&series), ["a 1@1 end@2", "b 1@1 2@2"]);
    let rig = Rig::new().await;
    let series = rig.run("  track_timestamps_staleness: true", &does).await;
    assert_eq!(exposed(&series), ["a 1@0 end@2", "b 1@1 2@2"]);
}

#[tokio::test]
async fn of_samples_for_the_same_time_the_first_is_kept() {
    let rig = Rig::new().await;
    let series = rig.run("", &[says("a 1; a 2; b 3"), says("a 4")]).await;
    assert_eq!(exposed(&series), ["a 1@1 4@2", "b 3@1 end@2"]);
    let relabelled = "scrape_samples_post_metric_relabeling";
    assert_eq!(line(&series, relabelled), format!("{relabelled} 3@1 1@2"));
}

#[tokio::test]
async fn samples_are_relabelled_before_they_are_counted() {
    let settings = "  sample_limit: 2
  metric_relabel_configs:
  - {source_labels: [__name__], regex: go_.*, action: drop}
  - {source_labels: [path], target_label: route}
  - {regex: path, action: labeldrop}";
    let rig = Rig::new().await;
    let does = [says(r#"go_a 1; go_b 1; a{path="/x"} 1; b 1"#), says("a 1; b 1; c 1")];
    let series = rig.run(settings, &does).await;
    assert_eq!(exposed(&series), [r#"a{route="/x"} 1@1 end@2"#, "b 1@1"]);
    assert_eq!(line(&series, "up"), "up 1@1 0@2");
    assert_eq!(line(&series, "scrape_samples_scraped"), "scrape_samples_scraped 4@1 3@2");
    assert_eq!(line(&series, "scrape_series_added"), "scrape_series_added 2@1 1@2");
}

#[tokio::test]
async fn limits_of_labels_and_size_fail_the_whole_scrape() {
    let cases = [
        ("  label_limit: 3", r#"a{b="c"} 1"#),
        ("  label_name_length_limit: 8", r#"a{much_too_long="c"} 1"#),
        ("  label_value_length_limit: 5", r#"a{b="much too long"} 1"#),
        ("  body_size_limit: 4B", "a 1; b 1"),
    ];
    for (settings, exposition) in cases {
        let rig = Rig::new().await;
        let settings = format!("{settings}\n  extra_scrape_metrics: true");
        let series = rig.run(&settings, &[says(exposition)]).await;
        assert_eq!((exposed(&series), line(&series, "up")), (vec![], "up 0@1"), "{settings}");
        let size = line(&series, "scrape_body_size_bytes");
        assert_eq!(size.contains("-1@1"), settings.contains("body"), "{size}");
        assert_eq!(line(&series, "scrape_timeout_seconds"), "scrape_timeout_seconds 10@1");
    }
}

#[tokio::test]
async fn compressed_answers_redirects_and_credentials_work() {
    let rig = Rig::new().await;
    let settings =
        "  basic_auth: {username: u, password: p}\n  http_headers: {X-Own: {values: [y]}}";
    let series = rig.run(settings, &[Does::Zips("a 1\n".to_owned())]).await;
    assert_eq!(exposed(&series), ["a 1@1"]);
    let headers = rig.headers.lock().unwrap().clone();
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!([header("authorization"), header("x-own")], ["Basic dTpw", "y"]);
    assert_eq!(header("x-prometheus-scrape-timeout-seconds"), "10");
    assert_eq!(
        header("accept"),
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
         application/openmetrics-text;version=0.0.1;q=0.5,\
         text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    );
    let rig = Rig::new().await;
    rig.tell(&[Does::Redirects("/elsewhere")]);
    let series = rig.run("  authorization: {credentials: t}", &[says("a 1")]).await;
    assert_eq!(exposed(&series), ["a 1@1"]);
    assert_eq!(rig.headers.lock().unwrap()["authorization"], "Bearer t");
    let rig = Rig::new().await;
    let series = rig.run("  follow_redirects: false", &[Does::Redirects("/elsewhere")]).await;
    assert_eq!(line(&series, "up"), "up 0@1");
}

#[tokio::test]
async fn openmetrics_brings_exemplars_and_what_metrics_are() {
    let rig = Rig::new().await;
    let text = "# TYPE a counter\n# UNIT a_seconds seconds\n# HELP a what it is\na_total 1 # {trace_id=\"t\"} 0.5\n# EOF\n";
    let kind = "application/openmetrics-text; version=1.0.0";
    rig.run("", &[Does::Says(text.to_owned(), kind)]).await;
    let found = rig.store.exemplars(&[], MillisRange::ALL).unwrap();
    let (labels, exemplars) = &found[0];
    assert_eq!((labels.name(), exemplars[0].labels.get("trace_id")), ("a_total", "t"));
    let metadata = rig.store.metadata(Some("a")).unwrap();
    assert_eq!(
        (metadata[0].1[0].kind.as_str(), metadata[0].1[0].help.as_str()),
        ("counter", "what it is")
    );
}

#[tokio::test]
async fn a_removed_target_ends_and_a_reload_that_changes_nothing_disturbs_nobody() {
    let rig = Rig::new().await;
    rig.tell(&vec![Does::Says("a 1\n".to_owned(), TEXT); 1000]);
    let scrapes = Scrapes::new(Arc::clone(&rig.store) as _);
    let settings = "  scrape_interval: 100ms\n  scrape_timeout: 100ms";
    let configuration = rig.configuration(settings);
    scrapes.apply(&configuration);
    let samples = || {
        let found = rig.store.select(&[Matcher::metric("a")], MillisRange::ALL).unwrap();
        let mut samples = watchglass_model::Samples::default();
        if let Some(cursor) = found.first() {
            cursor.read(MillisRange::ALL, &mut samples).unwrap();
        }
        samples
    };
    until(|| samples().len() >= 3).await;
    scrapes.apply(&configuration);
    let [pool] = &scrapes.pools()[..] else { panic!("one job") };
    let (target, status) = &pool.active[0];
    assert_eq!((target.labels.get("job"), status.health), ("rig", Health::Up));
    let gone = rig.configuration(
        "  scrape_interval: 100ms\n  scrape_timeout: 100ms\n  relabel_configs: [{action: drop}]",
    );
    scrapes.apply(&gone);
    until(|| samples().floats.last().is_some_and(|last| last.to_bits() == STALE.to_bits())).await;
    let samples = samples();
    let markers = samples.floats.iter().filter(|value| value.is_nan()).count();
    assert_eq!(markers, 1, "only the removal ends the series");
    until(|| scrapes.pools()[0].dropped_count == 1).await;
}

async fn until(mut holds: impl FnMut() -> bool) {
    let wait = async {
        while !holds() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_mins(1), wait).await.expect("it never came about");
}
