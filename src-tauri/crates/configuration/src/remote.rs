//! `remote_write` and `remote_read`: checked and kept; nothing here writes to or reads from others yet.

use crate::fault::{Place, Reading};
use crate::http::{Authorization, HttpClient};
use crate::names::Names;
use crate::relabel::RelabelRule;
use crate::url::check_url;
use crate::yaml::{Fields, Node};

/// Another store that is written to or read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Remote {
    /// Its name; may be empty.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// How it is asked.
    pub client: HttpClient,
    /// What becomes of samples on the way.
    pub write_relabel_configs: Vec<RelabelRule>,
    pub(crate) place: Place,
}

const RULE: &str = "empty or null relabeling rule in remote write config";
const OTHER_AUTHORIZATIONS: [&str; 3] = ["sigv4", "azuread", "google_iam"];

/// Headers that the protocol sets by itself.
const RESERVED: [&str; 8] = [
    "authorization",
    "host",
    "content-encoding",
    "content-length",
    "content-type",
    "user-agent",
    "connection",
    "x-prometheus-remote-write-version",
];

impl Remote {
    pub(crate) fn read_write(node: &Node, names: Names, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.plain", reading);
        let _ = fields.duration("remote_timeout");
        for flag in ["send_exemplars", "send_native_histograms", "round_robin_dns"] {
            let _ = fields.flag(flag);
        }
        check_headers(
            &fields,
            "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter",
        );
        check_message(&fields);
        if let Some(node) = fields.section("queue_config") {
            check_queue(node, reading);
        }
        if let Some(node) = fields.section("metadata_config") {
            let metadata = Fields::of(node, "config.MetadataConfig", reading);
            let _ = metadata.flag("send");
            let _ = metadata.duration("send_interval");
            let _ = metadata.count("max_samples_per_send");
            metadata.finish();
        }
        let rules = RelabelRule::all(&fields, "write_relabel_configs", RULE, names);
        let remote = Self::read(&fields, "url for remote_write is empty", rules);
        check_authorizations(&fields, &remote.client);
        fields.finish();
        remote
    }

    pub(crate) fn read_read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.plain", reading);
        let _ = fields.duration("remote_timeout");
        let _ = fields.count("chunked_read_limit");
        let _ = fields.text_pairs("required_matchers");
        for flag in ["read_recent", "filter_external_labels"] {
            let _ = fields.flag(flag);
        }
        check_headers(
            &fields,
            "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter",
        );
        let remote = Self::read(&fields, "url for remote_read is empty", Vec::new());
        fields.finish();
        remote
    }

    fn read(fields: &Fields<'_>, empty: &str, write_relabel_configs: Vec<RelabelRule>) -> Self {
        let url = fields.text("url").unwrap_or_default();
        if url.is_empty() {
            fields.fault("url", empty);
        } else if let Err(message) = check_url(&url) {
            fields.fault("url", message);
        }
        Self {
            name: fields.text("name").unwrap_or_default(),
            url,
            client: HttpClient::read(fields),
            write_relabel_configs,
            place: fields.place_of("name"),
        }
    }
}

/// Headers that must not be set by hand; `authorization` is what is said of that one.
pub(crate) fn check_headers(fields: &Fields<'_>, authorization: &str) {
    for (key, _) in fields.pairs("headers") {
        let name = key.text.to_lowercase();
        if name == "authorization" {
            fields.reading.fault(key.place, authorization);
        } else if RESERVED.contains(&name.as_str()) {
            let message = format!("{} is a reserved header. It must not be changed", key.text);
            fields.reading.fault(key.place, message);
        }
    }
    let _ = fields.text_pairs("headers");
}

fn check_message(fields: &Fields<'_>) {
    let Some(message) = fields.text("protobuf_message") else { return };
    if !["prometheus.WriteRequest", "io.prometheus.write.v2.Request"].contains(&message.as_str()) {
        let message = format!(
            "invalid protobuf_message value: unknown type for remote write protobuf message {message}, supported: \
             prometheus.WriteRequest, io.prometheus.write.v2.Request"
        );
        fields.fault("protobuf_message", message);
    }
}

fn check_queue(node: &Node, reading: &Reading) {
    let fields = Fields::of(node, "config.plain", reading);
    let count = |name, default| fields.integer(name).unwrap_or(default);
    let counts = [
        ("capacity", count("capacity", 10_000)),
        ("max_shards", count("max_shards", 50)),
        ("min_shards", count("min_shards", 1)),
        ("max_samples_per_send", count("max_samples_per_send", 2000)),
    ];
    for (name, count) in counts {
        if count <= 0 {
            fields.fault(name, format!("{name} must be greater than 0"));
        }
    }
    let [_, (_, max_shards), (_, min_shards), _] = counts;
    if min_shards > max_shards {
        fields.fault("min_shards", "min_shards must be less than or equal to max_shards");
    }
    let duration = |name, default| fields.duration(name).map_or(default, |one| one.as_millis());
    if duration("min_backoff", 30) > duration("max_backoff", 5000) {
        fields.fault("max_backoff", "max_backoff must be greater than or equal to min_backoff");
    }
    let _ = fields.flag("retry_on_http_429");
    for name in ["batch_send_deadline", "sample_age_limit"] {
        let _ = fields.duration(name);
    }
    fields.finish();
}

fn check_authorizations(fields: &Fields<'_>, client: &HttpClient) {
    let own = match &client.authorization {
        Authorization::None => None,
        Authorization::Basic { .. } => Some("basic_auth"),
        Authorization::Credentials { .. } => Some("authorization"),
        Authorization::OAuth2(_) => Some("oauth2"),
    };
    let others = OTHER_AUTHORIZATIONS.into_iter().filter(|name| fields.section(name).is_some());
    let used: Vec<_> = own.into_iter().chain(others).collect();
    if used.len() > 1 {
        let message = format!(
            "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured. \
             Currently configured: [{}]",
            used.join(" ")
        );
        fields.reading.fault(fields.place, message);
    }
}
