//! Who may speak to it and whom it speaks to: web pages of others may not, and nothing leaves this machine.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::compare::EVER;
use crate::load::{endpoint, span, spans};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;

use crate::instance::{Instance, beside_others, http, program, say, scratch};

/// Asks with a header; gives the code.
fn code(address: &str, path: &str, header: (&str, &str)) -> u16 {
    let request = http().get(format!("http://{address}{path}")).header(header.0, header.1);
    request.send().unwrap().status().as_u16()
}

fn surfaces(instance: &Instance) -> [(&str, &str); 2] {
    [(&instance.listen, "/api/status"), (&instance.otlp_http, "/v1/traces")]
}

/// Sends a span over gRPC as a foreigner: under the name of another host, or for a web page.
fn grpc_refusal(instance: &Instance, host: Option<&str>, origin: Option<&str>) -> tonic::Code {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut endpoint = endpoint(&instance.otlp_grpc);
        if let Some(host) = host {
            endpoint = endpoint.origin(format!("http://{host}").parse().unwrap());
        }
        let channel = endpoint.connect().await.unwrap();
        let mut request = tonic::Request::new(spans("foreign", vec![span(1, 1, "foreign")]));
        if let Some(origin) = origin {
            request.metadata_mut().insert("origin", origin.parse().unwrap());
        }
        let sent = TraceServiceClient::new(channel).export(request).await;
        sent.map_or_else(|status| status.code(), |_| tonic::Code::Ok)
    })
}

#[test]
fn grpc_of_a_foreigner_is_refused() {
    let _beside = beside_others();
    let instance = Instance::start();
    let refused = tonic::Code::PermissionDenied;
    assert_eq!(grpc_refusal(&instance, Some("evil.test:4317"), None), refused);
    assert_eq!(grpc_refusal(&instance, None, Some("https://evil.test")), refused);
    // HTTP that is not gRPC is refused as such, whoever sends it.
    assert_eq!(code(&instance.otlp_grpc, "/v1/traces", ("host", "evil.test")), 400);
    assert_eq!(instance.get(&format!("/api/traces?{EVER}"))["matched"], 0);
    assert_eq!(grpc_refusal(&instance, None, None), tonic::Code::Ok);
}

#[test]
fn a_foreign_host_is_misdirected() {
    let _beside = beside_others();
    let instance = Instance::start();
    for (address, path) in surfaces(&instance) {
        let port = address.rsplit(':').next().unwrap();
        for host in
            ["evil.test", &format!("evil.test:{port}"), "127.0.0.1:1", "localhost.evil.test"]
        {
            assert_eq!(code(address, path, ("host", host)), 421, "{host} at {address}{path}");
        }
    }
    for host in ["localhost", "[::1]", "127.0.0.1"] {
        let port = instance.listen.rsplit(':').next().unwrap();
        let host = format!("{host}:{port}");
        assert_eq!(code(&instance.listen, "/api/status", ("host", &host)), 200, "{host}");
    }
}

#[test]
fn a_foreign_origin_is_forbidden() {
    let _beside = beside_others();
    let instance = Instance::start();
    for (address, path) in surfaces(&instance) {
        for origin in ["https://evil.test", "null", "http://localhost:1"] {
            assert_eq!(code(address, path, ("origin", origin)), 403, "{origin} at {address}{path}");
        }
    }
    for (address, path) in [(&instance.listen, "/api/status"), (&instance.listen, "/")] {
        let site = ("sec-fetch-site", "cross-site");
        assert_eq!(code(address, path, site), 403, "{path}");
    }
    let own = format!("http://{}", instance.listen);
    assert_eq!(code(&instance.listen, "/api/status", ("origin", &own)), 200);
    let preflight = http().request(reqwest::Method::OPTIONS, format!("{own}/v1/traces"));
    let preflight = preflight.header("origin", "https://evil.test");
    let response = preflight.header("access-control-request-method", "POST").send().unwrap();
    assert_eq!(response.status().as_u16(), 403);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

#[test]
fn what_a_form_can_send_is_not_taken() {
    let _beside = beside_others();
    let instance = Instance::start();
    let form = "application/x-www-form-urlencoded";
    for (address, path) in [
        (&instance.otlp_http, "/v1/traces"),
        (&instance.listen, "/v1/traces"),
        (&instance.listen, "/api/runs"),
    ] {
        for given in ["text/plain", form, "multipart/form-data; boundary=x"] {
            let url = format!("http://{address}{path}");
            let request = http().post(url).header("content-type", given).body("{}");
            assert_eq!(request.send().unwrap().status().as_u16(), 415, "{given} at {path}");
        }
    }
    let url = format!("http://{}/v1/traces", instance.otlp_grpc);
    let response = http().post(url).header("content-type", "text/plain").body("{}").send().unwrap();
    assert!([400, 415].contains(&response.status().as_u16()), "{}", response.status());
    let status = instance.get("/api/status");
    for receiver in status["receivers"].as_array().unwrap() {
        assert_eq!(receiver["spans"], 0, "{receiver}");
    }
}

/// A line of /proc/net/tcp or tcp6: local address, remote address, state.
struct Socket {
    local: String,
    remote: String,
    state: String,
}

const LISTEN: &str = "0A";

/// The TCP sockets of a process.
fn sockets(pid: u32) -> Vec<Socket> {
    let folder = format!("/proc/{pid}");
    let files = fs::read_dir(format!("{folder}/fd")).unwrap();
    let links = files.filter_map(|file| fs::read_link(file.unwrap().path()).ok());
    let own: BTreeSet<String> = links.filter_map(|link| inode(link.to_str()?)).collect();
    let tables = ["tcp", "tcp6"].map(|table| {
        // There is no IPv6 on some machines.
        fs::read_to_string(format!("{folder}/net/{table}")).unwrap_or_default()
    });
    let rows = tables.iter().flat_map(|table| table.lines());
    rows.filter_map(|row| {
        let fields: Vec<&str> = row.split_whitespace().collect();
        own.contains(*fields.get(9)?).then(|| Socket {
            local: fields[1].to_owned(),
            remote: fields[2].to_owned(),
            state: fields[3].to_owned(),
        })
    })
    .collect()
}

/// The number in `socket:[4711]`.
fn inode(link: &str) -> Option<String> {
    Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
}

fn is_loopback(address: &str) -> bool {
    let host = address.split(':').next().unwrap();
    match host.len() {
        8 => host.ends_with("7F"),
        // ::1, and 127.x as IPv6 writes it; the kernel prints words of four bytes.
        _ => {
            host == "00000000000000000000000001000000"
                || host.starts_with("0000000000000000FFFF0000") && host.ends_with("7F")
        }
    }
}

#[test]
fn it_listens_on_loopback_alone() {
    let _beside = beside_others();
    // All that the command line can open, the standard ports included.
    let data = scratch();
    let instance = Instance::start_with(data.path(), &["--ports", "standard"]);
    let all = sockets(instance.pid());
    let listening: Vec<_> = all.iter().filter(|socket| socket.state == LISTEN).collect();
    assert!(listening.len() >= 3, "{} listeners found", listening.len());
    for socket in listening {
        assert!(is_loopback(&socket.local), "{} is not loopback", socket.local);
    }
}

#[test]
fn nothing_but_loopback_can_be_asked_for() {
    let _beside = beside_others();
    for flag in ["--listen", "--otlp-grpc", "--otlp-http"] {
        for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
            let ended = crate::instance::run(&["serve", flag, address]);
            assert_eq!(ended.code, Some(2), "{flag} {address}: {ended:?}");
        }
    }
}

/// Where the only network is loopback, the kernel counts every attempt to reach anything else.
const IN_A_NETWORK_OF_ITS_OWN: &str = r#"
    set -e
    ip link set lo up
    without_route() {
        awk '/^Ip:/ { if (!column) { for (i = 1; i <= NF; i++) if ($i == "OutNoRoutes") column = i } else print $column }' /proc/net/snmp
        awk '/^Ip6OutNoRoutes/ { print $2 }' /proc/net/snmp6
    }
    "$@" & pid=$!
    sleep 4
    echo "attempts" $(without_route)
    kill $pid
    wait $pid || true
    bash -c 'echo x > /dev/udp/198.51.100.1/9' 2> /dev/null || true
    echo "then" $(without_route)
"#;

#[test]
fn nothing_is_sent_beyond_loopback() {
    let _beside = beside_others();
    if !rustix::process::geteuid().is_root() {
        say("skipped safety::nothing_is_sent_beyond_loopback: a network namespace needs root");
        return;
    }
    let data = scratch();
    let mut command = Command::new("unshare");
    command.args(["--net", "sh", "-c", IN_A_NETWORK_OF_ITS_OWN, "sh"]).arg(program());
    command.args(["demo", "--headless", "--listen", "127.0.0.1:0", "--otlp-grpc", "127.0.0.1:0"]);
    command.args(["--otlp-http", "127.0.0.1:0", "--data"]).arg(data.path());
    let output = command.output().unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("The demo shop is open"), "{out}{err}");
    assert!(out.contains("attempts 0 0\n"), "{out}{err}");
    assert!(out.contains("then 1 0\n"), "the count would not show an attempt: {out}{err}");
}

#[test]
fn its_connections_stay_on_loopback() {
    let _beside = beside_others();
    let instance = Instance::start();
    for _ in 0..50 {
        instance.get("/api/status");
        for socket in sockets(instance.pid()).iter().filter(|socket| socket.state != LISTEN) {
            assert!(is_loopback(&socket.remote), "it speaks to {}", socket.remote);
        }
    }
}
