//! Names: from OpenTelemetry's to Prometheus's, with units and suffixes
//! (Prometheus `otlptranslator`: `metric_namer.go`, `unit_namer.go`, `label_namer.go`).

use watchglass_model::{MetricKind, MetricRef};

/// How names are made (Prometheus `otlp.translation_strategy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// `http.server.duration` in `s` becomes `http_server_duration_seconds`.
    #[default]
    UnderscoresWithSuffixes,
    /// `http.server.duration` in `s` becomes `http_server_duration`.
    UnderscoresWithoutSuffixes,
    /// `http.server.duration` in `s` becomes `http.server.duration_seconds`.
    Utf8WithSuffixes,
    /// Names stay as they are.
    Untouched,
}

impl Naming {
    const fn has_suffixes(self) -> bool {
        matches!(self, Self::UnderscoresWithSuffixes | Self::Utf8WithSuffixes)
    }

    pub(super) const fn escapes(self) -> bool {
        matches!(self, Self::UnderscoresWithSuffixes | Self::UnderscoresWithoutSuffixes)
    }

    /// The name of a metric.
    pub(crate) fn metric(self, metric: &MetricRef<'_>, namespace: Option<&str>) -> String {
        let suffixes = if self.has_suffixes() { suffixes(metric) } else { Vec::new() };
        let mut name = if self.escapes() {
            escaped(metric.name(), &suffixes)
        } else {
            appended(metric.name(), &suffixes)
        };
        name = with_namespace(name, namespace);
        if self.escapes() && name.starts_with(|one: char| one.is_ascii_digit()) {
            name.insert(0, '_');
        }
        name
    }
}

/// A name behind its namespace.
pub(super) fn with_namespace(name: String, namespace: Option<&str>) -> String {
    match namespace.filter(|one| !one.is_empty()) {
        Some(namespace) => format!("{}_{name}", escaped(namespace, &[])),
        None => name,
    }
}

/// What a name should end with: its unit, `ratio`, `total`.
fn suffixes(metric: &MetricRef<'_>) -> Vec<String> {
    let mut suffixes = Vec::new();
    let written = metric.unit();
    let (main, per) = written.split_once('/').unwrap_or((written, ""));
    let (main, per) = (main.trim(), per.trim());
    if !main.is_empty() && !main.contains(['{', '}']) {
        suffixes.extend(Some(unit_name(main)).filter(|name| !name.is_empty()));
    }
    if !per.is_empty() && !per.contains(['{', '}']) {
        suffixes.push("per".to_owned());
        suffixes.push(per_unit_name(per));
    }
    if written == "1" && metric.row.kind == MetricKind::Gauge {
        suffixes.push("ratio".to_owned());
    }
    if metric.row.kind.is_monotonic() {
        suffixes.push("total".to_owned());
    }
    suffixes
}

/// The words of a name and its suffixes, with underscores between. A suffix that is a word of the name already is not
/// repeated, but `total` and `ratio` move to the end.
fn escaped(name: &str, suffixes: &[String]) -> String {
    let is_word = |one: char| one.is_ascii_alphanumeric() || one == ':';
    let mut words: Vec<&str> =
        name.split(|one| !is_word(one)).filter(|word| !word.is_empty()).collect();
    let cleaned: Vec<String> = suffixes
        .iter()
        .flat_map(|suffix| suffix.split(|one| !is_word(one)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    for suffix in &cleaned {
        if matches!(suffix.as_str(), "total" | "ratio") {
            words.retain(|word| word != suffix);
        }
        if !words.contains(&suffix.as_str()) {
            words.push(suffix);
        }
    }
    words.join("_")
}

/// A name that keeps its characters, with suffixes behind it unless it ends with them.
fn appended(name: &str, suffixes: &[String]) -> String {
    let mut name = name.to_owned();
    for suffix in suffixes {
        if !name.ends_with(suffix.as_str()) {
            name.push('_');
            name.push_str(suffix);
        }
    }
    name
}

/// The unit of a metric as its metadata tell it.
pub(super) fn unit(written: &str) -> String {
    let (main, per) = written.split_once('/').unwrap_or((written, ""));
    match (unit_name(main.trim()), per.trim()) {
        (main, "") => main,
        (main, per) => format!("{main}_per_{}", per_unit_name(per)),
    }
}

/// A UCUM unit as Prometheus names it.
fn unit_name(unit: &str) -> String {
    let name = match unit {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "1" => "",
        "%" => "percent",
        other if other.contains(['{', '}']) => "",
        other => other,
    };
    name.to_owned()
}

/// A UCUM unit behind a slash.
fn per_unit_name(unit: &str) -> String {
    let name = match unit {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        other => other,
    };
    name.to_owned()
}

/// A label's name in letters, digits and underscores, as by default.
pub(super) fn label(name: &str) -> String {
    escaped_label(name, true, true)
}

/// A label's name in letters, digits and underscores. With `sanitize`, one underscore in front gets `key` before it;
/// without `keep`, underscores in a row become one.
pub(super) fn escaped_label(name: &str, sanitize: bool, keep: bool) -> String {
    let mut label = String::with_capacity(name.len());
    for one in name.chars() {
        if one.is_ascii_alphanumeric() {
            label.push(one);
        } else if keep || !label.ends_with('_') {
            label.push('_');
        }
    }
    if label.starts_with(|one: char| one.is_ascii_digit()) {
        label.insert_str(0, "key_");
    } else if sanitize && label.starts_with('_') && !label.starts_with("__") {
        label.insert_str(0, "key");
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_and_suffixes_come_once() {
        let total = ["seconds".to_owned(), "total".to_owned()];
        assert_eq!(escaped("http.server.total.seconds", &total), "http_server_seconds_total");
        assert_eq!(escaped("a..b-c", &[]), "a_b_c");
        assert_eq!(appended("http.duration", &total), "http.duration_seconds_total");
    }

    #[test]
    fn labels_are_spelled_with_letters_digits_and_underscores() {
        assert_eq!(label("http.status_code"), "http_status_code");
        assert_eq!(label("0a"), "key_0a");
        assert_eq!(label("_private"), "key_private");
        assert_eq!(label("__name__"), "__name__");
        assert_eq!(escaped_label("_a..b", false, false), "_a_b");
        assert_eq!(escaped_label("_a..b", true, true), "key_a__b");
    }

    #[test]
    fn units_are_words() {
        assert_eq!(unit("By/s"), "bytes_per_second");
        assert_eq!(unit("{request}"), "");
        assert_eq!(unit("1"), "");
    }
}
