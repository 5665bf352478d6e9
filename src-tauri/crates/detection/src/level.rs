//! Levels: their names, the fields that carry them, and the words of a line that tell them. The seven names are those
//! of Loki's `detected_level` (<https://grafana.com/docs/loki/latest/get-started/labels/#automatic-log-level-detection>).

/// How severe a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The finest.
    Trace,
    /// For who develops.
    Debug,
    /// What happens.
    Info,
    /// What may become an error.
    Warn,
    /// What failed.
    Error,
    /// What fails for everybody.
    Critical,
    /// What ends the program.
    Fatal,
}

impl Level {
    /// All, from the least to the most severe.
    pub const ALL: [Self; 7] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
        Self::Critical,
        Self::Fatal,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Critical => "critical",
            Self::Fatal => "fatal",
        }
    }

    /// The number that OpenTelemetry gives it; critical is fatal there, as in the SDKs' bridges.
    pub const fn severity_number(self) -> i32 {
        match self {
            Self::Trace => 1,
            Self::Debug => 5,
            Self::Info => 9,
            Self::Warn => 13,
            Self::Error => 17,
            Self::Critical | Self::Fatal => 21,
        }
    }
}

/// Names that carry a level, in lower case without separators.
const FIELDS: [&str; 8] =
    ["level", "loglevel", "severity", "severitytext", "lvl", "levelname", "@l", "levelvalue"];

/// Values of such fields.
const NAMES: [(&str, Level); 29] = [
    ("trace", Level::Trace),
    ("trc", Level::Trace),
    ("finest", Level::Trace),
    ("debug", Level::Debug),
    ("dbg", Level::Debug),
    ("fine", Level::Debug),
    ("verbose", Level::Debug),
    ("info", Level::Info),
    ("inf", Level::Info),
    ("information", Level::Info),
    ("informational", Level::Info),
    ("notice", Level::Info),
    ("default", Level::Info),
    ("warn", Level::Warn),
    ("wrn", Level::Warn),
    ("warning", Level::Warn),
    ("error", Level::Error),
    ("err", Level::Error),
    ("eror", Level::Error),
    ("severe", Level::Error),
    ("critical", Level::Critical),
    ("crit", Level::Critical),
    ("alert", Level::Critical),
    ("dpanic", Level::Critical),
    ("fatal", Level::Fatal),
    ("ftl", Level::Fatal),
    ("panic", Level::Fatal),
    ("emerg", Level::Fatal),
    ("emergency", Level::Fatal),
];

/// Syslog's severities, from 0 on.
const SYSLOG: [Level; 8] = [
    Level::Fatal,
    Level::Critical,
    Level::Critical,
    Level::Error,
    Level::Warn,
    Level::Info,
    Level::Info,
    Level::Debug,
];

/// The level that a field tells, if it is one that does.
pub(crate) fn of_field(name: &str, value: &str) -> Option<Level> {
    let letters = || name.bytes().filter(|byte| !matches!(byte, b'_' | b'.' | b'-'));
    let is = |known: &&str| letters().map(|byte| byte.to_ascii_lowercase()).eq(known.bytes());
    FIELDS.iter().any(is).then(|| of_value(value)).flatten()
}

fn of_value(value: &str) -> Option<Level> {
    let value = value.trim();
    let known = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(value));
    known.map(|(_, level)| *level).or_else(|| of_number(value.parse().ok()?))
}

/// Numbers as syslog has them, and as the loggers of Node (pino, bunyan) and of Python have them.
fn of_number(number: u64) -> Option<Level> {
    let syslog = usize::try_from(number).ok().and_then(|place| SYSLOG.get(place)).copied();
    syslog.or(match number {
        10..20 => Some(Level::Trace),
        20..30 => Some(Level::Debug),
        30..40 => Some(Level::Info),
        40..50 => Some(Level::Warn),
        50..60 => Some(Level::Error),
        60 => Some(Level::Fatal),
        _ => None,
    })
}

/// How much of a line is looked at for words.
const LOOKED_AT: usize = 4096;

/// The level that the words of a line tell: of klog's or syslog's beginning, else of the first word that is a level,
/// else of the name of an exception.
pub(crate) fn of_line(line: &str) -> Option<Level> {
    if let Some(level) = of_beginning(line) {
        return Some(level);
    }
    let line = line.get(..line.floor_char_boundary(LOOKED_AT)).unwrap_or(line);
    let mut exception = None;
    for (opened, word) in words(line).filter(|(_, word)| (3..=64).contains(&word.len())) {
        if let Some(level) = of_word(word, opened) {
            return Some(level);
        }
        if is_exception(word) {
            exception = Some(Level::Error);
        }
    }
    exception
}

/// The words of a line, each with the letter in front of it.
fn words(line: &str) -> impl Iterator<Item = (Option<char>, &str)> {
    let mut rest = line;
    let mut before = None;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let opened = before;
        let mut letters = behind.chars();
        before = letters.next();
        rest = letters.as_str();
        Some((opened, word))
    })
}

fn of_word(word: &str, opened: Option<char>) -> Option<Level> {
    let (name, level) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word))?;
    // Words that are also plain English, or numbers, count only as loggers write them.
    let is_plain = matches!(
        *name,
        "trace"
            | "fine"
            | "finest"
            | "notice"
            | "inf"
            | "alert"
            | "severe"
            | "default"
            | "verbose"
            | "information"
            | "informational"
            | "panic"
            | "emergency"
    );
    let is_marked = word.bytes().all(|byte| byte.is_ascii_uppercase())
        || matches!(opened, Some('[' | '<' | '|'));
    (!is_plain || (is_marked && *name != "default")).then_some(*level)
}

/// `ValueError`, `NullPointerException`, and Python's `Traceback`.
fn is_exception(word: &str) -> bool {
    let is_name = word.starts_with(|letter: char| letter.is_ascii_uppercase());
    is_name && (word.ends_with("Error") || word.ends_with("Exception") || word == "Traceback")
}

/// `E0102 15:04:05` as klog begins, and `<11>` as syslog does.
fn of_beginning(line: &str) -> Option<Level> {
    match line.as_bytes() {
        [letter, digits @ ..]
            if digits.iter().take(4).filter(|byte| byte.is_ascii_digit()).count() == 4
                && digits.get(4) == Some(&b' ') =>
        {
            match letter {
                b'I' => Some(Level::Info),
                b'W' => Some(Level::Warn),
                b'E' => Some(Level::Error),
                b'F' => Some(Level::Fatal),
                _ => None,
            }
        }
        [b'<', ..] => {
            let (number, _) = line.get(1..)?.split_once('>')?;
            let number: usize = number.parse().ok().filter(|number| *number < 192)?;
            SYSLOG.get(number % SYSLOG.len()).copied()
        }
        _ => None,
    }
}
