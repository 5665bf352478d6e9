//! Work on many series: on all cores where there is enough of it.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::Result;

/// Below so many values, waking other threads takes longer than they would save.
const WORTH: usize = 60_000;

/// What `work` makes of each item, in the order of the items. `values` is about how many values it looks at in all;
/// `state` makes what one thread keeps from item to item.
pub(crate) fn each<T: Sync, S, R: Send>(
    items: &[T],
    values: usize,
    state: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, &T) -> Result<R> + Sync + Send,
) -> Result<Vec<R>> {
    if values < WORTH || items.len() < 2 {
        let mut state = state();
        return items.iter().map(|item| work(&mut state, item)).collect();
    }
    items.par_iter().map_init(state, work).collect()
}
