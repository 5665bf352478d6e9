//! Pictures of metrics to take along: SVG and PNG.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use watchglass_model::TimeRange;
use watchglass_storage::PointFilter;
use watchglass_workbench::{
    PictureFormat, PictureQuery, PictureShow, PictureSize, PictureTheme, SeriesQuery, local_offset,
    metric_picture,
};

use super::Held;
use crate::fault::{Answer, Failures, Fault};
use crate::parameters::{Path, Query, conditions, given, limit, range, read};

/// The longest name of a file, without its ending.
const LONGEST_NAME: usize = 120;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PictureParameters {
    /// Unix nanoseconds; an hour before `end` where absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
    service: Option<String>,
    /// `k=v`, `k!=v`, `k~part` or `k`, on labels or resource; may repeat.
    #[serde(default)]
    attribute: Vec<String>,
    /// 1 to 1000; 50 where absent.
    limit: Option<String>,
    /// `svg` or `png`; `svg` where absent.
    format: Option<String>,
    /// `value`, `rate`, `mean`, `count` or `quantiles`; as the kind of metric suggests where absent.
    show: Option<String>,
    /// Keys of series that are left out, with commas between, as the page's address has them.
    hide: Option<String>,
    /// `dark` or `light`; `dark` where absent.
    theme: Option<String>,
    /// 240 to 4096 pixels; 1200 where absent.
    width: Option<String>,
    /// 160 to 4096 pixels; 480 where absent.
    height: Option<String>,
}

/// A picture of a metric's series.
#[utoipa::path(get, path = "/api/metrics/{name}/picture", operation_id = "metric_picture", tag = "metrics",
    params(("name" = String, Path, description = "The metric's name"), PictureParameters),
    responses((status = 200, content((String = "image/svg+xml"), (Vec<u8> = "image/png"))), Failures))]
pub(super) async fn metric(
    State(workbench): Held,
    Path(name): Path<String>,
    Query(asked): Query<PictureParameters>,
) -> Answer {
    let range = range(asked.start, asked.end, workbench.now())?;
    let format = read("format", asked.format, format)?.unwrap_or(PictureFormat::Svg);
    let query = PictureQuery {
        show: read("show", asked.show, show)?,
        hidden: given(asked.hide).unwrap_or_default().split(',').map(str::to_owned).collect(),
        theme: read("theme", asked.theme, theme)?.unwrap_or_default(),
        size: size(asked.width, asked.height)?,
        format,
        offset: local_offset(range.end),
        series: SeriesQuery {
            range,
            filter: PointFilter {
                metric: Some(name.clone()),
                service: given(asked.service),
                attributes: conditions(asked.attribute)?,
            },
            limit: limit("limit", asked.limit, 50, 1_000)?,
        },
    };
    let picture = workbench.ask(move |reader| metric_picture(reader, &query)).await?;
    attachment(picture, format, &file_name(&name, range))
}

fn format(text: &str) -> Result<PictureFormat, &'static str> {
    match text {
        "svg" => Ok(PictureFormat::Svg),
        "png" => Ok(PictureFormat::Png),
        _ => Err("one of svg and png is wanted"),
    }
}

fn show(text: &str) -> Result<PictureShow, &'static str> {
    match text {
        "value" => Ok(PictureShow::Value),
        "rate" => Ok(PictureShow::Rate),
        "mean" => Ok(PictureShow::Mean),
        "count" => Ok(PictureShow::Count),
        "quantiles" => Ok(PictureShow::Quantiles),
        _ => Err("one of value, rate, mean, count and quantiles is wanted"),
    }
}

fn theme(text: &str) -> Result<PictureTheme, &'static str> {
    match text {
        "dark" => Ok(PictureTheme::Dark),
        "light" => Ok(PictureTheme::Light),
        _ => Err("one of dark and light is wanted"),
    }
}

/// Each side is checked with the other at its default, so that a fault names the one that is wrong.
fn size(width: Option<String>, height: Option<String>) -> Answer<PictureSize> {
    const WIDTH: u32 = 1_200;
    const HEIGHT: u32 = 480;
    let side = |text: &str, whole: &dyn Fn(u32) -> Result<PictureSize, String>| {
        let pixels = text.parse().map_err(|_| "a number of pixels is wanted".to_owned())?;
        whole(pixels).map(|_| pixels)
    };
    let checked = |width, height| PictureSize::new(width, height).map_err(|it| it.to_string());
    let width = read("width", width, |text| side(text, &|width| checked(width, HEIGHT)))?;
    let height = read("height", height, |text| side(text, &|height| checked(WIDTH, height)))?;
    checked(width.unwrap_or(WIDTH), height.unwrap_or(HEIGHT))
        .map_err(|reason| Fault::parameter("width", reason))
}

/// The metric's name and the second at which the range ends, in letters that every file system takes.
fn file_name(metric: &str, range: TimeRange) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let plain = metric.chars().map(|letter| if is_plain(letter) { letter } else { '_' });
    let name: String = plain.take(LONGEST_NAME).collect();
    format!("{}-{}", name.trim_start_matches('.'), range.end.0 / 1_000_000_000)
}

fn attachment(picture: Vec<u8>, format: PictureFormat, name: &str) -> Answer {
    let (kind, ending) = match format {
        PictureFormat::Svg => ("image/svg+xml", "svg"),
        PictureFormat::Png => ("image/png", "png"),
    };
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    let disposition = HeaderValue::try_from(disposition).map_err(Fault::internal)?;
    let mut response = Response::new(Body::from(picture));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_DISPOSITION, disposition);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
