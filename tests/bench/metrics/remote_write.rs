//! Remote write 1.0 as a Prometheus sends it: snappy over protobuf, some requests at a time.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{JoinHandle, spawn};

use prost::encoding::{WireType, encode_key, encode_varint};
use watchglass_model::{Labels, Millis};

use super::connection::Connection;
use super::server::Server;

/// Samples of a usual request (Prometheus `max_samples_per_send`),
pub(crate) const SAMPLES: usize = 2_000;
/// and of one that only is to bring data quickly.
pub(crate) const MANY_SAMPLES: usize = 20_000;
const HEADERS: &str = "Content-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\n";

/// The labels of a series, encoded once.
pub(crate) struct EncodedSeries(Vec<u8>);

impl EncodedSeries {
    pub(crate) fn of(labels: &Labels) -> Self {
        let mut encoded = Vec::new();
        for (name, value) in labels {
            let mut pair = Vec::new();
            bytes_field(1, name.as_bytes(), &mut pair);
            bytes_field(2, value.as_bytes(), &mut pair);
            bytes_field(1, &pair, &mut encoded);
        }
        Self(encoded)
    }
}

/// How many requests are on their way to a server at once; a Prometheus has up to fifty.
const LANES: usize = 8;

/// Sends samples to all servers, in requests of a size, the series spread over some lanes. Each server takes them at
/// its own pace.
pub(crate) struct Sender {
    lanes: Vec<Lane>,
    threads: Vec<JoinHandle<()>>,
    size: usize,
    sent: usize,
}

/// Series that are sent one request after the other.
#[derive(Default)]
struct Lane {
    request: Vec<u8>,
    held: usize,
    queues: Vec<SyncSender<Arc<Vec<u8>>>>,
}

impl Sender {
    pub(crate) fn to(servers: &[Server], size: usize) -> Self {
        let mut sender = Self { lanes: Vec::new(), threads: Vec::new(), size, sent: 0 };
        for _ in 0..LANES {
            let mut lane = Lane::default();
            for server in servers {
                let (queue, requests) = sync_channel(1);
                let connection = server.connect();
                lane.queues.push(queue);
                sender.threads.push(spawn(move || post_all(connection, &requests)));
            }
            sender.lanes.push(lane);
        }
        sender
    }

    /// Adds samples of one of the series that belong together by `group`.
    pub(crate) fn add(&mut self, group: usize, series: &EncodedSeries, samples: &[(Millis, f64)]) {
        let mut own = series.0.clone();
        for (time, value) in samples {
            let mut sample = Vec::with_capacity(20);
            encode_key(1, WireType::SixtyFourBit, &mut sample);
            sample.extend(value.to_le_bytes());
            encode_key(2, WireType::Varint, &mut sample);
            encode_varint(time.cast_unsigned(), &mut sample);
            bytes_field(2, &sample, &mut own);
        }
        self.sent += samples.len();
        let lane = &mut self.lanes[group % LANES];
        bytes_field(1, &own, &mut lane.request);
        lane.held += samples.len();
        if lane.held >= self.size {
            lane.flush();
        }
    }

    /// Sends the rest and waits until all is taken; gives the number of samples.
    pub(crate) fn finish(self) -> usize {
        for mut lane in self.lanes {
            lane.flush();
        }
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
        self.sent
    }
}

impl Lane {
    fn flush(&mut self) {
        if std::mem::take(&mut self.held) == 0 {
            return;
        }
        let body = Arc::new(snap::raw::Encoder::new().compress_vec(&self.request).unwrap());
        self.request.clear();
        self.queues.iter().for_each(|queue| queue.send(Arc::clone(&body)).unwrap());
    }
}

fn post_all(mut connection: Connection, requests: &Receiver<Arc<Vec<u8>>>) {
    for body in requests {
        let (status, said) = connection.post("/api/v1/write", HEADERS, &body);
        assert_eq!(status / 100, 2, "{}", String::from_utf8_lossy(&said));
    }
}

fn bytes_field(tag: u32, bytes: &[u8], into: &mut Vec<u8>) {
    encode_key(tag, WireType::LengthDelimited, into);
    encode_varint(bytes.len() as u64, into);
    into.extend_from_slice(bytes);
}
