//! The targets of the roles node, service, pod and ingress (`discovery/kubernetes`).

use watchglass_configuration::{ADDRESS, KubernetesRole, TargetGroup};
use watchglass_model::Labels;

use super::endpoints::{of_endpoints, of_slice};
use super::known::Known;
use super::labels::MetaLabels;
use super::objects::{
    Container, ContainerPort, ContainerStatus, Ingress, Node, NodeAddress, Pod, Service,
};
use crate::scrape::discovery::sanitized;

/// Which of a node's addresses is taken, the best first.
const NODE_ADDRESSES: [&str; 6] =
    ["InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname"];

/// The groups of a role, one an object.
pub(super) fn groups(role: KubernetesRole, known: &Known) -> Vec<TargetGroup> {
    match role {
        KubernetesRole::Node => known.nodes.values().filter_map(|node| of_node(node)).collect(),
        KubernetesRole::Pod => known.pods.values().map(|pod| of_pod(pod, known)).collect(),
        KubernetesRole::Service => {
            known.services.values().map(|service| of_service(service, known)).collect()
        }
        KubernetesRole::Endpoints => {
            known.endpoints.values().map(|one| of_endpoints(one, known)).collect()
        }
        KubernetesRole::EndpointSlice => {
            known.slices.values().map(|slice| of_slice(slice, known)).collect()
        }
        KubernetesRole::Ingress => {
            known.ingresses.values().map(|ingress| of_ingress(ingress, known)).collect()
        }
    }
}

/// A host with a port; an address of IPv6 in brackets.
pub(super) fn joined(host: &str, port: i32) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// A target at this address.
pub(super) fn at(address: &str, mut labels: MetaLabels) -> Labels {
    labels.0.set(ADDRESS, address);
    labels.0.build()
}

/// None where the node has no address yet.
fn of_node(node: &Node) -> Option<TargetGroup> {
    let addresses = &node.status.addresses;
    let of = |kind: &&str| addresses.iter().find(|address| address.r#type == **kind);
    let NodeAddress { address, .. } = NODE_ADDRESSES.iter().find_map(of)?;
    let mut target = MetaLabels::default();
    // The first of each kind counts.
    for NodeAddress { r#type, address } in addresses.iter().rev() {
        target.set(&format!("node_address_{}", sanitized(r#type)), address);
    }
    target.0.set("instance", &node.metadata.name);
    let mut labels = MetaLabels::default();
    labels.set("node_provider_id", &node.spec.provider_id);
    labels.set_metadata("node", &node.metadata);
    let port = node.status.daemon_endpoints.kubelet_endpoint.port;
    Some(TargetGroup {
        source: format!("node/{}", node.metadata.name),
        targets: vec![at(&joined(address, port), target)],
        labels: labels.0.build(),
    })
}

fn of_service(service: &Service, known: &Known) -> TargetGroup {
    let (metadata, spec) = (&service.metadata, &service.spec);
    let mut labels = MetaLabels::default();
    labels.set_namespace(known, metadata);
    labels.set_service(service);
    let targets = spec.ports.iter().map(|port| {
        let mut target = MetaLabels::default();
        target.set("service_port_name", &port.name);
        target.set("service_port_number", port.port.to_string());
        target.set("service_port_protocol", &port.protocol);
        target.set("service_type", &spec.r#type);
        if spec.r#type == "ExternalName" {
            target.set("service_external_name", &spec.external_name);
        } else {
            target.set("service_cluster_ip", &spec.cluster_ip);
        }
        if spec.r#type == "LoadBalancer" {
            target.set("service_loadbalancer_ip", &spec.load_balancer_ip);
        }
        let host = format!("{}.{}.svc", metadata.name, metadata.namespace);
        at(&joined(&host, port.port), target)
    });
    TargetGroup {
        source: format!("svc/{}/{}", metadata.namespace, metadata.name),
        targets: targets.collect(),
        labels: labels.0.build(),
    }
}

/// A pod's containers, and whether each only prepares the others.
pub(super) fn containers(pod: &Pod) -> impl Iterator<Item = (&Container, bool)> {
    let usual = pod.spec.containers.iter().map(|container| (container, false));
    usual.chain(pod.spec.init_containers.iter().map(|container| (container, true)))
}

impl MetaLabels {
    pub(super) fn set_container(&mut self, container: &Container, is_init: bool) {
        self.set("pod_container_name", &container.name);
        self.set("pod_container_image", &container.image);
        self.set("pod_container_init", is_init.to_string());
    }

    pub(super) fn set_container_port(&mut self, port: &ContainerPort) {
        self.set("pod_container_port_name", &port.name);
        self.set("pod_container_port_number", port.port.to_string());
        self.set("pod_container_port_protocol", &port.protocol);
    }
}

/// A pod that has no address yet has no targets; nor has one on a node that is not selected.
fn of_pod(pod: &Pod, known: &Known) -> TargetGroup {
    let (metadata, address) = (&pod.metadata, &pod.status.pod_ip);
    let source = format!("pod/{}/{}", metadata.namespace, metadata.name);
    let node = (String::new(), pod.spec.node_name.clone());
    let is_elsewhere = known.are_nodes_selected && !known.nodes.contains_key(&node);
    if address.is_empty() || is_elsewhere {
        return TargetGroup { source, ..TargetGroup::default() };
    }
    let mut labels = MetaLabels::default();
    labels.set_namespace(known, metadata);
    labels.set_pod(pod);
    labels.set_node(known, Some(&pod.spec.node_name));
    let mut targets = Vec::new();
    for (container, is_init) in containers(pod) {
        let statuses = if is_init {
            &pod.status.init_container_statuses
        } else {
            &pod.status.container_statuses
        };
        let mut target = MetaLabels::default();
        target.set_container(container, is_init);
        target.set("pod_container_id", id_of(container, statuses));
        if container.ports.is_empty() {
            targets.push(at(address, target.clone()));
        }
        for port in &container.ports {
            let mut target = target.clone();
            target.set_container_port(port);
            targets.push(at(&joined(address, port.port), target));
        }
    }
    TargetGroup { source, targets, labels: labels.0.build() }
}

fn id_of<'s>(container: &Container, statuses: &'s [ContainerStatus]) -> &'s str {
    let status = statuses.iter().find(|status| status.name == container.name);
    status.map_or("", |status| &status.container_id)
}

fn of_ingress(ingress: &Ingress, known: &Known) -> TargetGroup {
    let (metadata, spec) = (&ingress.metadata, &ingress.spec);
    let mut labels = MetaLabels::default();
    labels.set_namespace(known, metadata);
    labels.set_known("ingress_class_name", spec.ingress_class_name.as_deref());
    labels.set_metadata("ingress", metadata);
    let hosts: Vec<_> = spec.tls.iter().flat_map(|tls| &tls.hosts).collect();
    let mut targets = Vec::new();
    for rule in &spec.rules {
        let is_secured = hosts.iter().any(|pattern| is_match(pattern, &rule.host));
        let mut paths: Vec<_> = rule.http.paths.iter().map(|path| path.path.as_str()).collect();
        if paths.is_empty() {
            paths.push("");
        }
        for path in paths {
            let mut target = MetaLabels::default();
            target.set("ingress_scheme", if is_secured { "https" } else { "http" });
            target.set("ingress_host", &rule.host);
            target.set("ingress_path", if path.is_empty() { "/" } else { path });
            targets.push(at(&rule.host, target));
        }
    }
    TargetGroup {
        source: format!("ingress/{}/{}", metadata.namespace, metadata.name),
        targets,
        labels: labels.0.build(),
    }
}

/// Whether a name of a certificate is that of a host; its first part may be `*` for any.
fn is_match(pattern: &str, host: &str) -> bool {
    let wildcard = pattern.strip_prefix("*.").zip(host.split_once('.'));
    pattern == host
        || wildcard.is_some_and(|(rest, (first, host))| !first.is_empty() && rest == host)
}
