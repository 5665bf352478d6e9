//! An HTTP client as a configuration describes it, and the credentials of each request.

mod server_name;
mod tokens;

use std::io;
use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{
    Certificate, Client, ClientBuilder, Identity, IntoUrl, NoProxy, RequestBuilder, tls,
};
use watchglass_configuration::{Authorization, HttpClient, Proxy, Secret, Tls, TlsVersion};

use tokens::Tokens;

/// How this program names itself.
const USER_AGENT: &str = concat!("Watchglass/", env!("CARGO_PKG_VERSION"));

/// Why a client or a request could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientFault {
    /// A file of secrets or certificates cannot be read.
    #[error("unable to read file: {0}")]
    File(#[from] io::Error),
    /// What stands in it is of no use, or the server of tokens cannot be asked.
    #[error("{0}")]
    Client(#[from] reqwest::Error),
    /// A header that HTTP does not allow.
    #[error("invalid header {0:?}")]
    Header(String),
    /// Certificates, keys or names that TLS cannot use.
    #[error("tls: {0}")]
    Tls(String),
    /// There is no token to be had.
    #[error("oauth2: cannot fetch token: {0}")]
    Token(String),
}

/// A client, and how it says who it is; clones share connections and tokens.
#[derive(Debug, Clone)]
pub struct Requester {
    client: Client,
    config: Arc<HttpClient>,
    tokens: Option<Arc<Tokens>>,
}

impl Requester {
    /// Makes one. Files of certificates are read now, those of secrets at each request.
    pub fn new(config: &HttpClient) -> Result<Self, ClientFault> {
        Self::with(config, |builder| builder)
    }

    /// The same, for those who have more to say about the client.
    pub(crate) fn with(
        config: &HttpClient,
        more: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self, ClientFault> {
        let tokens = match &config.authorization {
            Authorization::OAuth2(config) => Some(Arc::new(Tokens::new(config)?)),
            _ => None,
        };
        let client = more(builder(config)?).build()?;
        Ok(Self { client, config: Arc::new(config.clone()), tokens })
    }

    /// A request for what lies at `url`, with the headers and credentials of the configuration.
    pub(crate) async fn get(&self, url: impl IntoUrl) -> Result<RequestBuilder, ClientFault> {
        let mut request = self.client.get(url);
        for (name, values) in &self.config.headers {
            for value in values {
                let header = HeaderName::try_from(name.as_str());
                let header = header.map_err(|_| ClientFault::Header(name.clone()))?;
                request = request.header(header, sensitive(&read(value)?, name)?);
            }
        }
        if let Some(tokens) = &self.tokens {
            return Ok(request.header(AUTHORIZATION, tokens.header().await?));
        }
        match &self.config.authorization {
            Authorization::None | Authorization::OAuth2(_) => Ok(request),
            Authorization::Basic { username, password } => {
                Ok(request.basic_auth(read(username)?, Some(read(password)?)))
            }
            Authorization::Credentials { scheme, credentials } => {
                let value = format!("{scheme} {}", read(credentials)?);
                Ok(request.header(AUTHORIZATION, sensitive(&value, "Authorization")?))
            }
        }
    }
}

fn builder(config: &HttpClient) -> Result<ClientBuilder, ClientFault> {
    let mut builder = through(Client::builder(), &config.proxy)?;
    if !config.follow_redirects {
        builder = builder.redirect(Policy::none());
    }
    if !config.enable_http2 {
        builder = builder.http1_only();
    }
    secured(builder, &config.tls, config.enable_http2)
}

/// A client with nothing but TLS and a proxy.
fn secured_through(tls: &Tls, proxy: &Proxy) -> Result<ClientBuilder, ClientFault> {
    secured(through(Client::builder(), proxy)?, tls, true)
}

fn through(builder: ClientBuilder, proxy: &Proxy) -> Result<ClientBuilder, ClientFault> {
    let builder = builder.user_agent(USER_AGENT);
    let Some(url) = &proxy.url else {
        return Ok(if proxy.from_environment { builder } else { builder.no_proxy() });
    };
    let mut headers = HeaderMap::new();
    for (name, values) in &proxy.connect_header {
        let header = HeaderName::try_from(name.as_str());
        let header = header.map_err(|_| ClientFault::Header(name.clone()))?;
        for value in values {
            headers.append(header.clone(), sensitive(value, name)?);
        }
    }
    let except = NoProxy::from_string(&proxy.no_proxy);
    Ok(builder.proxy(reqwest::Proxy::all(url)?.no_proxy(except).headers(headers)))
}

fn secured(
    mut builder: ClientBuilder,
    config: &Tls,
    is_http2: bool,
) -> Result<ClientBuilder, ClientFault> {
    if !config.server_name.is_empty() && !config.insecure_skip_verify {
        return server_name::secured(builder, config, is_http2);
    }
    if let Some(ca) = &config.ca {
        builder = builder.tls_certs_only(Certificate::from_pem_bundle(read(ca)?.as_bytes())?);
    }
    if let (Some(cert), Some(key)) = (&config.cert, &config.key) {
        let pem = format!("{}\n{}", read(cert)?, read(key)?);
        builder = builder.identity(Identity::from_pem(pem.as_bytes())?);
    }
    if config.insecure_skip_verify {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    if let Some(version) = config.min_version {
        builder = builder.tls_version_min(tls_version(version));
    }
    if let Some(version) = config.max_version {
        builder = builder.tls_version_max(tls_version(version));
    }
    Ok(builder)
}

/// rustls knows no version before 1.2, so that older minima are met by it.
const fn tls_version(version: TlsVersion) -> tls::Version {
    match version {
        TlsVersion::Tls10 | TlsVersion::Tls11 | TlsVersion::Tls12 => tls::Version::TLS_1_2,
        TlsVersion::Tls13 => tls::Version::TLS_1_3,
    }
}

fn sensitive(value: &str, name: &str) -> Result<HeaderValue, ClientFault> {
    let mut value =
        HeaderValue::try_from(value).map_err(|_| ClientFault::Header(name.to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

fn read(secret: &Secret) -> io::Result<String> {
    match secret {
        Secret::Text(text) => Ok(text.clone()),
        Secret::File(path) => Ok(std::fs::read_to_string(path)?.trim().to_owned()),
    }
}
