//! `kubernetes_sd_configs`: what runs in a cluster.

use std::path::PathBuf;

use crate::fault::Reading;
use crate::http::HttpClient;
use crate::yaml::{Fields, Node};

/// What of a cluster becomes a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KubernetesRole {
    /// Its machines.
    Node,
    /// Every port of every container.
    Pod,
    /// Every port of every service.
    Service,
    /// What stands behind services.
    Endpoints,
    /// The same, in slices.
    EndpointSlice,
    /// Every path of every ingress.
    Ingress,
}

impl KubernetesRole {
    const ALL: [Self; 6] =
        [Self::Node, Self::Pod, Self::Service, Self::Endpoints, Self::EndpointSlice, Self::Ingress];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Pod => "pod",
            Self::Service => "service",
            Self::Endpoints => "endpoints",
            Self::EndpointSlice => "endpointslice",
            Self::Ingress => "ingress",
        }
    }

    /// The roles whose objects a target of this role is made of.
    const fn selectable(self) -> &'static [Self] {
        match self {
            Self::Node => &[Self::Node],
            Self::Pod => &[Self::Pod, Self::Node],
            Self::Service => &[Self::Service],
            Self::Endpoints => &[Self::Pod, Self::Service, Self::Endpoints],
            Self::EndpointSlice => &[Self::Pod, Self::Service, Self::EndpointSlice],
            Self::Ingress => &[Self::Ingress],
        }
    }
}

/// Which objects of one role are looked at, in Kubernetes' words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubernetesSelector {
    /// The role.
    pub role: KubernetesRole,
    /// A selector of labels.
    pub label: String,
    /// A selector of fields.
    pub field: String,
}

/// What runs in a cluster as targets.
#[derive(Debug, Clone, PartialEq)]
pub struct KubernetesDiscovery {
    /// Where the cluster is; none inside of it.
    pub api_server: Option<String>,
    /// What becomes a target; none only in a file with faults.
    pub role: Option<KubernetesRole>,
    /// A file that says where the cluster is and who asks.
    pub kubeconfig_file: Option<PathBuf>,
    /// The namespaces; all if none is named.
    pub namespaces: Vec<String>,
    /// Whether the namespace in which this runs is among them.
    pub own_namespace: bool,
    /// Which objects are looked at.
    pub selectors: Vec<KubernetesSelector>,
    /// Whether labels of nodes and namespaces are attached.
    pub attach_metadata: [bool; 2],
    /// How the cluster is asked.
    pub client: HttpClient,
}

impl KubernetesDiscovery {
    pub(super) fn read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "kubernetes.plain", reading);
        let (namespaces, own_namespace) = fields
            .section("namespaces")
            .map(|node| read_namespaces(node, reading))
            .unwrap_or_default();
        let given = |name| fields.text(name).filter(|text| !text.is_empty());
        let kubernetes = Self {
            api_server: given("api_server"),
            role: role(&fields),
            kubeconfig_file: given("kubeconfig_file").map(|file| reading.path(&file)),
            namespaces,
            own_namespace,
            selectors: selectors(&fields),
            attach_metadata: attached(&fields),
            client: HttpClient::read(&fields),
        };
        if fields.text("role").is_none_or(|role| role.is_empty()) {
            let message =
                "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)";
            fields.fault("role", message);
        }
        kubernetes.check(&fields);
        fields.finish();
        kubernetes
    }

    fn check(&self, fields: &Fields<'_>) {
        let has_client = self.client != HttpClient::default();
        let both = |one: &str, two: &str| format!("cannot use '{one}' and '{two}' simultaneously");
        if self.kubeconfig_file.is_some() && self.api_server.is_some() {
            fields.fault("kubeconfig_file", both("kubeconfig_file", "api_server"));
        }
        if self.kubeconfig_file.is_some() && has_client {
            let message =
                "cannot use a custom HTTP client configuration together with 'kubeconfig_file'";
            fields.fault("kubeconfig_file", message);
        }
        if self.api_server.is_none() && self.kubeconfig_file.is_none() && has_client {
            let message = "to use custom HTTP client configuration please provide the 'api_server' URL explicitly";
            fields.reading.fault(fields.place, message);
        }
        if self.api_server.is_some() && self.own_namespace {
            fields.fault("namespaces", both("api_server", "namespaces.own_namespace"));
        }
        if self.kubeconfig_file.is_some() && self.own_namespace {
            fields.fault("namespaces", both("kubeconfig_file", "namespaces.own_namespace"));
        }
        if let Some(role) = self.role {
            self.check_selectors(role, fields);
        }
    }

    fn check_selectors(&self, role: KubernetesRole, fields: &Fields<'_>) {
        for (place, selector) in self.selectors.iter().enumerate() {
            let earlier = self.selectors.iter().take(place);
            if earlier.into_iter().any(|earlier| earlier.role == selector.role) {
                let message = format!("duplicated selector role: {}", selector.role.name());
                fields.fault("selectors", message);
            }
            if !role.selectable().contains(&selector.role) {
                let roles: Vec<_> = role.selectable().iter().map(|role| role.name()).collect();
                let message =
                    format!("{} role supports only {} selectors", role.name(), roles.join(", "));
                fields.fault("selectors", message);
            }
            for term in selector.field.split(',').filter(|term| !term.is_empty()) {
                if !term.contains('=') {
                    let field = &selector.field;
                    fields.fault(
                        "selectors",
                        format!("invalid selector: '{field}'; can't understand '{term}'"),
                    );
                }
            }
        }
    }
}

fn role(fields: &Fields<'_>) -> Option<KubernetesRole> {
    let text = fields.text("role").filter(|text| !text.is_empty())?;
    let role = KubernetesRole::ALL.into_iter().find(|role| role.name() == text);
    if role.is_none() {
        fields.fault("role", format!("unknown Kubernetes SD role {text:?}"));
    }
    role
}

fn selectors(fields: &Fields<'_>) -> Vec<KubernetesSelector> {
    let read = |node: &Node, reading: &Reading| {
        let fields = Fields::of(node, "kubernetes.plain", reading);
        let [label, field] = ["label", "field"].map(|name| fields.text(name).unwrap_or_default());
        let selector = role(&fields).map(|role| KubernetesSelector { role, label, field });
        fields.finish();
        selector
    };
    fields.sections("selectors", "empty or null selector", read).into_iter().flatten().collect()
}

fn read_namespaces(node: &Node, reading: &Reading) -> (Vec<String>, bool) {
    let fields = Fields::of(node, "kubernetes.plain", reading);
    let names = fields.texts("names").unwrap_or_default();
    let own = fields.flag("own_namespace").unwrap_or(false);
    fields.finish();
    (names, own)
}

fn attached(fields: &Fields<'_>) -> [bool; 2] {
    let Some(node) = fields.section("attach_metadata") else { return [false; 2] };
    let attached = Fields::of(node, "kubernetes.plain", fields.reading);
    let flags = ["node", "namespace"].map(|name| attached.flag(name).unwrap_or(false));
    attached.finish();
    flags
}
