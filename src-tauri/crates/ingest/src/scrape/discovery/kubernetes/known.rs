//! What is known of a cluster: its objects by namespace and name.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use watchglass_configuration::{KubernetesDiscovery, KubernetesRole, KubernetesSelector};

use super::objects::{
    EndpointSlice, Endpoints, Ingress, Kind, Metadata, Namespace, Node, Pod, Service,
};

/// Namespace and name.
type Key = (String, String);

/// Objects of one kind.
pub(super) type Objects<K> = BTreeMap<Key, Arc<K>>;

fn key(metadata: &Metadata) -> Key {
    (metadata.namespace.clone(), metadata.name.clone())
}

/// Objects of one kind that are kept up to date.
#[derive(Debug)]
pub(super) struct Shelf<K>(Mutex<Objects<K>>);

impl<K> Default for Shelf<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Kind> Shelf<K> {
    pub(super) fn put(&self, object: K) {
        self.0.lock().insert(key(object.metadata()), Arc::new(object));
    }

    pub(super) fn remove(&self, object: &K) {
        self.0.lock().remove(&key(object.metadata()));
    }

    /// Puts all objects of a namespace, or of all namespaces, in the place of those that were known.
    pub(super) fn replace(&self, namespace: Option<&str>, objects: Vec<K>) {
        let mut all = self.0.lock();
        all.retain(|(own, _), _| namespace.is_some_and(|namespace| own != namespace));
        all.extend(objects.into_iter().map(|object| (key(object.metadata()), Arc::new(object))));
    }

    fn snapshot(&self) -> Objects<K> {
        self.0.lock().clone()
    }
}

/// Objects of every kind that are kept up to date.
#[derive(Debug, Default)]
pub(super) struct Shelves {
    pub(super) nodes: Arc<Shelf<Node>>,
    pub(super) namespaces: Arc<Shelf<Namespace>>,
    pub(super) pods: Arc<Shelf<Pod>>,
    pub(super) services: Arc<Shelf<Service>>,
    pub(super) endpoints: Arc<Shelf<Endpoints>>,
    pub(super) slices: Arc<Shelf<EndpointSlice>>,
    pub(super) ingresses: Arc<Shelf<Ingress>>,
}

/// Objects of every kind at one moment.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) nodes: Objects<Node>,
    pub(super) namespaces: Objects<Namespace>,
    pub(super) pods: Objects<Pod>,
    pub(super) services: Objects<Service>,
    pub(super) endpoints: Objects<Endpoints>,
    pub(super) slices: Objects<EndpointSlice>,
    pub(super) ingresses: Objects<Ingress>,
    /// Whether what is known of nodes and namespaces is attached to what is in them.
    pub(super) attached: [bool; 2],
    /// Whether the nodes are not all that there are.
    pub(super) are_nodes_selected: bool,
}

impl Shelves {
    pub(super) fn known(&self, config: &KubernetesDiscovery) -> Known {
        let is_of_nodes = |one: &KubernetesSelector| one.role == KubernetesRole::Node;
        Known {
            nodes: self.nodes.snapshot(),
            namespaces: self.namespaces.snapshot(),
            pods: self.pods.snapshot(),
            services: self.services.snapshot(),
            endpoints: self.endpoints.snapshot(),
            slices: self.slices.snapshot(),
            ingresses: self.ingresses.snapshot(),
            attached: config.attach_metadata,
            are_nodes_selected: config.selectors.iter().any(is_of_nodes),
        }
    }
}
