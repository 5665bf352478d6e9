//! The UI's files: everything that is no route. Addresses of views are answered with the one page there is.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::fault::{ErrorCode, Fault};

const PAGE: &str = "index.html";
/// Addresses that belong to an API: what is not found under them is no view.
const ROUTES: [&str; 8] =
    ["api", "v1", "prometheus", "loki", "tempo", "jaeger", "alertmanager", "-"];
const NOT_BUILT: &str = "<!doctype html><meta charset=\"utf-8\"><title>Watchglass</title>\
<h1>The UI is not built</h1>\
<p>Build it, then build Watchglass again:</p>\
<pre>cd ui &amp;&amp; npm ci &amp;&amp; npm run build</pre>\
<p>The API answers all the same: see <a href=\"/api/status\">/api/status</a>.</p>";

/// The files of the UI as the build left them; in debug builds they are read when they are asked for.
#[derive(RustEmbed)]
#[folder = "../../../ui/dist"]
#[allow_missing = true]
struct Built;

type Find = dyn Fn(&str) -> Option<Cow<'static, [u8]>> + Send + Sync;

/// Where the UI's files come from.
#[derive(Clone)]
pub struct Ui {
    find: Arc<Find>,
}

impl Ui {
    /// The UI that was built into this program.
    pub fn bundled() -> Self {
        Self::new(|path| Built::get(path).map(|file| file.data))
    }

    /// Files by their paths, such as `assets/index.js`.
    pub fn new(find: impl Fn(&str) -> Option<Cow<'static, [u8]>> + Send + Sync + 'static) -> Self {
        Self { find: Arc::new(find) }
    }

    /// Answers any request that no route took.
    pub(crate) fn serve(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
        let path = uri.path().trim_start_matches('/');
        let first = path.split('/').next().unwrap_or_default();
        if ROUTES.contains(&first) {
            let message = format!("there is no route {}", uri.path());
            return Fault::new(ErrorCode::NotFound, message).into_response();
        }
        if method != Method::GET && method != Method::HEAD {
            return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
        }
        if !path.is_empty()
            && let Some(file) = (self.find)(path)
        {
            return with_type(path, file);
        }
        if is_file(path) && !wants_page(headers) {
            return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
        }
        match (self.find)(PAGE) {
            Some(page) => with_type(PAGE, page),
            None => with_type(PAGE, Cow::Borrowed(NOT_BUILT.as_bytes())),
        }
    }
}

/// Whether a path that nothing was found under is meant as a file. Dots alone do not tell: views are named after
/// metrics and services, as in `/metrics/http.server.duration`.
fn is_file(path: &str) -> bool {
    path.starts_with("assets/") || mime_guess::from_path(path).first().is_some()
}

/// Whether the browser's address bar asks, as far as it says so.
fn wants_page(headers: &HeaderMap) -> bool {
    let wanted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    wanted.is_some_and(|wanted| wanted.contains("text/html"))
}

/// A file with its type. Names under `assets` carry a hash of their content: they never change.
fn with_type(path: &str, file: Cow<'static, [u8]>) -> Response {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match guess.type_().as_str() {
        "text" => format!("{guess}; charset=utf-8"),
        _ => guess.to_string(),
    };
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let body = match file {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, cache.to_owned())], body).into_response()
}

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ui").finish_non_exhaustive()
    }
}
