//! Where targets come from: `static_configs` and the `…_sd_configs` of 37 mechanisms. Six are modelled as they run here;
//! of the others the fields are checked and the name is kept.

mod docker;
mod groups;
mod kubernetes;
mod lookups;
mod others;

pub use docker::DockerDiscovery;
pub use groups::{TargetGroup, target_groups};
pub use kubernetes::{KubernetesDiscovery, KubernetesRole, KubernetesSelector};
pub use lookups::{DnsDiscovery, DnsRecord, FileDiscovery, HttpDiscovery};

use crate::fault::Reading;
use crate::names::Names;
use crate::yaml::{Fields, Node};

/// The field of a mechanism, what is said of an empty item, and how an item is read.
type Modelled = (&'static str, &'static str, fn(&Node, &Reading) -> Discovery);

/// One source of targets.
#[derive(Debug, Clone, PartialEq)]
pub enum Discovery {
    /// Targets that the configuration names.
    Static(Vec<TargetGroup>),
    /// Targets in files that are watched.
    File(FileDiscovery),
    /// Targets that an address answers with.
    Http(HttpDiscovery),
    /// Targets that names resolve to.
    Dns(DnsDiscovery),
    /// Containers.
    Docker(DockerDiscovery),
    /// What runs in a cluster.
    Kubernetes(Box<KubernetesDiscovery>),
    /// A mechanism that is understood but not run.
    Other(&'static str),
}

impl Discovery {
    /// The name of the mechanism.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Static(_) => "static",
            Self::File(_) => "file",
            Self::Http(_) => "http",
            Self::Dns(_) => "dns",
            Self::Docker(_) => "docker",
            Self::Kubernetes(_) => "kubernetes",
            Self::Other(name) => name,
        }
    }

    /// Every source that the fields of a section name.
    pub(crate) fn all(fields: &Fields<'_>, names: Names) -> Vec<Self> {
        let mut found = Vec::new();
        let groups = fields.sections(
            "static_configs",
            "empty or null section in static_configs",
            |node, reading| TargetGroup::read(node, names, reading),
        );
        if !groups.is_empty() {
            let numbered = groups.into_iter().enumerate();
            found.push(Self::Static(
                numbered
                    .map(|(place, group)| TargetGroup { source: place.to_string(), ..group })
                    .collect(),
            ));
        }
        let modelled: [Modelled; 5] = [
            ("file_sd_configs", "empty or null section in file_sd_configs", |node, reading| {
                Self::File(FileDiscovery::read(node, reading))
            }),
            ("http_sd_configs", "empty or null section in http_sd_configs", |node, reading| {
                Self::Http(HttpDiscovery::read(node, reading))
            }),
            ("dns_sd_configs", "empty or null section in dns_sd_configs", |node, reading| {
                Self::Dns(DnsDiscovery::read(node, reading))
            }),
            ("docker_sd_configs", "empty or null section in docker_sd_configs", |node, reading| {
                Self::Docker(DockerDiscovery::read(node, reading))
            }),
            (
                "kubernetes_sd_configs",
                "empty or null section in kubernetes_sd_configs",
                |node, reading| {
                    Self::Kubernetes(Box::new(KubernetesDiscovery::read(node, reading)))
                },
            ),
        ];
        for (name, null, read) in modelled {
            found.extend(fields.sections(name, null, read));
        }
        for mechanism in others::MECHANISMS {
            let null = format!("empty or null section in {}", mechanism.section);
            found.extend(
                fields.sections(mechanism.section, &null, |node, reading| {
                    mechanism.read(node, reading)
                }),
            );
        }
        found
    }
}
