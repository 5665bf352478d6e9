//! Objects of Kubernetes, as far as targets are made of them. What is null or not there is empty.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// Objects of one kind, and where a cluster has them.
pub(super) trait Kind: DeserializeOwned + Debug + Send + Sync + 'static {
    /// The path of the API that they belong to.
    const API: &'static str;
    /// Their name in it.
    const NAME: &'static str;
    /// Whether each is in a namespace.
    const IS_NAMESPACED: bool = true;

    fn metadata(&self) -> &Metadata;
}

macro_rules! kinds {
    ($($kind:ident $api:literal $name:literal $is_namespaced:literal)*) => {
        $(impl Kind for $kind {
            const API: &'static str = $api;
            const NAME: &'static str = $name;
            const IS_NAMESPACED: bool = $is_namespaced;

            fn metadata(&self) -> &Metadata {
                &self.metadata
            }
        })*
    };
}

kinds! {
    Node "/api/v1" "nodes" false
    Namespace "/api/v1" "namespaces" false
    Pod "/api/v1" "pods" true
    Service "/api/v1" "services" true
    Endpoints "/api/v1" "endpoints" true
    EndpointSlice "/apis/discovery.k8s.io/v1" "endpointslices" true
    Ingress "/apis/networking.k8s.io/v1" "ingresses" true
}

fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Structs whose fields may all be missing or null.
macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
            #[serde(rename_all = "camelCase", default)]
            pub(super) struct $name {
                $(#[serde(deserialize_with = "or_empty")] $(#[$attribute])* pub(super) $field: $kind,)*
            }
        )*
    };
}

objects! {
    /// What all have.
    Metadata {
        name: String,
        namespace: String,
        uid: String,
        resource_version: String,
        labels: BTreeMap<String, String>,
        annotations: BTreeMap<String, String>,
        owner_references: Vec<Owner>,
    }
    Owner { kind: String, name: String, controller: bool }
    Namespace { metadata: Metadata }

    Node { metadata: Metadata, spec: NodeSpec, status: NodeStatus }
    /// `providerID`
    NodeSpec { #[serde(rename = "providerID")] provider_id: String }
    NodeStatus { addresses: Vec<NodeAddress>, daemon_endpoints: DaemonEndpoints }
    NodeAddress { r#type: String, address: String }
    DaemonEndpoints { kubelet_endpoint: KubeletEndpoint }
    KubeletEndpoint { #[serde(rename = "Port")] port: i32 }

    Pod { metadata: Metadata, spec: PodSpec, status: PodStatus }
    PodSpec { node_name: String, containers: Vec<Container>, init_containers: Vec<Container> }
    Container { name: String, image: String, ports: Vec<ContainerPort> }
    ContainerPort { name: String, #[serde(rename = "containerPort")] port: i32, protocol: String }
    PodStatus {
        phase: String,
        #[serde(rename = "podIP")] pod_ip: String,
        #[serde(rename = "hostIP")] host_ip: String,
        conditions: Vec<Condition>,
        container_statuses: Vec<ContainerStatus>,
        init_container_statuses: Vec<ContainerStatus>,
    }
    Condition { r#type: String, status: String }
    ContainerStatus { name: String, #[serde(rename = "containerID")] container_id: String }

    Service { metadata: Metadata, spec: ServiceSpec }
    ServiceSpec {
        r#type: String,
        #[serde(rename = "clusterIP")] cluster_ip: String,
        #[serde(rename = "loadBalancerIP")] load_balancer_ip: String,
        external_name: String,
        ports: Vec<ServicePort>,
    }
    ServicePort { name: String, protocol: String, port: i32 }

    Endpoints { metadata: Metadata, subsets: Vec<Subset> }
    Subset { addresses: Vec<Address>, not_ready_addresses: Vec<Address>, ports: Vec<EndpointPort> }
    Address { ip: String, hostname: String, node_name: Option<String>, target_ref: Option<Reference> }
    Reference { kind: String, namespace: String, name: String }
    EndpointPort {
        name: Option<String>,
        port: Option<i32>,
        protocol: Option<String>,
        app_protocol: Option<String>,
    }

    EndpointSlice {
        metadata: Metadata,
        address_type: String,
        endpoints: Vec<Endpoint>,
        ports: Vec<EndpointPort>,
    }
    Endpoint {
        addresses: Vec<String>,
        conditions: Conditions,
        hostname: Option<String>,
        node_name: Option<String>,
        zone: Option<String>,
        target_ref: Option<Reference>,
        deprecated_topology: BTreeMap<String, String>,
    }
    Conditions { ready: Option<bool>, serving: Option<bool>, terminating: Option<bool> }

    Ingress { metadata: Metadata, spec: IngressSpec }
    IngressSpec { ingress_class_name: Option<String>, tls: Vec<IngressTls>, rules: Vec<IngressRule> }
    IngressTls { hosts: Vec<String> }
    IngressRule { host: String, http: IngressPaths }
    IngressPaths { paths: Vec<IngressPath> }
    IngressPath { path: String }
}
