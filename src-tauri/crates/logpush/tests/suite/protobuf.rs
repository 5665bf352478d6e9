//! Pushes in protobuf, as prost encodes them.

use proptest::prelude::*;
use prost::Message;
use watchglass_logpush::{PushError, read_protobuf, uncompress};

use crate::told;

/// `logproto.PushRequest`
#[derive(Clone, PartialEq, Message)]
struct PushRequest {
    #[prost(message, repeated, tag = "1")]
    streams: Vec<Stream>,
}

/// `logproto.StreamAdapter`
#[derive(Clone, PartialEq, Message)]
struct Stream {
    #[prost(string, tag = "1")]
    labels: String,
    #[prost(message, repeated, tag = "2")]
    entries: Vec<Entry>,
    #[prost(uint64, tag = "3")]
    hash: u64,
}

/// `logproto.EntryAdapter`; the line may be any bytes.
#[derive(Clone, PartialEq, Message)]
struct Entry {
    #[prost(message, optional, tag = "1")]
    timestamp: Option<Time>,
    #[prost(bytes = "vec", tag = "2")]
    line: Vec<u8>,
    #[prost(message, repeated, tag = "3")]
    metadata: Vec<Pair>,
}

/// `google.protobuf.Timestamp`
#[derive(Clone, PartialEq, Message)]
struct Time {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// `logproto.LabelPairAdapter`
#[derive(Clone, PartialEq, Message)]
struct Pair {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    value: String,
}

fn entry(seconds: i64, line: &[u8], metadata: &[(&str, &str)]) -> Entry {
    let pair = |(name, value): &(&str, &str)| Pair { name: (*name).into(), value: (*value).into() };
    Entry {
        timestamp: Some(Time { seconds, nanos: 5 }),
        line: line.to_vec(),
        metadata: metadata.iter().map(pair).collect(),
    }
}

fn request() -> PushRequest {
    let stream = |labels: &str, entries| Stream { labels: labels.into(), entries, hash: 7 };
    PushRequest {
        streams: vec![
            stream(r#"{app="a"}"#, vec![entry(1, b"one", &[]), entry(2, b"\xff!", &[("k", "v")])]),
            stream("{", vec![entry(3, b"lost", &[])]),
            stream(r#"{app="b"}"#, vec![Entry::default()]),
        ],
    }
}

#[test]
fn streams_come_with_their_lines_and_metadata() {
    let bytes = request().encode_to_vec();
    let told = told(|sink| read_protobuf(&bytes, sink));
    let expected = [
        r#"{app="a"}"#,
        "1000000005 one {}",
        "2000000005 \u{fffd}! {k=v}",
        "! error parsing labels `{`: column 2: a label name is expected here",
        r#"{app="b"}"#,
        "-  {}",
    ];
    assert_eq!(told, expected);
}

#[test]
fn labels_may_stand_behind_the_lines() {
    let whole = request().encode_to_vec();
    let stream = request().streams.remove(0);
    let lines = Stream { labels: String::new(), hash: 0, ..stream.clone() }.encode_to_vec();
    let labels = Stream { entries: Vec::new(), hash: 0, ..stream }.encode_to_vec();
    let turned = [lines, labels].concat();
    let mut bytes = vec![0x0a];
    prost::encoding::encode_varint(turned.len() as u64, &mut bytes);
    bytes.extend(turned);
    let first_three = told(|sink| read_protobuf(&whole, sink))[..3].to_vec();
    assert_eq!(told(|sink| read_protobuf(&bytes, sink)), first_three);
}

#[test]
fn snappy_may_not_grow_beyond_the_limit() {
    let packed = snap::raw::Encoder::new().compress_vec(&[7; 5000]).unwrap();
    assert_eq!(uncompress(&packed, 5000).unwrap(), [7; 5000]);
    assert!(matches!(
        uncompress(&packed, 4999),
        Err(PushError::TooLarge { size: 5000, limit: 4999 })
    ));
    assert!(matches!(
        uncompress(b"{\"streams\"", 5000),
        Err(PushError::Snappy(_) | PushError::TooLarge { .. })
    ));
}

proptest! {
    #[test]
    fn no_bytes_break_the_reading(place in 0_usize..80, byte: u8, cut in 0_usize..80) {
        let mut bytes = request().encode_to_vec();
        bytes.truncate(cut);
        if let Some(one) = bytes.get_mut(place) {
            *one = byte;
        }
        told(|sink| read_protobuf(&bytes, sink));
    }
}
