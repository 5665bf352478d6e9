//! `watchglass doctor` names each mistake of a sender, and `watchglass run` records a run and points it here.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use crate::clients::python;
use crate::compare::{EVER, text};
use crate::instance::{Ended, Instance, beside_others, http, run, scratch, until};

/// Asks the doctor about an instance.
fn doctor(instance: &Instance) -> Ended {
    run(&["doctor", "--listen", &instance.listen])
}

/// The doctor names the mistake and says what to do.
fn assert_named(instance: &Instance, kind: &str, remedy: &str) {
    let mistakes = until(kind, || {
        let mistakes = instance.get("/api/mistakes");
        let all = mistakes["mistakes"].as_array().unwrap();
        if all.iter().any(|it| it["kind"] == kind) { Ok(mistakes) } else { Err(mistakes) }
    });
    let all = mistakes["mistakes"].as_array().unwrap();
    let title = text(all.iter().find(|it| it["kind"] == kind).unwrap(), "title").to_owned();
    let said = doctor(instance);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains(&title) && said.out.contains(remedy), "{kind}: {}", said.out);
}

/// Sends bytes and reads until the other side closes or has answered.
fn speak(address: &str, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
    stream.write_all(bytes).unwrap();
    // What comes back is another test's affair; a reset is an answer too.
    let _ = stream.read(&mut [0; 512]);
}

#[test]
fn nothing_wrong_is_exit_zero() {
    let _beside = beside_others();
    let instance = Instance::start();
    let said = doctor(&instance);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("All is well"), "{said:?}");
    assert!(said.out.contains(&instance.otlp_grpc), "{said:?}");
}

#[test]
fn nothing_running_is_a_fault() {
    let _beside = beside_others();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let said = run(&["doctor", "--listen", &free]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains(&format!("no Watchglass answers at {free}")), "{said:?}");
}

#[test]
fn grpc_to_the_port_for_http() {
    let _beside = beside_others();
    let instance = Instance::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sent = runtime.block_on(crate::load::one_span_over_grpc(&instance.otlp_http));
    let refused = sent.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unimplemented, "{refused:?}");
    assert!(refused.message().contains(&instance.otlp_grpc), "{refused:?}");
    assert_named(&instance, "grpc_on_http_port", &instance.otlp_grpc);
}

#[test]
fn http_to_the_port_for_grpc() {
    let _beside = beside_others();
    let instance = Instance::start();
    let url = format!("http://{}/v1/traces", instance.otlp_grpc);
    let response =
        http().post(url).header("content-type", "application/json").body("{}").send().unwrap();
    assert_eq!(response.status().as_u16(), 400);
    assert!(response.text().unwrap().contains(&instance.otlp_http));
    assert_named(&instance, "http_on_grpc_port", &instance.otlp_http);
}

#[test]
fn a_wrong_path() {
    let _beside = beside_others();
    let instance = Instance::start();
    let response = instance.export("/v1/traces/v1/traces", "application/json", b"{}".to_vec());
    assert_eq!(response.status().as_u16(), 404);
    assert_named(&instance, "wrong_path", "give the address alone");
}

#[test]
fn json_with_the_type_of_protobuf() {
    let _beside = beside_others();
    let instance = Instance::start();
    let body = br#"{"resourceSpans": []}"#.to_vec();
    let response = instance.export("/v1/traces", "application/x-protobuf", body);
    assert_eq!(response.status().as_u16(), 400);
    assert_named(&instance, "json_as_protobuf", "application/json");
}

#[test]
fn tls_to_a_plain_port() {
    let _beside = beside_others();
    let instance = Instance::start();
    for address in [&instance.otlp_grpc, &instance.otlp_http, &instance.listen] {
        speak(address, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00");
    }
    assert_named(&instance, "tls_on_plain_port", "http:// in the endpoint instead of https://");
    let mistakes = instance.get("/api/mistakes");
    assert_eq!(mistakes["mistakes"].as_array().unwrap().len(), 3, "{mistakes}");
}

#[test]
fn a_port_that_is_held() {
    let _beside = beside_others();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let data = scratch();
    let instance = Instance::start_with(data.path(), &["--otlp-http", &address]);
    assert_named(&instance, "port_taken", "--otlp-http 127.0.0.1:PORT");
    let said = doctor(&instance);
    assert!(said.out.contains(&format!("pid {}", std::process::id())), "{}", said.out);
}

const SCRIPT: &str = "
import json, os, sys, urllib.request
endpoint = os.environ['OTEL_EXPORTER_OTLP_ENDPOINT']
pairs = [pair.split('=', 1) for pair in os.environ['OTEL_RESOURCE_ATTRIBUTES'].split(',')]
pairs.append(['service.name', os.environ['OTEL_SERVICE_NAME']])
attributes = [{'key': key, 'value': {'stringValue': value}} for key, value in pairs]
span = {'traceId': '0' * 31 + 'a', 'spanId': '0' * 15 + 'b', 'name': os.environ['OTEL_EXPORTER_OTLP_PROTOCOL']}
body = {'resourceSpans': [{'resource': {'attributes': attributes}, 'scopeSpans': [{'spans': [span]}]}]}
headers = {'content-type': 'application/json'}
request = urllib.request.Request(endpoint + '/v1/traces', json.dumps(body).encode(), headers)
urllib.request.urlopen(request).read()
print('said on standard output')
sys.exit(42)
";

#[test]
fn a_run_is_recorded_and_pointed_here() {
    let _beside = beside_others();
    let instance = Instance::start();
    let python = python().get_program().to_string_lossy().into_owned();
    let words = ["run", "--listen", &instance.listen, "--", &python, "-c", SCRIPT];
    let ended = run(&words);
    assert_eq!(ended.code, Some(42), "{ended:?}");
    assert_eq!(ended.out, "said on standard output\n");
    let runs = instance.get("/api/runs");
    let recorded: &Value = &runs["runs"][0];
    assert_eq!(recorded["exit_code"], 42, "{runs}");
    assert_eq!(recorded["command"][0], python.as_str());
    let times = ["start", "end"].map(|field| text(recorded, field).parse::<u64>().unwrap());
    assert!(times[0] < times[1], "{runs}");
    let id = text(recorded, "id");
    let found = instance.get(&format!("/api/traces?{EVER}&attribute=watchglass.run.id%3D{id}"));
    assert_eq!(found["traces"][0]["root_operation"], "http/protobuf", "{found}");
    assert_eq!(found["traces"][0]["root_service"], recorded["service"], "{found}");
}

#[test]
fn a_run_without_an_instance_says_so() {
    let _beside = beside_others();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let ended = run(&["run", "--listen", &free, "--", "true"]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.err.contains(&free), "{ended:?}");
}
