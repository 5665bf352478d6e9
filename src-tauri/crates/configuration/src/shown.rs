//! The file as Prometheus shows it to clients: its defaults written out where clients read them, its secrets hidden.

use crate::configuration::Configuration;
use crate::names::Names;
use crate::scrape::ScrapeConfig;
use crate::yaml::{Key, Node, Value, duration_text, tree, written};

/// What stands in the place of a secret.
const HIDDEN: &str = "<secret>";

/// Fields whose values are secrets.
const SECRETS: [&str; 10] = [
    "application_credential_secret",
    "application_secret",
    "auth_token",
    "bearer_token",
    "client_secret",
    "consumer_key",
    "credentials",
    "password",
    "secret_key",
    "token",
];

/// Sections whose names are the user's own, and mean nothing by themselves.
const FREE: [&str; 4] = ["external_labels", "headers", "labels", "params"];

impl Configuration {
    /// The text that this was read from, with defaults and without secrets. What cannot be read is shown as it is.
    pub fn shown(&self, text: &str) -> String {
        let Ok(mut root) = tree(text) else { return text.to_owned() };
        hide(&mut root, "");
        self.global_defaults(&mut root);
        for job in items(&mut root, "scrape_configs") {
            let name = text_of(job, "job_name").unwrap_or_default();
            if let Some(known) = self.scrape_configs.iter().find(|known| known.job_name == name) {
                job_defaults(job, known);
            }
        }
        if let Some(otlp) = field(&mut root, "otlp") {
            let strategy = &self.otlp.translation_strategy;
            fill(otlp, &[("translation_strategy", scalar(strategy))]);
        }
        written(&root)
    }

    fn global_defaults(&self, root: &mut Node) {
        if field(root, "global").is_none_or(|node| node.is_null()) {
            remove(root, "global");
            insert(root, 0, "global", Value::Map(Vec::new()));
        }
        let Some(global) = field(root, "global") else { return };
        let own = &self.global;
        fill(
            global,
            &[
                ("scrape_interval", plain(&duration_text(own.scrape_interval))),
                ("scrape_timeout", plain(&duration_text(own.scrape_timeout))),
                ("evaluation_interval", plain(&duration_text(own.evaluation_interval))),
            ],
        );
    }
}

fn job_defaults(job: &mut Node, known: &ScrapeConfig) {
    let flag = |value: bool| plain(if value { "true" } else { "false" });
    let protocols = known.scrape_protocols.iter().map(|one| node(scalar(one))).collect();
    let names = if known.names == Names::Legacy { "legacy" } else { "utf8" };
    fill(
        job,
        &[
            ("job_name", scalar(&known.job_name)),
            ("honor_timestamps", flag(known.honor_timestamps)),
            ("track_timestamps_staleness", flag(known.track_timestamps_staleness)),
            ("scrape_interval", plain(&duration_text(known.scrape_interval))),
            ("scrape_timeout", plain(&duration_text(known.scrape_timeout))),
            ("scrape_protocols", Value::List(protocols)),
            ("metrics_path", scalar(&known.metrics_path)),
            ("scheme", scalar(&known.scheme)),
            ("enable_compression", flag(known.enable_compression)),
            ("metric_name_validation_scheme", scalar(names)),
            ("metric_name_escaping_scheme", scalar(&known.escaping)),
        ],
    );
}

/// Puts a mark in the place of every secret; `inside` names the section.
fn hide(node: &mut Node, inside: &str) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| hide(item, inside)),
        Value::Map(pairs) => {
            for (key, value) in pairs {
                let is_secret = SECRETS.contains(&key.text.as_str())
                    || (key.text == "key" && inside == "tls_config")
                    || inside == "proxy_connect_header";
                if is_secret && !value.is_null() && !FREE.contains(&inside) {
                    value.value = scalar(HIDDEN);
                } else {
                    hide(value, &key.text);
                }
            }
        }
        Value::Null | Value::Scalar { .. } => {}
    }
}

/// Adds the fields that are missing, each behind the one before it.
fn fill(node: &mut Node, fields: &[(&str, Value)]) {
    if node.is_null() {
        node.value = Value::Map(Vec::new());
    }
    let mut place = 0;
    for (name, value) in fields {
        let Value::Map(pairs) = &node.value else { return };
        if let Some(found) = pairs.iter().position(|(key, _)| key.text == *name) {
            place = found + 1;
        } else {
            insert(node, place, name, value.clone());
            place += 1;
        }
    }
}

fn insert(into: &mut Node, place: usize, name: &str, value: Value) {
    if into.is_null() {
        into.value = Value::Map(Vec::new());
    }
    let key = Key { place: into.place, text: name.to_owned() };
    if let Value::Map(pairs) = &mut into.value {
        pairs.insert(place.min(pairs.len()), (key, node(value)));
    }
}

fn remove(from: &mut Node, name: &str) {
    if let Value::Map(pairs) = &mut from.value {
        pairs.retain(|(key, _)| key.text != name);
    }
}

fn field<'n>(of: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    let Value::Map(pairs) = &mut of.value else { return None };
    pairs.iter_mut().find(|(key, _)| key.text == name).map(|(_, node)| node)
}

fn items<'n>(of: &'n mut Node, name: &str) -> &'n mut [Node] {
    match field(of, name).map(|node| &mut node.value) {
        Some(Value::List(items)) => items,
        _ => &mut [],
    }
}

fn text_of(of: &mut Node, name: &str) -> Option<String> {
    match &field(of, name)?.value {
        Value::Scalar { text, .. } => Some(text.clone()),
        _ => None,
    }
}

/// A text.
fn scalar(text: &str) -> Value {
    Value::Scalar { text: text.to_owned(), is_plain: false }
}

/// A number, a boolean or a duration.
fn plain(text: &str) -> Value {
    Value::Scalar { text: text.to_owned(), is_plain: true }
}

const fn node(value: Value) -> Node {
    Node { place: crate::fault::Place { line: 1, column: 1 }, value }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::configuration::Surroundings;

    fn read(text: &str) -> Configuration {
        let surroundings =
            Surroundings { folder: Path::new("/"), environment: &|_| None, files: &|_| Vec::new() };
        Configuration::read(text, &surroundings).expect("the file is good")
    }

    #[test]
    fn defaults_are_written_out_and_secrets_are_not() {
        let text = "scrape_configs:\n- job_name: 'a: b'\n  scrape_interval: 5s\n  basic_auth: {username: me, password: hush}\n  static_configs: [{targets: ['x:1'], labels: {token: shown}}]\notlp: {}\n";
        let shown = read(text).shown(text);
        assert_eq!(
            shown,
            "global:\n  scrape_interval: 1m\n  scrape_timeout: 10s\n  evaluation_interval: 1m\nscrape_configs:\n- job_name: \"a: b\"\n  honor_timestamps: true\n  track_timestamps_staleness: false\n  scrape_interval: 5s\n  scrape_timeout: 5s\n  scrape_protocols:\n  - OpenMetricsText1.0.0\n  - OpenMetricsText0.0.1\n  - PrometheusText1.0.0\n  - PrometheusText0.0.4\n  metrics_path: /metrics\n  scheme: http\n  enable_compression: true\n  metric_name_validation_scheme: utf8\n  metric_name_escaping_scheme: allow-utf-8\n  basic_auth:\n    username: me\n    password: <secret>\n  static_configs:\n  - targets:\n    - \"x:1\"\n    labels:\n      token: shown\notlp:\n  translation_strategy: UnderscoreEscapingWithSuffixes\n"
        );
        assert_eq!(
            read("").shown(""),
            "global:\n  scrape_interval: 1m\n  scrape_timeout: 10s\n  evaluation_interval: 1m\n"
        );
    }

    #[test]
    fn what_is_shown_reads_as_what_was_read() {
        let text = "global: {scrape_interval: 30s, external_labels: {a: \"yes\", b: 'x # y', c: \"\", d: \"line\\nline\"}}\nscrape_configs:\n- job_name: one\n  metrics_path: '/m: x'\n  relabel_configs: [{source_labels: [a, b], regex: '(.*);\\d', target_label: c, replacement: \"${1}\"}]\n";
        let configuration = read(text);
        let shown = configuration.shown(text);
        assert_eq!(read(&shown), configuration, "{shown}");
        assert_eq!(configuration.shown(&shown), shown);
    }
}
