//! How an HTTP client is set up: credentials, TLS, proxy, headers (`HTTPClientConfig` of prometheus/common). The fields
//! stand inside the section of whoever calls.

mod authorization;
mod tls;

use std::path::PathBuf;

pub use authorization::{Authorization, OAuth2};
pub use tls::{Tls, TlsVersion};

use crate::fault::Reading;
use crate::url::check_url;
use crate::yaml::{Fields, Node, text};

/// Something secret: itself, or the file that holds it, which is read at each use.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The secret.
    Text(String),
    /// Where it lies.
    File(PathBuf),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(_) => f.write_str("<secret>"),
            Self::File(path) => path.fmt(f),
        }
    }
}

/// How requests are sent.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpClient {
    /// Who asks.
    pub authorization: Authorization,
    /// How the connection is secured.
    pub tls: Tls,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// Whether HTTP/2 is offered.
    pub enable_http2: bool,
    /// What stands between.
    pub proxy: Proxy,
    /// Further headers, each with its values.
    pub headers: Vec<(String, Vec<Secret>)>,
}

impl Default for HttpClient {
    fn default() -> Self {
        Self {
            authorization: Authorization::None,
            tls: Tls::default(),
            follow_redirects: true,
            enable_http2: true,
            proxy: Proxy::default(),
            headers: Vec::new(),
        }
    }
}

/// The proxy that requests go through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proxy {
    /// Its address.
    pub url: Option<String>,
    /// Hosts that are reached without it.
    pub no_proxy: String,
    /// Whether the environment names it.
    pub from_environment: bool,
    /// Headers for the proxy alone.
    pub connect_header: Vec<(String, Vec<String>)>,
}

/// Headers that the client sets by itself (`reservedHeaders`).
const RESERVED: [&str; 21] = [
    "authorization",
    "host",
    "content-encoding",
    "content-length",
    "content-type",
    "user-agent",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "www-authenticate",
    "accept-encoding",
    "x-prometheus-remote-write-version",
    "x-prometheus-remote-read-version",
    "x-prometheus-scrape-timeout-seconds",
    "accept",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "proxy-connection",
];

impl HttpClient {
    /// The client that the fields of a section describe.
    pub(crate) fn read(fields: &Fields<'_>) -> Self {
        Self {
            authorization: Authorization::read(fields),
            tls: fields
                .section("tls_config")
                .map(|node| Tls::read(node, fields.reading))
                .unwrap_or_default(),
            follow_redirects: fields.flag("follow_redirects").unwrap_or(true),
            enable_http2: fields.flag("enable_http2").unwrap_or(true),
            proxy: Proxy::read(fields),
            headers: headers(fields),
        }
    }
}

fn headers(fields: &Fields<'_>) -> Vec<(String, Vec<Secret>)> {
    let read = |node: &Node, reading: &Reading| {
        let header = Fields::of(node, "config.Header", reading);
        let mut values: Vec<_> = ["values", "secrets"]
            .into_iter()
            .flat_map(|name| header.texts(name).unwrap_or_default())
            .map(Secret::Text)
            .collect();
        let files = header.texts("files").unwrap_or_default();
        values.extend(files.iter().map(|file| Secret::File(reading.path(file))));
        header.finish();
        values
    };
    let pairs = fields.pairs("http_headers").iter();
    pairs
        .map(|(key, node)| {
            if RESERVED.contains(&key.text.to_lowercase().as_str()) {
                fields
                    .reading
                    .fault(key.place, format!("setting header {:?} is not allowed", key.text));
            }
            (key.text.clone(), read(node, fields.reading))
        })
        .collect()
}

impl Proxy {
    fn read(fields: &Fields<'_>) -> Self {
        let connect_header = fields.pairs("proxy_connect_header").iter().map(|(key, node)| {
            let values = match &node.value {
                crate::yaml::Value::List(items) => {
                    items.iter().map(|item| text(item, fields.reading)).collect()
                }
                _ => vec![text(node, fields.reading)],
            };
            (key.text.clone(), values)
        });
        let proxy = Self {
            url: fields.text("proxy_url").filter(|url| !url.is_empty()),
            no_proxy: fields.text("no_proxy").unwrap_or_default(),
            from_environment: fields.flag("proxy_from_environment").unwrap_or(false),
            connect_header: connect_header.collect(),
        };
        proxy.check(fields);
        proxy
    }

    fn check(&self, fields: &Fields<'_>) {
        if let Some(Err(message)) = self.url.as_deref().map(check_url) {
            fields.fault("proxy_url", message);
        }
        if !self.connect_header.is_empty() && self.url.is_none() && !self.from_environment {
            let message = "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured";
            fields.fault("proxy_connect_header", message);
        }
        if self.from_environment && self.url.is_some() {
            fields.fault(
                "proxy_url",
                "if proxy_from_environment is configured, proxy_url must not be configured",
            );
        }
        if self.from_environment && !self.no_proxy.is_empty() {
            fields.fault(
                "no_proxy",
                "if proxy_from_environment is configured, no_proxy must not be configured",
            );
        }
        if !self.no_proxy.is_empty() && self.url.is_none() && !self.from_environment {
            fields
                .fault("no_proxy", "if no_proxy is configured, proxy_url must also be configured");
        }
    }
}
