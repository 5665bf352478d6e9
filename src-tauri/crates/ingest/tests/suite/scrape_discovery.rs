//! Discoveries that ask real servers: HTTP, Docker's daemon on its socket, a cluster of Kubernetes, and files that change.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use axum::response::Response;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use watchglass_configuration::{Configuration, Surroundings};
use watchglass_ingest::files::matching;
use watchglass_ingest::scrape::Scrapes;
use watchglass_storage::MemorySeries;

use super::cluster::Cluster;

/// A job that discovers, and what it knows.
struct Discovered(Scrapes);

impl Discovered {
    /// Starts a job with this discovery and nothing else. To be called within a runtime.
    fn start(discovery: &str) -> Self {
        let text = format!("scrape_configs: [{{job_name: j, {discovery}}}]");
        let files = |pattern: &Path| {
            let paths = matching(pattern).into_iter();
            paths.map(|path| (path.clone(), std::fs::read_to_string(path))).collect()
        };
        let surroundings =
            Surroundings { folder: Path::new("."), environment: &|_| None, files: &files };
        let scrapes = Scrapes::new(Arc::new(MemorySeries::new(0)));
        scrapes.apply(&Configuration::read(&text, &surroundings).unwrap());
        Self(scrapes)
    }

    /// The targets by address, each with the value of one of its labels.
    fn targets(&self, label: &str) -> Vec<String> {
        let pools = self.0.pools();
        let active = pools.iter().flat_map(|pool| &pool.active);
        let mut all: Vec<_> = active
            .map(|(target, _)| {
                format!("{} {}", target.discovered.get("__address__"), target.discovered.get(label))
            })
            .collect();
        all.sort();
        all
    }

    /// Waits until these are the targets.
    async fn wait_for(&self, label: &str, expected: &[&str]) {
        let wait = async {
            while self.targets(label) != expected {
                sleep(Duration::from_millis(10)).await;
            }
        };
        let found = timeout(Duration::from_secs(10), wait).await;
        assert!(found.is_ok(), "{:?} instead of {expected:?}", self.targets(label));
    }
}

impl Drop for Discovered {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[tokio::test]
async fn a_server_of_targets_is_asked_again_and_what_it_said_holds_while_it_fails() {
    let says: Arc<Mutex<(u16, &str, &str)>> = Arc::new(Mutex::new((
        200,
        "application/json; charset=utf-8",
        r#"[{"targets":["a:1","b:2"],"labels":{"env":"dev"}}]"#,
    )));
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let (told, headers) = (Arc::clone(&says), Arc::clone(&seen));
    let answer = move |request: Request<axum::body::Body>| {
        let header =
            |name: &str| request.headers().get(name).map(|it| it.to_str().unwrap().to_owned());
        let names = ["accept", "x-prometheus-refresh-interval-seconds", "authorization"];
        headers.lock().unwrap().push(names.map(|name| header(name).unwrap_or_default()).join(" "));
        let (status, kind, body) = *told.lock().unwrap();
        async move {
            Response::builder()
                .status(status)
                .header("content-type", kind)
                .body(body.to_owned())
                .unwrap()
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/targets", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let job = Discovered::start(&format!(
        "http_sd_configs: [{{url: '{url}', refresh_interval: 100ms, authorization: {{credentials: t}}}}]"
    ));
    job.wait_for("env", &["a:1 dev", "b:2 dev"]).await;
    assert_eq!(job.targets("__meta_url"), [format!("a:1 {url}"), format!("b:2 {url}")]);
    assert_eq!(seen.lock().unwrap()[0], "application/json 0.1 Bearer t");
    for wrong in [
        (500, "application/json", "[]"),
        (200, "text/plain", "[]"),
        (200, "application/json", "[{"),
    ] {
        *says.lock().unwrap() = wrong;
        let before = seen.lock().unwrap().len();
        while seen.lock().unwrap().len() < before + 3 {
            sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(job.targets("env"), ["a:1 dev", "b:2 dev"], "{wrong:?}");
    }
    *says.lock().unwrap() = (200, "application/json", r#"[{"targets":["c:3"]}]"#);
    job.wait_for("env", &["c:3 "]).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_docker_daemon_is_asked_on_its_socket() {
    let folder = std::env::temp_dir().join(format!("watchglass-docker-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let socket = folder.join("docker.sock");
    let listener = tokio::net::UnixListener::bind(&socket).unwrap();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let answer = move |request: Request<axum::body::Body>| {
        seen.lock().unwrap().push(request.uri().to_string());
        let answer = match request.uri().path() {
            "/containers/json" => json!([
                {"Id": "c1", "Names": ["/web"], "Labels": {"com.docker.compose.service": "web"},
                 "HostConfig": {"NetworkMode": "shop_default"},
                 "NetworkSettings": {"Networks": {"shop_default": {"NetworkID": "n1", "IPAddress": "172.18.0.2"}}},
                 "Ports": [{"PrivatePort": 80, "PublicPort": 8080, "IP": "127.0.0.1", "Type": "tcp"},
                           {"PrivatePort": 53, "Type": "udp"}]},
                {"Id": "c2", "Names": ["/host"], "Labels": null, "HostConfig": {"NetworkMode": "host"},
                 "NetworkSettings": {"Networks": {"host": {"NetworkID": "n2", "IPAddress": ""}}}, "Ports": null},
            ]),
            "/networks" => {
                json!([{"Id": "n1", "Name": "shop_default", "Scope": "local", "Labels": {"a.b": "c"}}])
            }
            _ => json!(null),
        };
        async move { axum::Json(answer) }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let job = Discovered::start(&format!(
        "docker_sd_configs: [{{host: 'unix://{}', host_networking_host: me, filters: [{{name: status, values: [running]}}]}}]",
        socket.display()
    ));
    job.wait_for("__meta_docker_container_name", &["172.18.0.2:80 /web", "me:80 /host"]).await;
    let labels = [
        ("__meta_docker_container_label_com_docker_compose_service", "web"),
        ("__meta_docker_network_name", "shop_default"),
        ("__meta_docker_network_label_a_b", "c"),
        ("__meta_docker_port_public", "8080"),
    ];
    for (name, value) in labels {
        assert_eq!(job.targets(name)[0], format!("172.18.0.2:80 {value}"), "{name}");
    }
    let filters = "/containers/json?filters=%7B%22status%22%3A%5B%22running%22%5D%7D";
    assert_eq!(asked.lock().unwrap()[0], filters);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn files_that_a_pattern_matches_come_change_and_go() {
    let folder = std::env::temp_dir().join(format!("watchglass-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("one.yml", "- targets: ['a:1']\n  labels: {env: dev}\n");
    write("other.txt", "- targets: ['x:1']\n");
    let patterns = format!("'{0}/*.yml', '{0}/*.json'", folder.display());
    let job = Discovered::start(&format!(
        "file_sd_configs: [{{files: [{patterns}], refresh_interval: 1s}}]"
    ));
    job.wait_for("env", &["a:1 dev"]).await;
    write("two.json", r#"[{"targets": ["b:2"], "labels": {"env": "two"}}]"#);
    job.wait_for("env", &["a:1 dev", "b:2 two"]).await;
    write("one.yml", "- targets: ['a:1', 'longer:1']\n");
    job.wait_for("env", &["a:1 ", "b:2 two", "longer:1 "]).await;
    std::fs::remove_file(folder.join("two.json")).unwrap();
    job.wait_for("env", &["a:1 ", "longer:1 "]).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

const PODS: &str = "/api/v1/namespaces/shop/pods";

fn pod(name: &str, address: &str) -> serde_json::Value {
    json!({
        "metadata": {"name": name, "namespace": "shop", "uid": "u", "labels": {"app.kubernetes.io/name": name}, "annotations": null},
        "spec": {"nodeName": "n1", "containers": [{"name": "main", "image": "i", "ports": [{"name": "http", "containerPort": 80, "protocol": "TCP"}]}]},
        "status": {"phase": "Running", "podIP": address, "hostIP": "10.0.0.1", "conditions": [{"type": "Ready", "status": "True"}]},
    })
}

fn kubernetes(cluster: &Cluster, more: &str) -> Discovered {
    Discovered::start(&format!(
        "kubernetes_sd_configs: [{{api_server: 'http://{}', authorization: {{credentials: t}}, {more}}}]",
        cluster.address
    ))
}

#[tokio::test]
async fn a_cluster_is_listed_in_pages_and_then_watched() {
    let cluster = Cluster::start("t").await;
    for (name, address) in [("a", "10.1.0.1"), ("b", "10.1.0.2"), ("c", "10.1.0.3"), ("starts", "")]
    {
        cluster.put(PODS, pod(name, address));
    }
    let selectors = "selectors: [{role: pod, label: 'app in (x, y)', field: spec.nodeName=n1}]";
    let job =
        kubernetes(&cluster, &format!("role: pod, namespaces: {{names: [shop]}}, {selectors}"));
    let name = "__meta_kubernetes_pod_label_app_kubernetes_io_name";
    job.wait_for(name, &["10.1.0.1:80 a", "10.1.0.2:80 b", "10.1.0.3:80 c"]).await;
    assert_eq!(cluster.asked()[0], format!("list {PODS} app in (x, y)|spec.nodeName=n1"));
    while cluster.watchers() == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    cluster.put(PODS, pod("starts", "10.1.0.4"));
    cluster.remove(PODS, pod("b", "10.1.0.2"));
    job.wait_for(name, &["10.1.0.1:80 a", "10.1.0.3:80 c", "10.1.0.4:80 starts"]).await;
    let lists =
        |cluster: &Cluster| cluster.asked().iter().filter(|it| it.starts_with("list")).count();
    let listed = lists(&cluster);
    cluster.end_watches();
    while cluster.watchers() == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    cluster.put(PODS, pod("d", "10.1.0.5"));
    job.wait_for(name, &["10.1.0.1:80 a", "10.1.0.3:80 c", "10.1.0.4:80 starts", "10.1.0.5:80 d"])
        .await;
    assert_eq!(lists(&cluster), listed, "a watch that ends is followed by the next");
    cluster.forget(PODS, pod("e", "10.1.0.6"));
    job.wait_for(name, &["10.1.0.6:80 e"]).await;
    assert!(lists(&cluster) > listed, "what is forgotten is listed anew");
}

#[tokio::test]
async fn a_cluster_is_found_by_a_kubeconfig_and_nodes_are_attached() {
    let cluster = Cluster::start("t").await;
    cluster.put("/api/v1/pods", pod("a", "10.1.0.1"));
    let mut elsewhere = pod("elsewhere", "10.1.0.2");
    elsewhere["spec"]["nodeName"] = "n2".into();
    cluster.put("/api/v1/pods", elsewhere);
    cluster.put("/api/v1/nodes", json!({"metadata": {"name": "n1", "labels": {"zone": "z"}}}));
    cluster
        .put("/api/v1/namespaces", json!({"metadata": {"name": "shop", "labels": {"team": "t"}}}));
    let file = std::env::temp_dir().join(format!("watchglass-kubeconfig-{}", std::process::id()));
    let text = format!(
        "current-context: c\nclusters: [{{name: k, cluster: {{server: 'http://{}/'}}}}]\n\
         contexts: [{{name: c, context: {{cluster: k, user: u}}}}]\nusers: [{{name: u, user: {{token: t}}}}]\n",
        cluster.address
    );
    std::fs::write(&file, text).unwrap();
    let job = Discovered::start(&format!(
        "kubernetes_sd_configs: [{{role: pod, kubeconfig_file: '{}', attach_metadata: {{node: true, namespace: true}}, selectors: [{{role: node, label: zone}}]}}]",
        file.display()
    ));
    // The server knows but one node of that selection: a pod on another is no target.
    job.wait_for("__meta_kubernetes_node_label_zone", &["10.1.0.1:80 z"]).await;
    assert_eq!(job.targets("__meta_kubernetes_namespace_label_team"), ["10.1.0.1:80 t"]);
    std::fs::remove_file(&file).unwrap();
}
