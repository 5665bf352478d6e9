//! `/federate`: the latest samples of series, for another Prometheus to scrape.

mod protobuf;
mod text;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use watchglass_exposition::Escaping;
use watchglass_promql::syntax::parse_selector;

use super::parameters::Parameters;
use crate::routes::Held;

/// The latest samples of the series that pass any of the selectors. As in Prometheus, native histograms are told only
/// to those who read protobuf.
pub(super) async fn federate(
    State(workbench): Held,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response<Body>, (StatusCode, String)> {
    let selectors = parameters.all("match[]").map(parse_selector).collect::<Result<Vec<_>, _>>();
    let selectors = selectors.map_err(|fault| (StatusCode::BAD_REQUEST, format!("{fault}\n")))?;
    let federated = workbench.federate(selectors).await;
    let federated =
        federated.map_err(|fault| (StatusCode::INTERNAL_SERVER_ERROR, format!("{fault}\n")))?;
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Wanted { format, escaping } = Wanted::of(accept);
    let body = match format {
        Format::Protobuf => protobuf::page(&federated, escaping),
        Format::Text(_) => text::page(&federated, escaping).into_bytes(),
    };
    let kind = format!("{}; escaping={}", format.content_type(), escaping.as_str());
    let mut response = Response::new(Body::from(body));
    let kind = HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static("text/plain"));
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// How samples are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Messages of `io.prometheus.client.MetricFamily`, each after its length.
    Protobuf,
    /// Lines of text, of this version.
    Text(&'static str),
}

impl Format {
    fn content_type(self) -> String {
        match self {
            Self::Protobuf => "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited".to_owned(),
            Self::Text(version) => format!("text/plain; version={version}; charset=utf-8"),
        }
    }
}

/// What a client reads best of what there is.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    format: Format,
    escaping: Escaping,
}

impl Wanted {
    /// By an `Accept` header (`expfmt.Negotiate` of Prometheus: never `OpenMetrics`).
    fn of(accept: &str) -> Self {
        let mut ranges: Vec<_> = accept.split(',').map(Range::read).collect();
        ranges.sort_by(|one, other| other.quality.total_cmp(&one.quality));
        let found = ranges.iter().find_map(|range| {
            let format = range.format()?;
            Some(Self { format, escaping: range.escaping() })
        });
        found.unwrap_or(Self { format: Format::Text("0.0.4"), escaping: Escaping::Underscores })
    }
}

/// One of the media types that a client reads.
struct Range<'a> {
    kind: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
    quality: f32,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let parameters: Vec<_> = parts.filter_map(|part| part.split_once('=')).collect();
        let quality = parameters.iter().find(|(name, _)| *name == "q");
        let quality = quality.and_then(|(_, value)| value.parse().ok()).unwrap_or(1.0);
        Self { kind, parameters, quality }
    }

    fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(own, _)| *own == name);
        found.map_or("", |(_, value)| value)
    }

    fn format(&self) -> Option<Format> {
        match (self.kind, self.parameter("version")) {
            ("text/plain", "1.0.0") => Some(Format::Text("1.0.0")),
            ("text/plain", "" | "0.0.4") => Some(Format::Text("0.0.4")),
            ("application/vnd.google.protobuf", _) => {
                let is_known = self.parameter("proto") == "io.prometheus.client.MetricFamily"
                    && self.parameter("encoding") == "delimited";
                is_known.then_some(Format::Protobuf)
            }
            _ => None,
        }
    }

    fn escaping(&self) -> Escaping {
        let name = self.parameter("escaping");
        Escaping::from_name(name).unwrap_or(Escaping::Underscores)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_what_it_reads_best() {
        let text = |version, escaping| Wanted { format: Format::Text(version), escaping };
        let plain = text("0.0.4", Escaping::Underscores);
        for accept in ["", "*/*", "application/openmetrics-text;version=1.0.0", "text/plain"] {
            assert_eq!(Wanted::of(accept), plain, "{accept}");
        }
        let prometheus = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
            text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        assert_eq!(Wanted::of(prometheus), text("1.0.0", Escaping::AllowUtf8));
        let protobuf = "text/plain;q=0.1, application/vnd.google.protobuf;\
            proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7";
        assert_eq!(Wanted::of(protobuf).format, Format::Protobuf);
    }
}
