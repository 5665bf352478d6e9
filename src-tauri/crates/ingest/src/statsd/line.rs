//! Lines as `statsd_exporter` reads them: `name:value|type|@rate|#tags`, several values a line, tags in four styles.

use std::collections::BTreeMap;

use watchglass_configuration::StatsdKind;

use super::counts::StatsdCounts;
use super::name::metric_name;

/// Fields that a sample may have between its bars.
const MOST_FIELDS: usize = 8;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    /// The name as it was sent, without tags.
    pub(super) metric: String,
    pub(super) kind: StatsdKind,
    pub(super) value: f64,
    /// Gauges: whether the value is added to the one before.
    pub(super) is_relative: bool,
    /// Observations: how many this one stands for.
    pub(super) weight: u32,
    pub(super) labels: BTreeMap<String, String>,
}

/// Hands out the events of a line; what is wrong with it is counted.
pub(super) fn read(
    line: &[u8],
    counts: &mut StatsdCounts,
    mut take: impl FnMut(Event, &mut StatsdCounts),
) {
    if line.is_empty() {
        return;
    }
    let parts = str::from_utf8(line).ok().and_then(|line| line.split_once(':'));
    let Some((name, rest)) = parts.filter(|(name, _)| !name.is_empty()) else {
        return counts.sample_error("malformed_line");
    };
    let mut labels = BTreeMap::new();
    let metric = without_tags(name, &mut labels, counts);
    let has_dog_tags = rest.contains("|#");
    if has_dog_tags && !labels.is_empty() {
        return counts.sample_error("mixed_tagging_styles");
    }
    let Some((values, behind)) = rest.split_once('|') else {
        return counts.sample_error("not_enough_parts_after_colon");
    };
    let samples: Vec<String> = if values.contains(':') {
        // Several values of one observation, as DogStatsD packs them.
        let kind = behind.split('|').next().unwrap_or_default();
        if !matches!(kind, "ms" | "h" | "d") {
            return counts.sample_error("invalid_extended_aggregate_type");
        }
        values.split(':').map(|value| format!("{value}|{behind}")).collect()
    } else if has_dog_tags {
        vec![rest.to_owned()]
    } else {
        rest.split(':').map(str::to_owned).collect()
    };
    for sample in samples {
        counts.samples += 1;
        match event(&metric, &sample, &mut labels, counts) {
            Ok(event) => take(event, counts),
            Err(reason) => counts.sample_error(reason),
        }
    }
}

fn event(
    metric: &str,
    sample: &str,
    labels: &mut BTreeMap<String, String>,
    counts: &mut StatsdCounts,
) -> Result<Event, &'static str> {
    let fields: Vec<_> = sample.split('|').collect();
    let [value, kind, extras @ ..] = fields.as_slice() else { return Err("malformed_component") };
    if fields.len() > MOST_FIELDS || extras.iter().any(|extra| extra.is_empty()) {
        return Err("malformed_component");
    }
    let is_relative = value.starts_with(['+', '-']);
    let number: f64 = value.parse().map_err(|_| "malformed_value")?;
    let (kind, number) = match *kind {
        "c" if !number.is_finite() => return Err("malformed_value"),
        "c" => (StatsdKind::Counter, number),
        "g" => (StatsdKind::Gauge, number),
        // Prometheus counts in seconds.
        "ms" => (StatsdKind::Observer, number / 1000.0),
        "h" | "d" => (StatsdKind::Observer, number),
        // Sets and what is unknown.
        _ => return Err("illegal_event"),
    };
    let mut event = Event {
        metric: metric.to_owned(),
        kind,
        value: number,
        is_relative,
        weight: 1,
        labels: BTreeMap::new(),
    };
    for extra in extras {
        apply(extra, &mut event, labels, counts)?;
    }
    counts.tags += u64::from(!labels.is_empty());
    event.labels = labels.clone();
    Ok(event)
}

/// What stands behind the type: a rate, tags, the container or the time of DogStatsD.
fn apply(
    extra: &str,
    event: &mut Event,
    labels: &mut BTreeMap<String, String>,
    counts: &mut StatsdCounts,
) -> Result<(), &'static str> {
    if let Some(rate) = extra.strip_prefix('@') {
        let rate = rate.parse::<f64>().ok().filter(|rate| rate.is_finite() && *rate >= 0.0);
        if rate.is_none() {
            counts.sample_error("invalid_sample_factor");
        }
        sampled(event, rate.filter(|rate| *rate > 0.0).unwrap_or(1.0));
        return Ok(());
    }
    if let Some(tags) = extra.strip_prefix('#') {
        for tag in tags.split(',').filter(|_| !tags.is_empty()) {
            add_tag(tag.strip_prefix('#').unwrap_or(tag), ':', labels, counts);
        }
        return Ok(());
    }
    if let Some(container) = extra.strip_prefix("c:").filter(|id| !id.is_empty()) {
        labels.insert("container_id".to_owned(), container.to_owned());
        return Ok(());
    }
    match extra.strip_prefix('T') {
        Some(time) if time.parse::<i64>().is_ok() => Ok(()),
        Some(_) => Err("malformed_timestamp"),
        None if extra.starts_with('c') => Err("malformed_container_id"),
        None => Err("invalid_sample_factor"),
    }
}

/// Undoes that only some of the events were sent.
fn sampled(event: &mut Event, rate: f64) {
    match event.kind {
        StatsdKind::Counter => event.value /= rate,
        StatsdKind::Gauge => {}
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number out of range becomes the nearest"
        )]
        StatsdKind::Observer => event.weight = (1.0 / rate) as u32,
    }
}

/// A name without the tags that SignalFX puts in brackets, Librato behind `#` and InfluxDB behind commas.
fn without_tags(
    name: &str,
    labels: &mut BTreeMap<String, String>,
    counts: &mut StatsdCounts,
) -> String {
    match (name.find('['), name.find(']')) {
        (Some(open), Some(close)) if open < close => {
            let tags = name.get(open + 1..close).unwrap_or_default();
            add_tags(tags, labels, counts);
            let before = name.get(..open).unwrap_or_default();
            let behind = name.get(close + 1..).unwrap_or_default();
            return format!("{before}{behind}");
        }
        (None, None) => {}
        _ => {
            counts.tag_errors += 1;
            return name.to_owned();
        }
    }
    match name.split_once(['#', ',']) {
        Some((name, tags)) => {
            add_tags(tags, labels, counts);
            name.to_owned()
        }
        None => name.to_owned(),
    }
}

fn add_tags(tags: &str, labels: &mut BTreeMap<String, String>, counts: &mut StatsdCounts) {
    let tags = tags.strip_suffix(',').unwrap_or(tags);
    for tag in tags.split(',').filter(|_| !tags.is_empty()) {
        add_tag(tag, '=', labels, counts);
    }
}

fn add_tag(
    tag: &str,
    separator: char,
    labels: &mut BTreeMap<String, String>,
    counts: &mut StatsdCounts,
) {
    match tag.split_once(separator) {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            labels.insert(metric_name(name), value.to_owned());
        }
        _ => counts.tag_errors += 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a line as `name value kind weight labels`, and the errors counted.
    fn events(line: &str) -> (Vec<String>, Vec<&'static str>) {
        let (mut found, mut counts) = (Vec::new(), StatsdCounts::default());
        read(line.as_bytes(), &mut counts, |event, _| {
            let labels: Vec<_> =
                event.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let relative = if event.is_relative { "~" } else { "" };
            let kind = match event.kind {
                StatsdKind::Counter => "c",
                StatsdKind::Gauge => "g",
                StatsdKind::Observer => "o",
            };
            let Event { metric, value, weight, .. } = &event;
            found.push(format!("{metric} {relative}{value} {kind} {weight} {}", labels.join(",")));
        });
        let mut errors: Vec<_> = counts.sample_errors.keys().copied().collect();
        errors.extend((counts.tag_errors > 0).then_some("tag"));
        (found, errors)
    }

    fn check(line: &str, expected: &[&str], errors: &[&str]) {
        let (found, told) = events(line);
        assert_eq!(
            (found, told.as_slice()),
            (expected.iter().map(|one| (*one).to_owned()).collect(), errors),
            "{line}"
        );
    }

    #[test]
    fn every_type_is_read() {
        check("a.b:2|c", &["a.b 2 c 1 "], &[]);
        check("a:3|g", &["a 3 g 1 "], &[]);
        check("a:-3|g", &["a ~-3 g 1 "], &[]);
        check("a:+3|g", &["a ~3 g 1 "], &[]);
        check("a:250|ms", &["a 0.25 o 1 "], &[]);
        check("a:250|h", &["a 250 o 1 "], &[]);
        check("a:250|d", &["a 250 o 1 "], &[]);
        check("a:x|s", &[], &["malformed_value"]);
        check("a:1|s", &[], &["illegal_event"]);
    }

    #[test]
    fn rates_are_undone() {
        check("a:1|c|@0.1", &["a 10 c 1 "], &[]);
        check("a:1|g|@0.1", &["a 1 g 1 "], &[]);
        check("a:1000|ms|@0.25", &["a 1 o 4 "], &[]);
        check("a:1|c|@0", &["a 1 c 1 "], &[]);
        check("a:1|c|@often", &["a 1 c 1 "], &["invalid_sample_factor"]);
        check("a:1|ms|@1e-300", &["a 0.001 o 4294967295 "], &[]);
    }

    #[test]
    fn a_line_may_hold_several_values() {
        check("a:1|c:2|g:3|ms", &["a 1 c 1 ", "a 2 g 1 ", "a 0.003 o 1 "], &[]);
        check("a:1:2:3|h|#x:y", &["a 1 o 1 x=y", "a 2 o 1 x=y", "a 3 o 1 x=y"], &[]);
        check("a:1:2|c", &[], &["invalid_extended_aggregate_type"]);
    }

    #[test]
    fn tags_come_in_four_styles() {
        check("a:1|c|#x:y,u.v:w:z", &["a 1 c 1 u_v=w:z,x=y"], &[]);
        check("a:1|c|@0.5|#x:y", &["a 2 c 1 x=y"], &[]);
        check("a,x=y,u=v:1|c", &["a 1 c 1 u=v,x=y"], &[]);
        check("a#x=y,u=v:1|c", &["a 1 c 1 u=v,x=y"], &[]);
        check("a.[x=y,u=v]b:1|c", &["a.b 1 c 1 u=v,x=y"], &[]);
        check("a[x=y:1|c", &["a[x=y 1 c 1 "], &["tag"]);
        check("a,x=y:1|c|#u:v", &[], &["mixed_tagging_styles"]);
        check("a:1|c|#bare,x:y", &["a 1 c 1 x=y"], &["tag"]);
        check("a:1|c|#x:y|c:abc|T1656581400", &["a 1 c 1 container_id=abc,x=y"], &[]);
    }

    #[test]
    fn what_is_wrong_is_counted_by_its_reason() {
        check("nonsense", &[], &["malformed_line"]);
        check(":1|c", &[], &["malformed_line"]);
        check("a:1", &[], &["not_enough_parts_after_colon"]);
        check("a:1|c||@1", &[], &["malformed_component"]);
        check("a:1|c|x", &[], &["invalid_sample_factor"]);
        check("a:1|c|Tsoon", &[], &["malformed_timestamp"]);
        check("a:1|c|c:", &[], &["malformed_component", "malformed_container_id"]);
        check("a:nan|c", &[], &["malformed_value"]);
        check("a]x[:1|c", &["a]x[ 1 c 1 "], &["tag"]);
    }

    #[test]
    fn bytes_at_random_do_no_harm() {
        let alphabet = b"a:|#@,=[]1.-+cgmshd\xff\xc3\n ";
        let mut state = 7_u64;
        for _ in 0..20_000 {
            let line: Vec<u8> = (0..24)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    alphabet[usize::try_from(state >> 33).unwrap() % alphabet.len()]
                })
                .collect();
            read(&line, &mut StatsdCounts::default(), |_, _| ());
        }
    }
}
