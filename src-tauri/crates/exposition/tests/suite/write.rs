//! Requests of remote write written by prost, and read by our decoder.

use proptest::prelude::*;
use prost::Message;
use watchglass_exposition::MetricType;
use watchglass_exposition::write::{
    HistogramSample, MAX_DECODED, Protocol, WriteBatch, decode, uncompress,
};
use watchglass_model::{
    Bucket, CUSTOM_BUCKETS, FloatHistogram, Labels, ResetHint, STALE, is_stale,
};

use crate::messages::{BucketSpan, labels, v1, v2};

/// What 1.0 can say, back as prost's message, but for histograms and labels that Prometheus refuses.
fn as_v1(batch: &WriteBatch<'_>) -> v1::WriteRequest {
    let timeseries = batch.series().map(|series| v1::TimeSeries {
        labels: as_labels(&series.labels().unwrap()),
        samples: series
            .samples()
            .iter()
            .map(|sample| v1::Sample { value: sample.value, timestamp: sample.time })
            .collect(),
        exemplars: series
            .exemplars()
            .map(|exemplar| v1::Exemplar {
                labels: as_labels(&exemplar.labels.unwrap()),
                value: exemplar.value,
                timestamp: exemplar.time,
            })
            .collect(),
        histograms: Vec::new(),
    });
    let metadata = batch.metadata().iter().map(|(name, metadata)| v1::MetricMetadata {
        kind: number_of(metadata.kind),
        metric_family_name: name.to_string(),
        help: metadata.help.to_string(),
        unit: metadata.unit.to_string(),
    });
    v1::WriteRequest { timeseries: timeseries.collect(), metadata: metadata.collect() }
}

fn as_labels(own: &Labels) -> Vec<crate::messages::Label> {
    labels(&own.iter().collect::<Vec<_>>())
}

fn number_of(kind: MetricType) -> i32 {
    let all = [
        MetricType::Unknown,
        MetricType::Counter,
        MetricType::Gauge,
        MetricType::Histogram,
        MetricType::GaugeHistogram,
        MetricType::Summary,
        MetricType::Info,
        MetricType::StateSet,
    ];
    i32::try_from(all.iter().position(|one| *one == kind).unwrap()).unwrap()
}

/// Sorted labels with a metric name, as a sender writes them.
fn label_sets() -> impl Strategy<Value = Vec<(String, String)>> {
    let others = prop::collection::btree_map("[a-z.é]{1,6}", ".{1,8}", 0..5);
    ("[a-z:_]{1,8}", others).prop_map(|(name, mut labels)| {
        labels.insert("__name__".to_owned(), name);
        labels.into_iter().collect()
    })
}

prop_compose! {
    fn histograms()(
        sum in any::<f64>(),
        count in any::<u32>(),
        spans in prop::collection::vec((-9..9, 0..4_u32), 0..4),
        deltas in prop::collection::vec(-99..99_i64, 0..8),
        counts in prop::collection::vec(any::<f64>(), 0..8),
        timestamp in any::<i64>(),
    ) -> v1::Histogram {
        let span = |(offset, length)| BucketSpan { offset, length };
        v1::Histogram {
            count_int: Some(u64::from(count)),
            sum,
            positive_spans: spans.iter().copied().map(span).collect(),
            positive_deltas: deltas,
            negative_counts: counts,
            timestamp,
            ..v1::Histogram::default()
        }
    }
}

fn pairs(labels: &[(String, String)]) -> Vec<crate::messages::Label> {
    labels
        .iter()
        .map(|(name, value)| crate::messages::Label { name: name.clone(), value: value.clone() })
        .collect()
}

prop_compose! {
    fn series()(
        labels in label_sets(),
        samples in prop::collection::vec((any::<f64>(), any::<i64>()), 0..6),
        exemplars in prop::collection::vec((label_sets(), any::<f64>(), any::<i64>()), 0..3),
        histograms in prop::collection::vec(histograms(), 0..3),
    ) -> v1::TimeSeries {
        let samples = samples.into_iter().map(|(value, timestamp)| v1::Sample { value, timestamp });
        let exemplars = exemplars.into_iter().map(|(labels, value, timestamp)| {
            v1::Exemplar { labels: pairs(&labels), value, timestamp }
        });
        v1::TimeSeries {
            labels: pairs(&labels),
            samples: samples.collect(),
            exemplars: exemplars.collect(),
            histograms,
        }
    }
}

prop_compose! {
    fn requests()(
        timeseries in prop::collection::vec(series(), 0..8),
        metadata in prop::collection::vec((0..8, "[a-z]{0,8}", ".{0,12}", "[a-z]{0,8}"), 0..4),
    ) -> v1::WriteRequest {
        let metadata = metadata.into_iter().map(|(kind, metric_family_name, help, unit)| {
            v1::MetricMetadata { kind, metric_family_name, help, unit }
        });
        v1::WriteRequest { timeseries, metadata: metadata.collect() }
    }
}

/// The same series as a 2.0 request, every sample with a start.
fn symbolised(request: &v1::WriteRequest) -> v2::Request {
    let mut symbols = vec![String::new()];
    let mut refs = |labels: &[crate::messages::Label]| -> Vec<u32> {
        let mut place = |text: &str| {
            let found = symbols.iter().position(|symbol| symbol == text);
            let place = found.unwrap_or_else(|| {
                symbols.push(text.to_owned());
                symbols.len() - 1
            });
            u32::try_from(place).unwrap()
        };
        labels.iter().flat_map(|label| [place(&label.name), place(&label.value)]).collect()
    };
    let timeseries = request.timeseries.iter().map(|series| v2::TimeSeries {
        labels_refs: refs(&series.labels),
        samples: series
            .samples
            .iter()
            .map(|own| v2::Sample {
                value: own.value,
                timestamp: own.timestamp,
                start_timestamp: own.timestamp / 2,
            })
            .collect(),
        exemplars: series
            .exemplars
            .iter()
            .map(|own| v2::Exemplar {
                labels_refs: refs(&own.labels),
                value: own.value,
                timestamp: own.timestamp,
            })
            .collect(),
        histograms: series.histograms.clone(),
        ..v2::TimeSeries::default()
    });
    let timeseries = timeseries.collect();
    v2::Request { symbols, timeseries }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_prost_writes_as_1_0_is_read_back(mut request in requests()) {
        let bytes = request.encode_to_vec();
        let batch = decode(&bytes, Protocol::V1).unwrap();
        prop_assert_eq!(histogram_times(&batch), take_histogram_times(&mut request));
        prop_assert_eq!(as_v1(&batch), request);
    }

    #[test]
    fn the_same_series_as_2_0_are_read_back(mut request in requests()) {
        request.metadata.clear();
        let bytes = symbolised(&request).encode_to_vec();
        let batch = decode(&bytes, Protocol::V2).unwrap();
        prop_assert_eq!(histogram_times(&batch), take_histogram_times(&mut request));
        prop_assert_eq!(as_v1(&batch), request);
        for sample in batch.series().flat_map(|series| series.samples()) {
            prop_assert_eq!(sample.start, sample.time / 2);
        }
    }

    #[test]
    fn a_request_cut_short_or_garbled_is_refused_or_read_but_never_panics(
        request in requests(),
        cut in any::<prop::sample::Index>(),
        garble in any::<(prop::sample::Index, u8)>(),
    ) {
        for (mut bytes, protocol) in [
            (request.encode_to_vec(), Protocol::V1),
            (symbolised(&request).encode_to_vec(), Protocol::V2),
        ] {
            look_at_all(&bytes[..cut.index(bytes.len() + 1)], protocol);
            if !bytes.is_empty() {
                let place = garble.0.index(bytes.len());
                bytes[place] = garble.1;
            }
            look_at_all(&bytes, protocol);
        }
    }

    #[test]
    fn random_bytes_are_refused_or_read_but_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        look_at_all(&bytes, Protocol::V1);
        look_at_all(&bytes, Protocol::V2);
        let _ = uncompress(&bytes);
    }
}

/// When the histograms of every series were taken.
fn histogram_times(batch: &WriteBatch<'_>) -> Vec<Vec<i64>> {
    let of_series =
        |histograms: &[HistogramSample]| histograms.iter().map(|own| own.time).collect();
    batch.series().map(|series| of_series(series.histograms())).collect()
}

/// The same of the request, which loses its histograms.
fn take_histogram_times(request: &mut v1::WriteRequest) -> Vec<Vec<i64>> {
    let taken = request.timeseries.iter_mut().map(|series| std::mem::take(&mut series.histograms));
    taken.map(|histograms| histograms.iter().map(|own| own.timestamp).collect()).collect()
}

fn look_at_all(bytes: &[u8], protocol: Protocol) {
    let Ok(batch) = decode(bytes, protocol) else { return };
    let samples: usize = batch
        .series()
        .map(|series| {
            let _ = (series.labels(), series.metadata(), series.exemplars().count());
            series.samples().len() + series.histograms().len()
        })
        .sum();
    assert_eq!(samples, batch.sample_count());
}

fn histogram(own: v1::Histogram, protocol: Protocol) -> Result<FloatHistogram, String> {
    let bytes = match protocol {
        Protocol::V1 => {
            let series = v1::TimeSeries { histograms: vec![own], ..v1::TimeSeries::default() };
            v1::WriteRequest { timeseries: vec![series], metadata: Vec::new() }.encode_to_vec()
        }
        Protocol::V2 => {
            let series = v2::TimeSeries { histograms: vec![own], ..v2::TimeSeries::default() };
            v2::Request { symbols: vec![String::new()], timeseries: vec![series] }.encode_to_vec()
        }
    };
    let batch = decode(&bytes, protocol).unwrap();
    let sample = batch.series().next().unwrap().histograms()[0].clone();
    assert_eq!((sample.time, sample.start), (77, if protocol == Protocol::V2 { 7 } else { 0 }));
    sample.histogram.map(|histogram| (*histogram).clone()).map_err(|fault| fault.to_string())
}

fn whole() -> v1::Histogram {
    v1::Histogram {
        count_int: Some(12),
        sum: 18.4,
        schema: 1,
        zero_threshold: 0.001,
        zero_count_int: Some(2),
        positive_spans: vec![
            BucketSpan { offset: -1, length: 2 },
            BucketSpan { offset: 1, length: 1 },
        ],
        positive_deltas: vec![1, 1, -1],
        negative_spans: vec![BucketSpan { offset: 3, length: 1 }],
        negative_deltas: vec![6],
        reset_hint: 2,
        timestamp: 77,
        start_timestamp: 7,
        ..v1::Histogram::default()
    }
}

#[test]
fn histograms_of_whole_numbers_come_out_as_absolute_buckets() {
    let bucket = |index, count| Bucket { index, count };
    let expected = FloatHistogram {
        schema: 1,
        zero_threshold: 0.001,
        zero_count: 2.0,
        count: 12.0,
        sum: 18.4,
        positive: vec![bucket(-1, 1.0), bucket(0, 2.0), bucket(2, 1.0)],
        negative: vec![bucket(3, 6.0)],
        custom_values: None,
        reset_hint: ResetHint::NotReset,
    };
    for protocol in [Protocol::V1, Protocol::V2] {
        assert_eq!(histogram(whole(), protocol).as_ref(), Ok(&expected));
    }
}

#[test]
fn histograms_of_floats_and_of_custom_bounds_are_read() {
    let own = v1::Histogram {
        count_float: Some(3.5),
        schema: CUSTOM_BUCKETS,
        positive_spans: vec![BucketSpan { offset: 1, length: 2 }],
        positive_counts: vec![1.5, 2.0],
        custom_values: vec![0.5, 5.0],
        reset_hint: 3,
        timestamp: 77,
        start_timestamp: 7,
        ..v1::Histogram::default()
    };
    let made = histogram(own, Protocol::V2).unwrap();
    assert_eq!(made.custom_values.as_deref(), Some(&[0.5, 5.0][..]));
    let expected = [Bucket { index: 1, count: 1.5 }, Bucket { index: 2, count: 2.0 }];
    assert_eq!((made.count, &*made.positive), (3.5, &expected[..]));
    assert_eq!(made.reset_hint, ResetHint::Gauge);
}

#[test]
fn a_histogram_that_prometheus_refuses_says_why_and_leaves_the_others_alone() {
    let mut own = whole();
    own.positive_deltas.pop();
    let fault = histogram(own, Protocol::V1).unwrap_err();
    assert!(fault.starts_with("spans need 3 buckets, have 2 buckets"), "{fault}");
    let fault = histogram(v1::Histogram { schema: 9, ..whole() }, Protocol::V1).unwrap_err();
    assert!(fault.contains("got schema 9"), "{fault}");
    let more = v1::Histogram { count_int: Some(13), ..whole() };
    assert_eq!(
        histogram(more.clone(), Protocol::V1).unwrap_err(),
        "12 observations found in buckets, but the Count field is 13: histogram's observation count should equal the \
         number of observations found in the buckets (in absence of NaN)"
    );
    assert!(histogram(v1::Histogram { sum: f64::NAN, ..more }, Protocol::V1).is_ok());
    let fewer = v1::Histogram { count_int: Some(11), sum: f64::NAN, ..whole() };
    let fault = histogram(fewer, Protocol::V1).unwrap_err();
    assert!(
        fault.ends_with("should be at least the number of observations found in the buckets"),
        "{fault}"
    );
}

#[test]
fn a_staleness_marker_keeps_its_bits() {
    let series = v1::TimeSeries {
        labels: labels(&[("__name__", "m")]),
        samples: vec![v1::Sample { value: STALE, timestamp: -5 }],
        ..v1::TimeSeries::default()
    };
    let bytes = v1::WriteRequest { timeseries: vec![series], metadata: Vec::new() }.encode_to_vec();
    let batch = decode(&bytes, Protocol::V1).unwrap();
    let sample = batch.series().next().unwrap().samples()[0];
    assert!(is_stale(sample.value) && sample.time == -5, "{sample:?}");
}

#[test]
fn a_start_of_the_series_counts_for_samples_without_one() {
    let sample = |start_timestamp| v2::Sample { value: 1.0, timestamp: 9, start_timestamp };
    let series = v2::TimeSeries {
        labels_refs: vec![1, 2],
        samples: vec![sample(0), sample(3)],
        metadata: Some(v2::Metadata { kind: 1, help_ref: 3, unit_ref: 0 }),
        created_timestamp: 5,
        ..v2::TimeSeries::default()
    };
    let symbols = ["", "__name__", "m_total", "Counts."].map(str::to_owned).to_vec();
    let bytes = v2::Request { symbols, timeseries: vec![series] }.encode_to_vec();
    let batch = decode(&bytes, Protocol::V2).unwrap();
    let series = batch.series().next().unwrap();
    assert_eq!(series.samples().iter().map(|sample| sample.start).collect::<Vec<_>>(), [5, 3]);
    let metadata = series.metadata().unwrap();
    assert_eq!((metadata.kind, &*metadata.help), (MetricType::Counter, "Counts."));
    assert_eq!(series.labels().unwrap().name(), "m_total");
}

#[test]
fn references_that_lead_nowhere_spoil_only_their_series() {
    let series = |labels_refs| v2::TimeSeries { labels_refs, ..v2::TimeSeries::default() };
    let symbols = ["", "__name__", "m"].map(str::to_owned).to_vec();
    let timeseries = vec![series(vec![1, 2]), series(vec![1, 999]), series(vec![1, 2, 1])];
    let bytes = v2::Request { symbols, timeseries }.encode_to_vec();
    let batch = decode(&bytes, Protocol::V2).unwrap();
    let labels: Vec<_> =
        batch.series().map(|series| series.labels().map_err(|fault| fault.of_write())).collect();
    assert!(labels[0].is_ok(), "{labels:?}");
    assert_eq!(
        labels[1].as_ref().unwrap_err(),
        "labelRefs 1 (name) = 999 (value) outside of symbols table (size 3)"
    );
    assert_eq!(labels[2].as_ref().unwrap_err(), "invalid labelRefs length 3");
}

#[test]
fn a_small_request_cannot_fill_the_memory() {
    let empty_histograms: Vec<u8> = [0x22, 0].repeat(100_000);
    let mut request = vec![0x0a];
    prost::encoding::encode_varint(empty_histograms.len() as u64, &mut request);
    request.extend(empty_histograms);
    let fault = decode(&request, Protocol::V1).unwrap_err().to_string();
    assert_eq!(fault, "the request holds more rows than its size can account for");
    let mut bomb = Vec::new();
    prost::encoding::encode_varint(MAX_DECODED as u64 + 1, &mut bomb);
    let fault = uncompress(&bomb).unwrap_err().to_string();
    assert!(fault.ends_with("33554432 are allowed"), "{fault}");
}

#[test]
fn a_body_is_uncompressed() {
    let text = b"a text that comes again, a text that comes again".repeat(3);
    let body = snap::raw::Encoder::new().compress_vec(&text).unwrap();
    assert_eq!(uncompress(&body).unwrap(), text);
    assert!(uncompress(&body[..body.len() - 1]).is_err());
}

#[test]
fn the_content_type_says_which_message_comes() {
    let cases = [
        ("", Ok(Protocol::V1)),
        ("application/x-protobuf", Ok(Protocol::V1)),
        ("application/x-protobuf;proto=prometheus.WriteRequest", Ok(Protocol::V1)),
        ("application/x-protobuf;proto=io.prometheus.write.v2.Request", Ok(Protocol::V2)),
        (
            "application/json",
            Err(
                "expected application/x-protobuf as the first (media) part, got application/json content-type",
            ),
        ),
        (
            "application/x-protobuf;proto=v3",
            Err(
                "got application/x-protobuf;proto=v3 content type; unknown type for remote write protobuf message v3, \
                 supported: prometheus.WriteRequest, io.prometheus.write.v2.Request",
            ),
        ),
        (
            "application/x-protobuf;v3",
            Err(
                "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, got v3 \
                 in application/x-protobuf;v3 content-type",
            ),
        ),
    ];
    for (content_type, expected) in cases {
        let protocol = Protocol::of_content_type(content_type).map_err(|fault| fault.to_string());
        assert_eq!(protocol, expected.map_err(str::to_owned), "{content_type}");
    }
}
