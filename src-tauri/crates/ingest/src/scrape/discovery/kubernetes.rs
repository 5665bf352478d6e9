//! `kubernetes_sd_configs`: what runs in a cluster. Its objects are listed once and then watched, and whenever some have
//! changed, targets are made of all of them (`discovery/kubernetes`).

mod access;
mod endpoints;
mod known;
mod labels;
mod objects;
mod reflector;
mod targets;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;
use watchglass_configuration::{KubernetesDiscovery, KubernetesRole};

use super::Tell;
use access::{Access, own_namespace};
use known::{Shelf, Shelves};
use objects::Kind;
use reflector::Reflector;

/// How long changes are gathered before targets are made of them: they come in flocks.
const GATHER: Duration = Duration::from_millis(100);

/// Says that objects have changed, and knows how many lists have not been read yet.
#[derive(Debug, Default)]
struct Changes {
    unread: AtomicUsize,
    notify: Notify,
}

impl Changes {
    /// Something has changed; `is_first` where a list was read for the first time.
    fn tell(&self, is_first: bool) {
        if is_first {
            self.unread.fetch_sub(1, Ordering::AcqRel);
        }
        self.notify.notify_one();
    }

    /// Waits for changes until there is nothing that is not known yet.
    async fn wait(&self) {
        loop {
            self.notify.notified().await;
            sleep(GATHER).await;
            if self.unread.load(Ordering::Acquire) == 0 {
                return;
            }
        }
    }
}

pub(super) async fn run(config: KubernetesDiscovery, tell: Tell) {
    let Some(role) = config.role else { return };
    let started = Access::new(&config).and_then(|access| Following::start(&config, role, access));
    let following = match started {
        Ok(following) => following,
        Err(fault) => {
            tracing::error!(fault, "cannot ask for what runs in a cluster");
            return;
        }
    };
    let mut known = None;
    loop {
        tokio::select! {
            () = tell.stop.cancelled() => return,
            () = following.changes.wait() => {}
        }
        let objects = following.shelves.known(&config);
        let groups = targets::groups(role, &objects);
        if known.as_ref() != Some(&groups) {
            known = Some(groups.clone());
            if !tell.tell(groups).await {
                return;
            }
        }
    }
}

/// The objects of a role, followed as long as this is kept.
struct Following<'c> {
    config: &'c KubernetesDiscovery,
    access: Arc<Access>,
    shelves: Shelves,
    changes: Arc<Changes>,
    tasks: JoinSet<()>,
}

impl<'c> Following<'c> {
    fn start(
        config: &'c KubernetesDiscovery,
        role: KubernetesRole,
        access: Access,
    ) -> Result<Self, String> {
        let mut namespaces: Vec<_> = config.namespaces.iter().cloned().map(Some).collect();
        if config.own_namespace {
            namespaces.push(Some(own_namespace()?));
        }
        if namespaces.is_empty() {
            namespaces.push(None);
        }
        let mut following = Self {
            config,
            access: Arc::new(access),
            shelves: Shelves::default(),
            changes: Arc::default(),
            tasks: JoinSet::new(),
        };
        following.follow_role(role, &namespaces);
        Ok(following)
    }

    fn follow_role(&mut self, role: KubernetesRole, namespaces: &[Option<String>]) {
        use KubernetesRole as Role;
        let [is_node, is_namespace] = self.config.attach_metadata;
        let is_node = is_node || self.config.selectors.iter().any(|one| one.role == Role::Node);
        let behind_services = matches!(role, Role::Endpoints | Role::EndpointSlice);
        if role == Role::Node || is_node && (behind_services || role == Role::Pod) {
            self.follow(Some(Role::Node), &[None], |shelves| &shelves.nodes);
        }
        if is_namespace && role != Role::Node {
            self.follow(None, &[None], |shelves| &shelves.namespaces);
        }
        if role == Role::Pod || behind_services {
            self.follow(Some(Role::Pod), namespaces, |shelves| &shelves.pods);
        }
        if role == Role::Service || behind_services {
            self.follow(Some(Role::Service), namespaces, |shelves| &shelves.services);
        }
        match role {
            Role::Endpoints => self.follow(Some(role), namespaces, |shelves| &shelves.endpoints),
            Role::EndpointSlice => self.follow(Some(role), namespaces, |shelves| &shelves.slices),
            Role::Ingress => self.follow(Some(role), namespaces, |shelves| &shelves.ingresses),
            Role::Node | Role::Pod | Role::Service => {}
        }
    }

    /// Follows the objects of one kind, those that the selector of `role` selects.
    fn follow<K: Kind>(
        &mut self,
        role: Option<KubernetesRole>,
        namespaces: &[Option<String>],
        place: fn(&Shelves) -> &Arc<Shelf<K>>,
    ) {
        let selector = self.config.selectors.iter().find(|one| Some(one.role) == role);
        let selectors = selector
            .map(|selector| [selector.label.clone(), selector.field.clone()])
            .unwrap_or_default();
        for namespace in namespaces {
            self.changes.unread.fetch_add(1, Ordering::AcqRel);
            let reflector = Reflector {
                access: Arc::clone(&self.access),
                namespace: namespace.clone(),
                selectors: selectors.clone(),
                shelf: Arc::clone(place(&self.shelves)),
                changes: Arc::clone(&self.changes),
            };
            self.tasks.spawn(reflector.run());
        }
    }
}
