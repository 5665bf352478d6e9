//! Values as Prometheus writes them in JSON: times in seconds, numbers as texts
//! (Prometheus `web/api/v1/json_codec.go`, `util/jsonutil`).

mod number;

use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSlice;
use serde::Serialize;
use watchglass_model::{FloatHistogram, Labels, Millis, SampleValue, Samples};
use watchglass_promql::{MatrixSeries, Value, VectorSample};

/// About how many bytes a point takes, and the labels of a series: a guess that saves moving a long answer.
const POINT_BYTES: usize = 36;
const SERIES_BYTES: usize = 160;
/// From so many bytes on an answer is written on all cores, in pieces of about this size.
const WORTH_SPREADING: usize = 1 << 20;
const PIECE_BYTES: usize = 1 << 18;

/// JSON on its way. What is long lies in several pieces: one piece would be moved again and again.
#[derive(Debug, Default)]
pub(super) struct Json(Vec<u8>, Vec<Vec<u8>>);

impl Json {
    /// Makes room for so many bytes more.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.0.reserve(bytes);
    }

    /// What was written, piece by piece.
    pub(super) fn finish(self) -> Vec<Vec<u8>> {
        let Self(last, mut pieces) = self;
        pieces.push(last);
        pieces
    }

    /// What was written elsewhere.
    fn pieces(&mut self, pieces: Vec<Self>) {
        for piece in pieces {
            let before = std::mem::take(&mut self.0);
            self.1.extend((!before.is_empty()).then_some(before));
            self.1.extend(piece.finish());
        }
    }

    /// Text that is JSON already.
    #[inline]
    pub(super) fn raw(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.value(text)
    }

    /// Anything that serde writes.
    pub(super) fn value(&mut self, value: &(impl Serialize + ?Sized)) -> &mut Self {
        let start = self.0.len();
        if serde_json::to_writer(&mut self.0, value).is_err() {
            self.0.truncate(start);
            return self.raw("null");
        }
        self
    }

    /// A list.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.0.push(b'[');
        self.items(items, &mut write);
        self.0.push(b']');
        self
    }

    /// The items of a list.
    fn items<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        write: &mut impl FnMut(&mut Self, T),
    ) {
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self.0.push(b',');
            }
            write(self, item);
        }
    }

    /// Labels as an object.
    pub(super) fn labels(&mut self, labels: &Labels) -> &mut Self {
        self.0.push(b'{');
        for (place, (name, value)) in labels.iter().enumerate() {
            if place > 0 {
                self.0.push(b',');
            }
            self.text(name).raw(":").text(value);
        }
        self.0.push(b'}');
        self
    }

    /// A time in seconds, with three decimals where it is not whole.
    #[inline]
    pub(super) fn time(&mut self, time: Millis) -> &mut Self {
        number::write_seconds(&mut self.0, time);
        self
    }

    /// A number as a text.
    #[inline]
    pub(super) fn number(&mut self, value: f64) -> &mut Self {
        self.0.push(b'"');
        number::write(&mut self.0, value);
        self.0.push(b'"');
        self
    }

    #[inline]
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

/// What a query gave, as the `data` of an answer; `beside` adds fields to it.
pub(super) fn value(json: &mut Json, value: &Value, beside: impl FnOnce(&mut Json)) {
    json.raw("{\"resultType\":\"").raw(value.value_type().name()).raw("\",\"result\":");
    match value {
        Value::Scalar(time, number) => json.point(*time, *number),
        Value::Text(time, text) => {
            json.raw("[").time(*time).raw(",").text(text).raw("]");
        }
        Value::Vector(samples) => {
            json.reserve(samples.len() * SERIES_BYTES);
            json.list(samples, vector_sample);
        }
        Value::Matrix(series) => matrix(json, series),
    }
    beside(json);
    json.raw("}");
}

fn matrix(json: &mut Json, series: &[MatrixSeries]) {
    let size = |series: &[MatrixSeries]| {
        let points: usize = series.iter().map(|one| one.samples.len()).sum();
        series.len() * SERIES_BYTES + points * POINT_BYTES
    };
    let bytes = size(series);
    if bytes < WORTH_SPREADING || series.len() < 2 {
        json.reserve(bytes);
        let mut beginnings = Beginnings::default();
        json.list(series, |json, one| matrix_series(json, one, &mut beginnings));
        return;
    }
    let pieces = series
        .par_chunks(series.len().div_ceil(bytes / PIECE_BYTES))
        .enumerate()
        .map(|(place, some)| {
            let (mut piece, mut beginnings) = (Json::default(), Beginnings::default());
            piece.reserve(size(some));
            piece.raw(if place > 0 { "," } else { "" });
            piece.items(some, &mut |json, one| matrix_series(json, one, &mut beginnings));
            piece
        })
        .collect();
    json.raw("[").pieces(pieces);
    json.raw("]");
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

/// What stands before the values of points, `,[seconds,"`. Mostly all series of an answer have the same times.
#[derive(Debug, Default)]
struct Beginnings {
    times: Vec<Millis>,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Beginnings {
    /// Those of points at these times.
    fn be_of(&mut self, times: &[Millis]) {
        if self.times == times {
            return;
        }
        self.text.clear();
        self.ends.clear();
        for time in times {
            self.text.extend_from_slice(if self.ends.is_empty() { b"[" } else { b",[" });
            number::write_seconds(&mut self.text, *time);
            self.text.extend_from_slice(b",\"");
            self.ends.push(self.text.len());
        }
        self.times.clear();
        self.times.extend_from_slice(times);
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let places = starts.zip(&self.ends);
        places.map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }
}

fn matrix_series(json: &mut Json, series: &MatrixSeries, beginnings: &mut Beginnings) {
    let Samples { times, floats, histograms, .. } = &series.samples;
    json.raw("{\"metric\":").labels(&series.labels);
    if histograms.is_empty() {
        json.raw(",\"values\":[");
        beginnings.be_of(times);
        for (beginning, value) in beginnings.iter().zip(floats) {
            json.0.extend_from_slice(beginning);
            number::write(&mut json.0, *value);
            json.raw("\"]");
        }
        json.raw("]");
    } else if histograms.len() < times.len() {
        json.raw(",\"values\":");
        let is_float = |place: &usize| series.samples.histogram(*place).is_none();
        let points = times.iter().zip(floats).enumerate().filter(|(place, _)| is_float(place));
        json.list(points, |json, (_, (time, value))| json.point(*time, *value));
    }
    if !histograms.is_empty() {
        json.raw(",\"histograms\":");
        json.list(histograms, |json, (place, histogram)| {
            json.histogram_point(times.get(*place).copied().unwrap_or_default(), histogram);
        });
    }
    json.raw("}");
}
