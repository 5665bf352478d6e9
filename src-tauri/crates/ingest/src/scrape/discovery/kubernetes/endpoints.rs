//! The targets of the roles endpoints and endpointslice: what stands behind services, and the other ports of its pods.

use std::collections::BTreeMap;
use std::sync::Arc;

use watchglass_configuration::TargetGroup;
use watchglass_model::Labels;

use super::known::Known;
use super::labels::MetaLabels;
use super::objects::{Address, Endpoint, EndpointPort, EndpointSlice, Endpoints, Pod, Reference};
use super::targets::{at, containers, joined};

/// The label of a slice that names its service.
const SERVICE: &str = "kubernetes.io/service-name";

/// The targets of a group as they are found, and the pods among them with the ports that were seen.
struct Found<'k> {
    known: &'k Known,
    targets: Vec<Labels>,
    pods: BTreeMap<(String, String), (Arc<Pod>, Vec<i32>)>,
}

impl Found<'_> {
    /// Adds an endpoint, with what is known of its pod if that is what it is.
    fn add(
        &mut self,
        address: &str,
        port: Option<i32>,
        reference: Option<&Reference>,
        mut labels: MetaLabels,
    ) {
        let address = port.map_or_else(|| address.to_owned(), |port| joined(address, port));
        if let Some((key, pod)) = reference.and_then(|reference| self.pod(reference)) {
            labels.set_pod(&pod);
            for (container, is_init) in containers(&pod) {
                let own = container.ports.iter().find(|own| Some(own.port) == port);
                if let Some(own) = own {
                    labels.set_container(container, is_init);
                    labels.set_container_port(own);
                }
            }
            let (_, seen) = self.pods.entry(key).or_insert((pod, Vec::new()));
            seen.extend(port);
        }
        self.targets.push(at(&address, labels));
    }

    fn pod(&self, reference: &Reference) -> Option<((String, String), Arc<Pod>)> {
        if reference.kind != "Pod" {
            return None;
        }
        let key = (reference.namespace.clone(), reference.name.clone());
        let pod = Arc::clone(self.known.pods.get(&key)?);
        Some((key, pod))
    }

    /// Adds the ports of the pods that no endpoint covers.
    fn finish(mut self) -> Vec<Labels> {
        for (pod, seen) in self.pods.values().filter(|(pod, _)| !pod.status.pod_ip.is_empty()) {
            for (container, is_init) in containers(pod) {
                for port in container.ports.iter().filter(|port| !seen.contains(&port.port)) {
                    let mut labels = MetaLabels::default();
                    labels.set_container(container, is_init);
                    labels.set_container_port(port);
                    labels.set_pod(pod);
                    let address = joined(&pod.status.pod_ip, port.port);
                    self.targets.push(at(&address, labels));
                }
            }
        }
        self.targets
    }
}

/// The endpoints of one service.
pub(super) fn of_endpoints(endpoints: &Endpoints, known: &Known) -> TargetGroup {
    let metadata = &endpoints.metadata;
    let mut labels = MetaLabels::default();
    labels.set_namespace(known, metadata);
    if let Some(service) = known.services.get(&(metadata.namespace.clone(), metadata.name.clone()))
    {
        labels.set_service(service);
    }
    labels.set_metadata("endpoints", metadata);
    let mut found = Found { known, targets: Vec::new(), pods: BTreeMap::new() };
    for subset in &endpoints.subsets {
        for port in &subset.ports {
            let ready = subset.addresses.iter().map(|address| (address, "true"));
            let not_ready = subset.not_ready_addresses.iter().map(|address| (address, "false"));
            for (address, is_ready) in ready.chain(not_ready) {
                let labels = labels_of_address(address, port, is_ready, known);
                found.add(&address.ip, port.port, address.target_ref.as_ref(), labels);
            }
        }
    }
    TargetGroup {
        source: format!("endpoints/{}/{}", metadata.namespace, metadata.name),
        targets: found.finish(),
        labels: labels.0.build(),
    }
}

fn labels_of_address(
    address: &Address,
    port: &EndpointPort,
    is_ready: &str,
    known: &Known,
) -> MetaLabels {
    let mut labels = MetaLabels::default();
    labels.set_known("endpoint_port_name", port.name.as_deref());
    labels.set_known("endpoint_port_protocol", port.protocol.as_deref());
    labels.set("endpoint_ready", is_ready);
    let target = address.target_ref.as_ref();
    labels.set_known("endpoint_address_target_kind", target.map(|target| &target.kind));
    labels.set_known("endpoint_address_target_name", target.map(|target| &target.name));
    labels.set_known("endpoint_node_name", address.node_name.as_deref());
    labels.set("endpoint_hostname", &address.hostname);
    let node = target.filter(|target| target.kind == "Node").map(|target| target.name.as_str());
    labels.set_node(known, address.node_name.as_deref().or(node));
    labels
}

/// A slice of the endpoints of one service.
pub(super) fn of_slice(slice: &EndpointSlice, known: &Known) -> TargetGroup {
    let metadata = &slice.metadata;
    let mut labels = MetaLabels::default();
    labels.set_namespace(known, metadata);
    labels.set("endpointslice_address_type", &slice.address_type);
    labels.set_metadata("endpointslice", metadata);
    let service =
        metadata.labels.get(SERVICE).map(|name| (metadata.namespace.clone(), name.clone()));
    if let Some(service) = service.and_then(|key| known.services.get(&key)) {
        labels.set_service(service);
    }
    let mut found = Found { known, targets: Vec::new(), pods: BTreeMap::new() };
    for endpoint in &slice.endpoints {
        for port in &slice.ports {
            for address in &endpoint.addresses {
                let labels = labels_of_endpoint(endpoint, port, known);
                found.add(address, port.port, endpoint.target_ref.as_ref(), labels);
            }
        }
    }
    TargetGroup {
        source: format!("endpointslice/{}/{}", metadata.namespace, metadata.name),
        targets: found.finish(),
        labels: labels.0.build(),
    }
}

fn labels_of_endpoint(endpoint: &Endpoint, port: &EndpointPort, known: &Known) -> MetaLabels {
    let mut labels = MetaLabels::default();
    let mut set = |name: &str, value: Option<String>| {
        labels.set_known(&format!("endpointslice_{name}"), value);
    };
    set("port_name", port.name.clone());
    set("port_protocol", port.protocol.clone());
    set("port", port.port.map(|port| port.to_string()));
    set("port_app_protocol", port.app_protocol.clone());
    let conditions = &endpoint.conditions;
    for (name, holds) in [
        ("ready", conditions.ready),
        ("serving", conditions.serving),
        ("terminating", conditions.terminating),
    ] {
        set(&format!("endpoint_conditions_{name}"), holds.map(|holds| holds.to_string()));
    }
    set("endpoint_hostname", endpoint.hostname.clone());
    set("endpoint_node_name", endpoint.node_name.clone());
    set("endpoint_zone", endpoint.zone.clone());
    let target = endpoint.target_ref.as_ref();
    set("address_target_kind", target.map(|target| target.kind.clone()));
    set("address_target_name", target.map(|target| target.name.clone()));
    let topology = "endpointslice_endpoint_topology_";
    labels.set_pairs(topology, &format!("{topology}present_"), &endpoint.deprecated_topology);
    let node = target.filter(|target| target.kind == "Node").map(|target| target.name.as_str());
    labels.set_node(known, node.or(endpoint.node_name.as_deref()));
    labels
}
