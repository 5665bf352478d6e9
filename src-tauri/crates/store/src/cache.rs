//! What was read lately: neighbours in a block are mostly asked for one after the other, and series of one scrape share
//! their times.

use std::sync::Arc;

use parking_lot::Mutex;
use rapidhash::RapidHashMap;

/// Bytes kept.
const MOST: usize = 16 << 20;

/// Lists by partition and key: unpacked blocks, or what was made of them.
#[derive(Debug)]
pub(crate) struct Cache<T> {
    held: Mutex<Held<T>>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { held: Mutex::new(Held { lists: RapidHashMap::default(), bytes: 0, clock: 0 }) }
    }
}

type Id = (u32, [u8; 9]);

#[derive(Debug)]
struct Held<T> {
    lists: RapidHashMap<Id, (Arc<[T]>, u64)>,
    bytes: usize,
    clock: u64,
}

impl<T> Cache<T> {
    /// The list, read if it is not held.
    pub(crate) fn get(&self, id: Id, read: impl FnOnce() -> Option<Vec<T>>) -> Option<Arc<[T]>> {
        if let Some(list) = self.held.lock().find(&id) {
            return Some(list);
        }
        let list: Arc<[T]> = read()?.into();
        self.held.lock().keep(id, &list);
        Some(list)
    }
}

impl<T> Held<T> {
    fn find(&mut self, id: &Id) -> Option<Arc<[T]>> {
        self.clock += 1;
        let (list, used) = self.lists.get_mut(id)?;
        *used = self.clock;
        Some(Arc::clone(list))
    }

    fn keep(&mut self, id: Id, list: &Arc<[T]>) {
        if self.lists.insert(id, (Arc::clone(list), self.clock)).is_none() {
            self.bytes += size_of_val::<[T]>(list);
        }
        if self.bytes <= MOST {
            return;
        }
        let mut used: Vec<_> = self.lists.values().map(|(_, used)| *used).collect();
        let middle = used.len() / 2;
        let (_, median, _) = used.select_nth_unstable(middle);
        let median = *median;
        self.lists.retain(|_, (_, used)| *used > median);
        self.bytes = self.lists.values().map(|(list, _)| size_of_val::<[T]>(list)).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_stays_and_memory_is_bounded() {
        let cache = Cache::default();
        let id = |number| (number, [0; 9]);
        let block = |number: u8| Some(vec![number; MOST / 8]);
        for number in 0..40_u8 {
            cache.get(id(u32::from(number)), || block(number));
            cache.get(id(0), || panic!("the block in use was dropped"));
            assert!(cache.held.lock().bytes <= MOST);
        }
    }
}
