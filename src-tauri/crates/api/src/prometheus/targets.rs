//! `targets`, `targets/metadata`, `targets/relabel_steps`, `scrape_pools`: who is scraped, why, and what they say.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::State;
use chrono::{DateTime, SecondsFormat};
use serde::Serialize;
use watchglass_configuration::{RelabelRule, relabel_steps};
use watchglass_ingest::scrape::{Health, PoolStatus, Target, TargetStatus};
use watchglass_model::Labels;
use watchglass_promql::syntax::parse_selector;
use watchglass_storage::all_match;

use super::answer::written;
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use crate::routes::Held;

/// Go's zero time, which stands for never.
const NEVER: &str = "0001-01-01T00:00:00Z";

type Set = BTreeMap<String, String>;

/// Targets, those that relabelling dropped among them.
#[derive(Debug, Default, Serialize)]
struct Targets {
    #[serde(rename = "activeTargets")]
    active: Vec<Active>,
    #[serde(rename = "droppedTargets")]
    dropped: Vec<Dropped>,
    #[serde(rename = "droppedTargetCounts")]
    /// None where dropped ones are not asked for.
    dropped_counts: Option<BTreeMap<String, usize>>,
}

/// A target.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Active {
    discovered_labels: Set,
    labels: Set,
    scrape_pool: String,
    scrape_url: String,
    global_url: String,
    last_error: String,
    last_scrape: String,
    last_scrape_duration: f64,
    health: &'static str,
    scrape_interval: String,
    scrape_timeout: String,
}

/// What relabelling dropped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dropped {
    discovered_labels: Set,
    scrape_pool: String,
}

/// Targets by `state` (`active`, `dropped`, or `any` and nothing for both) and `scrapePool`.
pub(super) async fn targets(State(workbench): Held, parameters: Parameters) -> Answer {
    let state = parameters.get("state").to_lowercase();
    let wanted = parameters.get("scrapePool");
    let shows = |own: &str| matches!(state.as_str(), "" | "any") || state == own;
    let mut targets =
        Targets { dropped_counts: shows("dropped").then(BTreeMap::new), ..Targets::default() };
    for pool in workbench.scrape_pools() {
        let name = pool.config.job_name.clone();
        if !wanted.is_empty() && name != wanted {
            continue;
        }
        if shows("active") {
            targets.active.extend(active(&pool));
        }
        if let Some(counts) = &mut targets.dropped_counts {
            counts.insert(name.clone(), pool.dropped_count);
            let dropped = pool.dropped.iter().map(|one| Dropped {
                discovered_labels: set(&one.discovered),
                scrape_pool: name.clone(),
            });
            targets.dropped.extend(dropped);
        }
    }
    written(&targets)
}

/// The targets of a job; what was discovered and cannot be one is among them, and says why.
fn active(pool: &PoolStatus) -> Vec<Active> {
    let name = &pool.config.job_name;
    let targets = pool.active.iter().map(|(target, status)| scraped(name, target, status));
    let refused = pool.refused.iter().map(|(labels, fault)| Active {
        discovered_labels: set(labels),
        labels: Set::new(),
        scrape_pool: name.clone(),
        scrape_url: String::new(),
        global_url: String::new(),
        last_error: fault.clone(),
        last_scrape: NEVER.to_owned(),
        last_scrape_duration: 0.0,
        health: "down",
        scrape_interval: length(pool.config.scrape_interval),
        scrape_timeout: length(pool.config.scrape_timeout),
    });
    targets.chain(refused).collect()
}

fn scraped(pool: &str, target: &Target, status: &TargetStatus) -> Active {
    let last = status.last_scrape.and_then(DateTime::from_timestamp_millis);
    Active {
        discovered_labels: set(&target.discovered),
        labels: set(&target.labels),
        scrape_pool: pool.to_owned(),
        scrape_url: target.url.to_string(),
        global_url: target.url.to_string(),
        last_error: status.last_error.clone(),
        last_scrape: last.map_or_else(
            || NEVER.to_owned(),
            |last| last.to_rfc3339_opts(SecondsFormat::Millis, true),
        ),
        last_scrape_duration: status.last_duration.as_secs_f64(),
        health: match status.health {
            Health::Unknown => "unknown",
            Health::Up => "up",
            Health::Down => "down",
        },
        scrape_interval: length(target.interval),
        scrape_timeout: length(target.timeout),
    }
}

fn length(duration: Duration) -> String {
    watchglass_ingest::scrape::duration_text(duration)
}

fn set(labels: &Labels) -> Set {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The jobs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pools {
    scrape_pools: Vec<String>,
}

/// The names of the jobs.
pub(super) async fn pools(State(workbench): Held) -> Answer {
    let pools = workbench.scrape_pools().into_iter().map(|pool| pool.config.job_name.clone());
    written(&Pools { scrape_pools: pools.collect() })
}

/// What a target says of a metric.
#[derive(Debug, Serialize)]
struct Described {
    target: Set,
    #[serde(skip_serializing_if = "String::is_empty")]
    metric: String,
    #[serde(rename = "type")]
    kind: String,
    help: String,
    unit: String,
}

/// What targets say of their metrics: those that `match_target` selects, of `metric` or of all, at most `limit`.
pub(super) async fn metadata(State(workbench): Held, parameters: Parameters) -> Answer {
    let limit = parameters.most("limit")?.unwrap_or(usize::MAX);
    let metric = parameters.get("metric");
    let text = parameters.get("match_target");
    let matchers = if text.is_empty() {
        Vec::new()
    } else {
        parse_selector(text).map_err(|reason| Fault::parameter("match_target", reason))?
    };
    let mut found = Vec::new();
    for (target, status) in workbench.scrape_pools().into_iter().flat_map(|pool| pool.active) {
        if !all_match(&matchers, &target.labels) {
            continue;
        }
        for (name, one) in status.metadata {
            if !metric.is_empty() && name != metric {
                continue;
            }
            found.push(Described {
                target: set(&target.labels),
                metric: if metric.is_empty() { name } else { String::new() },
                kind: one.kind,
                help: one.help,
                unit: one.unit,
            });
        }
    }
    if found.is_empty() {
        return Err(Fault::not_found("specified metadata not found"));
    }
    found.truncate(limit);
    written(&found)
}

/// What a rule says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'r> {
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    source_labels: &'r [String],
    separator: &'r str,
    regex: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    modulus: Option<u64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    target_label: &'r str,
    replacement: &'r str,
    action: &'static str,
}

impl<'r> From<&'r RelabelRule> for Rule<'r> {
    fn from(rule: &'r RelabelRule) -> Self {
        Self {
            source_labels: &rule.source_labels,
            separator: &rule.separator,
            regex: rule.regex.source(),
            modulus: Some(rule.modulus).filter(|modulus| *modulus > 0),
            target_label: &rule.target_label,
            replacement: &rule.replacement,
            action: rule.action.name(),
        }
    }
}

/// What a rule left of the labels.
#[derive(Debug, Serialize)]
struct Step<'r> {
    rule: Rule<'r>,
    output: Set,
    keep: bool,
}

/// What each rule of the job `scrapePool` does to `labels`. After a rule that drops them nothing is left.
pub(super) async fn steps(State(workbench): Held, parameters: Parameters) -> Answer {
    let [pool, labels] = ["scrapePool", "labels"].map(|name| parameters.get(name));
    for (name, text) in [("scrapePool", pool), ("labels", labels)] {
        if text.is_empty() {
            return Err(Fault::bad_data(format!("no {name} parameter provided")));
        }
    }
    let labels: Set = serde_json::from_str(labels)
        .map_err(|reason| Fault::bad_data(format!("error parsing labels: {reason}")))?;
    let pools = workbench.scrape_pools();
    let found = pools.iter().find(|one| one.config.job_name == pool);
    let found = found.ok_or_else(|| {
        Fault::bad_data(format!("error getting scrape config: scrape pool {pool:?} not found"))
    })?;
    let rules = &found.config.relabel_configs;
    let done = relabel_steps(&Labels::from_pairs(labels), rules);
    let steps = rules.iter().enumerate().map(|(place, rule)| {
        let after = done.get(place).and_then(|step| step.after.as_ref());
        let output = after.map(set).unwrap_or_default();
        Step { rule: rule.into(), output, keep: after.is_some() }
    });
    written(&serde_json::json!({ "steps": steps.collect::<Vec<_>>() }))
}
