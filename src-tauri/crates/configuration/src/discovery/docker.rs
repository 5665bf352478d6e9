//! `docker_sd_configs`: the containers of a Docker daemon.

use std::time::Duration;

use super::lookups::port;
use crate::fault::Reading;
use crate::http::HttpClient;
use crate::url::check_url;
use crate::yaml::{Fields, Node};

/// Containers as targets.
#[derive(Debug, Clone, PartialEq)]
pub struct DockerDiscovery {
    /// Where the daemon is: `unix://`, `tcp://` or `http://`.
    pub host: String,
    /// The port of containers that expose none.
    pub port: u16,
    /// Which containers, in Docker's words: names with their values.
    pub filters: Vec<(String, Vec<String>)>,
    /// The host of containers in the host's network.
    pub host_networking_host: String,
    /// Whether only the first network of a container counts.
    pub match_first_network: bool,
    /// How often the daemon is asked.
    pub refresh_interval: Duration,
    /// How it is asked.
    pub client: HttpClient,
}

impl DockerDiscovery {
    pub(super) fn read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "moby.plain", reading);
        let text = |name, default: &str| fields.text(name).unwrap_or_else(|| default.to_owned());
        let host = text("host", "");
        if host.is_empty() {
            fields.fault("host", "host missing");
        } else if let Err(message) = check_url(&host) {
            fields.fault("host", message);
        }
        let docker = Self {
            host,
            port: port(&fields, 80),
            filters: filters(&fields),
            host_networking_host: text("host_networking_host", "localhost"),
            match_first_network: fields.flag("match_first_network").unwrap_or(true),
            refresh_interval: fields.duration("refresh_interval").unwrap_or(Duration::from_mins(1)),
            client: HttpClient::read(&fields),
        };
        fields.finish();
        docker
    }
}

/// The field `filters`: a list of names with values.
pub(super) fn filters(fields: &Fields<'_>) -> Vec<(String, Vec<String>)> {
    fields.sections("filters", "empty or null filter", |node, reading| {
        let filter = Fields::of(node, "Filter", reading);
        let name = filter.text("name").unwrap_or_default();
        let values = filter.texts("values").unwrap_or_default();
        filter.finish();
        (name, values)
    })
}
