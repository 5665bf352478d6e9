//! A picture of a metric's series: what the metric page draws, with the same lines, names and colours.

use chrono::{DateTime, FixedOffset, Local, Offset, TimeZone};
use watchglass_charts::{Plot, Size, Theme, Unit, colour_slots, name_hash, png, svg};
use watchglass_model::{MetricKind, Temporality, Timestamp};
use watchglass_storage::Reader;

use super::series::{MetricSeries, Series, SeriesQuery, metric_series};
use crate::error::{Error, Result};

/// What of a metric's points is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureShow {
    /// Values as they came.
    Value,
    /// How much a running total grows in a second.
    Rate,
    /// The mean of what was measured between two points.
    Mean,
    /// How many measurements there were in a second.
    Count,
    /// The quantiles of a summary.
    Quantiles,
}

/// How a picture is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Vectors; letters are Inter where the viewer has it.
    Svg,
    /// Pixels.
    Png,
}

/// A question for a picture of a metric.
#[derive(Debug, Clone)]
pub struct PictureQuery {
    /// Which series.
    pub series: SeriesQuery,
    /// What of them; as the kind of metric suggests where it is not said.
    pub show: Option<PictureShow>,
    /// Keys of series that are left out, as the page's address has them.
    pub hidden: Vec<String>,
    /// Dark or light.
    pub theme: Theme,
    /// In pixels.
    pub size: Size,
    /// How it is written down.
    pub format: PictureFormat,
    /// The wall clock by which times are written; that of this machine is [`local_offset`].
    pub offset: FixedOffset,
}

/// The wall clock of this machine at an instant.
pub fn local_offset(at: Timestamp) -> FixedOffset {
    let nanoseconds = i64::try_from(at.0).unwrap_or(i64::MAX);
    let utc = DateTime::from_timestamp_nanos(nanoseconds).naive_utc();
    Local.offset_from_utc_datetime(&utc).fix()
}

/// Paints the series of a metric; one without points in the range is painted empty.
pub fn metric_picture(reader: &dyn Reader, query: &PictureQuery) -> Result<Vec<u8>> {
    let found = match metric_series(reader, &query.series) {
        Err(Error::Unknown { .. }) => None,
        found => Some(found?),
    };
    let plot = plot(found.as_ref(), query);
    let painted = match query.format {
        PictureFormat::Svg => svg(&plot).map(String::into_bytes),
        PictureFormat::Png => png(&plot),
    };
    painted.map_err(|reason| Error::Picture(reason.to_string()))
}

fn plot(found: Option<&MetricSeries>, query: &PictureQuery) -> Plot {
    let name = query.series.filter.metric.clone().unwrap_or_default();
    let show = found.map(|found| query.show.unwrap_or_else(|| PictureShow::of(found.kind)));
    let unit = found.map_or("", |found| found.unit.as_str());
    let unit = match show {
        Some(PictureShow::Rate) => Unit::of(unit).per_second(),
        Some(PictureShow::Count) => Unit::of("1").per_second(),
        _ => Unit::of(unit),
    };
    let series = found.zip(show).map(|(found, show)| lines(found, show, &query.hidden));
    Plot {
        title: [name.as_str(), show.map_or("", PictureShow::words)].concat(),
        unit,
        range: query.series.range,
        offset: query.offset,
        series: series.unwrap_or_default(),
        thresholds: Vec::new(),
        theme: query.theme,
        size: query.size,
    }
}

impl PictureShow {
    fn of(kind: MetricKind) -> Self {
        match kind {
            MetricKind::Gauge | MetricKind::Sum { .. } => Self::Value,
            MetricKind::Histogram(_) | MetricKind::ExponentialHistogram(_) => Self::Mean,
            MetricKind::Summary => Self::Quantiles,
        }
    }

    /// What is said behind the metric's name.
    const fn words(self) -> &'static str {
        match self {
            Self::Value => "",
            Self::Rate => ", per second",
            Self::Mean => ", mean",
            Self::Count => ", count per second",
            Self::Quantiles => ", quantiles",
        }
    }
}

/// The lines of all series that are not hidden; colours are those they have together with the hidden ones.
fn lines(
    found: &MetricSeries,
    show: PictureShow,
    hidden: &[String],
) -> Vec<watchglass_charts::Series> {
    let names: Vec<_> = found.series.iter().map(series_name).collect();
    let slots = colour_slots(&names);
    let all = found.series.iter().zip(names).zip(slots);
    let shown = all.filter(|((_, name), _)| !hidden.contains(&series_key(name)));
    let lines = shown.flat_map(|((series, name), colour)| {
        let lines = columns(series, show, found.kind).into_iter();
        lines.map(move |(part, values)| watchglass_charts::Series {
            name: format!("{name}{part}"),
            colour,
            points: series.times.iter().copied().zip(values).collect(),
        })
    });
    lines.collect()
}

/// The service and the labels by name, as the page names a series.
fn series_name(series: &Series) -> String {
    let labels = series.labels.iter();
    let mut labels: Vec<_> = labels.map(|(key, value)| format!("{key}={value}")).collect();
    labels.sort_unstable();
    labels.insert(0, series.service.clone());
    labels.retain(|part| !part.is_empty());
    labels.join(" ")
}

/// The page's key of a series: the hash of its name in base 36.
fn series_key(name: &str) -> String {
    let mut rest = name_hash(name);
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(rest % 36, 36));
        rest /= 36;
        if rest == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

type Column = Vec<Option<f64>>;

/// One value a point for each line of a series, with what its name ends in.
fn columns(series: &Series, show: PictureShow, kind: MetricKind) -> Vec<(String, Column)> {
    let is_delta = kind.temporality() == Temporality::Delta;
    let values = match show {
        PictureShow::Quantiles => {
            let all = series.quantiles.iter().flatten();
            return all
                .map(|one| (format!(" p{}", one.quantile * 100.0), one.values.clone()))
                .collect();
        }
        PictureShow::Value => series.values.clone(),
        PictureShow::Rate | PictureShow::Count => per_second(series, is_delta),
        PictureShow::Mean => means(series, is_delta),
    };
    vec![(String::new(), values)]
}

/// How much a value grows in a second. A total that falls was reset: what it shows now came since then.
fn per_second(series: &Series, is_delta: bool) -> Column {
    let mut before: Option<(Timestamp, f64)> = None;
    let points = series.times.iter().zip(&series.values);
    let rates = points.map(|(time, value)| {
        let value = (*value)?;
        let (last, total) = before.replace((*time, value))?;
        let added = if is_delta { value } else { growth(total, value) };
        let seconds = std::time::Duration::from_nanos(time.since(last)).as_secs_f64();
        (seconds > 0.0).then(|| added / seconds)
    });
    rates.collect()
}

/// The mean of what was measured since the point before.
fn means(series: &Series, is_delta: bool) -> Column {
    let none = Vec::new();
    let sums = series.sums.as_ref().unwrap_or(&none);
    let mut before: Option<(f64, f64)> = None;
    let points = series.values.iter().zip(sums);
    let means = points.map(|(count, sum)| {
        let now = (*count).zip(*sum);
        let last = std::mem::replace(&mut before, now);
        let (count, sum) = now?;
        let (added, grown) = match last {
            _ if is_delta => (count, sum),
            // After a reset both began at zero.
            Some((total, _)) if count < total => (count, sum),
            Some((total, sum_before)) => (count - total, sum - sum_before),
            None => return None,
        };
        (added > 0.0).then(|| grown / added)
    });
    means.collect()
}

fn growth(before: f64, after: f64) -> f64 {
    if after >= before { after - before } else { after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Resource, Scope, Value};
    use watchglass_model::Temporality;

    fn series(values: &[f64], sums: &[f64]) -> Series {
        let seconds = (0..).map(|second: u64| Timestamp(second * 1_000_000_000));
        Series {
            service: "web".to_owned(),
            labels: vec![("route".to_owned(), Value::Text("/cart".to_owned()))],
            resource: Resource::default(),
            scope: Scope::default(),
            kind: MetricKind::Histogram(Temporality::Cumulative),
            unit: String::new(),
            description: String::new(),
            metadata: Vec::new(),
            times: seconds.take(values.len()).collect(),
            starts: Vec::new(),
            flags: Vec::new(),
            values: values.iter().copied().map(Some).collect(),
            exact: None,
            counts: None,
            sums: Some(sums.iter().copied().map(Some).collect()),
            mins: None,
            maxs: None,
            bounds: None,
            buckets: None,
            exponential: None,
            quantiles: None,
            exemplars: Vec::new(),
        }
    }

    #[test]
    fn a_series_has_the_name_and_key_of_the_page() {
        let name = series_name(&series(&[], &[]));
        assert_eq!(name, "web route=/cart");
        // What `seriesKey` of the page gives for this name.
        assert_eq!(series_key(&name), "1c00aqr");
    }

    #[test]
    fn a_rate_survives_a_reset() {
        let totals = series(&[1.0, 3.0, 2.0], &[]);
        assert_eq!(per_second(&totals, false), [None, Some(2.0), Some(2.0)]);
        assert_eq!(per_second(&totals, true), [None, Some(3.0), Some(2.0)]);
    }

    #[test]
    fn a_mean_is_of_what_came_since_the_point_before() {
        let totals = series(&[1.0, 3.0, 3.0, 2.0], &[10.0, 30.0, 30.0, 8.0]);
        assert_eq!(means(&totals, false), [None, Some(10.0), None, Some(4.0)]);
        assert_eq!(means(&totals, true), [Some(10.0), Some(10.0), Some(10.0), Some(4.0)]);
    }
}
