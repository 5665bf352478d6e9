//! What a picture shows: the line in its colour at its place, gaps, thresholds, names, and sizes that are refused.

use chrono::FixedOffset;
use watchglass_charts::{Level, Plot, Series, Size, Theme, Threshold, Unit, png, svg};
use watchglass_model::{TimeRange, Timestamp};

const MINUTE: u64 = 60_000_000_000;

pub(crate) fn plot(series: Vec<Series>) -> Plot {
    Plot {
        title: "requests <& more>".to_owned(),
        unit: Unit::of("ms"),
        range: TimeRange { start: Timestamp(0), end: Timestamp(10 * MINUTE) },
        offset: FixedOffset::east_opt(0).expect("no offset is one"),
        series,
        thresholds: Vec::new(),
        theme: Theme::Dark,
        size: Size::new(400, 240).expect("the size is within its bounds"),
    }
}

fn flat(values: &[Option<f64>]) -> Series {
    let points = (0..).map(|minute| Timestamp(minute * MINUTE)).zip(values.iter().copied());
    Series { name: "web".to_owned(), colour: 0, points: points.collect() }
}

/// The pixels of a PNG, row by row.
pub(crate) fn decoded(file: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut reader =
        png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("it is a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("it fits into memory")];
    let head = reader.next_frame(&mut bytes).expect("it is whole");
    (head.width, head.height, bytes.as_chunks().0.to_vec())
}

/// How many pixels of each column are in the colour of slot 0 on dark, near enough.
fn inked(plot: &Plot) -> Vec<usize> {
    let (width, height, pixels) = decoded(&png(plot).expect("it can be drawn"));
    assert_eq!((width, height), (400, 240));
    // Slot 0 on dark is orange: much red and little blue, as nothing else is above the legend.
    let is_line = |pixel: &[u8; 3]| pixel[0] > 190 && pixel[2] < 130;
    let plotted = &pixels[..400 * 180];
    (0..400)
        .map(|x| plotted.iter().skip(x).step_by(400).filter(|pixel| is_line(pixel)).count())
        .collect()
}

#[test]
fn a_line_is_painted_from_its_first_point_to_its_last() {
    let columns = inked(&plot(vec![flat(&[Some(5.0); 11])]));
    let painted: Vec<_> = (0..400).filter(|x| columns[*x] > 0).collect();
    assert!(painted[0] < 80 && painted[painted.len() - 1] > 375, "{painted:?}");
    assert_eq!(painted.len(), painted[painted.len() - 1] - painted[0] + 1, "it is broken");
}

#[test]
fn a_gap_stays_a_gap() {
    let mut values = [Some(5.0); 11];
    values[5] = None;
    let columns = inked(&plot(vec![flat(&values)]));
    let first = columns.iter().position(|count| *count > 0).unwrap();
    let last = columns.iter().rposition(|count| *count > 0).unwrap();
    let empty = columns[first..last].iter().filter(|count| **count == 0).count();
    // Two of the ten minutes.
    assert!(empty.abs_diff((last - first) / 5) < 6, "{empty} of {}", last - first);
}

#[test]
fn a_point_alone_is_a_dot() {
    let columns = inked(&plot(vec![flat(&[None, Some(3.0)])]));
    let painted = columns.iter().filter(|count| **count > 0).count();
    assert!((2..8).contains(&painted), "{painted}");
}

#[test]
fn a_document_has_its_title_lines_and_names() {
    let mut plot = plot(vec![flat(&[Some(1.0), Some(2.0)]), flat(&[Some(2.0), None, Some(3.0)])]);
    plot.series[1].name = "a\u{1}<b>".to_owned();
    plot.thresholds = vec![Threshold { name: "limit".to_owned(), value: 9.0, level: Level::Warn }];
    let text = svg(&plot).unwrap();
    assert!(
        text.starts_with("<svg width=\"400\" height=\"240\" viewBox=\"0 0 3200 1920\""),
        "{text}"
    );
    assert!(text.trim_end().ends_with("</svg>"), "{text}");
    assert_eq!(text.matches("<svg").count(), 1);
    assert!(text.contains("<title>requests &lt;&amp; more&gt;</title>"), "{text}");
    assert!(text.contains("\na&lt;b&gt;\n"), "{text}");
    assert!(text.contains("\nlimit 9\u{a0}ms\n"), "{text}");
    let stroke = "stroke-width=\"12\"";
    assert_eq!(text.matches(stroke).count(), 1, "a line of two points, and two that stand alone");
    assert_eq!(text.matches("<circle").count(), 2);
    assert!(text.contains("font-family=\"Inter, system-ui, sans-serif\""));
}

#[test]
fn an_empty_plot_says_so() {
    for series in [Vec::new(), vec![flat(&[None, Some(f64::NAN)])]] {
        assert!(svg(&plot(series)).unwrap().contains("No data in this range"));
    }
    assert!(!svg(&plot(vec![flat(&[Some(0.0)])])).unwrap().contains("No data"));
}

#[test]
fn sizes_out_of_bounds_are_refused() {
    for (width, height) in [(0, 0), (239, 400), (400, 159), (4_097, 400), (400, u32::MAX)] {
        let refused = Size::new(width, height).unwrap_err().to_string();
        assert!(refused.contains("240 to 4096"), "{refused}");
    }
}
