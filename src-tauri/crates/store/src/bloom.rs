//! A Bloom filter over trace ids: which segments cannot hold a trace, in ten bits a trace (1 % false alarms).

use watchglass_model::TraceId;

use crate::codec::columns::{Corrupt, Reader, Writer};

const BITS_PER_ENTRY: usize = 10;
const HASHES: u64 = 7;

/// A set of trace ids that may claim too much and never too little.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bloom {
    words: Vec<u64>,
}

impl Bloom {
    /// The set of `ids`, of which there are about `count`.
    pub(crate) fn of(ids: impl Iterator<Item = TraceId>, count: usize) -> Self {
        let mut bloom = Self { words: vec![0; (count * BITS_PER_ENTRY).div_ceil(64)] };
        for id in ids {
            for bit in bloom.bits(id) {
                if let Some(word) = bloom.words.get_mut(bit / 64) {
                    *word |= 1 << (bit % 64);
                }
            }
        }
        bloom
    }

    /// Whether `id` may be in the set.
    pub(crate) fn may_hold(&self, id: TraceId) -> bool {
        !self.words.is_empty()
            && self.bits(id).all(|bit| {
                self.words.get(bit / 64).is_some_and(|word| word & (1 << (bit % 64)) != 0)
            })
    }

    /// Two halves of one hash make all positions (Kirsch and Mitzenmacher, 2006).
    fn bits(&self, id: TraceId) -> impl Iterator<Item = usize> + use<> {
        let hash = rapidhash::v3::rapidhash_v3(&id.0);
        let (first, second) = (hash & 0xffff_ffff, (hash >> 32) | 1);
        let length = (self.words.len() * 64).max(1) as u64;
        (0..HASHES).map(move |n| {
            usize::try_from(first.wrapping_add(n.wrapping_mul(second)) % length).unwrap_or(0)
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.count(self.words.len());
        for word in &self.words {
            out.raw(&word.to_le_bytes());
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let count = from.count(from.bytes.len())?;
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            words.push(u64::from_le_bytes(from.array()?));
        }
        Ok(Self { words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_denies_a_member_and_seldom_claims_a_stranger() {
        let id = |number: u64| {
            let mut bytes = [7; 16];
            bytes[8..].copy_from_slice(&number.to_be_bytes());
            TraceId(bytes)
        };
        let bloom = Bloom::of((0..5_000).map(id), 5_000);
        assert!((0..5_000).all(|number| bloom.may_hold(id(number))));
        let false_alarms = (5_000..25_000).filter(|number| bloom.may_hold(id(*number))).count();
        assert!(false_alarms < 600, "{false_alarms} of 20000");
        assert!(!Bloom::default().may_hold(id(1)));
    }
}
