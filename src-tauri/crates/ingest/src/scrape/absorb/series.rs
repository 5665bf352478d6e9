//! What a series is called once its target's labels are added, it is relabelled, and the limits are looked at.

use watchglass_configuration::{ScrapeConfig, relabel};
use watchglass_exposition::Series;
use watchglass_model::{Labels, LabelsBuilder};

/// What stands before a label's name that the target's own label takes.
const EXPORTED: &str = "exported_";

/// Whether a series is kept, and under which labels.
pub(super) enum Kept {
    As(Labels),
    Not,
}

pub(super) fn series(
    exposed: &Series<'_>,
    target: &Labels,
    config: &ScrapeConfig,
) -> Result<Kept, String> {
    let own = exposed.labels().map_err(|fault| fault.to_string())?;
    let mut labels =
        if config.honor_labels { honoured(exposed, &own, target) } else { renamed(&own, target) };
    if !relabel(&mut labels, &config.metric_relabel_configs) {
        return Ok(Kept::Not);
    }
    let labels = labels.build();
    if labels.is_empty() {
        return Ok(Kept::Not);
    }
    if labels.name().is_empty() {
        return Err("missing metric name (__name__ label)".to_owned());
    }
    let are_valid = config.names.is_metric(labels.name())
        && labels.iter().all(|(name, _)| config.names.is_label(name));
    if !are_valid {
        return Err(format!("invalid metric name or label names: {labels}"));
    }
    check_limits(&labels, config)?;
    Ok(Kept::As(labels))
}

/// The labels of the exposition, and those of the target that it does not have. An empty one is one that it has: so a
/// Pushgateway keeps the target's `instance` away (`mutateSampleLabels`).
fn honoured(exposed: &Series<'_>, own: &Labels, target: &Labels) -> LabelsBuilder {
    let mut labels = LabelsBuilder::from(own);
    for (name, value) in target {
        if !exposed.pairs().any(|(own, _)| own == name) {
            labels.set(name, value);
        }
    }
    labels
}

/// The labels of the target, and those of the exposition, under another name where the target has one of that name.
fn renamed(exposed: &Labels, target: &Labels) -> LabelsBuilder {
    let mut labels = LabelsBuilder::from(exposed);
    let mut renamed = Vec::new();
    for (name, value) in target {
        if !exposed.get(name).is_empty() {
            renamed.push((name, exposed.get(name)));
        }
        labels.set(name, value);
    }
    // Shorter names first: `exported_a` must not take the place of `a`'s own new name.
    renamed.sort_by_key(|(name, _)| name.len());
    for (name, value) in renamed {
        let mut name = format!("{EXPORTED}{name}");
        while !labels.get(&name).is_empty() {
            name.insert_str(0, EXPORTED);
        }
        labels.set(name, value);
    }
    labels
}

fn check_limits(labels: &Labels, config: &ScrapeConfig) -> Result<(), String> {
    let limits = &config.limits;
    let metric = labels.name();
    if limits.labels > 0 && labels.len() as u64 > limits.labels {
        return Err(format!(
            "label_limit exceeded (metric: {metric:.50}, number of labels: {}, limit: {})",
            labels.len(),
            limits.labels
        ));
    }
    for (name, value) in labels {
        let lengths = [
            ("label_name_length_limit", name.len(), limits.label_name_length),
            ("label_value_length_limit", value.len(), limits.label_value_length),
        ];
        for (setting, length, limit) in lengths {
            if limit > 0 && length as u64 > limit {
                return Err(format!(
                    "{setting} exceeded (metric: {metric:.50}, label name: {name:.50}, value: {value:?}, length: \
                     {length}, limit: {limit})"
                ));
            }
        }
    }
    Ok(())
}
