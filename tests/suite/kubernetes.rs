//! A cluster of Kubernetes, discovered by Watchglass and by a real Prometheus from the same API server: every role must
//! give the same targets with the same labels.

use std::collections::BTreeSet;
use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio_stream::StreamExt;

use crate::instance::{Instance, beside_others, http, say, scratch, until};
use crate::reference::{Reference, prometheus};

const NAME: &str = "kubernetes::every_role_gives_the_targets_that_prometheus_finds";

/// Jobs, each with what its discovery has besides the address of the API server.
const JOBS: [(&str, &str); 9] = [
    ("nodes", "role: node"),
    ("pods", "role: pod"),
    ("pods-with-nodes", "role: pod, attach_metadata: {node: true}"),
    ("services", "role: service"),
    ("endpoints", "role: endpoints"),
    ("endpoints-with-nodes", "role: endpoints, attach_metadata: {node: true}"),
    ("slices", "role: endpointslice, attach_metadata: {node: true}"),
    ("ingresses", "role: ingress"),
    ("one-namespace", "role: pod, namespaces: {names: [other]}"),
];

fn metadata(name: &str, namespace: &str) -> Value {
    json!({
        "name": name, "namespace": namespace, "uid": format!("uid-{name}"), "resourceVersion": "7",
        "labels": {"app.kubernetes.io/name": name, "empty": ""},
        "annotations": {"prometheus.io/scrape": "true"},
    })
}

fn nodes() -> Value {
    let node = |name: &str, addresses: &[(&str, &str)]| {
        let addresses: Vec<_> = addresses
            .iter()
            .map(|(kind, address)| json!({"type": kind, "address": address}))
            .collect();
        json!({
            "metadata": metadata(name, ""), "spec": {"providerID": format!("kind://{name}")},
            "status": {"addresses": addresses, "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}},
        })
    };
    json!([
        node("n1", &[("Hostname", "n1"), ("InternalIP", "10.0.0.1"), ("InternalIP", "fd00::1")]),
        node("n2", &[("ExternalDNS", "n2.example"), ("InternalIP", "fd00::2")]),
        node("n3", &[]),
    ])
}

fn pod(name: &str, namespace: &str, node: &str, address: &str) -> Value {
    let mut metadata = metadata(name, namespace);
    metadata["ownerReferences"] = json!([
        {"apiVersion": "v1", "kind": "Other", "name": "o", "uid": "1"},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "set", "uid": "2", "controller": true},
    ]);
    json!({
        "metadata": metadata,
        "spec": {
            "nodeName": node,
            "containers": [
                {"name": "main", "image": "shop:1", "ports": [
                    {"name": "http", "containerPort": 8080, "protocol": "TCP"},
                    {"name": "metrics", "containerPort": 9100, "protocol": "TCP"}]},
                {"name": "side", "image": "side:1"},
            ],
            "initContainers": [{"name": "init", "image": "init:1", "ports": [{"containerPort": 7000, "protocol": "UDP"}]}],
        },
        "status": {
            "phase": "Running", "podIP": address, "hostIP": "10.0.0.1",
            "conditions": [{"type": "Initialized", "status": "True"}, {"type": "Ready", "status": "False"}],
            "containerStatuses": [{"name": "main", "containerID": "containerd://main"}],
            "initContainerStatuses": [{"name": "init", "containerID": "containerd://init"}],
        },
    })
}

fn pods() -> Vec<Value> {
    let mut bare = pod("bare", "other", "nowhere", "fd00::9");
    bare["status"]["conditions"] = json!([]);
    vec![
        pod("web-1", "shop", "n1", "10.1.0.1"),
        pod("web-2", "shop", "n2", "10.1.0.2"),
        pod("starts", "shop", "n1", ""),
        bare,
    ]
}

fn services() -> Value {
    let service =
        |name: &str, spec: Value| json!({"metadata": metadata(name, "shop"), "spec": spec});
    let ports = json!([
        {"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"},
        {"name": "dns", "port": 53, "protocol": "UDP"},
    ]);
    json!([
        service("web", json!({"type": "ClusterIP", "clusterIP": "10.9.0.1", "ports": ports})),
        service(
            "door",
            json!({"type": "LoadBalancer", "clusterIP": "10.9.0.2", "loadBalancerIP": "1.2.3.4", "ports": ports})
        ),
        service(
            "out",
            json!({"type": "ExternalName", "externalName": "example.org", "ports": ports})
        ),
        service("headless", json!({"type": "ClusterIP", "clusterIP": "None"})),
    ])
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"kind": kind, "namespace": "shop", "name": name})
}

fn endpoints() -> Value {
    json!([
        {"metadata": metadata("web", "shop"), "subsets": [
            {"addresses": [
                {"ip": "10.1.0.1", "nodeName": "n1", "hostname": "h", "targetRef": reference("Pod", "web-1")},
                {"ip": "10.0.0.2", "targetRef": reference("Node", "n2")}],
             "notReadyAddresses": [{"ip": "10.1.0.2", "nodeName": "n2", "targetRef": reference("Pod", "web-2")}],
             "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]},
            {"addresses": [{"ip": "10.7.0.1"}], "ports": [{"port": 1, "protocol": "TCP"}]}]},
        {"metadata": metadata("nobody", "shop"), "subsets": null},
    ])
}

fn slices() -> Value {
    let mut of_web = metadata("web-x7", "shop");
    of_web["labels"]["kubernetes.io/service-name"] = "web".into();
    json!([
        {"metadata": of_web, "addressType": "IPv4",
         "ports": [
            {"name": "http", "port": 8080, "protocol": "TCP", "appProtocol": "http"},
            {"name": "any", "protocol": "TCP"}],
         "endpoints": [
            {"addresses": ["10.1.0.1", "10.1.1.1"], "conditions": {"ready": true, "serving": true, "terminating": false},
             "hostname": "h", "nodeName": "n1", "zone": "z", "targetRef": reference("Pod", "web-1"),
             "deprecatedTopology": {"topology.kubernetes.io/region": "r"}},
            {"addresses": ["10.0.0.2"], "conditions": {}, "targetRef": reference("Node", "n2")}]},
        {"metadata": metadata("alone", "shop"), "addressType": "FQDN", "ports": [{"name": "", "port": 1, "protocol": "TCP"}],
         "endpoints": [{"addresses": ["example.org"]}]},
    ])
}

fn ingresses() -> Value {
    let rule = |host: &str, paths: &[&str]| {
        let paths: Vec<_> =
            paths.iter().map(|path| json!({"path": path, "pathType": "Prefix"})).collect();
        json!({"host": host, "http": {"paths": paths}})
    };
    json!([{
        "metadata": metadata("door", "shop"),
        "spec": {
            "ingressClassName": "nginx",
            "tls": [{"hosts": ["*.example.org", "exact.org"]}],
            "rules": [
                rule("a.example.org", &["/", "/x"]), rule("a.b.example.org", &[""]),
                rule("exact.org", &[]), rule("", &["/any"]), {"host": "none.org"},
            ],
        },
    }])
}

/// What the API server says of a path: the list there, or nothing for ever where changes are watched.
fn answer(request: &Request<Body>) -> Response {
    let path = request.uri().path();
    if path == "/version" {
        return axum::Json(json!({"major": "1", "minor": "33", "gitVersion": "v1.33.0"}))
            .into_response();
    }
    let query = request.uri().query().unwrap_or_default();
    if query.contains("sendInitialEvents") {
        // The reference asks for lists as watches first, and for lists where that is not known.
        let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Invalid", "code": 422});
        return (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(status)).into_response();
    }
    if query.contains("watch=") {
        let nothing = tokio_stream::pending::<Result<Bytes, Infallible>>();
        let first = tokio_stream::once(Ok(Bytes::new()));
        let body = Body::from_stream(first.chain(nothing));
        return ([("content-type", "application/json")], body).into_response();
    }
    let (kind, api, items) = match path.rsplit('/').next().unwrap_or_default() {
        "nodes" => ("NodeList", "v1", nodes()),
        "pods" => ("PodList", "v1", pods().into()),
        "services" => ("ServiceList", "v1", services()),
        "endpoints" => ("EndpointsList", "v1", endpoints()),
        "endpointslices" => ("EndpointSliceList", "discovery.k8s.io/v1", slices()),
        "ingresses" => ("IngressList", "networking.k8s.io/v1", ingresses()),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let mut items = items;
    if let (Some((_, rest)), Some(items)) = (path.split_once("/namespaces/"), items.as_array_mut())
    {
        let namespace = rest.split('/').next().unwrap_or_default();
        items.retain(|item| item["metadata"]["namespace"] == namespace);
    }
    let list = json!({"kind": kind, "apiVersion": api, "metadata": {"resourceVersion": "7"}, "items": items});
    axum::Json(list).into_response()
}

fn configuration(address: &str) -> String {
    let jobs = JOBS.iter().map(|(name, discovery)| {
        format!("- job_name: {name}\n  kubernetes_sd_configs: [{{api_server: 'http://{address}', {discovery}}}]\n")
    });
    "global: {scrape_interval: 1h}\nscrape_configs:\n".to_owned() + &jobs.collect::<String>()
}

/// The labels of every target that was discovered.
fn discovered(base: &str) -> BTreeSet<String> {
    let answer = http().get(format!("{base}/api/v1/targets?state=active")).send().unwrap();
    let answer: Value = serde_json::from_str(&answer.text().unwrap()).unwrap();
    let targets = answer["data"]["activeTargets"].as_array().unwrap().clone();
    targets.iter().map(|target| target["discoveredLabels"].to_string()).collect()
}

#[test]
fn every_role_gives_the_targets_that_prometheus_finds() {
    let Some(program) = prometheus(NAME) else { return };
    let _guard = beside_others();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let configuration = configuration(&listener.local_addr().unwrap().to_string());
    let router = Router::new().fallback(|request: Request<Body>| async move { answer(&request) });
    runtime.spawn(async move { axum::serve(listener, router).await });

    let (folder, data) = (scratch(), scratch());
    std::fs::write(folder.path().join("prometheus.yml"), &configuration).unwrap();
    let instance = Instance::start_with(data.path(), &[folder.path().to_str().unwrap()]);
    let ours = format!("http://{}/prometheus", instance.listen);
    let reference = Reference::start(program, &configuration);
    // The reference tells its targets every five seconds, and not all of them at first.
    let theirs = until("the targets of all jobs", || {
        let found = discovered(&reference.base);
        let has = |(job, _): &(&str, &str)| {
            let label = format!("\"job\":\"{job}\"");
            found.iter().any(|labels| labels.contains(&label))
        };
        if JOBS.iter().all(has) { Ok(found) } else { Err(found.len()) }
    });
    let found = until("our targets", || {
        let found = discovered(&ours);
        if found.len() >= theirs.len() {
            Ok(found)
        } else {
            Err(theirs.difference(&found).cloned().collect::<Vec<_>>())
        }
    });
    say(&format!(
        "kubernetes: {} of {} targets of {} jobs are Prometheus's",
        found.intersection(&theirs).count(),
        theirs.len(),
        JOBS.len()
    ));
    let different: Vec<_> = found.symmetric_difference(&theirs).collect();
    assert!(different.is_empty(), "{different:#?}");
}
