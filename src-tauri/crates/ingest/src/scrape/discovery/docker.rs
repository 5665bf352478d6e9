//! `docker_sd_configs`: the containers of a Docker daemon, asked over its socket or its address (`discovery/moby`).

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{ClientBuilder, StatusCode};
use serde_json::Value;
use watchglass_configuration::{ADDRESS, DockerDiscovery, TargetGroup};
use watchglass_model::{Labels, LabelsBuilder};

use super::{Tell, sanitized};
use crate::scrape::client::Requester;

const PREFIX: &str = "__meta_docker_";

/// How long the daemon may take.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) async fn run(config: DockerDiscovery, tell: Tell) {
    let daemon = match Daemon::new(&config) {
        Ok(daemon) => daemon,
        Err(fault) => {
            tracing::error!(host = config.host, fault, "cannot ask for containers");
            return;
        }
    };
    tell.repeat("docker", config.refresh_interval, || look(&daemon, &config)).await;
}

/// A way to the daemon.
struct Daemon {
    requester: Requester,
    base: String,
}

impl Daemon {
    fn new(config: &DockerDiscovery) -> Result<Self, String> {
        let (way, base) = match config.host.split_once("://") {
            #[cfg(unix)]
            Some(("unix", path)) => (Some(path.to_owned()), "http://docker".to_owned()),
            #[cfg(windows)]
            Some(("npipe", path)) => (Some(path.replace('/', "\\")), "http://docker".to_owned()),
            Some(("tcp", address)) => (None, format!("http://{address}")),
            _ => (None, config.host.clone()),
        };
        let more = |builder: ClientBuilder| {
            let builder = builder.timeout(TIMEOUT);
            match way {
                #[cfg(unix)]
                Some(path) => builder.unix_socket(path),
                #[cfg(windows)]
                Some(path) => builder.windows_named_pipe(path),
                None => builder,
            }
        };
        let requester = Requester::with(&config.client, more).map_err(|fault| fault.to_string())?;
        Ok(Self { requester, base })
    }

    async fn get(&self, path: &str, filters: &str) -> Result<Value, String> {
        let mut url = reqwest::Url::parse(&format!("{}{path}", self.base))
            .map_err(|fault| fault.to_string())?;
        if !filters.is_empty() {
            url.query_pairs_mut().append_pair("filters", filters);
        }
        let request = self.requester.get(url).await.map_err(|fault| fault.to_string())?;
        let response = request.send().await.map_err(|fault| fault.to_string())?;
        if response.status() != StatusCode::OK {
            return Err(format!("{path}: {}", response.status()));
        }
        let body = response.bytes().await.map_err(|fault| fault.to_string())?;
        serde_json::from_slice(&body).map_err(|fault| fault.to_string())
    }
}

async fn look(daemon: &Daemon, config: &DockerDiscovery) -> Result<Vec<TargetGroup>, String> {
    let filters: BTreeMap<_, _> =
        config.filters.iter().map(|(name, values)| (name, values)).collect();
    let filters =
        if filters.is_empty() { String::new() } else { serde_json::json!(filters).to_string() };
    let containers = daemon.get("/containers/json", &filters).await?;
    let networks = networks(&daemon.get("/networks", "").await?);
    let containers = containers.as_array().map(Vec::as_slice).unwrap_or_default();
    let targets =
        containers.iter().flat_map(|container| targets(container, &networks, config)).collect();
    Ok(vec![TargetGroup { source: "Docker".to_owned(), targets, labels: Labels::EMPTY }])
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn pairs<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

/// The labels that each network gives, by its id.
fn networks(answer: &Value) -> BTreeMap<String, Labels> {
    let all = answer.as_array().into_iter().flatten().map(|network| {
        let mut labels = LabelsBuilder::default();
        for (label, field) in [("id", "Id"), ("name", "Name"), ("scope", "Scope")] {
            labels.set(format!("{PREFIX}network_{label}"), text(network, field));
        }
        for (label, field) in [("internal", "Internal"), ("ingress", "Ingress")] {
            let is_set = network.get(field).and_then(Value::as_bool).unwrap_or(false);
            labels.set(format!("{PREFIX}network_{label}"), is_set.to_string());
        }
        for (name, value) in pairs(network, "Labels") {
            let name = format!("{PREFIX}network_label_{}", sanitized(name));
            labels.set(name, value.as_str().unwrap_or_default());
        }
        (text(network, "Id").to_owned(), labels.build())
    });
    all.collect()
}

fn targets(
    container: &Value,
    networks: &BTreeMap<String, Labels>,
    config: &DockerDiscovery,
) -> Vec<Labels> {
    let name = container.get("Names").and_then(|names| names.get(0)).and_then(Value::as_str);
    let Some(name) = name else { return Vec::new() };
    let mode =
        container.get("HostConfig").map(|host| text(host, "NetworkMode")).unwrap_or_default();
    let mut common = LabelsBuilder::default();
    common.set(format!("{PREFIX}container_id"), text(container, "Id"));
    common.set(format!("{PREFIX}container_name"), name);
    common.set(format!("{PREFIX}container_network_mode"), mode);
    for (name, value) in pairs(container, "Labels") {
        let name = format!("{PREFIX}container_label_{}", sanitized(name));
        common.set(name, value.as_str().unwrap_or_default());
    }
    let settings = container.get("NetworkSettings").unwrap_or(&Value::Null);
    let mut attached: Vec<_> = pairs(settings, "Networks").collect();
    attached.sort_by_key(|(name, _)| *name);
    if config.match_first_network {
        attached.truncate(1);
    }
    let mut found = Vec::new();
    for (_, network) in attached {
        let mut labels = common.clone();
        let address = text(network, "IPAddress");
        labels.set(format!("{PREFIX}network_ip"), address);
        for (name, value) in networks.get(text(network, "NetworkID")).into_iter().flatten() {
            labels.set(name, value);
        }
        let ports = ports(container, &labels, address);
        if ports.is_empty() {
            let host = if mode == "host" { &config.host_networking_host } else { address };
            labels.set(ADDRESS, format!("{host}:{}", config.port));
            found.push(labels.build());
        }
        found.extend(ports);
    }
    found
}

/// A target for each TCP port that the container exposes.
fn ports(container: &Value, labels: &LabelsBuilder, address: &str) -> Vec<Labels> {
    let ports = container.get("Ports").and_then(Value::as_array).into_iter().flatten();
    let ports = ports.filter(|port| text(port, "Type") == "tcp").map(|port| {
        let number = |field| port.get(field).and_then(Value::as_u64).unwrap_or(0);
        let mut labels = labels.clone();
        labels.set(format!("{PREFIX}port_private"), number("PrivatePort").to_string());
        if number("PublicPort") > 0 {
            labels.set(format!("{PREFIX}port_public"), number("PublicPort").to_string());
            labels.set(format!("{PREFIX}port_public_ip"), text(port, "IP"));
        }
        labels.set(ADDRESS, format!("{address}:{}", number("PrivatePort")));
        labels.build()
    });
    ports.collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;
    use watchglass_configuration::{Configuration, Discovery, Surroundings};

    use super::*;

    fn config() -> DockerDiscovery {
        let text = "scrape_configs: [{job_name: a, docker_sd_configs: [{host: 'unix:///s'}]}]";
        let surroundings =
            Surroundings { folder: Path::new("."), environment: &|_| None, files: &|_| Vec::new() };
        let mut found = Configuration::read(text, &surroundings).unwrap();
        let Discovery::Docker(config) = found.scrape_configs.remove(0).discoveries.remove(0) else {
            panic!("docker")
        };
        config
    }

    #[test]
    fn a_container_is_a_target_for_each_port_or_for_the_configured_one() {
        let networks =
            networks(&json!([{"Id": "n", "Name": "shop", "Scope": "local", "Internal": false}]));
        let container = |ports: Value, mode: &str| {
            json!({
                "Id": "c", "Names": ["/web"], "HostConfig": {"NetworkMode": mode},
                "Labels": {"com.docker.compose.service": "web"}, "Ports": ports,
                "NetworkSettings": {"Networks": {"shop": {"NetworkID": "n", "IPAddress": "10.0.0.2"}}},
            })
        };
        let ports = json!([
            {"PrivatePort": 80, "PublicPort": 8080, "IP": "0.0.0.0", "Type": "tcp"},
            {"PrivatePort": 53, "Type": "udp"},
        ]);
        let found = targets(&container(ports, "shop"), &networks, &config());
        let [target] = &found[..] else { panic!("{found:?}") };
        assert_eq!(target.get(ADDRESS), "10.0.0.2:80");
        assert_eq!(target.get("__meta_docker_port_public"), "8080");
        assert_eq!(target.get("__meta_docker_network_name"), "shop");
        assert_eq!(target.get("__meta_docker_container_label_com_docker_compose_service"), "web");
        let address = |mode| {
            targets(&container(json!([]), mode), &networks, &config())[0].get(ADDRESS).to_owned()
        };
        assert_eq!([address("shop"), address("host")], ["10.0.0.2:80", "localhost:80"]);
    }
}
