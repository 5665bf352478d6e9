//! Series descriptions of scripts: `metric{label="value"} 1 2+3x4 _ stale {{schema:1 sum:3 buckets:[1 2]}}x2`.

use std::sync::Arc;

use watchglass_model::{
    Bucket, FloatHistogram, Labels, LabelsBuilder, METRIC_NAME, ResetHint, STALE, SampleValue,
};

/// One value of a series description.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SequenceValue {
    /// `_`
    Gap,
    Float(f64),
    Histogram {
        histogram: Arc<FloatHistogram>,
        /// Whether the description says what is known about resets.
        hint_given: bool,
    },
}

impl SequenceValue {
    /// The value as a sample has it; none of a gap.
    pub(crate) fn sample(&self) -> Option<SampleValue> {
        match self {
            Self::Gap => None,
            Self::Float(value) => Some(SampleValue::Float(*value)),
            Self::Histogram { histogram, .. } => {
                Some(SampleValue::Histogram(Arc::clone(histogram)))
            }
        }
    }
}

/// Reads a description: what names the series, and its values.
pub(crate) fn read(line: &str) -> Result<(Labels, Vec<SequenceValue>), String> {
    let mut reader = Reader(line.trim());
    let found = reader.labels().and_then(|labels| Some((labels, reader.values()?)));
    found.ok_or_else(|| format!("not a series, from {:?} on: {line}", reader.0))
}

/// The text that is still to be read.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn skip(&mut self, token: &str) -> bool {
        let behind = self.0.strip_prefix(token);
        self.0 = behind.unwrap_or(self.0);
        behind.is_some()
    }

    fn space(&mut self) {
        self.0 = self.0.trim_start();
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.0.find(|one| !belongs(one)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        (!taken.is_empty()).then_some(taken)
    }

    fn labels(&mut self) -> Option<Labels> {
        let name = self.take(|one| one.is_alphanumeric() || one == '_' || one == ':');
        let mut labels = LabelsBuilder::default();
        labels.set(METRIC_NAME, name.unwrap_or_default());
        self.space();
        if !self.0.starts_with("{{") && self.skip("{") {
            while !self.skip("}") {
                self.label(&mut labels)?;
                self.space();
                self.skip(",");
                self.space();
            }
        }
        Some(labels.build())
    }

    /// `label="value"`, or the metric's name in quotes.
    fn label(&mut self, into: &mut LabelsBuilder) -> Option<()> {
        self.space();
        let name = if self.0.starts_with('"') {
            self.quoted()?
        } else {
            self.take(|one| one.is_alphanumeric() || one == '_')?.to_owned()
        };
        self.space();
        if self.skip("=") {
            self.space();
            into.set(name, self.quoted()?);
        } else {
            into.set(METRIC_NAME, name);
        }
        Some(())
    }

    fn quoted(&mut self) -> Option<String> {
        let quote = self.0.chars().next().filter(|one| matches!(one, '"' | '\'' | '`'))?;
        let mut text = String::new();
        let mut characters = self.0[1..].chars();
        while let Some(character) = characters.next() {
            match character {
                end if end == quote => {
                    self.0 = characters.as_str();
                    return Some(text);
                }
                '\\' if quote != '`' => text.push(match characters.next()? {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                }),
                other => text.push(other),
            }
        }
        None
    }

    fn values(&mut self) -> Option<Vec<SequenceValue>> {
        let mut values = Vec::new();
        self.space();
        while !self.0.is_empty() {
            if self.skip("_") {
                let gaps = if self.skip("x") { self.count()? } else { 1 };
                values.extend(std::iter::repeat_n(SequenceValue::Gap, gaps));
            } else if self.skip("stale") {
                values.push(SequenceValue::Float(STALE));
            } else if self.0.starts_with("{{") {
                self.histograms(&mut values)?;
            } else {
                self.floats(&mut values)?;
            }
            let end = self.0;
            self.space();
            if !self.0.is_empty() && end.len() == self.0.len() {
                return None;
            }
        }
        Some(values)
    }

    fn count(&mut self) -> Option<usize> {
        self.take(|one| one.is_ascii_digit())?.parse().ok()
    }

    /// `1`, `1x3`, `1+2x3`
    fn floats(&mut self, into: &mut Vec<SequenceValue>) -> Option<()> {
        let mut value = self.number()?;
        let change = if self.0.starts_with(['+', '-']) { self.number()? } else { 0.0 };
        let more = if self.skip("x") { self.count()? } else { 0 };
        into.push(SequenceValue::Float(value));
        for _ in 0..more {
            value += change;
            into.push(SequenceValue::Float(value));
        }
        Some(())
    }

    fn number(&mut self) -> Option<f64> {
        let negative = self.skip("-");
        if !negative {
            self.skip("+");
        }
        for (word, value) in [("Inf", f64::INFINITY), ("inf", f64::INFINITY), ("NaN", f64::NAN)] {
            if self.skip(word) {
                return Some(if negative { -value } else { value });
            }
        }
        let start = self.0;
        self.take(|one| one.is_ascii_digit() || one == '.')?;
        if self.skip("e") || self.skip("E") {
            let _ = self.skip("-") || self.skip("+");
            self.count()?;
        }
        let value: f64 = start[..start.len() - self.0.len()].parse().ok()?;
        Some(if negative { -value } else { value })
    }

    /// `{{..}}`, `{{..}}x3`, `{{..}}+{{..}}x3`
    fn histograms(&mut self, into: &mut Vec<SequenceValue>) -> Option<()> {
        let (mut histogram, hint_given) = self.histogram()?;
        let (adds, subtracts) = (self.skip("+"), self.skip("-"));
        let change = if adds || subtracts { Some(self.histogram()?.0) } else { None };
        let more = if self.skip("x") { self.count()? } else { 0 };
        for place in 0..=more {
            match change.as_ref().filter(|_| place > 0) {
                Some(change) if adds => drop(histogram.add(change).ok()?),
                Some(change) => drop(histogram.sub(change).ok()?),
                None => {}
            }
            let histogram = Arc::new(histogram.clone());
            into.push(SequenceValue::Histogram { histogram, hint_given });
        }
        Some(())
    }

    fn histogram(&mut self) -> Option<(FloatHistogram, bool)> {
        let mut histogram = FloatHistogram::default();
        let (mut offsets, mut hint_given) = ([0, 0], false);
        self.skip("{{").then_some(())?;
        self.space();
        while !self.skip("}}") {
            let key = self.take(|one| one.is_ascii_lowercase() || one == '_')?;
            self.space();
            self.skip(":").then_some(())?;
            self.space();
            match key {
                "schema" => histogram.schema = self.integer()?,
                "sum" => histogram.sum = self.number()?,
                "count" => histogram.count = self.number()?,
                "z_bucket" => histogram.zero_count = self.number()?,
                "z_bucket_w" => histogram.zero_threshold = self.number()?,
                "buckets" => histogram.positive = self.buckets()?,
                "n_buckets" => histogram.negative = self.buckets()?,
                "offset" => offsets[0] = self.integer()?,
                "n_offset" => offsets[1] = self.integer()?,
                "custom_values" => histogram.custom_values = Some(self.numbers()?.into()),
                "counter_reset_hint" => {
                    histogram.reset_hint = self.hint()?;
                    hint_given = true;
                }
                _ => return None,
            }
            self.space();
        }
        for (side, offset) in
            [&mut histogram.positive, &mut histogram.negative].into_iter().zip(offsets)
        {
            for bucket in side {
                bucket.index += offset;
            }
        }
        Some((histogram, hint_given))
    }

    fn integer(&mut self) -> Option<i32> {
        self.take(|one| one.is_ascii_digit() || one == '-')?.parse().ok()
    }

    fn hint(&mut self) -> Option<ResetHint> {
        match self.take(|one| one.is_ascii_lowercase() || one == '_')? {
            "unknown" => Some(ResetHint::Unknown),
            "reset" => Some(ResetHint::Reset),
            "not_reset" => Some(ResetHint::NotReset),
            "gauge" => Some(ResetHint::Gauge),
            _ => None,
        }
    }

    fn numbers(&mut self) -> Option<Vec<f64>> {
        let mut numbers = Vec::new();
        self.skip("[").then_some(())?;
        self.space();
        while !self.skip("]") {
            numbers.push(self.number()?);
            self.space();
        }
        Some(numbers)
    }

    fn buckets(&mut self) -> Option<Vec<Bucket>> {
        let counts = self.numbers()?;
        Some((0..).zip(counts).map(|(index, count)| Bucket { index, count }).collect())
    }
}
