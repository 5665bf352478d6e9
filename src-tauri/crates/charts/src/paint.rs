//! The layout of a picture: title, axes, lines, thresholds and legend, on any of plotters' backends.

use std::error::Error as StdError;

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, DashedPathElement, PathElement, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle};
use plotters_backend::DrawingBackend;
use watchglass_model::{TimeRange, Timestamp};

use crate::canvas::FINE;
use crate::error::Error;
use crate::legend::{self, Entry};
use crate::lettering::{FAMILY, LINE, cut, width};
use crate::numbers::{count, float, index, whole};
use crate::palette::Palette;
use crate::plot::{Level, Plot, Threshold};
use crate::thin::{Spot, pieces};
use crate::time_axis;
use crate::value_axis::ValueAxis;

const MARGIN: f64 = 16.0;
const TITLE: f64 = 14.0;
const SMALL: f64 = 11.0;
/// Where the plot begins under the title.
const HEAD: f64 = 62.0;
const HAIRLINE: f64 = 1.0;
const STROKE: f64 = 1.5;

type Root<B> = DrawingArea<B, Shift>;
type Lines = (RGBColor, Vec<Vec<Spot>>);

/// Paints a plot on a root whose coordinates are eighths of a pixel.
pub(crate) fn paint<B: DrawingBackend>(root: &Root<B>, plot: &Plot) -> Result<(), Error> {
    let palette = Palette::of(plot.theme);
    let lines = lines(plot, &palette);
    let frame = Frame::of(plot, &lines);
    root.fill(&palette.surface).map_err(refused)?;
    let brush = Brush { root, palette };
    brush.head(plot)?;
    brush.times(plot, &frame)?;
    match &frame.values {
        Some(values) => {
            brush.values(values, &frame)?;
            brush.lines(lines, values, &frame)?;
            for threshold in plot.thresholds.iter().filter(|one| one.value.is_finite()) {
                brush.threshold(threshold, plot, values, &frame)?;
            }
        }
        None => brush.nothing(&frame)?,
    }
    brush.legend(&frame)
}

/// What is to be drawn of each series, the last first.
fn lines(plot: &Plot, palette: &Palette) -> Vec<Lines> {
    let range = shown(plot.range);
    let columns = f64::from(plot.size.width());
    let series = plot.series.iter().rev();
    series.map(|one| (palette.series(one.colour), pieces(&one.points, range, columns))).collect()
}

/// A range that has a length and does not end before it begins.
fn shown(range: TimeRange) -> TimeRange {
    let end = range.end.max(Timestamp(range.start.0.saturating_add(1_000)));
    TimeRange { start: range.start.min(Timestamp(end.0 - 1_000)), end }
}

/// Where things lie, in pixels.
struct Frame {
    range: TimeRange,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// None where there is nothing to show.
    values: Option<ValueAxis>,
    legend: Vec<Entry>,
}

impl Frame {
    fn of(plot: &Plot, lines: &[Lines]) -> Self {
        let (wide, high) = (f64::from(plot.size.width()), f64::from(plot.size.height()));
        let most_rows = index((high * 0.25 / legend::ROW).floor()).clamp(1, 8);
        let legend = legend::entries(&plot.series, wide - 2.0 * MARGIN, most_rows);
        let rows = legend.last().map_or(0, |last| last.row + 1);
        let under = if rows == 0 { 0.0 } else { count(rows) * legend::ROW + 8.0 };
        let bottom = (high - under - MARGIN - 18.0).round();
        let values = values(plot, lines, bottom - HEAD);
        let labels = values.iter().flat_map(|axis| &axis.ticks);
        let widths = labels.map(|(_, label)| width(label, SMALL, FontStyle::Normal));
        let widest = widths.fold(0.0, f64::max).min(wide / 3.0);
        let left = if values.is_some() { MARGIN + widest + 8.0 } else { MARGIN };
        let range = shown(plot.range);
        Self { range, left: left.ceil(), right: wide - MARGIN, top: HEAD, bottom, values, legend }
    }

    fn across(&self, time: Timestamp) -> f64 {
        let share = float(time.since(self.range.start)) / float(self.range.length());
        self.left + (self.right - self.left) * share
    }

    fn up(&self, value: f64, axis: &ValueAxis) -> f64 {
        let share = (value - axis.low) / (axis.high - axis.low);
        self.bottom - (self.bottom - self.top) * share
    }
}

/// The axis over all lines and thresholds; none where no line has a point.
fn values(plot: &Plot, lines: &[Lines], room: f64) -> Option<ValueAxis> {
    let spots = lines.iter().flat_map(|(_, pieces)| pieces.iter().flatten());
    let seen = spots.map(|(_, value)| (*value, *value)).reduce(wider)?;
    let levels = plot.thresholds.iter().map(|one| one.value).filter(|value| value.is_finite());
    let (low, high) = levels.map(|value| (value, value)).fold(seen, wider);
    let wanted = index((room / 48.0).floor()).clamp(2, 12);
    Some(ValueAxis::new(low, high, &plot.unit, wanted))
}

fn wider(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0.min(other.0), one.1.max(other.1))
}

/// A root and its colours.
struct Brush<'a, B: DrawingBackend> {
    root: &'a Root<B>,
    palette: Palette,
}

impl<B: DrawingBackend> Brush<'_, B> {
    fn head(&self, plot: &Plot) -> Result<(), Error> {
        let room = f64::from(plot.size.width()) - 2.0 * MARGIN;
        let title = cut(&plot.title, TITLE, FontStyle::Bold, room);
        self.text(&title, (MARGIN, 28.0), TITLE, self.palette.ink, HPos::Left)?;
        let range = time_axis::words(plot.range, plot.offset);
        let range = cut(&range, SMALL, FontStyle::Normal, room);
        self.text(&range, (MARGIN, 46.0), SMALL, self.palette.ink_3, HPos::Left)
    }

    fn times(&self, plot: &Plot, frame: &Frame) -> Result<(), Error> {
        let wanted = time_axis::wanted(frame.right - frame.left);
        for (time, label) in time_axis::ticks(frame.range, plot.offset, wanted) {
            let x = frame.across(time).floor() + 0.5;
            self.hairline((x, frame.top), (x, frame.bottom), self.palette.line_soft)?;
            let half = width(&label, SMALL, FontStyle::Normal) / 2.0;
            if x - half >= MARGIN / 2.0 && x + half <= frame.right + MARGIN / 2.0 {
                self.text(
                    &label,
                    (x, frame.bottom + 16.0),
                    SMALL,
                    self.palette.ink_3,
                    HPos::Center,
                )?;
            }
        }
        let y = frame.bottom.floor() + 0.5;
        self.hairline((frame.left, y), (frame.right, y), self.palette.line)
    }

    fn values(&self, axis: &ValueAxis, frame: &Frame) -> Result<(), Error> {
        for (value, label) in &axis.ticks {
            let y = frame.up(*value, axis).floor() + 0.5;
            if y < frame.bottom - 1.0 {
                self.hairline((frame.left, y), (frame.right, y), self.palette.line_soft)?;
            }
            let place = (frame.left - 8.0, y + SMALL * 0.36);
            self.text(label, place, SMALL, self.palette.ink_3, HPos::Right)?;
        }
        Ok(())
    }

    fn lines(&self, lines: Vec<Lines>, axis: &ValueAxis, frame: &Frame) -> Result<(), Error> {
        let across = fine(frame.left)..fine(frame.right);
        let up = fine(frame.bottom)..fine(frame.top);
        let area = self.root.apply_coord_spec(Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
            0.0..float(frame.range.length()),
            axis.low..axis.high,
            (across, up),
        ));
        for (colour, pieces) in lines {
            for piece in pieces {
                match piece.as_slice() {
                    // A point without neighbours would be a line without a length.
                    [alone] => area.draw(&Circle::new(*alone, fine(2.0), colour.filled())),
                    _ => area.draw(&PathElement::new(piece, stroke(colour, STROKE))),
                }
                .map_err(refused)?;
            }
        }
        Ok(())
    }

    fn threshold(
        &self,
        threshold: &Threshold,
        plot: &Plot,
        axis: &ValueAxis,
        frame: &Frame,
    ) -> Result<(), Error> {
        let colour = match threshold.level {
            Level::Warn => self.palette.warn,
            Level::Bad => self.palette.bad,
        };
        let y = frame.up(threshold.value.clamp(axis.low, axis.high), axis).floor() + 0.5;
        let ends = [(fine(frame.left), fine(y)), (fine(frame.right), fine(y))];
        let dashes = DashedPathElement::new(ends, fine(5.0), fine(4.0), stroke(colour, HAIRLINE));
        self.root.draw(&dashes).map_err(refused)?;
        let value = plot.unit.multiple(threshold.value.abs()).short(threshold.value);
        let name = cut(&threshold.name, SMALL, FontStyle::Normal, (frame.right - frame.left) / 2.0);
        let label = format!("{name} {value}");
        self.text(label.trim_start(), (frame.right, y - 5.0), SMALL, colour, HPos::Right)
    }

    fn nothing(&self, frame: &Frame) -> Result<(), Error> {
        let middle =
            (f64::midpoint(frame.left, frame.right), f64::midpoint(frame.top, frame.bottom) + 4.0);
        self.text("No data in this range", middle, 12.0, self.palette.ink_3, HPos::Center)
    }

    fn legend(&self, frame: &Frame) -> Result<(), Error> {
        for entry in &frame.legend {
            let x = MARGIN + entry.left;
            let y = frame.bottom + 18.0 + 8.0 + (count(entry.row) + 0.5) * legend::ROW;
            let baseline = y + legend::EM * 0.36;
            let Some(colour) = entry.colour else {
                self.text(&entry.text, (x, baseline), legend::EM, self.palette.ink_3, HPos::Left)?;
                continue;
            };
            let mark = [(fine(x + 1.0), fine(y)), (fine(x + 11.0), fine(y))];
            let mark = PathElement::new(mark, stroke(self.palette.series(colour), 3.0));
            self.root.draw(&mark).map_err(refused)?;
            let place = (x + legend::MARK, baseline);
            self.text(&entry.text, place, legend::EM, self.palette.ink_2, HPos::Left)?;
        }
        Ok(())
    }

    fn hairline(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) -> Result<(), Error> {
        let ends = [from, to].map(|(x, y)| (fine(x), fine(y)));
        self.root.draw(&PathElement::new(ends, stroke(colour, HAIRLINE))).map_err(refused)
    }

    /// A text whose baseline goes through `place`; the title's letters are heavier.
    fn text(
        &self,
        text: &str,
        place: (f64, f64),
        em: f64,
        colour: RGBColor,
        side: HPos,
    ) -> Result<(), Error> {
        let weight = if em >= TITLE { FontStyle::Bold } else { FontStyle::Normal };
        let height = em * f64::from(FINE) * LINE;
        let font = FontDesc::new(FontFamily::Name(FAMILY), height, weight);
        let style = font.color(&colour).pos(Pos::new(side, VPos::Top));
        // The backends put a text's top at 0.76 em above its baseline.
        let place = (fine(place.0), fine(place.1 - 0.76 * em));
        self.root.draw(&Text::new(text, place, style)).map_err(refused)
    }
}

/// Pixels in plotters' coordinates.
fn fine(pixels: f64) -> i32 {
    whole(pixels * f64::from(FINE))
}

fn stroke(colour: RGBColor, pixels: f64) -> ShapeStyle {
    ShapeStyle::from(colour).stroke_width(fine(pixels).unsigned_abs())
}

fn refused(reason: impl StdError) -> Error {
    Error::Drawing(reason.to_string())
}
