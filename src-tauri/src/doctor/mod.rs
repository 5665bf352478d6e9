//! `watchglass doctor`: what is listening, what arrives, what is wrong, and what to do about it.

mod findings;
mod page;
mod report;

use std::io::{IsTerminal, Write};

use anyhow::Context;
use watchglass_ingest::holder_of;

use self::findings::Finding;
use self::report::{Answers, Mistakes, Services, Status};
use crate::arguments::Common;
use crate::client::Client;
use crate::clock::now;
use crate::outcome::Outcome;
use crate::serve::runtime;

/// Telemetry of the last ten minutes is what arrives lately.
const LATELY: u64 = 600_000_000_000;

/// Examines the running instance, or why none runs, and says what it found.
pub(crate) fn examine(common: &Common, as_json: bool) -> anyhow::Result<Outcome> {
    let client = Client::to_instance(common)?;
    let examined = runtime()?.block_on(async {
        if client.is_running().await { Ok(Some(ask(&client).await?)) } else { anyhow::Ok(None) }
    })?;
    let findings = match &examined {
        Some(answers) => findings::of(answers),
        None => absence(common, client.address()),
    };
    let text = if as_json {
        let report = serde_json::json!({
            "running": examined.is_some(),
            "address": client.address(),
            "answers": examined,
            "findings": findings,
        });
        format!("{}\n", serde_json::to_string_pretty(&report)?)
    } else {
        let has_colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        page::write(client.address(), examined.as_ref(), &findings, has_colours, now())
    };
    // Whoever reads may have gone away, as `head` does.
    let _ = std::io::stdout().write_all(text.as_bytes());
    let is_well = findings.iter().all(|finding| !finding.is_fault);
    Ok(if is_well { Outcome::Done } else { Outcome::Faults })
}

async fn ask(client: &Client) -> anyhow::Result<Answers> {
    let end = now().0;
    let start = end.saturating_sub(LATELY);
    let status: Status = client.get("/api/status").await.context("asking for the status")?;
    let mistakes: Mistakes = client.get("/api/mistakes").await.context("asking for mistakes")?;
    let services: Services = client
        .get(&format!("/api/services?start={start}&end={end}"))
        .await
        .context("asking for services")?;
    Ok(Answers { status, mistakes: mistakes.mistakes, services: services.services })
}

/// Nothing runs: say so, and who holds the ports that it would need.
fn absence(common: &Common, address: &str) -> Vec<Finding> {
    let nothing = Finding {
        is_fault: true,
        what: format!("no Watchglass answers at {address}"),
        remedy: "start one with `watchglass`, `watchglass serve` or `watchglass demo`".to_owned(),
    };
    let ports = [
        (common.main_address(), "--listen"),
        (common.otlp_grpc, "--otlp-grpc"),
        (common.otlp_http, "--otlp-http"),
    ];
    let held = ports.into_iter().filter_map(|(address, flag)| {
        let holder = holder_of(address.port())?;
        Some(Finding {
            is_fault: true,
            what: format!("port {} is taken by {holder}", address.port()),
            remedy: format!("end that one, or choose another port with {flag} 127.0.0.1:PORT"),
        })
    });
    std::iter::once(nothing).chain(held).collect()
}
