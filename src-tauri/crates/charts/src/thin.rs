//! Points thinned to the pixels that can show them: of each column the first, lowest, highest and last.

use watchglass_model::{TimeRange, Timestamp};

use crate::numbers::{float, index};
use crate::value_axis::LIMIT;

/// Nanoseconds after the start of the range, and a finite value.
pub(crate) type Spot = (f64, f64);

/// The unbroken pieces of a line within a range, with no more than four points a column of pixels.
pub(crate) fn pieces(
    points: &[(Timestamp, Option<f64>)],
    range: TimeRange,
    columns: f64,
) -> Vec<Vec<Spot>> {
    let mut sorted: Vec<_> = points.iter().filter(|(time, _)| range.contains(*time)).collect();
    // Equal times keep their order, and what is sorted already costs one pass.
    sorted.sort_by_key(|(time, _)| *time);
    let per_column = float(range.length()).max(1.0) / columns;
    let mut all = Vec::new();
    let mut piece = Piece::default();
    for (time, value) in sorted {
        match value.filter(|value| value.is_finite()) {
            Some(value) => {
                let at = float(time.since(range.start));
                piece.add(index((at / per_column).floor()), (at, value.clamp(-LIMIT, LIMIT)));
            }
            None => all.push(std::mem::take(&mut piece).end()),
        }
    }
    all.push(piece.end());
    all.retain(|piece| !piece.is_empty());
    all
}

/// A piece of a line and the column that is being filled.
#[derive(Debug, Default)]
struct Piece {
    spots: Vec<Spot>,
    column: usize,
    held: Option<Held>,
}

/// What is kept of a column.
#[derive(Debug, Clone, Copy)]
struct Held {
    first: Spot,
    lowest: Spot,
    highest: Spot,
    last: Spot,
}

impl Piece {
    fn add(&mut self, column: usize, spot: Spot) {
        if column != self.column {
            self.flush();
            self.column = column;
        }
        match &mut self.held {
            None => {
                self.held = Some(Held { first: spot, lowest: spot, highest: spot, last: spot });
            }
            Some(held) => {
                held.last = spot;
                if spot.1 < held.lowest.1 {
                    held.lowest = spot;
                }
                if spot.1 > held.highest.1 {
                    held.highest = spot;
                }
            }
        }
    }

    fn flush(&mut self) {
        let Some(Held { first, lowest, highest, last }) = self.held.take() else {
            return;
        };
        let mut kept = [first, lowest, highest, last];
        kept.sort_by(|one, other| one.0.total_cmp(&other.0));
        for spot in kept {
            if self.spots.last() != Some(&spot) {
                self.spots.push(spot);
            }
        }
    }

    fn end(mut self) -> Vec<Spot> {
        self.flush();
        self.spots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range() -> TimeRange {
        TimeRange { start: Timestamp(0), end: Timestamp(1_000_000) }
    }

    #[test]
    fn a_peak_outlives_thinning() {
        let value = |time: u64| if time == 123_457 { 99.0 } else { 1.0 };
        let points: Vec<_> =
            (0..1_000_000).step_by(1).map(|time| (Timestamp(time), Some(value(time)))).collect();
        let pieces = pieces(&points, range(), 100.0);
        assert_eq!(pieces.len(), 1);
        assert!(pieces[0].len() <= 4 * 101, "{}", pieces[0].len());
        assert!(pieces[0].contains(&(123_457.0, 99.0)));
    }

    #[test]
    fn what_is_not_finite_breaks_the_line() {
        let values =
            [Some(1.0), Some(2.0), None, Some(3.0), Some(f64::NAN), Some(f64::INFINITY), Some(4.0)];
        let points: Vec<_> = (0..).step_by(100_000).map(Timestamp).zip(values).collect();
        let lengths: Vec<_> = pieces(&points, range(), 100.0).iter().map(Vec::len).collect();
        assert_eq!(lengths, [2, 1, 1]);
    }

    #[test]
    fn order_does_not_matter_and_the_outside_is_left_out() {
        let points = [
            (Timestamp(9), Some(2.0)),
            (Timestamp(3), Some(1.0)),
            (Timestamp(u64::MAX), Some(7.0)),
        ];
        assert_eq!(pieces(&points, range(), 1e6), [[(3.0, 1.0), (9.0, 2.0)]]);
    }
}
