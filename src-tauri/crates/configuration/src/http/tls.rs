//! How a connection is secured: certificates, their names, and the versions of TLS.

use crate::fault::Reading;
use crate::http::Secret;
use crate::yaml::{Fields, Node};

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// 1.0
    Tls10,
    /// 1.1
    Tls11,
    /// 1.2
    Tls12,
    /// 1.3
    Tls13,
}

/// How a connection is secured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tls {
    /// Who vouches for the server, in PEM; the system's authorities if not said.
    pub ca: Option<Secret>,
    /// The client's certificate, in PEM.
    pub cert: Option<Secret>,
    /// Its key, in PEM.
    pub key: Option<Secret>,
    /// The name that the server's certificate must have, if not that of the address.
    pub server_name: String,
    /// Whether the server's certificate is not checked at all.
    pub insecure_skip_verify: bool,
    /// The oldest version allowed.
    pub min_version: Option<TlsVersion>,
    /// The newest version allowed.
    pub max_version: Option<TlsVersion>,
}

impl Tls {
    pub(crate) fn read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.plain", reading);
        let tls = Self {
            ca: part(&fields, "ca", "ca_file", "ca_ref"),
            cert: part(&fields, "cert", "cert_file", "cert_ref"),
            key: part(&fields, "key", "key_file", "key_ref"),
            server_name: fields.text("server_name").unwrap_or_default(),
            insecure_skip_verify: fields.flag("insecure_skip_verify").unwrap_or(false),
            min_version: version(&fields, "min_version"),
            max_version: version(&fields, "max_version"),
        };
        if tls.cert.is_some() && tls.key.is_none() {
            let message = "exactly one of key or key_file must be configured when a client certificate is configured";
            fields.reading.fault(fields.place, message);
        }
        if tls.key.is_some() && tls.cert.is_none() {
            let message = "exactly one of cert or cert_file must be configured when a client key is configured";
            fields.reading.fault(fields.place, message);
        }
        if tls.min_version.zip(tls.max_version).is_some_and(|(min, max)| min > max) {
            fields.fault("max_version", "tls_config.max_version must be greater than or equal to tls_config.min_version if both are specified");
        }
        fields.finish();
        tls
    }
}

fn part(
    fields: &Fields<'_>,
    name: &'static str,
    file: &'static str,
    reference: &'static str,
) -> Option<Secret> {
    let given = |name| fields.text(name).filter(|text| !text.is_empty());
    let (text, path) = (given(name), given(file));
    if [text.is_some(), path.is_some(), given(reference).is_some()]
        .iter()
        .filter(|one| **one)
        .count()
        > 1
    {
        fields
            .fault(file, format!("at most one of {name}, {file} & {reference} must be configured"));
    }
    text.map(Secret::Text).or_else(|| path.map(|path| Secret::File(fields.reading.path(&path))))
}

fn version(fields: &Fields<'_>, name: &'static str) -> Option<TlsVersion> {
    let text = fields.text(name).filter(|text| !text.is_empty())?;
    let version = match text.as_str() {
        "TLS10" => TlsVersion::Tls10,
        "TLS11" => TlsVersion::Tls11,
        "TLS12" => TlsVersion::Tls12,
        "TLS13" => TlsVersion::Tls13,
        _ => {
            fields.fault(name, format!("unknown TLS version: {text}"));
            return None;
        }
    };
    Some(version)
}
