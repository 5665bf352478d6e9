//! What any client of the Prometheus API does: questions as forms, as Grafana sends them, and remote write 1.0, with
//! messages of our own so that the product's decoder has nobody to agree with.

use prost::Message;

use crate::instance::http;

/// `prometheus.Label` of remote write 1.0.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Label {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
}

/// `prometheus.Sample`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Sample {
    #[prost(double, tag = "1")]
    pub(crate) value: f64,
    #[prost(int64, tag = "2")]
    pub(crate) timestamp: i64,
}

/// `prometheus.TimeSeries`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct TimeSeries {
    #[prost(message, repeated, tag = "1")]
    pub(crate) labels: Vec<Label>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) samples: Vec<Sample>,
}

/// `prometheus.WriteRequest`
#[derive(Clone, PartialEq, Message)]
struct WriteRequest {
    #[prost(message, repeated, tag = "1")]
    timeseries: Vec<TimeSeries>,
}

/// One series with samples of `(milliseconds, value)`.
pub(crate) fn series(labels: &[(&str, &str)], samples: &[(i64, f64)]) -> TimeSeries {
    let label =
        |(name, value): &(&str, &str)| Label { name: (*name).into(), value: (*value).into() };
    let sample = |(timestamp, value): &(i64, f64)| Sample { value: *value, timestamp: *timestamp };
    TimeSeries {
        labels: labels.iter().map(label).collect(),
        samples: samples.iter().map(sample).collect(),
    }
}

/// Snappy's block format without compression: a length, and literals of at most 64 KiB.
fn snappy(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    prost::encoding::encode_varint(bytes.len() as u64, &mut out);
    for chunk in bytes.chunks(1 << 16) {
        let length = u16::try_from(chunk.len() - 1).unwrap();
        out.push(61 << 2);
        out.extend(length.to_le_bytes());
        out.extend(chunk);
    }
    out
}

/// Writes series to the API that begins at `base`; gives the status and what was said, or none if the server is gone.
pub(crate) fn write(base: &str, timeseries: Vec<TimeSeries>) -> Option<(u16, String)> {
    let body = snappy(&WriteRequest { timeseries }.encode_to_vec());
    let request = http()
        .post(format!("{base}/api/v1/write"))
        .header("content-type", "application/x-protobuf")
        .header("content-encoding", "snappy")
        .body(body);
    let response = request.send().ok()?;
    Some((response.status().as_u16(), response.text().unwrap_or_default()))
}

/// Asks the API that begins at `base` by a form; gives the status and what was said.
pub(crate) fn ask(base: &str, path: &str, form: &[(&str, &str)]) -> (u16, String) {
    let pairs = form.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    let request = http()
        .post(format!("{base}/api/v1/{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(pairs.collect::<Vec<_>>().join("&"));
    let response = request.send().unwrap();
    (response.status().as_u16(), response.text().unwrap())
}

fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
