//! `prometheus.yml`, read as Prometheus 3.14 reads it: every field, its default, and what is refused.
//!
//! [`Configuration::read`] takes a text and answers with the whole configuration, defaults filled in, or with every
//! fault in it, each with line and column. [`relabel`] is what relabelling rules do to labels. [`target_groups`] reads
//! what file and HTTP discovery yield, [`Kubeconfig`] what says where a cluster is.
//!
//! Absent on purpose: sockets, clocks, and opening files other than those that `scrape_config_files` names, for which
//! the caller hands in a function.

mod alerting;
mod configuration;
mod discovery;
mod fault;
mod global;
mod http;
mod kubeconfig;
mod names;
mod otlp;
mod protocols;
mod relabel;
mod remote;
mod scrape;
mod settings;
mod shown;
mod storage;
mod url;
mod yaml;

pub use alerting::{Alerting, AlertmanagerConfig};
pub use configuration::{Configuration, NamedText, Surroundings};
pub use discovery::{
    Discovery, DnsDiscovery, DnsRecord, DockerDiscovery, FileDiscovery, HttpDiscovery,
    KubernetesDiscovery, KubernetesRole, KubernetesSelector, TargetGroup, target_groups,
};
pub use fault::{Fault, Faults, Place};
pub use global::{Global, HistogramChoice, Limits};
pub use http::{Authorization, HttpClient, OAuth2, Proxy, Secret, Tls, TlsVersion};
pub use kubeconfig::Kubeconfig;
pub use names::Names;
pub use otlp::Otlp;
pub use relabel::{Action, RelabelRule, Step, relabel, relabel_steps};
pub use remote::Remote;
pub use scrape::ScrapeConfig;
pub use settings::{PromqlSettings, WorkspaceSettings};
pub use storage::Storage;

/// The label that holds where a target is.
pub const ADDRESS: &str = "__address__";

/// Durations as Prometheus reads and writes them: `1h30m`.
pub use yaml::{duration_text, parse_duration};
