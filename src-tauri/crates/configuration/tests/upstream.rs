//! Upstream's own files (`config/testdata`): the good are taken, the bad are refused where and as upstream refuses them.

#![expect(clippy::unwrap_used, reason = "a test says by panicking what went wrong")]

use std::fs;
use std::path::{Path, PathBuf};

use watchglass_configuration::{Configuration, Faults, Surroundings};

fn read(path: &Path, text: &str) -> Result<Configuration, Faults> {
    let folder = path.parent().unwrap();
    let files = |pattern: &Path| {
        let name = pattern.file_name().unwrap().to_string_lossy().into_owned();
        let (start, end) = name.split_once('*').unwrap_or((&name, ""));
        let Ok(entries) = fs::read_dir(pattern.parent().unwrap()) else { return Vec::new() };
        let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| {
            let found = path.file_name().unwrap().to_string_lossy();
            if name.contains('*') {
                found.starts_with(start) && found.ends_with(end)
            } else {
                found == name.as_str()
            }
        });
        paths.map(|path| (path.clone(), fs::read_to_string(path))).collect()
    };
    let environment = |name: &str| (name == "TEST").then(|| "TestValue".to_owned());
    Configuration::read(text, &Surroundings { folder, environment: &environment, files: &files })
}

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("WATCHGLASS_CONFORMANCE").map(PathBuf::from)?;
    Some(folder.join("prometheus-config")).filter(|folder| folder.is_dir())
}

fn files(folder: &Path, ending: &str) -> Vec<(String, PathBuf, String)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, path.clone(), fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn good_files_are_taken_and_bad_ones_refused_with_line_and_words() {
    let Some(folder) = folder() else {
        println!("skipped: WATCHGLASS_CONFORMANCE names no folder with prometheus-config");
        return;
    };
    let mut wrong = Vec::new();
    let good = files(&folder, ".good.yml");
    let taken = good.iter().filter(|(name, path, text)| {
        let found = read(path, text);
        if let Err(faults) = &found {
            wrong.push(format!("{name}: {faults}"));
        }
        found.is_ok()
    });
    let taken = taken.count();
    let bad = files(&folder, ".bad.yml");
    let (mut refused, mut worded) = (0, 0);
    for (name, path, text) in &bad {
        let Err(faults) = read(path, text) else {
            wrong.push(format!("{name} is taken"));
            continue;
        };
        let place = faults.first().place;
        if place.line == 0 || place.line > text.lines().count() || place.column == 0 {
            wrong.push(format!("{name}: {place:?} is not in it"));
        }
        refused += 1;
        let Some((_, message, line)) = WORDS.iter().find(|(known, ..)| known == name) else {
            continue;
        };
        if faults.iter().any(|fault| fault.message.contains(message) && fault.place.line == *line) {
            worded += 1;
        } else {
            wrong.push(format!("{name}: line {line}: {message} is wanted, and it is\n{faults}"));
        }
    }
    println!("prometheus.yml: {taken} of {} good files taken", good.len());
    println!("prometheus.yml: {refused} of {} bad files refused", bad.len());
    println!(
        "prometheus.yml: {worded} of {} refused in upstream's words at the line that is wrong",
        WORDS.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files, what upstream says of them (`expectedErrors` in `config_test.go`), and the line where it is wrong.
const WORDS: &[(&str, &str, usize)] = &[
    ("azure_authentication_method.bad.yml", "unknown authentication_type \"invalid\"", 3),
    (
        "azure_bearertoken_basicauth.bad.yml",
        "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured",
        9,
    ),
    ("azure_client_id_missing.bad.yml", "azure SD configuration requires a client_id", 6),
    ("azure_client_secret_missing.bad.yml", "azure SD configuration requires a client_secret", 7),
    (
        "azure_subscription_id_missing.bad.yml",
        "azure SD configuration requires a subscription_id",
        4,
    ),
    ("azure_tenant_id_missing.bad.yml", "azure SD configuration requires a tenant_id", 5),
    (
        "bearertoken.bad.yml",
        "at most one of bearer_token & bearer_token_file must be configured",
        5,
    ),
    (
        "bearertoken_basicauth.bad.yml",
        "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured",
        5,
    ),
    (
        "dropequal.bad.yml",
        "relabel configuration for dropequal action requires 'target_label' value",
        4,
    ),
    (
        "dropequal1.bad.yml",
        "dropequal action requires only 'source_labels' and `target_label`, and no other fields",
        5,
    ),
    ("ec2_filters_empty_values.bad.yml", "EC2 SD configuration filter values cannot be empty", 6),
    ("empty_alert_relabel_config.bad.yml", "empty or null alert relabeling rule", 3),
    (
        "empty_alertmanager_relabel_config.bad.yml",
        "empty or null Alertmanager target relabeling rule",
        4,
    ),
    ("empty_metric_relabel_config.bad.yml", "empty or null metric relabeling rule", 4),
    ("empty_rr_config.bad.yml", "empty or null remote read config section", 2),
    ("empty_rw_config.bad.yml", "empty or null remote write config section", 2),
    ("empty_rw_relabel_config.bad.yml", "empty or null relabeling rule in remote write config", 4),
    ("empty_scrape_config.bad.yml", "empty or null scrape config section", 2),
    ("empty_scrape_config_action.bad.yml", "relabel action cannot be empty", 4),
    ("empty_static_config.bad.yml", "empty or null section in static_configs", 4),
    ("empty_target_relabel_config.bad.yml", "empty or null target relabeling rule", 4),
    ("eureka_invalid_server.bad.yml", "invalid eureka server URL", 4),
    ("eureka_no_server.bad.yml", "empty or null eureka server", 4),
    ("hetzner_role.bad.yml", "unknown role", 3),
    (
        "http_token_file.bad.yml",
        "at most one of bearer_token & bearer_token_file must be configured",
        6,
    ),
    ("http_url_bad_scheme.bad.yml", "URL scheme must be 'http' or 'https'", 3),
    ("http_url_no_host.bad.yml", "host is missing in URL", 3),
    ("http_url_no_scheme.bad.yml", "URL scheme must be 'http' or 'https'", 3),
    ("ionos_datacenter.bad.yml", "datacenter id can't be empty", 3),
    ("jobname.bad.yml", "job_name is empty", 2),
    ("jobname_dup.bad.yml", "found multiple scrape configs with job name \"prometheus\"", 7),
    (
        "kubernetes_api_server_with_own_namespace.bad.yml",
        "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously",
        6,
    ),
    (
        "kubernetes_authorization_basicauth.bad.yml",
        "at most one of basic_auth, oauth2 & authorization must be configured",
        10,
    ),
    (
        "kubernetes_http_config_without_api_server.bad.yml",
        "to use custom HTTP client configuration please provide the 'api_server' URL explicitly",
        4,
    ),
    (
        "kubernetes_kubeconfig_with_apiserver.bad.yml",
        "cannot use 'kubeconfig_file' and 'api_server' simultaneously",
        6,
    ),
    (
        "kubernetes_kubeconfig_with_http_config.bad.yml",
        "cannot use a custom HTTP client configuration together with 'kubeconfig_file'",
        5,
    ),
    (
        "kubernetes_kubeconfig_with_own_namespace.bad.yml",
        "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously",
        6,
    ),
    ("kubernetes_namespace_discovery.bad.yml", "field foo not found in type kubernetes.plain", 6),
    ("kubernetes_role.bad.yml", "role", 4),
    ("kubernetes_selectors_duplicated_role.bad.yml", "duplicated selector role: pod", 5),
    (
        "kubernetes_selectors_endpoints.bad.yml",
        "endpoints role supports only pod, service, endpoints selectors",
        5,
    ),
    (
        "kubernetes_selectors_incorrect_selector.bad.yml",
        "invalid selector: 'metadata.status-Running'; can't understand 'metadata.status-Running'",
        5,
    ),
    ("kubernetes_selectors_node.bad.yml", "node role supports only node selectors", 5),
    ("labeldrop.bad.yml", "labeldrop action requires only 'regex', and no other fields", 5),
    ("labelkeep5.bad.yml", "labelkeep action requires only 'regex', and no other fields", 5),
    (
        "marathon_authtoken_authorization.bad.yml",
        "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured",
        9,
    ),
    ("marathon_no_servers.bad.yml", "marathon_sd: must contain at least one Marathon server", 9),
    ("modulus_missing.bad.yml", "relabel configuration for hashmod requires non-zero modulus", 4),
    ("oci_authentication_method.bad.yml", "OCI SD unknown auth method \"invalid\"", 3),
    (
        "openstack_availability.bad.yml",
        "unknown availability invalid, must be one of admin, internal or public",
        3,
    ),
    ("openstack_role.bad.yml", "unknown OpenStack SD role", 3),
    ("otlp_allow_utf8.bad.yml", "unsupported OTLP translation strategy \"Invalid\"", 4),
    (
        "otlp_ignore_resource_attributes_without_promote_all.bad.yml",
        "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true",
        2,
    ),
    (
        "otlp_promote_all_resource_attributes.bad.yml",
        "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously",
        3,
    ),
    (
        "otlp_sanitize_promote_resource_attributes.bad.yml",
        "duplicated promoted OTel resource attribute \"k8s.job.name\"",
        2,
    ),
    ("ovhcloud_bad_service.bad.yml", "unknown service: fakeservice", 3),
    ("ovhcloud_no_secret.bad.yml", "application secret can not be empty", 3),
    ("puppetdb_bad_url.bad.yml", "host is missing in URL", 3),
    ("puppetdb_no_query.bad.yml", "query missing", 3),
    ("puppetdb_no_scheme.bad.yml", "URL scheme must be 'http' or 'https'", 3),
    ("puppetdb_no_url.bad.yml", "URL is missing", 3),
    ("regex.bad.yml", "error parsing regexp: missing closing ): `^(?s:abc(def)$`", 4),
    ("remote_read_dup.bad.yml", "found multiple remote read configs with job name \"queue1\"", 5),
    (
        "remote_read_header.bad.yml",
        "x-prometheus-remote-write-version is a reserved header. It must not be changed",
        5,
    ),
    ("remote_read_url_missing.bad.yml", "url for remote_read is empty", 2),
    (
        "remote_write_authorization_header.bad.yml",
        "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter",
        5,
    ),
    ("remote_write_dup.bad.yml", "found multiple remote write configs with job name \"queue1\"", 5),
    (
        "remote_write_wrong_msg.bad.yml",
        "invalid protobuf_message value: unknown type for remote write protobuf message io.prometheus.writet.v2.Request, supported: prometheus.WriteRequest, io.prometheus.write.v2.Request",
        3,
    ),
    ("remote_write_url_missing.bad.yml", "url for remote_write is empty", 2),
    ("rules.bad.yml", "invalid rule file path \"my/*/rule\"", 3),
    ("scaleway_no_secret.bad.yml", "one of secret_key & secret_key_file must be configured", 3),
    ("scaleway_role.bad.yml", "unknown role \"invalid\"", 3),
    (
        "scaleway_two_secrets.bad.yml",
        "at most one of secret_key & secret_key_file must be configured",
        6,
    ),
    ("scrape_body_size_limit.bad.yml", "units: unknown unit  in 100", 3),
    (
        "scrape_config_files_fallback_scrape_protocol1.bad.yml",
        "invalid fallback_scrape_protocol for scrape config with job name \"node\": unknown scrape protocol prometheusproto, supported: [OpenMetricsText0.0.1 OpenMetricsText1.0.0 PrometheusProto PrometheusText0.0.4 PrometheusText1.0.0]",
        3,
    ),
    (
        "scrape_config_files_fallback_scrape_protocol2.bad.yml",
        "cannot unmarshal !!seq into string",
        3,
    ),
    (
        "scrape_config_files_glob.bad.yml",
        "invalid scrape config file path \"scrape_configs/*/*\"",
        2,
    ),
    (
        "scrape_config_files_global.bad.yml",
        "scrape timeout greater than scrape interval for scrape config with job name \"prometheus\"",
        2,
    ),
    (
        "scrape_config_files_duplicate.bad.yml",
        "found multiple scrape configs with job name \"prometheus\"",
        2,
    ),
    (
        "scrape_config_files_scrape_protocols.bad.yml",
        "scrape_protocols: unknown scrape protocol prometheusproto",
        3,
    ),
    (
        "scrape_config_files_scrape_protocols2.bad.yml",
        "duplicated protocol in scrape_protocols, got [OpenMetricsText1.0.0 PrometheusProto OpenMetricsText1.0.0] for scrape config with job name \"node\"",
        3,
    ),
    (
        "scrape_config_utf8_conflicting.bad.yml",
        "utf8 metric names requested but validation scheme is not set to UTF8",
        5,
    ),
    (
        "scrape_interval.bad.yml",
        "scrape timeout greater than scrape interval for scrape config with job name \"prometheus\"",
        4,
    ),
    ("section_key_dup.bad.yml", "field scrape_configs already set in type config.plain", 4),
    ("stackit_endpoint.bad.yml", "invalid endpoint", 4),
    (
        "target_label_hashmod_missing.bad.yml",
        "relabel configuration for hashmod action requires 'target_label' value",
        4,
    ),
    (
        "target_label_missing.bad.yml",
        "relabel configuration for replace action requires 'target_label' value",
        4,
    ),
    (
        "tracing_invalid_authorization_header.bad.yml",
        "authorization header configuration is not yet supported",
        5,
    ),
    (
        "tracing_invalid_compression.bad.yml",
        "invalid compression type foo provided, valid options: gzip",
        4,
    ),
    (
        "tracing_invalid_header.bad.yml",
        "x-prometheus-remote-write-version is a reserved header. It must not be changed",
        5,
    ),
    ("tracing_missing_endpoint.bad.yml", "tracing endpoint must be set", 2),
    ("unknown_attr.bad.yml", "field consult_sd_configs not found in type", 19),
    ("unknown_global_attr.bad.yml", "field nonexistent_field not found in type config.plain", 2),
    ("url_in_targetgroup.bad.yml", "\"http://bad\" is not a valid hostname", 5),
    ("uyuni_no_server.bad.yml", "Uyuni SD configuration requires server host", 4),
];

#[test]
fn external_labels_refer_to_the_environment() {
    let text = "global: {external_labels: {bar: foo, baz: 'foo${TEST}bar', foo: '${TEST}', qux: 'foo$${TEST}', xyz: 'foo$$bar'}}";
    let found = read(Path::new("folder/prometheus.yml"), text).unwrap();
    let labels: Vec<_> = found.global.external_labels.iter().collect();
    let wanted = [
        ("bar", "foo"),
        ("baz", "fooTestValuebar"),
        ("foo", "TestValue"),
        ("qux", "foo${TEST}"),
        ("xyz", "foo$bar"),
    ];
    assert_eq!(labels, wanted);
}

#[test]
fn what_a_file_does_not_say_is_filled_in() {
    let text = "global: {scrape_interval: 5s, sample_limit: 7}\nscrape_configs: [{job_name: a}, {job_name: b, scrape_timeout: 2s, scrape_native_histograms: true}]";
    let found = read(Path::new("folder/prometheus.yml"), text).unwrap();
    let [a, b] = &found.scrape_configs[..] else { panic!("two jobs") };
    assert_eq!(
        (a.scrape_interval.as_secs(), a.scrape_timeout.as_secs(), a.limits.samples),
        (5, 5, 7)
    );
    assert_eq!(
        (b.scrape_timeout.as_secs(), a.metrics_path.as_str(), a.scheme.as_str()),
        (2, "/metrics", "http")
    );
    assert_eq!(a.scrape_protocols.len() + 1, b.scrape_protocols.len());
    assert_eq!(b.scrape_protocols[0], "PrometheusProto");
}

#[test]
fn scalars_keep_their_text_and_aliases_and_merges_work() {
    let text = "
base: &base {v: 1.0, yes: yes}
scrape_configs:
- job_name: 0755
  static_configs: [{targets: [a:1], labels: {<<: *base, octal: 0755}}]";
    let faults = read(Path::new("folder/prometheus.yml"), text).unwrap_err();
    assert_eq!(faults.to_string(), "line 2: field base not found in type config.plain");
    let text = "
global: {external_labels: &base {v: 1.0, yes: yes}}
scrape_configs:
- job_name: 0755
  static_configs: [{targets: [a:1], labels: {<<: *base, octal: 0755}}]";
    let found = read(Path::new("folder/prometheus.yml"), text).unwrap();
    assert_eq!(found.scrape_configs[0].job_name, "0755");
    let watchglass_configuration::Discovery::Static(groups) =
        &found.scrape_configs[0].discoveries[0]
    else {
        panic!()
    };
    let labels: Vec<_> = groups[0].labels.iter().collect();
    assert_eq!(labels, [("octal", "0755"), ("v", "1.0"), ("yes", "yes")]);
}

#[test]
fn a_file_that_stands_for_a_huge_one_is_refused() {
    let mut lines = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x, x]".to_owned()];
    for depth in 1..12 {
        let aliases = vec![format!("*a{}", depth - 1); 10].join(", ");
        lines.push(format!("a{depth}: &a{depth} [{aliases}]"));
    }
    let faults = read(Path::new("folder/prometheus.yml"), &lines.join("\n")).unwrap_err();
    assert!(faults.to_string().contains("aliases resolved"), "{faults}");
}
