//! The way to a cluster's API: as the configuration says, as a kubeconfig says, or as every pod finds it.

use std::path::Path;
use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::{Response, StatusCode, Url};
use watchglass_configuration::{
    Authorization, HttpClient, Kubeconfig, KubernetesDiscovery, Secret, Tls,
};

use crate::scrape::client::Requester;

/// Where a pod finds who it is.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// How long a connection may take; how long an answer may take is up to who reads it.
const CONNECT: Duration = Duration::from_secs(30);

/// A cluster's API.
#[derive(Debug)]
pub(super) struct Access {
    requester: Requester,
    server: Url,
}

impl Access {
    pub(super) fn new(config: &KubernetesDiscovery) -> Result<Self, String> {
        let (server, client) = match (&config.api_server, &config.kubeconfig_file) {
            (Some(server), _) => (server.clone(), config.client.clone()),
            (None, Some(file)) => of_file(file)?,
            (None, None) => of_pod(&|name| std::env::var(name).ok())?,
        };
        let more = |builder: reqwest::ClientBuilder| builder.connect_timeout(CONNECT);
        let requester = Requester::with(&client, more).map_err(|fault| fault.to_string())?;
        let server = Url::parse(&server).map_err(|fault| format!("{server:?}: {fault}"))?;
        Ok(Self { requester, server })
    }

    /// Asks for what lies at `path`.
    pub(super) async fn get<'p>(
        &self,
        path: &str,
        parameters: impl Iterator<Item = &'p (&'p str, &'p str)>,
    ) -> Result<Response, String> {
        let mut url = self.server.clone();
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        url.query_pairs_mut().extend_pairs(parameters);
        let request = self.requester.get(url).await.map_err(|fault| fault.to_string())?;
        let response = request.header(ACCEPT, "application/json").send().await;
        let response = response.map_err(|fault| fault.to_string())?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        Err(format!("{path}: {}", response.status()))
    }
}

/// The namespace of the pod that this runs in.
pub(super) fn own_namespace() -> Result<String, String> {
    let file = Path::new(ACCOUNT).join("namespace");
    let text = std::fs::read_to_string(&file);
    let text = text.map_err(|fault| format!("{}: {fault}", file.display()))?;
    Ok(text.trim().to_owned())
}

fn of_file(file: &Path) -> Result<(String, HttpClient), String> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|fault| format!("{}: {fault}", file.display()))?;
    let folder = file.parent().unwrap_or(file);
    let found = Kubeconfig::read(&text, folder);
    let found = found.map_err(|faults| format!("{}: {faults}", file.display()))?;
    Ok((found.server, found.client))
}

/// What Kubernetes tells every pod by variables and files.
fn of_pod(environment: &dyn Fn(&str) -> Option<String>) -> Result<(String, HttpClient), String> {
    let given = |name| environment(name).filter(|value| !value.is_empty());
    let (Some(host), Some(port)) =
        (given("KUBERNETES_SERVICE_HOST"), given("KUBERNETES_SERVICE_PORT"))
    else {
        let message = "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined";
        return Err(message.to_owned());
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let file = |name| Secret::File(Path::new(ACCOUNT).join(name));
    let client = HttpClient {
        authorization: Authorization::Credentials {
            scheme: "Bearer".to_owned(),
            credentials: file("token"),
        },
        tls: Tls { ca: Some(file("ca.crt")), ..Tls::default() },
        ..HttpClient::default()
    };
    Ok((format!("https://{host}:{port}"), client))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_is_told_where_its_cluster_is() {
        let variable = |name: &str| {
            let value = if name.ends_with("HOST") { "fd00::1" } else { "443" };
            Some(value.to_owned())
        };
        let (server, client) = of_pod(&variable).unwrap();
        assert_eq!(server, "https://[fd00::1]:443");
        assert_eq!(client.tls.ca, Some(Secret::File(Path::new(ACCOUNT).join("ca.crt"))));
        assert!(of_pod(&|_| None).unwrap_err().starts_with("unable to load in-cluster"));
    }
}
