//! Sums that lose nothing they need not lose.

use watchglass_model::compensated_add;

/// A sum with what rounding took from it (Neumaier's variant of Kahan summation, Prometheus `util/kahansum`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    /// The sum.
    pub(crate) value: f64,
    /// What rounding took.
    pub(crate) lost: f64,
}

impl Sum {
    /// A sum that starts with a value.
    pub(crate) const fn of(value: f64) -> Self {
        Self { value, lost: 0.0 }
    }

    /// Adds a value.
    #[inline]
    pub(crate) fn add(&mut self, value: f64) {
        compensated_add(value, &mut self.value, &mut self.lost);
    }

    /// What it comes to.
    pub(crate) fn total(self) -> f64 {
        if self.value.is_infinite() { self.value } else { self.value + self.lost }
    }
}

/// A mean: the sum by the count, or, where the sum would overflow, a mean that moves with each value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mean {
    sum: Sum,
    count: f64,
    moving: bool,
}

impl Mean {
    /// The mean of one value.
    pub(crate) const fn of(value: f64) -> Self {
        Self { sum: Sum::of(value), count: 1.0, moving: false }
    }

    /// Adds a value.
    #[inline]
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        if !self.moving {
            let mut sum = self.sum;
            sum.add(value);
            if !sum.value.is_infinite() {
                self.sum = sum;
                return;
            }
            self.moving = true;
            self.sum.value /= self.count - 1.0;
            self.sum.lost /= self.count - 1.0;
        }
        let share = (self.count - 1.0) / self.count;
        self.sum.value *= share;
        self.sum.lost *= share;
        self.sum.add(value / self.count);
    }

    /// What it comes to.
    pub(crate) fn total(self) -> f64 {
        if self.moving {
            self.sum.value + self.sum.lost
        } else {
            self.sum.value / self.count + self.sum.lost / self.count
        }
    }
}

/// A count as a float.
#[expect(clippy::cast_precision_loss, reason = "no query holds 2^53 samples")]
pub(crate) const fn count(count: usize) -> f64 {
    count as f64
}
