//! How much the streams of a selector hold, by label: what Loki calls volume.

use std::collections::BTreeMap;
use std::fmt::Write;

use watchglass_logql::{
    Direction, Engine, Interrupt, MatrixSeries, Query, QueryError, Value, When,
};
use watchglass_model::Labels;
use watchglass_storage::{Matcher, NanosRange, StreamReader};

/// Whose volume is asked for.
#[derive(Debug, Clone)]
pub struct VolumeQuery {
    /// Which streams.
    pub matchers: Vec<Matcher>,
    /// When.
    pub range: NanosRange,
    /// The labels to group by; those that the matchers name where there are none, and all where these are none either.
    pub targets: Vec<String>,
    /// How they are grouped.
    pub groups: VolumeGroups,
    /// How many groups at most.
    pub limit: usize,
}

/// What a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeGroups {
    /// Streams with the same values of the labels.
    Series,
    /// Streams that have a label.
    Labels,
}

impl VolumeQuery {
    fn targets(&self) -> Vec<&str> {
        if !self.targets.is_empty() {
            return self.targets.iter().map(String::as_str).collect();
        }
        let named = self.matchers.iter().filter(|one| !one.matches_absence());
        named.map(|one| one.name.as_str()).collect()
    }

    /// The groups that a stream belongs to.
    fn groups_of(&self, targets: &[&str], stream: &Labels) -> Vec<Labels> {
        let is_target = |name: &str| targets.is_empty() || targets.contains(&name);
        match self.groups {
            VolumeGroups::Series => vec![stream.filtered(is_target)],
            VolumeGroups::Labels => {
                let names = stream.iter().map(|(name, _)| name).filter(|name| is_target(name));
                // Loki names such a group by a label without a value, which a set of labels cannot hold.
                names.map(|name| Labels::from_pairs([(name, name)])).collect()
            }
        }
    }
}

/// Bytes of each group, the largest first. A group of [`VolumeGroups::Labels`] is a label whose value is its name.
pub fn volumes(
    reader: &dyn StreamReader,
    query: &VolumeQuery,
) -> Result<Vec<(Labels, u64)>, QueryError> {
    let targets = query.targets();
    let mut groups: BTreeMap<Labels, u64> = BTreeMap::new();
    for stream in reader.volumes(&query.matchers, query.range)? {
        for group in query.groups_of(&targets, &stream.labels) {
            *groups.entry(group).or_default() += stream.bytes;
        }
    }
    let mut groups: Vec<_> = groups.into_iter().filter(|(labels, _)| !labels.is_empty()).collect();
    groups.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    groups.truncate(query.limit);
    Ok(groups)
}

/// Bytes of each group in each step of the range, the largest groups only.
pub fn volume_over_time(
    reader: &dyn StreamReader,
    query: &VolumeQuery,
    step: i64,
    interrupt: Interrupt<'_>,
) -> Result<Vec<MatrixSeries>, QueryError> {
    // Queries tell a range in milliseconds.
    let millis = step.saturating_add(999_999) / 1_000_000;
    let step = millis.saturating_mul(1_000_000);
    let largest = volumes(reader, query)?;
    let selector = selector(&query.matchers);
    let mut targets: Vec<_> = query.targets().into_iter().map(str::to_owned).collect();
    if targets.is_empty() {
        targets = reader.label_names(&query.matchers, query.range)?;
    }
    let sets = match query.groups {
        VolumeGroups::Series => vec![targets.clone()],
        VolumeGroups::Labels => targets.iter().map(|name| vec![name.clone()]).collect(),
    };
    let mut all: BTreeMap<Labels, BTreeMap<i64, f64>> = BTreeMap::new();
    for set in sets {
        let by = set.join(",");
        let text = format!("sum by ({by}) (bytes_over_time({selector}[{millis}ms]))");
        let when = When::Range {
            start: query.range.start.saturating_add(step),
            end: query.range.end.saturating_add(step - 1),
            step,
        };
        let asked = Query { text: &text, when, direction: Direction::Forward, limit: 0, now: 0 };
        let Value::Matrix(matrix) = Engine::default().query(reader, &asked, interrupt)?.value
        else {
            continue;
        };
        for series in matrix {
            for group in
                query.groups_of(&set.iter().map(String::as_str).collect::<Vec<_>>(), &series.labels)
            {
                let sums = all.entry(group).or_default();
                for (time, bytes) in &series.samples {
                    *sums.entry(time.saturating_sub(step)).or_default() += bytes;
                }
            }
        }
    }
    let ordered = largest.into_iter().filter_map(|(labels, _)| {
        let samples = all.remove(&labels)?.into_iter().collect();
        Some(MatrixSeries { labels, samples })
    });
    Ok(ordered.collect())
}

/// Matchers as a query has them; one that any stream passes where there are none.
fn selector(matchers: &[Matcher]) -> String {
    let is_wide = matchers.iter().all(Matcher::matches_absence);
    let mut text = String::from("{");
    for (place, one) in matchers.iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        // Writing into a string cannot fail.
        let _ = write!(text, "{comma}{}{}{:?}", one.name, one.operator.text(), one.value);
    }
    if is_wide {
        // Every stream has the name of a service.
        text.push_str(if matchers.is_empty() { "" } else { "," });
        text.push_str("service_name=~\".+\"");
    }
    text.push('}');
    text
}
