//! The legend: names in even columns under the plot, cut where they are long, counted where they are many.

use plotters::style::FontStyle;

use crate::lettering::{cut, width};
use crate::numbers::{count, index};
use crate::plot::Series;

/// The size of its letters in pixels.
pub(crate) const EM: f64 = 11.0;
/// From one row to the next in pixels.
pub(crate) const ROW: f64 = 18.0;
/// From the mark of a line to its name.
pub(crate) const MARK: f64 = 18.0;
const GAP: f64 = 24.0;
const WIDEST: f64 = 340.0;

/// An entry and where it stands, in pixels from the legend's left end and in rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) left: f64,
    pub(crate) row: usize,
    pub(crate) text: String,
    /// The colour of its line; none for the count of the rest.
    pub(crate) colour: Option<usize>,
}

/// The entries that have room in so many pixels and rows; the last one counts those that have none.
pub(crate) fn entries(series: &[Series], room: f64, most_rows: usize) -> Vec<Entry> {
    let most = WIDEST.min(room - MARK);
    // More than could ever be shown need not be measured.
    let names = series.iter().take(most_rows * 100);
    let names: Vec<_> = names.map(|one| cut(&one.name, EM, FontStyle::Normal, most)).collect();
    let widest = names.iter().map(|name| width(name, EM, FontStyle::Normal)).fold(0.0, f64::max);
    let column = (MARK + widest.max(60.0) + GAP).min(room);
    let columns = index(((room + GAP) / column).floor()).max(1);
    let places = columns * most_rows;
    let shown = if series.len() > places { places.saturating_sub(1) } else { series.len() };
    let place = |number: usize| (count(number % columns) * column, number / columns);
    let mut entries: Vec<_> = names
        .into_iter()
        .zip(series)
        .take(shown)
        .enumerate()
        .map(|(number, (text, one))| {
            let (left, row) = place(number);
            Entry { left, row, text, colour: Some(one.colour) }
        })
        .collect();
    let rest = series.len() - entries.len();
    if rest > 0 {
        let (left, row) = place(entries.len());
        entries.push(Entry { left, row, text: format!("+ {rest} more"), colour: None });
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(names: usize, length: usize) -> Vec<Series> {
        let name = |number| format!("{number} {}", "x".repeat(length));
        let one = |number| Series { name: name(number), colour: number, points: Vec::new() };
        (0..names).map(one).collect()
    }

    #[test]
    fn entries_stay_inside_and_the_rest_is_counted() {
        for (names, length, room, rows) in
            [(1, 5, 200.0, 1), (40, 12, 800.0, 3), (1_000, 500, 240.0, 1), (7, 400, 500.0, 6)]
        {
            let entries = entries(&series(names, length), room, rows);
            let named = entries.iter().filter(|entry| entry.colour.is_some()).count();
            let counted = entries
                .last()
                .unwrap()
                .text
                .strip_prefix("+ ")
                .map_or(0, |rest| rest.trim_end_matches(" more").parse::<usize>().unwrap());
            assert_eq!(named + counted, names);
            for entry in entries {
                let right = entry.left + MARK + width(&entry.text, EM, FontStyle::Normal);
                assert!(right <= room + 1e-6 && entry.row < rows, "{entry:?}");
            }
        }
    }
}
