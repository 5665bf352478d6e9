//! Prometheus remote write 1.0 and 2.0: `POST /api/v1/write`, snappy-compressed protobuf
//! (<https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/>).
//!
//! What is good of a request is kept; what is not is told with 400, and a sender does not send it again.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use tokio::task::spawn_blocking;
use watchglass_exposition::write::{
    MAX_DECODED, Protocol, WriteError, WriteSeries, decode, uncompress,
};
use watchglass_model::{Labels, Sample, SampleValue};
use watchglass_storage::{MetricMetadata, SampleFault, SeriesExemplar, SeriesWrite, Written};

use super::known::KnownSeries;
use super::reading::read_body;
use super::{Receiver, drain};
use crate::refusal::Refusal;

/// How much of a body is thrown away that is refused by its head.
const UNREAD: usize = 16 << 20;
/// How many faults an answer tells.
const MOST_FAULTS: usize = 10;

const SAMPLES_WRITTEN: HeaderName =
    HeaderName::from_static("x-prometheus-remote-write-samples-written");
const HISTOGRAMS_WRITTEN: HeaderName =
    HeaderName::from_static("x-prometheus-remote-write-histograms-written");
const EXEMPLARS_WRITTEN: HeaderName =
    HeaderName::from_static("x-prometheus-remote-write-exemplars-written");

/// The path, to be mounted wherever the Prometheus API is.
pub fn routes(receiver: Receiver) -> Router {
    let intake = Intake { receiver, known: Arc::default() };
    Router::new().route("/api/v1/write", post(write)).with_state(Arc::new(intake))
}

struct Intake {
    receiver: Receiver,
    known: Arc<KnownSeries>,
}

async fn write(State(intake): State<Arc<Intake>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let protocol = match announced(&parts.headers) {
        Ok(protocol) => protocol,
        Err(reason) => {
            drain(body, UNREAD).await;
            return (StatusCode::UNSUPPORTED_MEDIA_TYPE, reason).into_response();
        }
    };
    match take(&intake, protocol, body).await {
        Ok(taken) => taken.answer(protocol),
        Err(refusal) => {
            intake.receiver.refused(&refusal);
            let mut response = (refusal.http_status(), refusal.to_string()).into_response();
            if let Refusal::Overloaded { retry_after, .. } = &refusal {
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from(retry_after.as_secs().max(1)));
            }
            response
        }
    }
}

/// The message that a request's head announces.
fn announced(headers: &HeaderMap) -> Result<Protocol, String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let encoding = text(CONTENT_ENCODING);
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("snappy") {
        return Err(format!(
            "{encoding} encoding (compression) is not accepted by this server; only snappy is acceptable"
        ));
    }
    Protocol::of_content_type(text(CONTENT_TYPE)).map_err(|fault| fault.to_string())
}

/// What was kept of a request, and what was not.
#[derive(Debug, Default)]
struct Taken {
    floats: u64,
    histograms: u64,
    exemplars: u64,
    faults: Vec<String>,
}

impl Taken {
    fn answer(self, protocol: Protocol) -> Response {
        let mut response = if self.faults.is_empty() {
            StatusCode::NO_CONTENT.into_response()
        } else {
            let more = self.faults.len().saturating_sub(MOST_FAULTS);
            let mut lines: Vec<_> = self.faults.into_iter().take(MOST_FAULTS).collect();
            lines.extend((more > 0).then(|| format!("and {more} more")));
            (StatusCode::BAD_REQUEST, lines.join("\n")).into_response()
        };
        if protocol == Protocol::V2 {
            let headers = response.headers_mut();
            headers.insert(SAMPLES_WRITTEN, HeaderValue::from(self.floats));
            headers.insert(HISTOGRAMS_WRITTEN, HeaderValue::from(self.histograms));
            headers.insert(EXEMPLARS_WRITTEN, HeaderValue::from(self.exemplars));
        }
        response
    }

    /// Takes note of what the store refused. Duplicates are what a sender that tries again sends: they are no fault.
    fn without_refused(mut self, written: &Written) -> Self {
        for (labels, _, fault) in &written.refused {
            self.floats = self.floats.saturating_sub(1);
            if *fault != SampleFault::Duplicate {
                self.faults.push(format!("{fault}: {labels}"));
            }
        }
        self
    }
}

async fn take(intake: &Intake, protocol: Protocol, body: Body) -> Result<Taken, Refusal> {
    let Intake { receiver, known } = intake;
    let mut share = receiver.pipeline.share();
    let body = read_body(body, receiver.pipeline.limits().request_bytes, &mut share).await?;
    let now = super::now();
    let size = body.len();
    let known = Arc::clone(known);
    let read = spawn_blocking(move || read_request(&body, protocol, &known)).await;
    let (write, taken) = read.map_err(|_| crate::pipeline::Pipeline::busy())??;
    let samples = write.samples.iter().map(|(_, samples)| samples.len()).sum();
    let written = receiver.pipeline.write(write).await?;
    receiver.counters.took_samples(now, samples, size);
    Ok(taken.without_refused(&written))
}

fn read_request(
    body: &Bytes,
    protocol: Protocol,
    known: &KnownSeries,
) -> Result<(SeriesWrite, Taken), Refusal> {
    let invalid = |fault: WriteError| match fault {
        WriteError::TooLarge(_) => Refusal::TooLarge { limit: MAX_DECODED },
        other => Refusal::Invalid { message: other.to_string(), field: String::new() },
    };
    let bytes = uncompress(body).map_err(invalid)?;
    let batch = decode(&bytes, protocol).map_err(invalid)?;
    let (mut write, mut taken) = (SeriesWrite::default(), Taken::default());
    for series in batch.series() {
        match known.labels(&series) {
            Ok(labels) => add(&mut write, &mut taken, series, labels),
            Err(fault) => taken.faults.push(fault.of_write()),
        }
    }
    for (family, metadata) in batch.metadata() {
        let described = MetricMetadata {
            kind: metadata.kind.as_str().to_owned(),
            help: metadata.help.clone().into_owned(),
            unit: metadata.unit.clone().into_owned(),
        };
        write.metadata.push((family.clone().into_owned(), described));
    }
    Ok((write, taken))
}

fn add(write: &mut SeriesWrite, taken: &mut Taken, series: WriteSeries<'_>, labels: Labels) {
    let mut samples: Vec<Sample> = series
        .samples()
        .iter()
        .map(|one| Sample {
            time: one.time,
            value: SampleValue::Float(one.value),
            start: one.start,
        })
        .collect();
    taken.floats += samples.len() as u64;
    for one in series.histograms() {
        match &one.histogram {
            Ok(histogram) => {
                let value = SampleValue::Histogram(Arc::clone(histogram));
                samples.push(Sample { time: one.time, value, start: one.start });
                taken.histograms += 1;
            }
            Err(fault) => taken.faults.push(format!("{fault}: {labels}")),
        }
    }
    samples.sort_by_key(|sample| sample.time);
    let mut exemplars = Vec::new();
    for one in series.exemplars() {
        match one.labels {
            Ok(own) => {
                exemplars.push(SeriesExemplar { labels: own, value: one.value, time: one.time });
            }
            Err(fault) => taken.faults.push(fault.of_write()),
        }
    }
    taken.exemplars += exemplars.len() as u64;
    if let Some(metadata) = series.metadata() {
        let described = MetricMetadata {
            kind: metadata.kind.as_str().to_owned(),
            help: metadata.help.into_owned(),
            unit: metadata.unit.into_owned(),
        };
        write.metadata.push((labels.name().to_owned(), described));
    }
    if !exemplars.is_empty() {
        write.exemplars.push((labels.clone(), exemplars));
    }
    if !samples.is_empty() {
        write.samples.push((labels, samples));
    }
}
