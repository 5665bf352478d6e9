//! Blocks that were unpacked lately: neighbours in a block are mostly asked for one after the other.

use std::sync::Arc;

use parking_lot::Mutex;
use rapidhash::RapidHashMap;

/// Bytes kept.
const MOST: usize = 16 << 20;

/// Unpacked blocks by partition and key.
#[derive(Debug, Default)]
pub(crate) struct BlockCache {
    held: Mutex<Held>,
}

type Id = (u32, [u8; 9]);

#[derive(Debug, Default)]
struct Held {
    blocks: RapidHashMap<Id, (Arc<[u8]>, u64)>,
    bytes: usize,
    clock: u64,
}

impl BlockCache {
    /// The block, read if it is not held.
    pub(crate) fn get(&self, id: Id, read: impl FnOnce() -> Option<Vec<u8>>) -> Option<Arc<[u8]>> {
        if let Some(block) = self.held.lock().find(&id) {
            return Some(block);
        }
        let block: Arc<[u8]> = read()?.into();
        self.held.lock().keep(id, &block);
        Some(block)
    }
}

impl Held {
    fn find(&mut self, id: &Id) -> Option<Arc<[u8]>> {
        self.clock += 1;
        let (block, used) = self.blocks.get_mut(id)?;
        *used = self.clock;
        Some(Arc::clone(block))
    }

    fn keep(&mut self, id: Id, block: &Arc<[u8]>) {
        if self.blocks.insert(id, (Arc::clone(block), self.clock)).is_none() {
            self.bytes += block.len();
        }
        if self.bytes <= MOST {
            return;
        }
        let mut used: Vec<_> = self.blocks.values().map(|(_, used)| *used).collect();
        let middle = used.len() / 2;
        let (_, median, _) = used.select_nth_unstable(middle);
        let median = *median;
        self.blocks.retain(|_, (_, used)| *used > median);
        self.bytes = self.blocks.values().map(|(block, _)| block.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_stays_and_memory_is_bounded() {
        let cache = BlockCache::default();
        let id = |number| (number, [0; 9]);
        let block = |number: u8| Some(vec![number; MOST / 8]);
        for number in 0..40_u8 {
            cache.get(id(u32::from(number)), || block(number));
            cache.get(id(0), || panic!("the block in use was dropped"));
            assert!(cache.held.lock().bytes <= MOST);
        }
    }
}
