//! Writes pictures into a folder, for people to look at: `cargo run -p watchglass-charts --example gallery FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use chrono::FixedOffset;
use watchglass_charts::{
    Level, Plot, Series, Size, Theme, Threshold, Unit, colour_slots, png, svg,
};
use watchglass_model::{TimeRange, Timestamp};

const START: u64 = 1_700_000_000_000_000_000;
const SECOND: u64 = 1_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(&folder)?;
    for theme in [Theme::Dark, Theme::Light] {
        let plots = [
            (
                "latency",
                plot("http.server.request.duration · mean", "s", 5, 0.12, (1200, 480), theme)?,
            ),
            ("bytes", plot("process.memory.usage", "By", 1, 3e8, (800, 400), theme)?),
            ("many", plot("shop.orders", "{order}", 60, 4_000.0, (1000, 420), theme)?),
            (
                "small",
                plot(
                    "a.metric.whose.name.is.longer.than.the.picture",
                    "1",
                    3,
                    0.4,
                    (240, 160),
                    theme,
                )?,
            ),
            ("empty", plot("nothing.here", "1", 0, 1.0, (800, 360), theme)?),
        ];
        for (name, plot) in plots {
            let name = format!("{name}-{theme:?}").to_lowercase();
            std::fs::write(folder.join(format!("{name}.png")), png(&plot)?)?;
            std::fs::write(folder.join(format!("{name}.svg")), svg(&plot)?)?;
        }
    }
    Ok(())
}

fn plot(
    title: &str,
    unit: &str,
    lines: u32,
    size: f64,
    (width, height): (u32, u32),
    theme: Theme,
) -> Result<Plot, Box<dyn Error>> {
    let name = |line| format!("order-service route=/checkout/{line} method=POST");
    let names: Vec<_> = (0..lines).map(name).collect();
    let slots = colour_slots(&names);
    let points = |line: u32| {
        let at = |step: u32| {
            let phase = f64::from(step) / (24.0 + f64::from(line)) + f64::from(line);
            let noise = f64::from(step.wrapping_mul(2_654_435_761) >> 24) / 1_200.0;
            let value = size * (0.6 + 0.25 * phase.sin() + noise + f64::from(line % 7) * 0.05);
            let is_gap = line == 1 && (200..240).contains(&step);
            (Timestamp(START + u64::from(step) * 10 * SECOND), (!is_gap).then_some(value))
        };
        (0..360).map(at).collect()
    };
    let series = names.into_iter().zip(slots).zip(0..);
    let series = series.map(|((name, colour), line)| Series { name, colour, points: points(line) });
    let threshold = Threshold { name: "SLO".to_owned(), value: size * 1.1, level: Level::Bad };
    Ok(Plot {
        title: title.to_owned(),
        unit: Unit::of(unit),
        range: TimeRange { start: Timestamp(START), end: Timestamp(START + 3_600 * SECOND) },
        offset: FixedOffset::east_opt(3_600).ok_or("no offset")?,
        series: series.collect(),
        thresholds: (lines == 5).then_some(threshold).into_iter().collect(),
        theme,
        size: Size::new(width, height)?,
    })
}
