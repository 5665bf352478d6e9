//! An HTTP client as a configuration describes it, and the credentials of each request.

use std::io;

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Identity, Proxy, RequestBuilder, tls};
use watchglass_configuration::{Authorization, HttpClient, Secret, Tls, TlsVersion};

/// How this program names itself.
const USER_AGENT: &str = concat!("Watchglass/", env!("CARGO_PKG_VERSION"));

/// Why a client or a request could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientFault {
    /// A file of secrets or certificates cannot be read.
    #[error("unable to read file: {0}")]
    File(#[from] io::Error),
    /// What stands in it is of no use.
    #[error("{0}")]
    Client(#[from] reqwest::Error),
    /// A header that HTTP does not allow.
    #[error("invalid header {0:?}")]
    Header(String),
    /// What is understood but cannot be done.
    #[error("{0} is not supported yet")]
    Unsupported(&'static str),
}

/// A client. Files of certificates are read now.
pub fn client(config: &HttpClient) -> Result<Client, ClientFault> {
    Ok(builder(config)?.build()?)
}

/// The same, for those who have more to say about it.
pub(crate) fn builder(config: &HttpClient) -> Result<ClientBuilder, ClientFault> {
    let mut builder = Client::builder().user_agent(USER_AGENT);
    builder = match &config.proxy.url {
        Some(url) => {
            let proxy = Proxy::all(url)?;
            builder.proxy(proxy.no_proxy(reqwest::NoProxy::from_string(&config.proxy.no_proxy)))
        }
        None if config.proxy.from_environment => builder,
        None => builder.no_proxy(),
    };
    if !config.follow_redirects {
        builder = builder.redirect(Policy::none());
    }
    if !config.enable_http2 {
        builder = builder.http1_only();
    }
    secured(builder, &config.tls)
}

fn secured(mut builder: ClientBuilder, config: &Tls) -> Result<ClientBuilder, ClientFault> {
    if let Some(ca) = &config.ca {
        builder = builder.tls_certs_only(Certificate::from_pem_bundle(read(ca)?.as_bytes())?);
    }
    if let (Some(cert), Some(key)) = (&config.cert, &config.key) {
        let pem = format!("{}\n{}", read(cert)?, read(key)?);
        builder = builder.identity(Identity::from_pem(pem.as_bytes())?);
    }
    if !config.server_name.is_empty() {
        return Err(ClientFault::Unsupported("tls_config.server_name"));
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

/// A request with the headers and credentials of the configuration; files of secrets are read anew.
pub(crate) fn authorized(
    mut request: RequestBuilder,
    config: &HttpClient,
) -> Result<RequestBuilder, ClientFault> {
    for (name, values) in &config.headers {
        for value in values {
            let header = HeaderName::try_from(name.as_str());
            let header = header.map_err(|_| ClientFault::Header(name.clone()))?;
            request = request.header(header, sensitive(&read(value)?, name)?);
        }
    }
    match &config.authorization {
        Authorization::None => Ok(request),
        Authorization::Basic { username, password } => {
            Ok(request.basic_auth(read(username)?, Some(read(password)?)))
        }
        Authorization::Credentials { scheme, credentials } => {
            let value = format!("{scheme} {}", read(credentials)?);
            Ok(request.header(AUTHORIZATION, sensitive(&value, "Authorization")?))
        }
        Authorization::OAuth2(_) => Err(ClientFault::Unsupported("oauth2")),
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
