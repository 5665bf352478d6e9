//! The unit of values, and in which multiple of it an axis is labelled.

use crate::numbers::index;

/// What values are: a UCUM unit as OpenTelemetry names it, perhaps per second.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    kind: Kind,
    is_rate: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// So many seconds each.
    Time(f64),
    /// So many bytes each.
    Bytes(f64),
    Percent,
    /// Anything that is counted, with its name.
    Count(String),
}

/// The multiple of a unit in which an axis is labelled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Multiple {
    /// How much of the unit is one.
    pub(crate) size: f64,
    /// What is written behind a number.
    pub(crate) suffix: String,
}

const TIMES: [(f64, &str); 7] = [
    (86_400.0, "d"),
    (3_600.0, "h"),
    (60.0, "min"),
    (1.0, "s"),
    (1e-3, "ms"),
    (1e-6, "µs"),
    (1e-9, "ns"),
];

/// Powers of 1024 with the short names that the UI uses.
const BYTES: [(f64, &str); 6] = [
    (1_125_899_906_842_624.0, "PB"),
    (1_099_511_627_776.0, "TB"),
    (1_073_741_824.0, "GB"),
    (1_048_576.0, "MB"),
    (1_024.0, "KB"),
    (1.0, "B"),
];

const COUNTS: [(f64, &str); 6] =
    [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")];

impl Unit {
    /// Reads a UCUM unit such as `s`, `ms`, `By`, `%`, `1` or `{request}`; what is none of these is counted under its name.
    pub fn of(ucum: &str) -> Self {
        let kind = match ucum {
            "d" => Kind::Time(86_400.0),
            "h" => Kind::Time(3_600.0),
            "min" => Kind::Time(60.0),
            "s" => Kind::Time(1.0),
            "ms" => Kind::Time(1e-3),
            "us" | "µs" => Kind::Time(1e-6),
            "ns" => Kind::Time(1e-9),
            "By" | "bytes" => Kind::Bytes(1.0),
            "KiBy" => Kind::Bytes(1_024.0),
            "MiBy" => Kind::Bytes(1_048_576.0),
            "%" => Kind::Percent,
            "1" | "" => Kind::Count(String::new()),
            name => Kind::Count(name.replace(['{', '}'], "")),
        };
        Self { kind, is_rate: false }
    }

    /// The same for every second.
    pub fn per_second(self) -> Self {
        Self { is_rate: true, ..self }
    }

    /// The largest multiple that `size` holds at least once.
    pub(crate) fn multiple(&self, size: f64) -> Multiple {
        let (size, mut suffix) = match &self.kind {
            Kind::Time(seconds) => multiple_of(&TIMES, size, *seconds),
            Kind::Bytes(bytes) => multiple_of(&BYTES, size, *bytes),
            Kind::Percent => (1.0, "%".to_owned()),
            Kind::Count(name) => {
                let (size, letter) = multiple_of(&COUNTS, size, 1.0);
                (
                    size,
                    [letter.as_str(), name]
                        .into_iter()
                        .filter(|one| !one.is_empty())
                        .collect::<Vec<_>>()
                        .join(" "),
                )
            }
        };
        if self.is_rate {
            suffix.push_str("/s");
        }
        Multiple { size, suffix }
    }
}

fn multiple_of(all: &[(f64, &str)], size: f64, each: f64) -> (f64, String) {
    let found = all.iter().find(|(multiple, _)| size * each >= *multiple * 0.999);
    let smallest =
        if size == 0.0 { all.iter().find(|(multiple, _)| *multiple <= each) } else { all.last() };
    let (multiple, name) = found.or(smallest).copied().unwrap_or((each, ""));
    (multiple / each, name.to_owned())
}

impl Multiple {
    /// A number of the unit with three significant figures, for one that stands alone.
    pub(crate) fn short(&self, value: f64) -> String {
        let magnitude = (value / self.size).abs().log10().floor();
        let label =
            self.label(value, if magnitude.is_finite() { index(2.0 - magnitude) } else { 0 });
        let (number, suffix) = label.split_once('\u{a0}').unwrap_or((&label, ""));
        let number = if number.contains('.') {
            number.trim_end_matches('0').trim_end_matches('.')
        } else {
            number
        };
        if suffix.is_empty() { number.to_owned() } else { format!("{number}\u{a0}{suffix}") }
    }

    /// A number of the unit with so many places behind the point.
    pub(crate) fn label(&self, value: f64, places: usize) -> String {
        let number = value / self.size;
        let digits = if places > 9 || number.abs() >= 1e9 {
            format!("{number:.2e}")
        } else {
            format!("{number:.places$}")
        };
        // A rounded zero has no sign.
        let is_zero = digits.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
        let digits = if is_zero { digits.trim_start_matches('-') } else { &digits };
        let gap =
            if self.suffix.is_empty() || self.suffix.starts_with('/') { "" } else { "\u{a0}" };
        format!("{digits}{gap}{}", self.suffix)
    }
}
