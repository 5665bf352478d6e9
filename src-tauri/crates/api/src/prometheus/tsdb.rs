//! `status/tsdb`, `status/tsdb/blocks`, `status/walreplay`: how much is stored of series, and under which labels.
//!
//! Prometheus counts its head; Watchglass has one index over everything, and counts that.

use axum::extract::State;
use serde::Serialize;
use serde_json::json;
use watchglass_workbench::{Counted, TsdbStatistics};

use super::answer::written;
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use crate::routes::Held;

/// How long the lists are that nobody asked to be longer or shorter.
const USUAL: usize = 10;

/// The version of the blocks' description.
const BLOCK_VERSION: u32 = 1;

/// A name and how much of it there is.
#[derive(Debug, Serialize)]
struct Stat {
    name: String,
    value: u64,
}

fn stats(counted: Vec<Counted>) -> Vec<Stat> {
    counted.into_iter().map(|Counted { name, count }| Stat { name, value: count }).collect()
}

/// What has the most series, values and bytes.
pub(super) async fn tsdb(State(workbench): Held, parameters: Parameters) -> Answer {
    let limit = match parameters.get("limit") {
        "" => USUAL,
        text => text
            .parse()
            .ok()
            .filter(|limit| *limit > 0)
            .ok_or_else(|| Fault::bad_data("limit must be a positive number"))?,
    };
    let TsdbStatistics { series, label_pairs, by_metric, values_by_label, bytes_by_label, by_pair } =
        workbench.tsdb_statistics(limit).await?;
    let extent = workbench.series_extent().await?;
    let times = extent.times();
    written(&json!({
        "headStats": {
            "numSeries": series,
            "numLabelPairs": label_pairs,
            "chunkCount": extent.blocks.iter().map(|block| block.series).sum::<u64>(),
            "minTime": times.map_or(i64::MAX, |times| times.start),
            "maxTime": times.map_or(i64::MIN, |times| times.end),
        },
        "seriesCountByMetricName": stats(by_metric),
        "labelValueCountByLabelName": stats(values_by_label),
        "memoryInBytesByLabelName": stats(bytes_by_label),
        "seriesCountByLabelValuePair": stats(by_pair),
    }))
}

/// What was sealed, the oldest first.
pub(super) async fn blocks(State(workbench): Held) -> Answer {
    let extent = workbench.series_extent().await?;
    let sealed = extent.blocks.iter().filter(|block| block.sealed);
    let blocks = sealed.map(|block| {
        let ulid = ulid(block.times.end, block.number);
        json!({
            "ulid": ulid,
            "minTime": block.times.start,
            // Theirs end before it.
            "maxTime": block.times.end.saturating_add(1),
            "stats": {
                "numSamples": block.samples,
                "numSeries": block.series,
                "numChunks": block.series,
                "numTombstones": block.deletions,
            },
            "compaction": { "level": 1, "sources": [ulid] },
            "version": BLOCK_VERSION,
        })
    });
    written(&json!({ "blocks": blocks.collect::<Vec<_>>() }))
}

/// A name in the form of a ULID: the time in ten digits of base 32, and the number in sixteen.
fn ulid(millis: i64, number: u32) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let written = |mut rest: u64, length: usize| {
        let mut text: Vec<char> = Vec::new();
        for _ in 0..length {
            let digit = usize::try_from(rest % 32).ok().and_then(|place| DIGITS.get(place));
            text.push(digit.map_or('0', |digit| char::from(*digit)));
            rest /= 32;
        }
        text.into_iter().rev().collect::<String>()
    };
    let time = u64::try_from(millis).unwrap_or_default();
    format!("{}{}", written(time, 10), written(u64::from(number), 16))
}

/// How far the journals were read at the start; nothing is answered before they are.
pub(super) async fn walreplay() -> Answer {
    written(&json!({ "min": 0, "max": 0, "current": 0 }))
}

#[cfg(test)]
mod tests {
    use super::ulid;

    #[test]
    fn a_block_has_a_name_that_sorts_by_its_time() {
        assert_eq!(ulid(0, 0), "0".repeat(26));
        assert_eq!(ulid(1_700_000_000_000, 33), "01HF7YAT000000000000000011");
        assert!(ulid(1, 0) < ulid(2, 0));
    }
}
