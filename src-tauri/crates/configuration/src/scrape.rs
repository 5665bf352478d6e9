//! One of `scrape_configs`: a job, where its targets are, how they are scraped, what becomes of their samples.

use std::time::Duration;

use crate::discovery::Discovery;
use crate::fault::Reading;
use crate::global::{Global, HistogramChoice, Limits, given, names};
use crate::http::HttpClient;
use crate::names::Names;
use crate::protocols;
use crate::relabel::RelabelRule;
use crate::yaml::{Fields, Node, Value, text};

/// A job. What the file does not say is filled in from `global`.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the file")]
pub struct ScrapeConfig {
    /// The label `job` of its targets.
    pub job_name: String,
    /// Whether labels of samples go before those of targets.
    pub honor_labels: bool,
    /// Whether timestamps of samples count.
    pub honor_timestamps: bool,
    /// Whether series with timestamps of their own end when they vanish.
    pub track_timestamps_staleness: bool,
    /// Parameters of the request.
    pub params: Vec<(String, Vec<String>)>,
    /// How often.
    pub scrape_interval: Duration,
    /// How long a scrape may take.
    pub scrape_timeout: Duration,
    /// The formats that are asked for, best first.
    pub scrape_protocols: Vec<String>,
    /// The format of answers that do not say what they are.
    pub fallback_scrape_protocol: Option<String>,
    /// How histograms are scraped.
    pub histograms: HistogramChoice,
    /// The most buckets of a native histogram; zero is no limit.
    pub native_histogram_bucket_limit: u64,
    /// The least factor from one bucket to the next.
    pub native_histogram_min_bucket_factor: f64,
    /// Where failed scrapes are logged.
    pub scrape_failure_log_file: String,
    /// The path of the request.
    pub metrics_path: String,
    /// `http` or `https`.
    pub scheme: String,
    /// Whether a compressed answer is asked for.
    pub enable_compression: bool,
    /// The limits of a scrape.
    pub limits: Limits,
    /// Which names are valid.
    pub names: Names,
    /// How names that are not classic are asked for.
    pub escaping: String,
    /// Whether scrapes report on themselves in more detail.
    pub extra_scrape_metrics: bool,
    /// Where targets come from.
    pub discoveries: Vec<Discovery>,
    /// How requests are sent.
    pub client: HttpClient,
    /// What becomes of targets.
    pub relabel_configs: Vec<RelabelRule>,
    /// What becomes of samples.
    pub metric_relabel_configs: Vec<RelabelRule>,
}

const TARGET_RULE: &str = "empty or null target relabeling rule in scrape config";
const METRIC_RULE: &str = "empty or null metric relabeling rule in scrape config";

impl ScrapeConfig {
    pub(crate) fn read(node: &Node, global: &Global, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.ScrapeConfig", reading);
        let or = |name, default: &str| fields.text(name).unwrap_or_else(|| default.to_owned());
        let flag = |name, default| fields.flag(name).unwrap_or(default);
        let job_name = fields.text("job_name").unwrap_or_default();
        if job_name.is_empty() {
            fields.fault("job_name", "job_name is empty");
        }
        let histograms = HistogramChoice::read(&fields, global.histograms);
        let own_names = names(&fields);
        let names = own_names.unwrap_or(global.names);
        let scrape_interval =
            given(fields.duration("scrape_interval")).unwrap_or(global.scrape_interval);
        let job = Self {
            honor_labels: flag("honor_labels", false),
            honor_timestamps: flag("honor_timestamps", true),
            track_timestamps_staleness: flag("track_timestamps_staleness", false),
            params: params(&fields),
            scrape_interval,
            scrape_timeout: timeout(&fields, &job_name, scrape_interval, global),
            scrape_protocols: scrape_protocols(&fields, &job_name, histograms.native, global),
            fallback_scrape_protocol: fallback(&fields, &job_name),
            histograms,
            native_histogram_bucket_limit: fields
                .count("native_histogram_bucket_limit")
                .unwrap_or(0),
            native_histogram_min_bucket_factor: fields
                .number("native_histogram_min_bucket_factor")
                .unwrap_or(0.0),
            scrape_failure_log_file: or("scrape_failure_log_file", &global.scrape_failure_log_file),
            metrics_path: or("metrics_path", "/metrics"),
            scheme: or("scheme", "http"),
            enable_compression: flag("enable_compression", true),
            limits: Limits::read(&fields, global.limits),
            names,
            escaping: escaping(&fields, own_names, names, global),
            extra_scrape_metrics: flag("extra_scrape_metrics", global.extra_scrape_metrics),
            discoveries: Discovery::all(&fields, names),
            client: HttpClient::read(&fields),
            relabel_configs: RelabelRule::all(&fields, "relabel_configs", TARGET_RULE, names),
            metric_relabel_configs: RelabelRule::all(
                &fields,
                "metric_relabel_configs",
                METRIC_RULE,
                names,
            ),
            job_name,
        };
        if job.relabel_configs.is_empty() {
            check_static_targets(&fields);
        }
        fields.finish();
        job
    }
}

fn params(fields: &Fields<'_>) -> Vec<(String, Vec<String>)> {
    let pairs = fields.pairs("params").iter().map(|(key, node)| {
        let values = match &node.value {
            Value::List(items) => items.iter().map(|item| text(item, fields.reading)).collect(),
            _ => vec![text(node, fields.reading)],
        };
        (key.text.clone(), values)
    });
    pairs.collect()
}

fn timeout(fields: &Fields<'_>, job: &str, interval: Duration, global: &Global) -> Duration {
    let timeout = given(fields.duration("scrape_timeout"));
    if timeout.is_some_and(|timeout| timeout > interval) {
        let message = format!(
            "scrape timeout greater than scrape interval for scrape config with job name {job:?}"
        );
        fields.fault("scrape_timeout", message);
    }
    timeout.unwrap_or(global.scrape_timeout.min(interval))
}

fn scrape_protocols(fields: &Fields<'_>, job: &str, native: bool, global: &Global) -> Vec<String> {
    let own = fields.texts("scrape_protocols");
    if let Some(own) = &own
        && let Err(message) = protocols::check(own)
    {
        let message = format!("{message} for scrape config with job name {job:?}");
        fields.fault("scrape_protocols", message);
    }
    own.or_else(|| global.scrape_protocols.clone()).unwrap_or_else(|| protocols::defaults(native))
}

fn fallback(fields: &Fields<'_>, job: &str) -> Option<String> {
    let fallback = fields.text("fallback_scrape_protocol").filter(|text| !text.is_empty())?;
    if let Err(message) = protocols::check_one(&fallback) {
        let message = format!(
            "invalid fallback_scrape_protocol for scrape config with job name {job:?}: {message}"
        );
        fields.fault("fallback_scrape_protocol", message);
    }
    Some(fallback)
}

const ESCAPINGS: [&str; 4] = ["allow-utf-8", "underscores", "dots", "values"];

/// How names are asked for: as the job says, or as its own scheme of names implies, or as `global` does.
fn escaping(
    fields: &Fields<'_>,
    own_names: Option<Names>,
    names: Names,
    global: &Global,
) -> String {
    let implied = |names| if names == Names::Legacy { "underscores" } else { "allow-utf-8" };
    let own = fields.text("metric_name_escaping_scheme").unwrap_or_default();
    let escaping = if !own.is_empty() {
        own
    } else if own_names.is_none() && !global.escaping.is_empty() {
        global.escaping.clone()
    } else {
        implied(names).to_owned()
    };
    if !ESCAPINGS.contains(&escaping.as_str()) {
        let message = format!(
            "unknown scrape config name escaping method specified, must be one of 'allow-utf-8', 'underscores', \
             'dots', or 'values', got {escaping:?}"
        );
        fields.fault("metric_name_escaping_scheme", message);
    }
    if escaping == "allow-utf-8" && names == Names::Legacy {
        let message = "utf8 metric names requested but validation scheme is not set to UTF8";
        fields.fault("metric_name_escaping_scheme", message);
    }
    escaping
}

/// Users put whole addresses where host and port belong.
pub(crate) fn check_static_targets(fields: &Fields<'_>) {
    for group in fields.items("static_configs").unwrap_or_default() {
        let Value::Map(pairs) = &group.value else { continue };
        let targets = pairs.iter().filter(|(key, _)| key.text == "targets");
        for (_, targets) in targets {
            let Value::List(targets) = &targets.value else { continue };
            for target in targets {
                let address = text(target, fields.reading);
                if address.contains('/') {
                    fields
                        .reading
                        .fault(target.place, format!("{address:?} is not a valid hostname"));
                }
            }
        }
    }
}
