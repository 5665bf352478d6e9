//! The service that a stream belongs to, as Loki discovers it.

use watchglass_logpush::StreamLabels;
use watchglass_model::UNKNOWN_SERVICE;

/// The label that names a stream's service.
pub(super) const SERVICE_NAME: &str = "service_name";

/// Labels that name it where that one is absent, in the order of Loki's `discover_service_name`.
const ALSO: [&str; 13] = [
    "service",
    "app",
    "application",
    "app_name",
    "name",
    "app_kubernetes_io_name",
    "container",
    "container_name",
    "k8s_container_name",
    "component",
    "workload",
    "job",
    "k8s_job_name",
];

/// The service's name; [`UNKNOWN_SERVICE`] where no label tells it.
pub(super) fn service_of<'a>(labels: &'a StreamLabels<'_>) -> &'a str {
    let names = std::iter::once(SERVICE_NAME).chain(ALSO);
    names.map(|name| labels.get(name)).find(|value| !value.is_empty()).unwrap_or(UNKNOWN_SERVICE)
}
