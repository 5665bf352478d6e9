//! Groups: what has been pushed under one grouping key, and what a push or a deletion makes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use watchglass_exposition::MetricType;
use watchglass_model::{SampleValue, Timestamp};

use super::check::{check_family, check_sample};
use super::family::{Family, HeldSample};
use super::read::{Drafted, Families};

/// The labels of the path that a push is sent to; they name the group. Empty values count.
pub(crate) type Grouping = BTreeMap<String, String>;

/// All groups.
pub(super) type Groups = BTreeMap<Grouping, Arc<Group>>;

/// What has been pushed under one grouping key, by the name of the metric.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Group {
    pub(super) families: BTreeMap<String, Arc<Family>>,
}

/// Whether a push replaces the whole group or only metrics of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `PUT`
    Replace,
    /// `POST`
    Merge,
}

const PUSH_TIME: &str = "push_time_seconds";
const PUSH_TIME_HELP: &str =
    "Last Unix time when changing this group in the Pushgateway succeeded.";
const FAILURE_TIME: &str = "push_failure_time_seconds";
const FAILURE_TIME_HELP: &str =
    "Last Unix time when changing this group in the Pushgateway failed.";

impl Group {
    /// All samples of the group.
    pub(super) fn samples(&self) -> impl Iterator<Item = &HeldSample> {
        self.families.values().flat_map(|family| &family.samples)
    }

    /// Whether the last push was taken.
    pub(super) fn is_last_push_successful(&self) -> bool {
        let time = |name| match self.families.get(name)?.samples.first()?.value {
            SampleValue::Float(time) => Some(time),
            SampleValue::Histogram(_) => None,
        };
        time(PUSH_TIME).unwrap_or(0.0) >= time(FAILURE_TIME).unwrap_or(0.0)
    }

    fn note(&mut self, grouping: &Grouping, name: &str, time: Timestamp, now: Timestamp) {
        let help = if name == PUSH_TIME { PUSH_TIME_HELP } else { FAILURE_TIME_HELP };
        let labels = labelled([], grouping);
        #[expect(clippy::cast_precision_loss, reason = "as upstream tells it")]
        let value = SampleValue::Float(time.0 as f64 / 1e9);
        let family = Family {
            kind: MetricType::Gauge,
            help: help.to_owned(),
            pushed: now,
            samples: vec![HeldSample::new(name.to_owned(), labels, value)],
        };
        self.families.insert(name.to_owned(), Arc::new(family));
    }

    fn note_if_absent(&mut self, grouping: &Grouping, name: &str, now: Timestamp) {
        if !self.families.contains_key(name) {
            self.note(grouping, name, Timestamp::ZERO, now);
        }
    }
}

/// The group after a push, or why there is none: upstream's words.
pub(super) fn pushed(
    groups: &Groups,
    grouping: &Grouping,
    families: Families,
    mode: Mode,
    now: Timestamp,
) -> Result<Group, String> {
    if families.values().flat_map(|family| &family.samples).any(|sample| sample.has_time) {
        return Err("pushed metrics must not have timestamps".to_owned());
    }
    let mut group = groups.get(grouping).map(|one| Group::clone(one)).unwrap_or_default();
    if mode == Mode::Replace {
        group.families.retain(|name, _| matches!(name.as_str(), PUSH_TIME | FAILURE_TIME));
    }
    let others = || groups.iter().filter(|(key, _)| *key != grouping).map(|(_, group)| group);
    for (name, drafted) in families {
        if matches!(name.as_str(), PUSH_TIME | FAILURE_TIME) {
            continue;
        }
        let family = held(&name, drafted, grouping, now)?;
        let same = others().filter_map(|group| group.families.get(&name));
        check_family(&name, &family, same)?;
        group.families.insert(name, Arc::new(family));
    }
    group.note(grouping, PUSH_TIME, now, now);
    group.note_if_absent(grouping, FAILURE_TIME, now);
    Ok(group)
}

/// The group after a push that was not taken.
pub(super) fn failed(groups: &Groups, grouping: &Grouping, now: Timestamp) -> Group {
    let mut group = groups.get(grouping).map(|one| Group::clone(one)).unwrap_or_default();
    group.note(grouping, FAILURE_TIME, now, now);
    group.note_if_absent(grouping, PUSH_TIME, now);
    group
}

fn held(
    name: &str,
    drafted: Drafted,
    grouping: &Grouping,
    now: Timestamp,
) -> Result<Family, String> {
    let kind = drafted.kind.unwrap_or_default();
    let mut family = Family {
        kind,
        help: drafted.help.unwrap_or_default(),
        pushed: now,
        samples: Vec::with_capacity(drafted.samples.len()),
    };
    for sample in drafted.samples {
        check_sample(name, &family, &sample)?;
        let labels = labelled(sample.labels, grouping);
        family.samples.push(HeldSample::new(sample.name, labels, sample.value));
    }
    Ok(family)
}

/// A sample's labels: those of the group count more than its own, and there is always an instance.
fn labelled(
    own: impl IntoIterator<Item = (String, String)>,
    grouping: &Grouping,
) -> BTreeMap<String, String> {
    let mut labels: BTreeMap<_, _> = own.into_iter().collect();
    labels.extend(grouping.iter().map(|(name, value)| (name.clone(), value.clone())));
    labels.entry("instance".to_owned()).or_default();
    labels
}
