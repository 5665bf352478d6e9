//! What goes wrong in the demo shop, and how often. Where it goes wrong is the services' business.

use std::time::Duration;

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::catalog::{Line, Product, quantity_of};

const SLOW_SMARTPHONES: u32 = 3;
const ADDED_LATENCY_SECONDS: std::ops::RangeInclusive<f64> = 1.0..=2.5;
const CONFLICTING_LAPTOPS: u32 = 2;
const DEADLOCK_CHANCE: f64 = 0.6;
const DECLINE_CHANCE: f64 = 0.04;
const SAMPLE_ERROR_CHANCE: f64 = 0.5;

/// The dice of one shop.
///
/// Each fault has dice of its own: given a seed, the n-th order of two laptops always meets the same fate,
/// whatever other traffic ran beside it.
#[derive(Debug)]
pub(crate) struct Faults {
    latency: Mutex<StdRng>,
    deadlock: Mutex<StdRng>,
    decline: Mutex<StdRng>,
    sample_error: Mutex<StdRng>,
}

/// Why a bank refuses a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decline {
    InsufficientFunds,
    CardExpired,
    SuspectedFraud,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        let dice = |fault: u64| Mutex::new(StdRng::seed_from_u64(seed.wrapping_add(fault)));
        Self { latency: dice(1), deadlock: dice(2), decline: dice(3), sample_error: dice(4) }
    }

    /// How much longer the inventory takes: one to two and a half seconds for three or more smartphones.
    pub(crate) fn inventory_latency(&self, lines: &[Line]) -> Option<Duration> {
        if quantity_of(lines, Product::Smartphone) < SLOW_SMARTPHONES {
            return None;
        }
        let seconds = self.latency.lock().random_range(ADDED_LATENCY_SECONDS);
        Some(Duration::from_secs_f64(seconds))
    }

    /// Whether writing the order runs into a deadlock: six times in ten for two or more laptops.
    pub(crate) fn deadlocks(&self, lines: &[Line]) -> bool {
        quantity_of(lines, Product::Laptop) >= CONFLICTING_LAPTOPS
            && self.deadlock.lock().random_bool(DEADLOCK_CHANCE)
    }

    /// Why the bank refuses a payment, if it does.
    pub(crate) fn decline(&self) -> Option<Decline> {
        let mut dice = self.decline.lock();
        if !dice.random_bool(DECLINE_CHANCE) {
            return None;
        }
        Some(match dice.random_range(0..3) {
            0 => Decline::InsufficientFunds,
            1 => Decline::CardExpired,
            _ => Decline::SuspectedFraud,
        })
    }

    /// Whether the sample app's error route fails this time: every other time on average.
    pub(crate) fn sample_fails(&self) -> bool {
        self.sample_error.lock().random_bool(SAMPLE_ERROR_CHANCE)
    }
}

impl Decline {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::InsufficientFunds => "insufficient_funds",
            Self::CardExpired => "card_expired",
            Self::SuspectedFraud => "suspected_fraud",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(product: Product, quantity: u32) -> Vec<Line> {
        vec![Line { product, quantity }]
    }

    #[test]
    fn three_smartphones_add_one_to_two_and_a_half_seconds() {
        let faults = Faults::new(7);
        for _ in 0..2_000 {
            let added = faults.inventory_latency(&lines(Product::Smartphone, 3));
            let seconds = added.expect("three smartphones are slow").as_secs_f64();
            assert!((1.0..=2.5).contains(&seconds), "{seconds}");
        }
        assert_eq!(faults.inventory_latency(&lines(Product::Smartphone, 2)), None);
        assert_eq!(faults.inventory_latency(&lines(Product::Laptop, 9)), None);
    }

    #[test]
    fn smartphones_on_two_lines_count_together() {
        let mut split = lines(Product::Smartphone, 1);
        split.extend(lines(Product::Smartphone, 2));
        assert!(Faults::new(7).inventory_latency(&split).is_some());
    }

    #[test]
    fn two_laptops_deadlock_six_times_in_ten() {
        let faults = Faults::new(7);
        let deadlocks =
            (0..10_000).filter(|_| faults.deadlocks(&lines(Product::Laptop, 2))).count();
        assert!((5_800..=6_200).contains(&deadlocks), "{deadlocks} of 10,000");
        assert!((0..10_000).all(|_| !faults.deadlocks(&lines(Product::Laptop, 1))));
        assert!((0..10_000).all(|_| !faults.deadlocks(&lines(Product::Smartphone, 5))));
    }

    #[test]
    fn the_same_seed_brings_the_same_faults_whatever_runs_beside() {
        let alone = Faults::new(42);
        let busy = Faults::new(42);
        for _ in 0..200 {
            busy.decline();
            busy.inventory_latency(&lines(Product::Smartphone, 3));
            let cart = lines(Product::Laptop, 2);
            assert_eq!(alone.deadlocks(&cart), busy.deadlocks(&cart));
        }
    }

    #[test]
    fn few_payments_are_declined_and_half_of_the_errors_fail() {
        let faults = Faults::new(7);
        let declined = (0..10_000).filter(|_| faults.decline().is_some()).count();
        assert!((300..=500).contains(&declined), "{declined} of 10,000");
        let failed = (0..10_000).filter(|_| faults.sample_fails()).count();
        assert!((4_800..=5_200).contains(&failed), "{failed} of 10,000");
    }
}
