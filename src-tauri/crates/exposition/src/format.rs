//! Which format an exposition has: what a scraper asks for, and what the answer's `Content-Type` says it got
//! (`config/config.go` and `scrape/scrape.go` of Prometheus, `model/textparse/interface.go`).

use std::fmt::Write;
use std::ops::ControlFlow;

use crate::entry::{Entry, ParseError, ReadOptions};
use crate::quoted::Quoted;
use crate::{protobuf, text};

/// What Prometheus' configuration calls a scrape protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScrapeProtocol {
    /// Protobuf, delimited; the only one with native histograms.
    PrometheusProto,
    /// Text 0.0.4.
    PrometheusText0_0_4,
    /// Text 1.0.0: 0.0.4 with quoted names.
    PrometheusText1_0_0,
    /// `OpenMetrics` 0.0.1.
    OpenMetricsText0_0_1,
    /// `OpenMetrics` 1.0.0.
    OpenMetricsText1_0_0,
}

/// What Prometheus asks for if its configuration does not say.
pub const DEFAULT_PROTOCOLS: [ScrapeProtocol; 4] = [
    ScrapeProtocol::OpenMetricsText1_0_0,
    ScrapeProtocol::OpenMetricsText0_0_1,
    ScrapeProtocol::PrometheusText1_0_0,
    ScrapeProtocol::PrometheusText0_0_4,
];

/// What it asks for if native histograms are wanted.
pub const DEFAULT_PROTOCOLS_WITH_NATIVE_HISTOGRAMS: [ScrapeProtocol; 5] = [
    ScrapeProtocol::PrometheusProto,
    ScrapeProtocol::OpenMetricsText1_0_0,
    ScrapeProtocol::OpenMetricsText0_0_1,
    ScrapeProtocol::PrometheusText1_0_0,
    ScrapeProtocol::PrometheusText0_0_4,
];

/// How names that are not classic shall be written by the exporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Escaping {
    /// As they are, in quotes.
    #[default]
    AllowUtf8,
    /// `_` in place of what is not allowed.
    Underscores,
    /// `_dot_` in place of dots.
    Dots,
    /// `U__` and the code points.
    Values,
}

impl Escaping {
    /// The value of the `escaping` parameter and of Prometheus' `metric_name_escaping_scheme`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AllowUtf8 => "allow-utf-8",
            Self::Underscores => "underscores",
            Self::Dots => "dots",
            Self::Values => "values",
        }
    }

    /// From that value.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::AllowUtf8, Self::Underscores, Self::Dots, Self::Values]
            .into_iter()
            .find(|escaping| escaping.as_str() == name)
    }
}

impl ScrapeProtocol {
    const ALL: [Self; 5] = DEFAULT_PROTOCOLS_WITH_NATIVE_HISTOGRAMS;

    /// The name in `scrape_protocols` and `fallback_scrape_protocol`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PrometheusProto => "PrometheusProto",
            Self::PrometheusText0_0_4 => "PrometheusText0.0.4",
            Self::PrometheusText1_0_0 => "PrometheusText1.0.0",
            Self::OpenMetricsText0_0_1 => "OpenMetricsText0.0.1",
            Self::OpenMetricsText1_0_0 => "OpenMetricsText1.0.0",
        }
    }

    /// From that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.as_str() == name)
    }

    /// The format that answers have.
    pub const fn format(self) -> Format {
        match self {
            Self::PrometheusProto => Format::Protobuf,
            Self::PrometheusText0_0_4 | Self::PrometheusText1_0_0 => Format::Text,
            Self::OpenMetricsText0_0_1 | Self::OpenMetricsText1_0_0 => Format::OpenMetrics,
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::PrometheusProto => {
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
            }
            Self::PrometheusText0_0_4 => "text/plain;version=0.0.4",
            Self::PrometheusText1_0_0 => "text/plain;version=1.0.0",
            Self::OpenMetricsText0_0_1 => "application/openmetrics-text;version=0.0.1",
            Self::OpenMetricsText1_0_0 => "application/openmetrics-text;version=1.0.0",
        }
    }
}

/// The value of a scrape's `Accept` header: the protocols, best first, then anything. Only the newer text formats
/// know the `escaping` parameter.
pub fn accept_header(protocols: &[ScrapeProtocol], escaping: Escaping) -> String {
    let mut header = String::new();
    let mut weight = ScrapeProtocol::ALL.len() + 1;
    for protocol in protocols.iter().take(ScrapeProtocol::ALL.len()) {
        header.push_str(protocol.media_type());
        let newer = [ScrapeProtocol::PrometheusText1_0_0, ScrapeProtocol::OpenMetricsText1_0_0];
        if newer.contains(protocol) {
            header.push_str(";escaping=");
            header.push_str(escaping.as_str());
        }
        let written = write!(header, ";q=0.{weight},");
        debug_assert!(written.is_ok(), "text takes any text");
        weight -= 1;
    }
    let written = write!(header, "*/*;q=0.{weight}");
    debug_assert!(written.is_ok(), "text takes any text");
    header
}

/// How an exposition is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Prometheus text, 0.0.4 and 1.0.0.
    Text,
    /// `OpenMetrics` text, 0.0.1 and 1.0.0.
    OpenMetrics,
    /// `io.prometheus.client.MetricFamily`, each with its length before it.
    Protobuf,
}

/// A format, and what there is to complain about on the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiated {
    /// How to read the answer.
    pub format: Format,
    /// Why the fallback had to serve, if it had to.
    pub warning: Option<String>,
}

/// An answer whose `Content-Type` says nothing we know, and no fallback is configured: the scrape fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownFormat(String);

impl Format {
    /// The format that an answer's `Content-Type` names, or that of the fallback protocol. Prometheus 3 guesses nothing.
    pub fn of_content_type(
        content_type: &str,
        fallback: Option<ScrapeProtocol>,
    ) -> Result<Negotiated, UnknownFormat> {
        let named = media_type(content_type);
        let format = match named.as_deref() {
            Some("application/openmetrics-text") => Some(Self::OpenMetrics),
            Some("application/vnd.google.protobuf") => Some(Self::Protobuf),
            Some("text/plain") => Some(Self::Text),
            _ => None,
        };
        if let Some(format) = format {
            return Ok(Negotiated { format, warning: None });
        }
        let quoted = Quoted(content_type.as_bytes());
        let (complaint, without) = if content_type.is_empty() {
            let blank = "non-compliant scrape target sending blank Content-Type".to_owned();
            (blank.clone(), format!("{blank} and no fallback_scrape_protocol specified for target"))
        } else if named.is_none() {
            let without = format!(
                "cannot parse Content-Type {quoted} and no fallback_scrape_protocol for target"
            );
            (format!("could not parse received Content-Type {quoted}"), without)
        } else {
            let complaint = format!("received unsupported Content-Type {quoted}");
            let without =
                format!("{complaint} and no fallback_scrape_protocol specified for target");
            (complaint, without)
        };
        let Some(fallback) = fallback else { return Err(UnknownFormat(without)) };
        let media_type = fallback.media_type().split(';').next().unwrap_or_default();
        let warning = format!("{complaint}, using fallback_scrape_protocol \"{media_type}\"");
        Ok(Negotiated { format: fallback.format(), warning: Some(warning) })
    }
}

/// The media type without parameters, in lower case; none where it is not one (Go's `mime.ParseMediaType`).
fn media_type(content_type: &str) -> Option<String> {
    let (named, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let named = named.trim().to_ascii_lowercase();
    let mut parts = named.split('/');
    let is_type = parts.by_ref().take(2).all(is_token) && parts.next().is_none();
    let is_parameter = |parameter: &str| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        is_token(name.trim()) && !value.trim().is_empty()
    };
    let mut parameters = parameters.split(';').filter(|one| !one.trim().is_empty());
    (is_type && parameters.all(is_parameter)).then_some(named)
}

/// Whether `text` is a token of RFC 9110.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Hands out what an exposition says, entry by entry in its order, until `visit` breaks off.
///
/// Entries borrow from `bytes` and from memory that is used again for the next one: a megabyte is read without an
/// allocation for each sample. After an error, what has been handed out is to be forgotten.
pub fn read(
    bytes: &[u8],
    format: Format,
    options: ReadOptions,
    mut visit: impl FnMut(Entry<'_>) -> ControlFlow<()>,
) -> Result<(), ParseError> {
    match format {
        Format::Text => text::read(bytes, text::Dialect::Prometheus, options, &mut visit),
        Format::OpenMetrics => text::read(bytes, text::Dialect::OpenMetrics, options, &mut visit),
        Format::Protobuf => protobuf::read(bytes, options, &mut visit),
    }
}
