//! `rules`, `alerts`, `alertmanagers`: there are none yet, but what is asked for must make sense.

use serde_json::json;
use watchglass_promql::syntax::parse_selector;

use super::answer::written;
use super::fault::{Answer, Fault};
use super::parameters::Parameters;

/// Rules by group.
pub(super) async fn rules(parameters: Parameters) -> Answer {
    check(&parameters)?;
    written(&json!({ "groups": [] }))
}

fn check(parameters: &Parameters) -> Answer<()> {
    let kind = parameters.get("type").to_lowercase();
    if !matches!(kind.as_str(), "" | "alert" | "record") {
        return Err(Fault::parameter("type", format!("not supported value {kind:?}")));
    }
    for selector in parameters.all("match[]") {
        parse_selector(selector).map_err(|fault| Fault::bad_data(fault.to_string()))?;
    }
    parameters.flag("exclude_alerts", "error converting exclude_alerts")?;
    let [limit, token] = ["group_limit", "group_next_token"].map(|name| parameters.get(name));
    if !limit.is_empty() {
        let number: i64 = limit.parse().map_err(|_| {
            let reason = format!("strconv.ParseInt: parsing {limit:?}: invalid syntax");
            let reason = format!("group_limit needs to be a valid number: {reason}");
            Fault::parameter("group_limit", reason)
        })?;
        if number <= 0 {
            return Err(Fault::parameter("group_limit", "group_limit needs to be greater than 0"));
        }
    }
    match (limit, token) {
        (_, "") => Ok(()),
        ("", _) => Err(Fault::parameter(
            "group_next_token",
            "group_limit needs to be present in order to paginate over the groups",
        )),
        (_, token) => {
            let reason = format!("invalid group_next_token '{token}'. were rule groups changed?");
            Err(Fault::parameter("group_next_token", reason))
        }
    }
}

/// Alerts.
pub(super) async fn alerts() -> Answer {
    written(&json!({ "alerts": [] }))
}

/// Alertmanagers.
pub(super) async fn alertmanagers() -> Answer {
    written(&json!({ "activeAlertmanagers": [], "droppedAlertmanagers": [] }))
}
