//! Discovery by looking somewhere again and again: files, an address, names.

use std::path::PathBuf;
use std::time::Duration;

use crate::fault::Reading;
use crate::http::HttpClient;
use crate::url::check_http_url;
use crate::yaml::{Fields, Node};

/// Targets in files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDiscovery {
    /// Paths whose last part may hold a `*`.
    pub files: Vec<PathBuf>,
    /// How often they are read even if nothing tells that they changed.
    pub refresh_interval: Duration,
}

impl FileDiscovery {
    pub(super) fn read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "file.plain", reading);
        let files = fields.texts("files").unwrap_or_default();
        if files.is_empty() {
            fields.fault(
                "files",
                "file service discovery config must contain at least one path name",
            );
        }
        for file in &files {
            if !is_pattern(file) {
                fields
                    .fault("files", format!("path name {file:?} is not valid for file discovery"));
            }
        }
        let refresh_interval =
            fields.duration("refresh_interval").unwrap_or(Duration::from_mins(5));
        fields.finish();
        Self { files: files.iter().map(|file| reading.path(file)).collect(), refresh_interval }
    }
}

/// Upstream's `^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$`.
fn is_pattern(path: &str) -> bool {
    let Some((stem, ending)) = path.rsplit_once('.') else { return false };
    let is_known = ["json", "yml", "yaml", "JSON", "YML", "YAML"].contains(&ending);
    is_known && stem.split_once('*').is_none_or(|(_, rest)| !rest.contains('/'))
}

/// Targets that an address answers with.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpDiscovery {
    /// The address.
    pub url: String,
    /// How often it is asked.
    pub refresh_interval: Duration,
    /// How it is asked.
    pub client: HttpClient,
}

impl HttpDiscovery {
    pub(super) fn read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "http.plain", reading);
        let url = fields.text("url").unwrap_or_default();
        if let Err(message) = check_http_url(&url) {
            fields.fault("url", message);
        }
        let refresh_interval =
            fields.duration("refresh_interval").unwrap_or(Duration::from_mins(1));
        let client = HttpClient::read(&fields);
        fields.finish();
        Self { url, refresh_interval, client }
    }
}

/// The kind of record that a name is looked up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DnsRecord {
    /// Host and port.
    Srv,
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Mail servers.
    Mx,
    /// Name servers.
    Ns,
}

/// Targets that names resolve to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsDiscovery {
    /// The names.
    pub names: Vec<String>,
    /// What they are looked up for.
    pub record: DnsRecord,
    /// The port of targets whose records name none.
    pub port: u16,
    /// How often they are looked up.
    pub refresh_interval: Duration,
}

impl DnsDiscovery {
    pub(super) fn read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "dns.plain", reading);
        let names = fields.texts("names").unwrap_or_default();
        if names.is_empty() {
            fields.fault("names", "DNS-SD config must contain at least one SRV record name");
        }
        let kind = fields.text("type").unwrap_or_else(|| "SRV".to_owned());
        let record = match kind.to_uppercase().as_str() {
            "SRV" => DnsRecord::Srv,
            "A" => DnsRecord::A,
            "AAAA" => DnsRecord::Aaaa,
            "MX" => DnsRecord::Mx,
            "NS" => DnsRecord::Ns,
            _ => {
                fields.fault("type", format!("invalid DNS-SD records type {kind}"));
                DnsRecord::Srv
            }
        };
        let port = port(&fields, 0);
        if record != DnsRecord::Srv && port == 0 {
            let message = "a port is required in DNS-SD configs for all record types except SRV";
            fields.fault("port", message);
        }
        let refresh_interval =
            fields.duration("refresh_interval").unwrap_or(Duration::from_secs(30));
        fields.finish();
        Self { names, record, port, refresh_interval }
    }
}

/// The field `port`.
pub(super) fn port(fields: &Fields<'_>, default: u16) -> u16 {
    let Some(port) = fields.integer("port") else { return default };
    u16::try_from(port).unwrap_or_else(|_| {
        fields.fault("port", format!("{port} is no port"));
        default
    })
}
