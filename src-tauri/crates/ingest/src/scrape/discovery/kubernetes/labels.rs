//! The `__meta_kubernetes_*` labels that objects give to their own targets and to those of others.

use watchglass_model::LabelsBuilder;

use super::known::Known;
use super::objects::{Metadata, Pod, Service};
use crate::scrape::discovery::sanitized;

const PREFIX: &str = "__meta_kubernetes_";

/// Labels of a target or a group.
#[derive(Debug, Clone, Default)]
pub(super) struct MetaLabels(pub(super) LabelsBuilder);

impl MetaLabels {
    /// Sets `__meta_kubernetes_NAME`.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.set(format!("{PREFIX}{name}"), value);
    }

    /// Sets it where there is a value.
    pub(super) fn set_known(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.set(name, value.to_string());
        }
    }

    /// Sets labels and whether they are there, under names of the same beginning.
    pub(super) fn set_pairs<'p>(
        &mut self,
        value: &str,
        presence: &str,
        pairs: impl IntoIterator<Item = (&'p String, &'p String)>,
    ) {
        for (name, text) in pairs {
            let name = sanitized(name);
            self.set(&format!("{value}{name}"), text);
            self.set(&format!("{presence}{name}"), "true");
        }
    }

    /// Labels and annotations of an object.
    fn set_attributes(&mut self, role: &str, metadata: &Metadata) {
        let name = |what: &str| format!("{role}_{what}_");
        self.set_pairs(&name("label"), &name("labelpresent"), &metadata.labels);
        self.set_pairs(&name("annotation"), &name("annotationpresent"), &metadata.annotations);
    }

    /// Name, labels and annotations of an object.
    pub(super) fn set_metadata(&mut self, role: &str, metadata: &Metadata) {
        self.set(&format!("{role}_name"), &metadata.name);
        self.set_attributes(role, metadata);
    }

    /// The namespace, and what is known of it where that is wanted.
    pub(super) fn set_namespace(&mut self, known: &Known, metadata: &Metadata) {
        self.set("namespace", &metadata.namespace);
        if let [_, true] = known.attached {
            let key = (String::new(), metadata.namespace.clone());
            if let Some(namespace) = known.namespaces.get(&key) {
                self.set_attributes("namespace", &namespace.metadata);
            }
        }
    }

    /// What is known of the node of this name, where that is wanted.
    pub(super) fn set_node(&mut self, known: &Known, name: Option<&str>) {
        let [true, _] = known.attached else { return };
        let key = (String::new(), name.unwrap_or_default().to_owned());
        if let Some(node) = known.nodes.get(&key) {
            self.set_metadata("node", &node.metadata);
        }
    }

    pub(super) fn set_service(&mut self, service: &Service) {
        self.set_metadata("service", &service.metadata);
    }

    pub(super) fn set_pod(&mut self, pod: &Pod) {
        self.set_metadata("pod", &pod.metadata);
        self.set("pod_ip", &pod.status.pod_ip);
        let ready = pod.status.conditions.iter().find(|condition| condition.r#type == "Ready");
        self.set("pod_ready", ready.map_or("unknown".to_owned(), |it| it.status.to_lowercase()));
        self.set("pod_phase", &pod.status.phase);
        self.set("pod_node_name", &pod.spec.node_name);
        self.set("pod_host_ip", &pod.status.host_ip);
        self.set("pod_uid", &pod.metadata.uid);
        if let Some(owner) = pod.metadata.owner_references.iter().find(|owner| owner.controller) {
            self.set("pod_controller_kind", &owner.kind);
            self.set("pod_controller_name", &owner.name);
        }
    }
}
