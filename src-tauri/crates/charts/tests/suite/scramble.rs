//! Anything at all can be drawn: no input panics, and both forms are always whole.

use chrono::FixedOffset;
use proptest::prelude::*;
use watchglass_charts::{Level, Plot, Series, Size, Theme, Threshold, Unit, png, svg};
use watchglass_model::{TimeRange, Timestamp};

use crate::pictures::decoded;

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -1e3..1e3,
        Just(f64::MAX),
        Just(f64::MIN),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::MIN_POSITIVE),
        Just(1e16),
        Just(1e16 + 2.0),
    ]
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0..1_000_u64,
        Just(u64::MAX),
        1_700_000_000_000_000_000..1_700_000_001_000_000_000_u64
    ]
}

prop_compose! {
    fn series()(
        name in ".{0,60}",
        colour in any::<usize>(),
        points in prop::collection::vec((time(), prop::option::weighted(0.9, value())), 0..40),
    ) -> Series {
        let points = points.into_iter().map(|(time, value)| (Timestamp(time), value)).collect();
        Series { name, colour, points }
    }
}

prop_compose! {
    fn plot()(
        title in ".{0,80}",
        unit in prop_oneof![Just("s"), Just("ms"), Just("ns"), Just("By"), Just("%"), Just("1"), Just("{x}"), Just("d")],
        is_rate in any::<bool>(),
        start in time(),
        end in time(),
        seconds in -86_399..86_399,
        series in prop::collection::vec(series(), 0..12),
        level in prop::option::of(value()),
        is_light in any::<bool>(),
        width in 240..500_u32,
        height in 160..400_u32,
    ) -> Plot {
        let unit = Unit::of(unit);
        let threshold = |value| Threshold { name: "level".to_owned(), value, level: Level::Bad };
        Plot {
            title,
            unit: if is_rate { unit.per_second() } else { unit },
            range: TimeRange { start: Timestamp(start), end: Timestamp(end) },
            offset: FixedOffset::east_opt(seconds).expect("less than a day"),
            series,
            thresholds: level.map(threshold).into_iter().collect(),
            theme: if is_light { Theme::Light } else { Theme::Dark },
            size: Size::new(width, height).expect("within the bounds"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn anything_can_be_drawn(plot in plot()) {
        let text = svg(&plot).unwrap();
        prop_assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
        prop_assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'));
        let (width, height, pixels) = decoded(&png(&plot).unwrap());
        prop_assert_eq!((width, height), (plot.size.width(), plot.size.height()));
        let ground = pixels[0];
        prop_assert!(pixels.iter().any(|pixel| *pixel != ground));
    }
}
