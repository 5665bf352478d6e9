//! Who may speak to a port: programs on this machine, and web pages that come from the port itself.
//!
//! Any web page can make the browser send requests to loopback, and by DNS rebinding read the answers. Tried
//! without this guard, a page wrote spans blindly; `Host`, `Origin`, `Sec-Fetch-Site` and the content type stop it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    CONTENT_TYPE, HOST, HeaderName, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, request};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use watchglass_otlp::{Code, Status};

use crate::answer::refuse;
use crate::mistake::{Kind, Mistakes};
use crate::receiver::{drain, now};

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// How much of the body of a refused request is thrown away, so that its sender sees why.
const UNREAD: usize = 1 << 20;

/// The guard of one port.
#[derive(Debug, Clone)]
pub struct Guard {
    rules: Arc<Rules>,
}

#[derive(Debug, Clone)]
struct Rules {
    port: u16,
    hosts: Vec<String>,
    origins: Vec<String>,
    extra_origins: Vec<String>,
    content_types: Vec<String>,
    pages: fn(&str) -> bool,
    forms: fn(&str) -> bool,
    bodies: fn(&str) -> bool,
    mistakes: Mistakes,
}

/// Why a request may not pass.
struct Denial {
    status: StatusCode,
    code: Code,
    message: String,
}

impl Guard {
    /// A guard that lets pass what is sent to loopback at `port`, by programs or by pages from there.
    pub fn new(port: u16, mistakes: Mistakes) -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
        let origins = hosts.iter().map(|host| format!("http://{host}")).collect();
        Self {
            rules: Arc::new(Rules {
                port,
                hosts: hosts.into(),
                origins,
                extra_origins: Vec::new(),
                content_types: [
                    "application/json",
                    "application/x-protobuf",
                    "application/protobuf",
                ]
                .map(str::to_owned)
                .into(),
                pages: |_| false,
                forms: |_| false,
                bodies: |_| false,
                mistakes,
            }),
        }
    }

    /// Allows further origins, as in `https://shop.example`; they get CORS answers.
    pub fn with_origins(mut self, origins: impl IntoIterator<Item = String>) -> Self {
        let origins =
            origins.into_iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase());
        Arc::make_mut(&mut self.rules).extra_origins.extend(origins);
        self
    }

    /// Allows further hosts, each with its port, as in `host.docker.internal:4318`.
    pub fn with_hosts(mut self, hosts: impl IntoIterator<Item = String>) -> Self {
        let hosts = hosts.into_iter().map(|host| host.to_ascii_lowercase());
        Arc::make_mut(&mut self.rules).hosts.extend(hosts);
        self
    }

    /// Allows further content types in requests that change something. Types that a form can send without asking
    /// (`text/plain`, `application/x-www-form-urlencoded`) are then guarded by `Origin` and `Sec-Fetch-Site` alone.
    pub fn with_content_types(mut self, types: impl IntoIterator<Item = String>) -> Self {
        Arc::make_mut(&mut self.rules).content_types.extend(types);
        self
    }

    /// Says which paths are pages, to which a link on a foreign site may lead.
    pub fn with_pages(mut self, pages: fn(&str) -> bool) -> Self {
        Arc::make_mut(&mut self.rules).pages = pages;
        self
    }

    /// Says which paths take forms, or requests without a body: APIs whose clients send nothing else. Foreign pages
    /// are kept off them by `Origin` and `Sec-Fetch-Site` alone.
    pub fn with_forms(mut self, forms: fn(&str) -> bool) -> Self {
        Arc::make_mut(&mut self.rules).forms = forms;
        self
    }

    /// Says which paths take a body of any content type, as APIs do that look at the body instead. Foreign pages are kept
    /// off them by `Origin` and `Sec-Fetch-Site` alone.
    pub fn with_bodies(mut self, bodies: fn(&str) -> bool) -> Self {
        Arc::make_mut(&mut self.rules).bodies = bodies;
        self
    }

    /// Puts the guard in front of everything a router serves, its fallback included.
    pub fn protect(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, check))
    }

    /// What a gRPC server checks: no browser speaks gRPC, so a missing host passes and the content type is its own
    /// affair. Gives the sentence for the sender.
    pub(crate) fn check_grpc(&self, parts: &request::Parts) -> Result<(), String> {
        let denied = self.check_host(parts).and_then(|()| self.check_origin(parts).map(drop));
        denied.map_err(|denial| denial.message)
    }

    fn check_host(&self, parts: &request::Parts) -> Result<(), Denial> {
        let Some(host) = host(parts) else {
            return Ok(());
        };
        if self.rules.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            return Ok(());
        }
        Err(self.deny(StatusCode::MISDIRECTED_REQUEST, Kind::ForeignHost, host))
    }

    /// The origin, where it is one of those that need CORS answers.
    fn check_origin(&self, parts: &request::Parts) -> Result<Option<HeaderValue>, Denial> {
        let Some(header) = parts.headers.get(ORIGIN) else {
            return Ok(None);
        };
        let origin = header.to_str().unwrap_or_default();
        let is_in = |list: &[String]| list.iter().any(|known| known.eq_ignore_ascii_case(origin));
        if is_in(&self.rules.extra_origins) {
            return Ok(Some(header.clone()));
        }
        if is_in(&self.rules.origins) {
            return Ok(None);
        }
        Err(self.deny(StatusCode::FORBIDDEN, Kind::ForeignOrigin, origin))
    }

    fn check_site(&self, parts: &request::Parts) -> Result<(), Denial> {
        let site = text(&parts.headers, &FETCH_SITE);
        let is_link = parts.method == Method::GET
            && text(&parts.headers, &FETCH_MODE) == "navigate"
            && (self.rules.pages)(parts.uri.path());
        if matches!(site, "" | "same-origin" | "none") || is_link {
            return Ok(());
        }
        Err(self.deny(StatusCode::FORBIDDEN, Kind::ForeignOrigin, site))
    }

    fn check_content_type(&self, parts: &request::Parts) -> Result<(), Denial> {
        let is_reading = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if is_reading || (self.rules.bodies)(parts.uri.path()) {
            return Ok(());
        }
        let given = media_type(&parts.headers);
        let is_form =
            given.is_empty() || given.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        if is_form && (self.rules.forms)(parts.uri.path()) {
            return Ok(());
        }
        let mut known = self.rules.content_types.iter();
        if known.any(|known| known.eq_ignore_ascii_case(given)) || is_grpc(&parts.headers) {
            return Ok(());
        }
        Err(self.deny(StatusCode::UNSUPPORTED_MEDIA_TYPE, Kind::UnsupportedType, given))
    }

    fn check(&self, parts: &request::Parts) -> Result<Option<HeaderValue>, Denial> {
        if host(parts).is_none() {
            return Err(self.deny(StatusCode::MISDIRECTED_REQUEST, Kind::ForeignHost, ""));
        }
        self.check_host(parts)?;
        let allowed = self.check_origin(parts)?;
        if allowed.is_none() {
            self.check_site(parts)?;
        }
        self.check_content_type(parts)?;
        Ok(allowed)
    }

    fn deny(&self, status: StatusCode, kind: Kind, seen: &str) -> Denial {
        let message = self.rules.mistakes.note(kind, self.rules.port, seen, now());
        let code = if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            Code::InvalidArgument
        } else {
            Code::PermissionDenied
        };
        Denial { status, code, message }
    }
}

async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let checked = guard.check(&parts);
    let mut response = match &checked {
        Err(denial) => {
            drain(body, UNREAD).await;
            let status = Status::new(denial.code, denial.message.as_str());
            refuse(denial.status, &status, &parts.headers)
        }
        Ok(Some(_)) if is_preflight(&parts) => preflight(&parts.headers),
        Ok(_) => next.run(Request::from_parts(parts, body)).await,
    };
    let headers = response.headers_mut();
    if let Ok(Some(origin)) = checked {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(VARY, HeaderValue::from_static("origin"));
    }
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn is_preflight(parts: &request::Parts) -> bool {
    parts.method == Method::OPTIONS && parts.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, HEAD, POST, PUT, DELETE"),
    );
    if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

/// The host a request is for: `:authority` in HTTP/2, `Host` in HTTP/1.
fn host(parts: &request::Parts) -> Option<&str> {
    match parts.headers.get(HOST) {
        Some(host) => Some(host.to_str().unwrap_or_default()),
        None => parts.uri.authority().map(axum::http::uri::Authority::as_str),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    let value = headers.get(name).map(HeaderValue::to_str);
    value.and_then(Result::ok).unwrap_or_default()
}

/// The content type without its parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> &str {
    let whole = text(headers, &CONTENT_TYPE);
    whole.split(';').next().unwrap_or_default().trim()
}

/// Whether a request says that it is gRPC.
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    let given = media_type(headers);
    given == "application/grpc" || given.starts_with("application/grpc+")
}
