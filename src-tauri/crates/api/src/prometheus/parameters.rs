//! Parameters of a request, from its address and, where it is a form, its body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::Method;
use chrono::DateTime;
use watchglass_model::Millis;
use watchglass_promql::syntax::{parse_duration, parse_selector};
use watchglass_storage::{Matcher, MillisRange};

use super::fault::{Answer, Fault};

/// Names and values in the order in which they came, those of the body first.
#[derive(Debug, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let read = |text: &[u8]| {
            serde_html_form::from_bytes::<Vec<(String, String)>>(text)
                .map_err(|reason| Fault::bad_data(format!("error parsing form values: {reason}")))
        };
        let in_address = read(request.uri().query().unwrap_or_default().as_bytes())?;
        if !matches!(*request.method(), Method::POST | Method::PUT) {
            return Ok(Self(in_address));
        }
        let body = Bytes::from_request(request, state).await;
        let body =
            body.map_err(|reason| Fault::bad_data(format!("error parsing form values: {reason}")))?;
        let mut all = read(&body)?;
        all.extend(in_address);
        Ok(Self(all))
    }
}

impl Parameters {
    /// The first value of a name; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// A time that must be given.
    pub(super) fn time(&self, name: &str) -> Answer<Millis> {
        parse_time(self.get(name)).map_err(|reason| Fault::parameter(name, reason))
    }

    /// A time, or another where none is given.
    pub(super) fn time_or(&self, name: &str, default: Millis) -> Answer<Millis> {
        match self.get(name) {
            "" => Ok(default),
            text => parse_time(text).map_err(|reason| {
                Fault::parameter(name, format!("invalid time value for '{name}': {reason}"))
            }),
        }
    }

    /// What Go's `strconv.ParseBool` reads; no where nothing is given. `complaint` goes before what is wrong.
    pub(super) fn flag(&self, name: &str, complaint: &str) -> Answer<bool> {
        match self.get(name) {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
            "" | "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
            text => {
                let reason = format!("strconv.ParseBool: parsing {text:?}: invalid syntax");
                Err(Fault::parameter(name, format!("{complaint}: {reason}")))
            }
        }
    }

    /// A duration in milliseconds that must be given.
    pub(super) fn duration(&self, name: &str) -> Answer<Millis> {
        parse_length(self.get(name)).map_err(|reason| Fault::parameter(name, reason))
    }

    /// A duration in milliseconds, if one is given.
    pub(super) fn duration_if_given(&self, name: &str) -> Answer<Option<Millis>> {
        if self.get(name).is_empty() { Ok(None) } else { self.duration(name).map(Some) }
    }

    /// The range between `start` and `end`; all time where they are not given. One that ends before it starts has
    /// nothing in it.
    pub(super) fn range(&self) -> Answer<MillisRange> {
        let start = self.time_or("start", MillisRange::ALL.start)?;
        let end = self.time_or("end", MillisRange::ALL.end)?;
        let nothing = MillisRange { start: Millis::MAX, end: Millis::MIN };
        Ok(if end < start { nothing } else { MillisRange { start, end } })
    }

    /// How many results at most; none where there is no limit.
    pub(super) fn limit(&self, name: &str) -> Answer<Option<usize>> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(None);
        }
        let limit: i64 = text.parse().map_err(|_| {
            Fault::parameter(name, format!("strconv.Atoi: parsing {text:?}: invalid syntax"))
        })?;
        if limit < 0 {
            return Err(Fault::parameter(name, "limit must be non-negative"));
        }
        Ok(usize::try_from(limit).ok().filter(|limit| *limit > 0))
    }

    /// How many results at most; none where nothing or less than nothing is given.
    pub(super) fn most(&self, name: &str) -> Answer<Option<usize>> {
        match self.get(name) {
            "" => Ok(None),
            text => {
                let limit: i64 = text
                    .parse()
                    .map_err(|_| Fault::bad_data(format!("{name} must be a number")))?;
                Ok(usize::try_from(limit).ok())
            }
        }
    }

    /// The selectors of `match[]`, of which none may pass everything.
    pub(super) fn selectors(&self) -> Answer<Vec<Vec<Matcher>>> {
        let read = |text: &str| {
            let matchers =
                parse_selector(text).map_err(|reason| Fault::parameter("match[]", reason))?;
            if matchers.iter().all(Matcher::matches_absence) {
                let reason = "match[] must contain at least one non-empty matcher";
                return Err(Fault::parameter("match[]", reason));
            }
            Ok(matchers)
        };
        self.all("match[]").map(read).collect()
    }
}

/// Seconds since 1970, or a date and time as RFC 3339 writes them.
fn parse_time(text: &str) -> Result<Millis, String> {
    if let Ok(seconds) = text.parse::<f64>()
        && let Some(millis) = millis(seconds)
    {
        return Ok(millis);
    }
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.timestamp_millis())
        .map_err(|_| format!("cannot parse \"{text}\" to a valid timestamp"))
}

/// Seconds, or a duration such as `1h30m`.
fn parse_length(text: &str) -> Result<Millis, String> {
    if let Ok(seconds) = text.parse::<f64>() {
        return millis(seconds).ok_or_else(|| {
            format!("cannot parse \"{text}\" to a valid duration. It overflows int64")
        });
    }
    let read = if text.is_empty() { None } else { parse_duration(text).ok() };
    read.ok_or_else(|| format!("cannot parse \"{text}\" to a valid duration"))
}

fn millis(seconds: f64) -> Option<Millis> {
    let millis = (seconds * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    (-9.2e15..9.2e15).contains(&millis).then_some(millis as Millis)
}
