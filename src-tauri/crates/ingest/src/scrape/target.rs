//! From what a discovery found to a target: labels, relabelling, checks, address (`scrape/target.go`).

use std::time::Duration;

use rapidhash::v3::rapidhash_v3;
use reqwest::Url;
use watchglass_configuration::{
    ADDRESS, ScrapeConfig, TargetGroup, duration_text, parse_duration, relabel,
};
use watchglass_model::{Labels, LabelsBuilder};

const JOB: &str = "job";
const INSTANCE: &str = "instance";
const INTERVAL: &str = "__scrape_interval__";
const TIMEOUT: &str = "__scrape_timeout__";
const PATH: &str = "__metrics_path__";
const SCHEME: &str = "__scheme__";
const PARAMETER: &str = "__param_";
const DISCOVERED: &str = "__meta_";
const RESERVED: &str = "__";

/// Something to be scraped.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The labels before relabelling.
    pub discovered: Labels,
    /// The labels of its series.
    pub labels: Labels,
    /// Where it is.
    pub url: Url,
    /// How often it is scraped.
    pub interval: Duration,
    /// How long a scrape may take.
    pub timeout: Duration,
}

/// What became of what a discovery found.
#[derive(Debug, Clone, PartialEq)]
pub enum Targeted {
    /// It is scraped.
    Target(Box<Target>),
    /// Relabelling dropped it.
    Dropped(Labels),
    /// It is no target.
    Refused(Labels, TargetFault),
}

/// Why something that was discovered is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TargetFault(String);

impl Target {
    /// All targets of a group.
    pub fn of_group(group: &TargetGroup, config: &ScrapeConfig) -> Vec<Targeted> {
        group.targets.iter().map(|labels| Self::of(labels, group, config)).collect()
    }

    fn of(own: &Labels, group: &TargetGroup, config: &ScrapeConfig) -> Targeted {
        let discovered = discovered(own, group, config);
        let mut labels = LabelsBuilder::from(&discovered);
        if !relabel(&mut labels, &config.relabel_configs) || labels.iter().next().is_none() {
            return Targeted::Dropped(discovered);
        }
        match Self::finished(discovered.clone(), &mut labels, config) {
            Ok(target) => Targeted::Target(Box::new(target)),
            Err(fault) => Targeted::Refused(discovered, TargetFault(fault)),
        }
    }

    fn finished(
        discovered: Labels,
        labels: &mut LabelsBuilder,
        config: &ScrapeConfig,
    ) -> Result<Self, String> {
        let address = labels.get(ADDRESS).to_owned();
        if address.is_empty() {
            return Err("no address".to_owned());
        }
        if address.contains('/') {
            return Err(format!("{address:?} is not a valid hostname"));
        }
        let interval = duration(labels, INTERVAL, "interval")?;
        let timeout = duration(labels, TIMEOUT, "timeout")?;
        if timeout > interval {
            let (timeout, interval) = (labels.get(TIMEOUT), labels.get(INTERVAL));
            return Err(format!(
                "scrape timeout cannot be greater than scrape interval ({timeout:?} > {interval:?})"
            ));
        }
        let url = url(labels, &address, config)?;
        labels.retain(|name| !name.starts_with(DISCOVERED));
        if labels.get(INSTANCE).is_empty() {
            labels.set(INSTANCE, address);
        }
        labels.retain(|name| !name.starts_with(RESERVED));
        Ok(Self { discovered, labels: labels.build(), url, interval, timeout })
    }

    /// What tells the target from others, the same in every run.
    pub(crate) fn hash(&self) -> u64 {
        rapidhash_v3(format!("{}{}", self.labels, self.url).as_bytes())
    }
}

/// The labels before relabelling: the target's own, its group's, and the job's where neither says.
fn discovered(own: &Labels, group: &TargetGroup, config: &ScrapeConfig) -> Labels {
    let mut labels = LabelsBuilder::from(&group.labels);
    for (name, value) in own {
        labels.set(name, value);
    }
    let mut default = |name: &str, value: &str| {
        if labels.get(name).is_empty() {
            labels.set(name, value);
        }
    };
    default(JOB, &config.job_name);
    default(INTERVAL, &duration_text(config.scrape_interval));
    default(TIMEOUT, &duration_text(config.scrape_timeout));
    default(PATH, &config.metrics_path);
    default(SCHEME, &config.scheme);
    for (name, values) in &config.params {
        if let Some(value) = values.first() {
            default(&format!("{PARAMETER}{name}"), value);
        }
    }
    labels.build()
}

fn duration(labels: &LabelsBuilder, name: &str, noun: &str) -> Result<Duration, String> {
    let duration = parse_duration(labels.get(name))
        .map_err(|fault| format!("error parsing scrape {noun}: {fault}"))?;
    if duration.is_zero() {
        return Err(format!("scrape {noun} cannot be 0"));
    }
    Ok(duration)
}

fn url(labels: &LabelsBuilder, address: &str, config: &ScrapeConfig) -> Result<Url, String> {
    let text = format!("{}://{address}", labels.get(SCHEME));
    let mut url = Url::parse(&text).map_err(|fault| format!("{text:?}: {fault}"))?;
    url.set_path(labels.get(PATH));
    let mut parameters = config.params.clone();
    for (name, value) in labels.iter() {
        let Some(name) = name.strip_prefix(PARAMETER) else { continue };
        match parameters.iter_mut().find(|(own, _)| own == name) {
            Some((_, values)) => match values.first_mut() {
                Some(first) => value.clone_into(first),
                None => values.push(value.to_owned()),
            },
            None => parameters.push((name.to_owned(), vec![value.to_owned()])),
        }
    }
    parameters.sort();
    if !parameters.is_empty() {
        let mut query = url.query_pairs_mut();
        for (name, values) in &parameters {
            for value in values {
                query.append_pair(name, value);
            }
        }
    }
    Ok(url)
}

#[cfg(test)]
mod tests;
