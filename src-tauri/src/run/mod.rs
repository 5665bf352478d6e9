//! `watchglass run -- CMD`: runs a command with its telemetry pointed at the running instance, recorded as one run.

mod checkout;
mod child;
mod environment;

use std::ffi::OsString;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use self::checkout::Checkout;
use self::environment::Target;
use crate::arguments::Common;
use crate::client::{Client, Receiver};
use crate::outcome::Outcome;
use crate::serve::runtime;

/// What the API is told at the start.
#[derive(Debug, Serialize)]
struct NewRun {
    command: Vec<String>,
    directory: String,
    service: String,
    git_commit: String,
    git_dirty: bool,
}

/// What the API answers: the run's name.
#[derive(Debug, Deserialize)]
struct Begun {
    id: String,
}

/// How it ended.
#[derive(Debug, Serialize)]
struct End {
    exit_code: Option<i32>,
}

/// Runs the command and exits as it did.
pub(crate) fn run(common: &Common, command: &[OsString]) -> anyhow::Result<Outcome> {
    runtime()?.block_on(async {
        let client = Client::to_instance(common)?;
        let endpoint = endpoint_of(&client.receivers().await?, client.address());
        let directory = std::env::current_dir().context("the current folder is gone")?;
        let service = environment::service_name(command, &directory, environment::present);
        let begun = begin(&client, command, &directory, &service).await?;
        let target = Target { endpoint, service, run_id: begun.id.clone() };
        let variables = environment::variables(&target, environment::present);
        let ended = child::run(command, &variables).await;
        let exit_code = ended.as_ref().ok().and_then(|ended| ended.code);
        let told: anyhow::Result<serde::de::IgnoredAny> =
            client.post(&format!("/api/runs/{}/end", begun.id), &End { exit_code }).await;
        if let Err(error) = told {
            tracing::warn!("the end of the run is not recorded: {error:#}");
        }
        Ok(Outcome::Child(ended?.shell_code()))
    })
}

/// OTLP over HTTP on its own port, or on the main address where that port is another's.
fn endpoint_of(receivers: &[Receiver], main: &str) -> String {
    let own = receivers.iter().find(|one| one.name == "otlp_http" && one.is_listening());
    format!("http://{}", own.map_or(main, |one| one.address.as_str()))
}

async fn begin(
    client: &Client,
    command: &[OsString],
    directory: &Path,
    service: &str,
) -> anyhow::Result<Begun> {
    let Checkout { commit, is_dirty } = Checkout::at(directory).await;
    let run = NewRun {
        command: command.iter().map(|word| word.to_string_lossy().into_owned()).collect(),
        directory: directory.display().to_string(),
        service: service.to_owned(),
        git_commit: commit,
        git_dirty: is_dirty,
    };
    client.post("/api/runs", &run).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_otlp_port_is_gone_around() {
        let receiver = |state: &str| -> Vec<Receiver> {
            let one = serde_json::json!({
                "name": "otlp_http", "address": "127.0.0.1:4318", "state": state
            });
            serde_json::from_value(serde_json::json!([one])).unwrap()
        };
        let main = "127.0.0.1:4319";
        assert_eq!(endpoint_of(&receiver("listening"), main), "http://127.0.0.1:4318");
        assert_eq!(endpoint_of(&receiver("taken"), main), "http://127.0.0.1:4319");
    }
}
