//! The section `alerting`: where alerts are sent and what becomes of their labels.

use std::time::Duration;

use crate::discovery::Discovery;
use crate::fault::Reading;
use crate::http::{Authorization, HttpClient};
use crate::names::Names;
use crate::relabel::RelabelRule;
use crate::scrape::check_static_targets;
use crate::yaml::{Fields, Node};

/// Where alerts go.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alerting {
    /// What becomes of the labels of alerts.
    pub alert_relabel_configs: Vec<RelabelRule>,
    /// Who receives them.
    pub alertmanagers: Vec<AlertmanagerConfig>,
}

/// Alertmanagers, and how they are reached.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertmanagerConfig {
    /// `http` or `https`.
    pub scheme: String,
    /// What stands before the path of the API.
    pub path_prefix: String,
    /// How long sending may take.
    pub timeout: Duration,
    /// Where they are.
    pub discoveries: Vec<Discovery>,
    /// How requests are sent.
    pub client: HttpClient,
    /// What becomes of targets.
    pub relabel_configs: Vec<RelabelRule>,
    /// What becomes of the labels of alerts for these.
    pub alert_relabel_configs: Vec<RelabelRule>,
}

impl Alerting {
    pub(crate) fn read(node: &Node, names: Names, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.plain", reading);
        let rule = "empty or null alert relabeling rule";
        let alerting = Self {
            alert_relabel_configs: RelabelRule::all(&fields, "alert_relabel_configs", rule, names),
            alertmanagers: fields.sections(
                "alertmanagers",
                "empty or null section in alertmanagers",
                |node, reading| AlertmanagerConfig::read(node, names, reading),
            ),
        };
        fields.finish();
        alerting
    }
}

impl AlertmanagerConfig {
    fn read(node: &Node, names: Names, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.AlertmanagerConfig", reading);
        let target_rule = "empty or null Alertmanager target relabeling rule";
        let alert_rule = "empty or null Alertmanager alert relabeling rule";
        let alertmanager = Self {
            scheme: fields.text("scheme").unwrap_or_else(|| "http".to_owned()),
            path_prefix: fields.text("path_prefix").unwrap_or_default(),
            timeout: fields.duration("timeout").unwrap_or(Duration::from_secs(10)),
            discoveries: Discovery::all(&fields, names),
            client: HttpClient::read(&fields),
            relabel_configs: RelabelRule::all(&fields, "relabel_configs", target_rule, names),
            alert_relabel_configs: RelabelRule::all(
                &fields,
                "alert_relabel_configs",
                alert_rule,
                names,
            ),
        };
        if let Some(version) = fields.text("api_version").filter(|version| version != "v2") {
            let message =
                format!("expected Alertmanager api version to be one of [v2] but got {version}");
            fields.fault("api_version", message);
        }
        if fields.section("sigv4").is_some()
            && alertmanager.client.authorization != Authorization::None
        {
            let message =
                "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured";
            fields.fault("sigv4", message);
        }
        if alertmanager.relabel_configs.is_empty() {
            check_static_targets(&fields);
        }
        fields.finish();
        alertmanager
    }
}
