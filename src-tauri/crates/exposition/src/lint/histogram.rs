//! The samples of one histogram: buckets in order, nothing missing, counts that agree.

/// What is known of the histogram at hand.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    is_begun: bool,
    /// Bound and count of the bucket read last.
    last: Option<(f64, f64)>,
    has_negative_bounds: bool,
    count: Option<f64>,
    sum: Option<f64>,
    is_gauge: bool,
}

impl Buckets {
    pub(super) fn take(
        &mut self,
        suffix: &str,
        bound: Option<f64>,
        value: f64,
    ) -> Result<(), String> {
        self.is_begun = true;
        match suffix {
            "_bucket" => self.bucket(bound.unwrap_or(f64::NAN), value)?,
            "_count" | "_gcount" => self.count = Some(value),
            "_sum" | "_gsum" => {
                self.sum = Some(value);
                self.is_gauge = suffix == "_gsum";
            }
            _ => {}
        }
        Ok(())
    }

    fn bucket(&mut self, bound: f64, count: f64) -> Result<(), String> {
        if let Some((last_bound, last_count)) = self.last {
            if bound <= last_bound {
                return Err("buckets out of order".to_owned());
            }
            if count < last_count {
                return Err("a bucket counts less than the one below it".to_owned());
            }
        }
        self.has_negative_bounds |= bound < 0.0;
        self.last = Some((bound, count));
        Ok(())
    }

    /// What can be said only when the histogram is complete.
    pub(super) fn close(&self) -> Result<(), String> {
        if !self.is_begun {
            return Ok(());
        }
        let fault = |what: &str| Err(what.to_owned());
        let Some((bound, total)) = self.last else { return fault("no bucket +Inf") };
        if bound != f64::INFINITY {
            return fault("no bucket +Inf");
        }
        #[expect(clippy::float_cmp, reason = "two counts of the same observations")]
        if self.count.is_some_and(|count| count != total) {
            return fault("the count is not that of the bucket +Inf");
        }
        if self.sum.is_some() != self.count.is_some() {
            return fault("a sum without a count, or a count without a sum");
        }
        if self.has_negative_bounds && self.sum.is_some() && !self.is_gauge {
            return fault("a sum beside buckets below zero");
        }
        if !self.has_negative_bounds && self.sum.is_some_and(|sum| sum < 0.0) {
            return fault("a negative sum without buckets below zero");
        }
        Ok(())
    }
}
