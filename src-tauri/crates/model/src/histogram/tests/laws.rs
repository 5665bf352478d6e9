//! Laws that hold for any histogram, tried on many that chance has made.

use crate::histogram::{
    Bucket, CompensatedSum, FloatHistogram, Keep, bounds, buckets_of, spans_of,
};

/// Numbers without order, the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn small(&mut self, limit: u64) -> i32 {
        i32::try_from(self.below(limit)).unwrap()
    }

    fn side(&mut self) -> Vec<Bucket> {
        let mut index = self.small(40) - 20;
        let many = self.below(12);
        let step = |index: &mut i32, chance: &mut Self| {
            *index += 1 + chance.small(4);
            let count = f64::from(chance.small(100));
            Bucket { index: *index, count }
        };
        (0..many).map(|_| step(&mut index, self)).collect()
    }

    fn histogram(&mut self) -> FloatHistogram {
        let (positive, negative) = (self.side(), self.side());
        let zero_count = f64::from(self.small(9));
        let zero_threshold = [0.0, 0.001, 0.5, 0.7][usize::try_from(self.below(4)).unwrap()];
        let schema = self.small(5) - 2;
        // No histogram has buckets within its zero bucket.
        let [positive, negative] = [positive, negative].map(|mut side: Vec<Bucket>| {
            side.retain(|bucket| bounds::exponential(bucket.index, schema) > zero_threshold);
            side
        });
        let populated: f64 = positive.iter().chain(&negative).map(|bucket| bucket.count).sum();
        FloatHistogram {
            schema,
            zero_threshold,
            zero_count,
            count: populated + zero_count,
            sum: f64::from(self.small(1000)),
            positive,
            negative,
            ..FloatHistogram::default()
        }
    }
}

fn populated(histogram: &FloatHistogram) -> f64 {
    let sides = histogram.positive.iter().chain(&histogram.negative);
    sides.map(|bucket| bucket.count).sum::<f64>() + histogram.zero_count
}

fn rising(side: &[Bucket]) -> bool {
    side.windows(2).all(|pair| pair[0].index < pair[1].index)
}

#[test]
fn sums_keep_every_observation_and_the_order_of_buckets() {
    let mut chance = Chance(7);
    for _ in 0..5000 {
        let (one, other) = (chance.histogram(), chance.histogram());
        let mut sum = one.clone();
        sum.add(&other).unwrap();
        assert_eq!(populated(&sum), one.count + other.count, "{one:?} + {other:?}");
        assert!(rising(&sum.positive) && rising(&sum.negative), "{one:?} + {other:?}");

        let mut compensated = CompensatedSum::new(one.clone());
        compensated.add(&other).unwrap();
        let compensated = compensated.finish();
        sum.compact();
        assert!(sum.equals(&compensated), "{one:?} + {other:?}");
    }
}

#[test]
fn what_was_added_can_be_taken_away() {
    let mut chance = Chance(11);
    for _ in 0..5000 {
        let (one, mut other) = (chance.histogram(), chance.histogram());
        (other.schema, other.zero_threshold) = (one.schema, one.zero_threshold);
        let mut there_and_back = one.clone();
        there_and_back.add(&other).unwrap();
        there_and_back.sub(&other).unwrap();
        there_and_back.compact();
        let mut one = one;
        one.compact();
        assert_eq!(there_and_back, one);
    }
}

#[test]
fn scaling_there_and_back_changes_nothing() {
    let mut chance = Chance(13);
    for _ in 0..1000 {
        let one = chance.histogram();
        let mut scaled = one.clone();
        scaled.mul(8.0);
        scaled.div(8.0);
        assert_eq!(scaled, one);
    }
}

#[test]
fn coarser_schemas_and_spans_keep_every_observation() {
    let mut chance = Chance(17);
    for _ in 0..2000 {
        let one = chance.histogram();
        let coarse = one.copy_to_schema(one.schema - 1).unwrap();
        assert_eq!(populated(&coarse), one.count);
        assert!(rising(&coarse.positive));
        assert!(!coarse.detect_reset(&one), "{one:?}");
        let (spans, counts) = spans_of(&one.positive);
        assert_eq!(buckets_of(&spans, &counts).unwrap(), one.positive);
    }
}

#[test]
fn no_float_makes_anything_panic_or_hang() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, f64::MAX, 5e-324];
    let mut chance = Chance(19);
    for _ in 0..3000 {
        let mut pick = || odd[usize::try_from(chance.below(7)).unwrap()];
        let (threshold, count, sum, zero, at) = (pick(), pick(), pick(), pick(), pick());
        let (mut one, mut other) = (chance.histogram(), chance.histogram());
        one.zero_threshold = threshold;
        (other.count, other.sum, other.zero_count) = (count, sum, zero);
        other.schema = [i32::MAX, i32::MIN, -9, 52][usize::try_from(chance.below(4)).unwrap()];
        for bucket in &mut one.positive {
            bucket.count = at;
        }
        let _ = (one.detect_reset(&other), other.detect_reset(&one), one.validate());
        let _ = (one.trim(at, Keep::Below), other.trim(at, Keep::Above), one.to_string());
        let _ = (one.add(&other), other.sub(&one), one.buckets().count());
    }
}
