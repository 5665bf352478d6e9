//! Series by kind and in a mix, as services export them: what is scraped together, and how its values go on.
#![expect(clippy::cast_precision_loss, reason = "53 random bits are enough")]
#![expect(clippy::cast_possible_truncation, reason = "offsets are a few seconds")]

use watchglass_model::{Labels, Millis, Sample, SampleValue};
use watchglass_storage::SeriesWrite;

/// When the first scrape is due.
pub(crate) const START: Millis = 1_735_689_600_000;
/// From one scrape to the next.
pub(crate) const INTERVAL: Millis = 15_000;
/// Series of one scrape.
const SERIES_A_TARGET: usize = 100;

/// What a series counts, and how many of a hundred do so in the mix: what services export, by and large.
pub(crate) const KINDS: [(&str, usize); 7] = [
    ("bucket", 45),
    ("counter", 20),
    ("bytes counter", 5),
    ("seconds counter", 5),
    ("gauge", 10),
    ("noisy gauge", 5),
    ("constant", 10),
];

/// So many series of the mix.
pub(crate) fn mixed(series: usize) -> Vec<&'static str> {
    let hundred = KINDS.iter().flat_map(|(kind, share)| std::iter::repeat_n(*kind, *share));
    hundred.collect::<Vec<_>>().repeat(series / 100)
}

/// What is scraped together, with the state of each series.
pub(crate) struct Target {
    pub(crate) labels: Vec<Labels>,
    kinds: Vec<&'static str>,
    values: Vec<f64>,
    rates: Vec<f64>,
    pub(crate) offset: Millis,
}

/// Targets with series of these kinds, a hundred each.
pub(crate) fn targets(kinds: &[&'static str]) -> Vec<Target> {
    let mut chance = Chance(7);
    let targets = kinds.chunks(SERIES_A_TARGET).enumerate();
    targets
        .map(|(number, kinds)| Target {
            labels: kinds
                .iter()
                .enumerate()
                .map(|(place, kind)| labels(number, place, kind))
                .collect(),
            kinds: kinds.to_vec(),
            values: kinds.iter().map(|_| (chance.unit() * 1e6).round()).collect(),
            rates: kinds.iter().map(|_| 20.0 * chance.unit().powi(4)).collect(),
            offset: (chance.unit() * 15_000.0) as Millis,
        })
        .collect()
}

fn labels(target: usize, place: usize, kind: &str) -> Labels {
    let metric = match kind {
        "bucket" => format!("http_request_duration_seconds_{}_bucket", place / 15),
        _ => format!("{}_{place}", kind.replace(' ', "_")),
    };
    let mut pairs = vec![
        ("__name__", metric),
        ("instance", format!("host-{target:03}:9100")),
        ("job", format!("service-{}", target % 12)),
        ("namespace", "production".to_owned()),
        ("pod", format!("service-{}-7d9f8b6c5-{target:05x}", target % 12)),
        ("region", "eu-central-1".to_owned()),
    ];
    if kind == "bucket" {
        pairs.push(("le", format!("{}", 0.005 * f64::from(1_u32 << (place % 15)))));
        pairs.push(("method", "GET".to_owned()));
    }
    Labels::from_pairs(pairs)
}

impl Target {
    /// When the target is scraped for the `scrape`th time: a few milliseconds late, as clocks are.
    pub(crate) fn time(&self, scrape: usize, chance: &mut Chance) -> Millis {
        let due = START + INTERVAL * Millis::try_from(scrape).unwrap();
        due + self.offset + (6.0 * chance.unit()) as Millis
    }

    /// The next value of each series.
    pub(crate) fn values(&mut self, chance: &mut Chance) -> Vec<f64> {
        let states = self.values.iter_mut().zip(&self.rates).zip(&self.kinds);
        states.map(|((value, rate), kind)| next(kind, value, *rate, chance)).collect()
    }

    /// The next scrape as it is written to a store.
    pub(crate) fn scrape(&mut self, time: Millis, chance: &mut Chance) -> SeriesWrite {
        let values = self.values(chance);
        let sample = |value| Sample { time, value: SampleValue::Float(value), start: 0 };
        let samples =
            self.labels.iter().cloned().zip(values.into_iter().map(|value| vec![sample(value)]));
        SeriesWrite { samples: samples.collect(), ..SeriesWrite::default() }
    }
}

fn next(kind: &str, value: &mut f64, rate: f64, chance: &mut Chance) -> f64 {
    let noise = chance.unit() + chance.unit() + chance.unit() - 1.5;
    match kind {
        "bucket" | "counter" => *value += (rate * (1.0 + noise)).round().max(0.0),
        "bytes counter" => *value += (1e4 * rate * (1.0 + noise)).round().max(0.0),
        "seconds counter" => {
            let grown = *value + 0.1 * rate * (1.0 + noise).max(0.0);
            *value = (grown * 100.0).round() / 100.0;
        }
        "gauge" => *value += (3.0 * noise).round(),
        "noisy gauge" => return ((50.0 + 10.0 * noise) * 100.0).round() / 100.0,
        _ => {}
    }
    *value
}

/// Numbers at random that are the same each time (`SplitMix64`).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// From zero to one.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
