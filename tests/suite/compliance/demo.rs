//! The series that the compliance tester's queries ask for: what three instances of `PromLabs`' demo service expose,
//! for a hundred minutes, with counters that start anew, an instance that is down for a while, and a metric that comes and goes.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::prometheus_client::{TimeSeries, series};

/// 90 minutes before a year ends in UTC, so that the functions of dates have something to tell apart.
pub(crate) const BEGIN: i64 = 1_767_220_200_000;
const INTERVAL: i64 = 5_000;
const SCRAPES: i64 = 1_200;
/// Samples of one request: ten minutes.
const SCRAPES_A_REQUEST: i64 = 120;

/// The value with which a series ends.
const STALE: f64 = f64::from_bits(0x7ff0_0000_0000_0002);

/// When each instance is scraped: the first on the grid of whole seconds, where windows have their edges.
const INSTANCES: [(&str, i64); 3] = [
    ("demo.promlabs.com:10000", 0),
    ("demo.promlabs.com:10001", 1_234),
    ("demo.promlabs.com:10002", 4_321),
];
/// Scrapes before which the second instance is started anew.
const RESTARTS: [i64; 2] = [500, 1_090];
/// Scrapes that the third instance misses.
const DOWN: std::ops::Range<i64> = 1_000..1_030;

const BOUNDS: [f64; 12] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, f64::INFINITY];

/// The requests that bring everything, in the order of time.
pub(crate) fn requests(seed: u64) -> impl Iterator<Item = Vec<TimeSeries>> {
    let mut numbers = StdRng::seed_from_u64(seed);
    let mut all = Vec::new();
    for (place, (name, offset)) in INSTANCES.into_iter().enumerate() {
        let mut one = Instance { name, offset, place, numbers: &mut numbers, all: &mut all };
        one.gauges();
        one.counters();
        one.batch();
        one.intermittent();
        one.requests();
    }
    (0..SCRAPES).step_by(120).map(move |first| {
        let times = BEGIN + first * INTERVAL..BEGIN + (first + SCRAPES_A_REQUEST) * INTERVAL;
        let cut = |whole: &TimeSeries| {
            let samples = whole.samples.iter().filter(|one| times.contains(&one.timestamp));
            TimeSeries { labels: whole.labels.clone(), samples: samples.cloned().collect() }
        };
        all.iter().map(cut).filter(|part| !part.samples.is_empty()).collect()
    })
}

/// One instance, and where its series go.
struct Instance<'a> {
    name: &'static str,
    offset: i64,
    place: usize,
    numbers: &'a mut StdRng,
    all: &'a mut Vec<TimeSeries>,
}

impl Instance<'_> {
    /// Adds a series whose value at each scrape is `value` of it; none is no sample, and the first of them an end.
    fn add(
        &mut self,
        name: &str,
        labels: &[(&str, &str)],
        mut value: impl FnMut(&mut StdRng, i64) -> Option<f64>,
    ) {
        let mut full = vec![("__name__", name), ("instance", self.name), ("job", "demo")];
        full.extend(labels);
        full.sort_unstable();
        let (mut samples, mut is_there) = (Vec::new(), false);
        for scrape in 0..SCRAPES {
            let is_down = self.place == 2 && DOWN.contains(&scrape);
            let found = value(self.numbers, scrape).filter(|_| !is_down);
            let time = BEGIN + scrape * INTERVAL + self.offset;
            let end = is_there.then_some(STALE);
            samples.extend(found.or(end).map(|value| (time, value)));
            is_there = found.is_some();
        }
        self.all.push(series(&full, &samples));
    }

    fn is_restart(&self) -> impl Fn(i64) -> bool + use<> {
        let place = self.place;
        move |scrape| place == 1 && RESTARTS.contains(&scrape)
    }

    fn gauges(&mut self) {
        for (kind, usual) in
            [("used", 2.0e9_f64), ("free", 1.5e9), ("cached", 9.0e8), ("buffers", 3.0e8)]
        {
            let mut level = usual;
            self.add("demo_memory_usage_bytes", &[("type", kind)], |numbers, _| {
                level =
                    (level + numbers.random_range(-2.0e7..2.0e7)).clamp(usual * 0.5, usual * 1.5);
                Some(level.round())
            });
        }
        let mut full = 4.0e10;
        self.add("demo_disk_usage_bytes", &[], |numbers, _| {
            full += numbers.random_range(0.0..3.0e6);
            Some(full)
        });
        self.add("demo_disk_total_bytes", &[], |_, _| Some(268_435_456_000.0));
        self.add("demo_num_cpus", &[], |_, _| Some(4.0));
        self.add("demo_is_holiday", &[], |_, scrape| Some(f64::from(u8::from(scrape > 1_080))));
    }

    fn counters(&mut self) {
        let is_restart = self.is_restart();
        for (mode, share) in [("idle", 3.0), ("system", 0.4), ("user", 1.6)] {
            let mut seconds = 0.0;
            self.add("demo_cpu_usage_seconds_total", &[("mode", mode)], |numbers, scrape| {
                seconds = if is_restart(scrape) { 0.0 } else { seconds };
                seconds += share * numbers.random_range(0.5..5.5);
                Some(seconds)
            });
        }
        let mut shipped = 0_u32;
        self.add("demo_items_shipped_total", &[], |numbers, scrape| {
            shipped = if is_restart(scrape) { 0 } else { shipped };
            shipped += numbers.random_range(0..9);
            Some(f64::from(shipped))
        });
    }

    /// A job that runs every minute and fails now and then.
    fn batch(&mut self) {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of our time are exact")]
        let begin = (BEGIN / 1000) as f64;
        let mut last = begin - 30.0;
        self.add("demo_batch_last_success_timestamp_seconds", &[], |numbers, scrape| {
            if scrape % 12 == 0 && numbers.random_bool(0.8) {
                last = begin + f64::from(i32::try_from(scrape).unwrap()) * 5.0;
                last += numbers.random_range(0.0..3.0);
            }
            Some(last)
        });
    }

    fn intermittent(&mut self) {
        self.add("demo_intermittent_metric", &[], |numbers, scrape| {
            (scrape % 30 < 12).then(|| numbers.random_range(0.0..1.0))
        });
    }

    fn requests(&mut self) {
        let is_restart = self.is_restart();
        for (method, path, status) in [
            ("GET", "/api/foo", "200"),
            ("GET", "/api/foo", "500"),
            ("POST", "/api/foo", "200"),
            ("GET", "/api/bar", "200"),
            ("POST", "/api/bar", "404"),
        ] {
            let labels = [("method", method), ("path", path), ("status", status)];
            let scrapes = self.handled(&is_restart);
            let at = |scrape: i64| &scrapes[usize::try_from(scrape).unwrap()];
            let name = "demo_api_request_duration_seconds";
            for (bucket, bound) in BOUNDS.into_iter().enumerate() {
                let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_owned() };
                let labels = [&labels[..], &[("le", &bound)]].concat();
                let count = |_: &mut StdRng, scrape| Some(f64::from(at(scrape).0[bucket]));
                self.add(&format!("{name}_bucket"), &labels, count);
            }
            let count = |_: &mut StdRng, scrape| Some(f64::from(at(scrape).0[BOUNDS.len() - 1]));
            self.add(&format!("{name}_count"), &labels, count);
            self.add(&format!("{name}_sum"), &labels, |_, scrape| Some(at(scrape).1));
        }
    }

    /// The buckets and the sum of a histogram at each scrape.
    fn handled(&mut self, is_restart: impl Fn(i64) -> bool) -> Vec<([u32; BOUNDS.len()], f64)> {
        let (mut buckets, mut sum) = ([0; BOUNDS.len()], 0.0);
        let scrapes = (0..SCRAPES).map(|scrape| {
            if is_restart(scrape) {
                (buckets, sum) = ([0; BOUNDS.len()], 0.0);
            }
            for _ in 0..self.numbers.random_range(0..12) {
                let took = 0.00005 * f64::exp(self.numbers.random_range(0.0..9.0));
                sum += took;
                let within = BOUNDS.iter().zip(&mut buckets).filter(|(bound, _)| took <= **bound);
                within.for_each(|(_, count)| *count += 1);
            }
            (buckets, sum)
        });
        scrapes.collect()
    }
}
