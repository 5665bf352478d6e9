//! The page's zoom, in the steps that browsers have.

use parking_lot::Mutex;

const STEPS: [f64; 11] = [0.5, 0.67, 0.75, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0];
const PLAIN: usize = 5;

/// The step that the window shows.
#[derive(Debug)]
pub(crate) struct Zoom(Mutex<usize>);

impl Default for Zoom {
    fn default() -> Self {
        Self(Mutex::new(PLAIN))
    }
}

impl Zoom {
    /// One step larger, as a factor.
    pub(crate) fn larger(&self) -> f64 {
        self.change(|step| (step + 1).min(STEPS.len() - 1))
    }

    /// One step smaller.
    pub(crate) fn smaller(&self) -> f64 {
        self.change(|step| step.saturating_sub(1))
    }

    /// As it was made.
    pub(crate) fn plain(&self) -> f64 {
        self.change(|_| PLAIN)
    }

    fn change(&self, change: impl FnOnce(usize) -> usize) -> f64 {
        let mut step = self.0.lock();
        *step = change(*step);
        STEPS.get(*step).copied().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zoom_stays_between_half_and_double() {
        let zoom = Zoom::default();
        let largest = (0..20).map(|_| zoom.larger()).last().unwrap();
        let smallest = (0..20).map(|_| zoom.smaller()).last().unwrap();
        assert!((largest - 2.0).abs() < 1e-9 && (smallest - 0.5).abs() < 1e-9);
        assert!((zoom.plain() - 1.0).abs() < 1e-9);
    }
}
