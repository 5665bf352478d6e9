//! `http_sd_configs`: an address that answers with target groups in JSON.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use watchglass_configuration::{HttpDiscovery, TargetGroup, target_groups};

use super::{Tell, with_label};
use crate::scrape::client::Requester;

const URL: &str = "__meta_url";

/// Bytes of an answer that are taken.
const MOST_BYTES: usize = 64 << 20;

/// How long an answer may take at least; upstream waits as long as the interval.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) async fn run(config: HttpDiscovery, tell: Tell) {
    let requester = match Requester::new(&config.client) {
        Ok(requester) => requester,
        Err(fault) => {
            tracing::error!(url = config.url, %fault, "cannot ask for targets");
            return;
        }
    };
    tell.repeat("http", config.refresh_interval, || ask(&requester, &config)).await;
}

async fn ask(requester: &Requester, config: &HttpDiscovery) -> Result<Vec<TargetGroup>, String> {
    let seconds = config.refresh_interval.as_secs_f64().to_string();
    let request = requester.get(&config.url).await.map_err(|fault| fault.to_string())?;
    let request = request
        .timeout(config.refresh_interval.max(TIMEOUT))
        .header(ACCEPT, "application/json")
        .header("X-Prometheus-Refresh-Interval-Seconds", seconds);
    let mut response = request.send().await.map_err(|fault| fault.to_string())?;
    if response.status() != StatusCode::OK {
        return Err(format!("server returned HTTP status {}", response.status()));
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(format!("unsupported content type {kind:?}"));
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|fault| fault.to_string())? {
        if body.len() + piece.len() > MOST_BYTES {
            return Err(format!("the answer has more than {MOST_BYTES} bytes"));
        }
        body.extend_from_slice(&piece);
    }
    let text = String::from_utf8(body).map_err(|fault| fault.to_string())?;
    let groups = target_groups(&config.url, &text).map_err(|faults| faults.to_string())?;
    Ok(groups.into_iter().map(|group| with_label(group, URL, &config.url)).collect())
}
