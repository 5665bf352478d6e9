//! Values as Prometheus writes them in JSON: times in seconds, numbers as texts
//! (Prometheus `web/api/v1/json_codec.go`, `util/jsonutil`).

use std::fmt::Write;

use watchglass_model::{FloatHistogram, Labels, Millis, SampleValue, Samples};
use watchglass_promql::{MatrixSeries, Value, VectorSample};

/// JSON on its way.
#[derive(Debug, Default)]
pub(super) struct Json(String);

impl Json {
    /// What was written.
    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Text that is JSON already.
    pub(super) fn raw(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        // A text always can be written.
        self.0.push_str(&serde_json::to_string(text).unwrap_or_default());
        self
    }

    /// A list.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.0.push('[');
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            write(self, item);
        }
        self.0.push(']');
        self
    }

    /// Labels as an object.
    pub(super) fn labels(&mut self, labels: &Labels) -> &mut Self {
        self.0.push('{');
        for (place, (name, value)) in labels.iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            self.text(name).raw(":").text(value);
        }
        self.0.push('}');
        self
    }

    /// A time in seconds, with three decimals where it is not whole.
    pub(super) fn time(&mut self, time: Millis) -> &mut Self {
        let sign = if time < 0 { "-" } else { "" };
        let (seconds, millis) = (time.unsigned_abs() / 1000, time.unsigned_abs() % 1000);
        // Writing into a string cannot fail.
        let _ = write!(self.0, "{sign}{seconds}");
        if millis > 0 {
            let _ = write!(self.0, ".{millis:03}");
        }
        self
    }

    /// A number as a text.
    pub(super) fn number(&mut self, value: f64) -> &mut Self {
        self.0.push('"');
        write_number(&mut self.0, value);
        self.0.push('"');
        self
    }

    fn point(&mut self, time: Millis, value: f64) {
        self.raw("[").time(time).raw(",").number(value).raw("]");
    }

    fn histogram_point(&mut self, time: Millis, histogram: &FloatHistogram) {
        self.raw("[").time(time).raw(",").histogram(histogram).raw("]");
    }

    fn histogram(&mut self, histogram: &FloatHistogram) -> &mut Self {
        self.raw("{\"count\":").number(histogram.count).raw(",\"sum\":").number(histogram.sum);
        let buckets: Vec<_> = histogram.buckets().filter(|bucket| bucket.count != 0.0).collect();
        if !buckets.is_empty() {
            self.raw(",\"buckets\":");
            self.list(buckets, |json, bucket| {
                let edges = match (bucket.lower_inclusive, bucket.upper_inclusive) {
                    (false, true) => "[0,",
                    (true, false) => "[1,",
                    (false, false) => "[2,",
                    (true, true) => "[3,",
                };
                json.raw(edges).number(bucket.lower).raw(",").number(bucket.upper).raw(",");
                json.number(bucket.count).raw("]");
            });
        }
        self.raw("}")
    }
}

/// Go's shortest form of a number, with an exponent below 1e-6 and from 1e21 on.
fn write_number(out: &mut String, value: f64) {
    let size = value.abs();
    let _ = if value.is_nan() {
        write!(out, "NaN")
    } else if value.is_infinite() {
        write!(out, "{}Inf", if value > 0.0 { '+' } else { '-' })
    } else if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{digits}e{sign}{:02}", exponent.abs())
    } else {
        write!(out, "{value}")
    };
}

/// What a query gave, as the `data` of an answer.
pub(super) fn value(value: &Value) -> String {
    let mut json = Json::default();
    json.raw("{\"resultType\":\"").raw(value.value_type().name()).raw("\",\"result\":");
    match value {
        Value::Scalar(time, number) => json.point(*time, *number),
        Value::Text(time, text) => {
            json.raw("[").time(*time).raw(",").text(text).raw("]");
        }
        Value::Vector(samples) => {
            json.list(samples, vector_sample);
        }
        Value::Matrix(series) => {
            json.list(series, matrix_series);
        }
    }
    json.raw("}");
    json.finish()
}

fn vector_sample(json: &mut Json, sample: &VectorSample) {
    json.raw("{\"metric\":").labels(&sample.labels);
    match &sample.value {
        SampleValue::Float(number) => json.raw(",\"value\":").point(sample.time, *number),
        SampleValue::Histogram(histogram) => {
            json.raw(",\"histogram\":").histogram_point(sample.time, histogram);
        }
    }
    json.raw("}");
}

fn matrix_series(json: &mut Json, series: &MatrixSeries) {
    let Samples { times, floats, histograms, .. } = &series.samples;
    json.raw("{\"metric\":").labels(&series.labels);
    if histograms.len() < times.len() {
        json.raw(",\"values\":");
        let points = times.iter().zip(floats).enumerate();
        let is_float =
            |place: &usize| histograms.is_empty() || series.samples.histogram(*place).is_none();
        json.list(points.filter(|(place, _)| is_float(place)), |json, (_, (time, value))| {
            json.point(*time, *value);
        });
    }
    if !histograms.is_empty() {
        json.raw(",\"histograms\":");
        json.list(histograms, |json, (place, histogram)| {
            json.histogram_point(times.get(*place).copied().unwrap_or_default(), histogram);
        });
    }
    json.raw("}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_read_as_prometheus_writes_them() {
        let number = |value: f64| {
            let mut json = Json::default();
            json.number(value);
            json.finish()
        };
        let cases = [
            (1.0, "\"1\""),
            (0.1, "\"0.1\""),
            (1e21, "\"1e+21\""),
            (1e20, "\"100000000000000000000\""),
            (1.5e-7, "\"1.5e-07\""),
            (f64::NAN, "\"NaN\""),
            (f64::NEG_INFINITY, "\"-Inf\""),
            (-0.0, "\"-0\""),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        let time = |millis| {
            let mut json = Json::default();
            json.time(millis);
            json.finish()
        };
        assert_eq!(
            [time(1000), time(1001), time(-1500), time(20)],
            ["1", "1.001", "-1.500", "0.020"]
        );
    }
}
