//! Mechanisms that are understood but not run: their fields and what upstream refuses about them.

use super::Discovery;
use super::docker::filters;
use crate::fault::Reading;
use crate::http::HttpClient;
use crate::url::{check_http_url, check_url, scheme_and_host};
use crate::yaml::{Fields, Node};

/// One mechanism.
pub(super) struct Mechanism {
    name: &'static str,
    pub(super) section: &'static str,
    /// Fields that hold a text.
    texts: &'static [&'static str],
    /// Fields that hold a list of texts.
    lists: &'static [&'static str],
    /// Fields that hold something else that nobody looks into.
    rest: &'static [&'static str],
    check: fn(&Fields<'_>),
}

impl Mechanism {
    pub(super) fn read(&self, node: &Node, reading: &Reading) -> Discovery {
        let fields = Fields::of(node, "SDConfig", reading);
        for name in self.texts {
            let _ = fields.text(name);
        }
        for name in self.lists {
            let _ = fields.texts(name);
        }
        for name in self.rest {
            let _ = fields.node(name);
        }
        let _ = fields.duration("refresh_interval");
        let _ = fields.integer("port");
        let _ = HttpClient::read(&fields);
        (self.check)(&fields);
        fields.finish();
        Discovery::Other(self.name)
    }
}

const AWS: &[&str] = &[
    "role",
    "endpoint",
    "region",
    "access_key",
    "secret_key",
    "profile",
    "role_arn",
    "external_id",
    "request_concurrency",
];

/// A mechanism of Amazon's; they share their fields.
const fn aws(name: &'static str, section: &'static str) -> Mechanism {
    Mechanism {
        name,
        section,
        texts: AWS,
        lists: &["clusters"],
        rest: &["filters"],
        check: check_filters,
    }
}

const fn mechanism(
    name: &'static str,
    section: &'static str,
    texts: &'static [&'static str],
    check: fn(&Fields<'_>),
) -> Mechanism {
    Mechanism { name, section, texts, lists: &[], rest: &[], check }
}

/// All that Prometheus registers beyond those that run here.
pub(super) const MECHANISMS: &[Mechanism] = &[
    aws("aws", "aws_sd_configs"),
    aws("ec2", "ec2_sd_configs"),
    aws("ecs", "ecs_sd_configs"),
    aws("elasticache", "elasticache_sd_configs"),
    aws("lightsail", "lightsail_sd_configs"),
    aws("mq", "mq_sd_configs"),
    aws("msk", "msk_sd_configs"),
    aws("rds", "rds_sd_configs"),
    mechanism(
        "azure",
        "azure_sd_configs",
        &[
            "environment",
            "subscription_id",
            "tenant_id",
            "client_id",
            "client_secret",
            "authentication_method",
            "resource_group",
        ],
        check_azure,
    ),
    Mechanism {
        name: "consul",
        section: "consul_sd_configs",
        texts: &[
            "server",
            "path_prefix",
            "token",
            "datacenter",
            "namespace",
            "partition",
            "tag_separator",
            "scheme",
            "username",
            "password",
            "filter",
            "health_filter",
        ],
        lists: &["services", "tags"],
        rest: &["allow_stale", "node_meta"],
        check: nothing,
    },
    mechanism("digitalocean", "digitalocean_sd_configs", &[], nothing),
    Mechanism {
        name: "dockerswarm",
        section: "dockerswarm_sd_configs",
        texts: &["host", "role"],
        lists: &[],
        rest: &["filters"],
        check: check_swarm,
    },
    mechanism("eureka", "eureka_sd_configs", &["server"], check_eureka),
    mechanism("gce", "gce_sd_configs", &["project", "zone", "filter", "tag_separator"], check_gce),
    mechanism("hetzner", "hetzner_sd_configs", &["role", "label_selector"], check_hetzner),
    mechanism("ionos", "ionos_sd_configs", &["datacenter_id"], check_ionos),
    mechanism("kuma", "kuma_sd_configs", &["server", "client_id", "fetch_timeout"], check_kuma),
    mechanism("linode", "linode_sd_configs", &["tag_separator", "region"], nothing),
    Mechanism {
        name: "marathon",
        section: "marathon_sd_configs",
        texts: &["auth_token", "auth_token_file"],
        lists: &["servers"],
        rest: &[],
        check: check_marathon,
    },
    Mechanism {
        name: "nerve",
        section: "nerve_sd_configs",
        texts: &["timeout"],
        lists: &["servers", "paths"],
        rest: &[],
        check: check_zookeeper,
    },
    Mechanism {
        name: "nomad",
        section: "nomad_sd_configs",
        texts: &["namespace", "region", "server", "tag_separator"],
        lists: &[],
        rest: &["allow_stale"],
        check: nothing,
    },
    Mechanism {
        name: "oci",
        section: "oci_sd_configs",
        texts: &["auth", "region", "tenancy", "user", "fingerprint", "key_file", "key_passphrase"],
        lists: &["compartments"],
        rest: &["filters", "tag_filters"],
        check: check_oci,
    },
    Mechanism {
        name: "openstack",
        section: "openstack_sd_configs",
        texts: &[
            "identity_endpoint",
            "username",
            "userid",
            "password",
            "project_name",
            "project_id",
            "domain_name",
            "domain_id",
            "application_credential_name",
            "application_credential_id",
            "application_credential_secret",
            "role",
            "region",
            "availability",
        ],
        lists: &[],
        rest: &["all_tenants"],
        check: check_openstack,
    },
    mechanism(
        "outscale",
        "outscale_sd_configs",
        &["endpoint", "region", "access_key", "secret_key", "secret_key_file"],
        check_outscale,
    ),
    mechanism(
        "ovhcloud",
        "ovhcloud_sd_configs",
        &["endpoint", "application_key", "application_secret", "consumer_key", "service"],
        check_ovhcloud,
    ),
    Mechanism {
        name: "puppetdb",
        section: "puppetdb_sd_configs",
        texts: &["url", "query"],
        lists: &[],
        rest: &["include_parameters"],
        check: check_puppetdb,
    },
    Mechanism {
        name: "scaleway",
        section: "scaleway_sd_configs",
        texts: &[
            "project_id",
            "api_url",
            "zone",
            "access_key",
            "secret_key",
            "secret_key_file",
            "name_filter",
            "role",
        ],
        lists: &["tags_filter"],
        rest: &[],
        check: check_scaleway,
    },
    Mechanism {
        name: "serverset",
        section: "serverset_sd_configs",
        texts: &["timeout"],
        lists: &["servers", "paths"],
        rest: &[],
        check: check_zookeeper,
    },
    mechanism(
        "stackit",
        "stackit_sd_configs",
        &[
            "project",
            "region",
            "endpoint",
            "service_account_key",
            "service_account_key_path",
            "private_key",
            "private_key_path",
            "credentials_file_path",
        ],
        check_stackit,
    ),
    Mechanism {
        name: "triton",
        section: "triton_sd_configs",
        texts: &["account", "role", "dns_suffix", "endpoint"],
        lists: &["groups"],
        rest: &["version"],
        check: check_triton,
    },
    mechanism(
        "uyuni",
        "uyuni_sd_configs",
        &["server", "username", "password", "entitlement", "separator"],
        check_uyuni,
    ),
    mechanism("vultr", "vultr_sd_configs", &["region", "label"], nothing),
];

const fn nothing(_: &Fields<'_>) {}

fn given(fields: &Fields<'_>, name: &'static str) -> Option<String> {
    fields.text(name).filter(|text| !text.is_empty())
}

/// Each of these must be given; the fault is what upstream says.
fn require(fields: &Fields<'_>, wanted: &[(&'static str, &str)]) {
    for (name, message) in wanted {
        if given(fields, name).is_none() {
            fields.fault(name, *message);
        }
    }
}

/// What is given must be one of these; what is not given is their first.
fn one_of(
    fields: &Fields<'_>,
    name: &'static str,
    known: &[&str],
    message: impl Fn(&str) -> String,
) {
    if let Some(text) = given(fields, name)
        && !known.contains(&text.as_str())
    {
        fields.fault(name, message(&text));
    }
}

fn check_filters(fields: &Fields<'_>) {
    for (name, values) in filters(fields) {
        if name.is_empty() || values.is_empty() {
            fields.fault("filters", "EC2 SD configuration filter values cannot be empty");
        }
    }
}

fn check_azure(fields: &Fields<'_>) {
    let message = "azure SD configuration requires a subscription_id";
    require(fields, &[("subscription_id", message)]);
    let known = ["OAuth", "ManagedIdentity", "SDK", "WorkloadIdentity"];
    one_of(fields, "authentication_method", &known, |text| {
        format!(
            "unknown authentication_type {text:?}. Supported types are \"OAuth\", \"ManagedIdentity\" or \"SDK\""
        )
    });
    if given(fields, "authentication_method").is_none_or(|method| method == "OAuth") {
        let wanted = [
            ("tenant_id", "azure SD configuration requires a tenant_id"),
            ("client_id", "azure SD configuration requires a client_id"),
            ("client_secret", "azure SD configuration requires a client_secret"),
        ];
        require(fields, &wanted);
    }
}

fn check_swarm(fields: &Fields<'_>) {
    require(
        fields,
        &[("host", "host missing"), ("role", "role missing (one of: tasks, services, nodes)")],
    );
    let known = ["services", "nodes", "tasks"];
    one_of(fields, "role", &known, |text| {
        format!("invalid role {text}, expected tasks, services, or nodes")
    });
}

fn check_eureka(fields: &Fields<'_>) {
    let server = fields.text("server").unwrap_or_default();
    if server.is_empty() {
        fields.fault("server", "eureka_sd: empty or null eureka server");
    } else if scheme_and_host(&server).1.is_empty() {
        fields.fault("server", "eureka_sd: invalid eureka server URL");
    }
}

fn check_gce(fields: &Fields<'_>) {
    let wanted = [
        ("project", "GCE SD configuration requires a project"),
        ("zone", "GCE SD configuration requires a zone"),
    ];
    require(fields, &wanted);
}

fn check_hetzner(fields: &Fields<'_>) {
    require(fields, &[("role", "role missing (one of: robot, hcloud)")]);
    one_of(fields, "role", &["robot", "hcloud"], |text| format!("unknown role {text:?}"));
}

fn check_ionos(fields: &Fields<'_>) {
    require(fields, &[("datacenter_id", "datacenter id can't be empty")]);
}

fn check_kuma(fields: &Fields<'_>) {
    let server = fields.text("server").unwrap_or_default();
    if server.is_empty() {
        fields.fault("server", "kuma SD server must not be empty");
    } else if scheme_and_host(&server).1.is_empty() {
        fields.fault("server", "kuma SD server must not be empty and have a scheme");
    }
}

fn check_marathon(fields: &Fields<'_>) {
    if fields.texts("servers").unwrap_or_default().is_empty() {
        fields.fault("servers", "marathon_sd: must contain at least one Marathon server");
    }
    let token = given(fields, "auth_token").is_some();
    let file = given(fields, "auth_token_file").is_some();
    if token && file {
        let message = "marathon_sd: at most one of auth_token & auth_token_file must be configured";
        fields.fault("auth_token_file", message);
    }
    if !token && !file {
        return;
    }
    if fields.section("basic_auth").is_some() {
        let message = "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured";
        fields.fault("basic_auth", message);
    }
    if given(fields, "bearer_token").or_else(|| given(fields, "bearer_token_file")).is_some() {
        let message = "marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured";
        fields.fault("auth_token", message);
    }
    if fields.section("authorization").is_some() {
        let message = "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured";
        fields.fault("authorization", message);
    }
}

fn check_zookeeper(fields: &Fields<'_>) {
    for (name, message) in [
        ("servers", "SD config must contain at least one Zookeeper server"),
        ("paths", "SD config must contain at least one path"),
    ] {
        if fields.texts(name).unwrap_or_default().is_empty() {
            fields.fault(name, message);
        }
    }
    for path in fields.texts("paths").unwrap_or_default() {
        if !path.starts_with('/') {
            fields.fault("paths", format!("SD config paths must begin with '/': {path}"));
        }
    }
}

fn check_oci(fields: &Fields<'_>) {
    require(fields, &[("region", "OCI SD configuration requires a region")]);
    one_of(fields, "auth", &["api_key", "instance_principal"], |text| {
        format!(
            "OCI SD unknown auth method {text:?}, expected \"api_key\" or \"instance_principal\""
        )
    });
    if given(fields, "auth").is_none_or(|auth| auth == "api_key") {
        let wanted = [
            ("tenancy", "OCI SD api_key auth requires tenancy"),
            ("user", "OCI SD api_key auth requires user"),
            ("fingerprint", "OCI SD api_key auth requires fingerprint"),
            ("key_file", "OCI SD api_key auth requires key_file"),
        ];
        require(fields, &wanted);
    }
}

fn check_openstack(fields: &Fields<'_>) {
    one_of(fields, "availability", &["public", "internal", "admin"], |text| {
        format!("unknown availability {text}, must be one of admin, internal or public")
    });
    let wanted = [
        ("role", "role missing (one of: instance, hypervisor, loadbalancer)"),
        ("region", "openstack SD configuration requires a region"),
    ];
    require(fields, &wanted);
    let known = ["instance", "hypervisor", "loadbalancer"];
    one_of(fields, "role", &known, |text| format!("unknown OpenStack SD role {text:?}"));
}

fn check_outscale(fields: &Fields<'_>) {
    if fields.text("region").is_some_and(|region| region.is_empty()) {
        fields.fault("region", "outscale SD configuration requires a region");
    }
    let secrets = ["secret_key", "secret_key_file"].map(|name| given(fields, name).is_some());
    if given(fields, "access_key").is_none() || secrets == [false; 2] {
        let message = "outscale SD configuration requires access_key and secret_key";
        fields.reading.fault(fields.place, message);
    }
    if secrets == [true; 2] {
        fields.fault(
            "secret_key_file",
            "at most one of secret_key & secret_key_file must be configured",
        );
    }
}

fn check_ovhcloud(fields: &Fields<'_>) {
    let wanted = [
        ("endpoint", "endpoint can not be empty"),
        ("application_key", "application key can not be empty"),
        ("application_secret", "application secret can not be empty"),
        ("consumer_key", "consumer key can not be empty"),
    ];
    require(fields, &wanted);
    one_of(fields, "service", &["vps", "dedicated_server"], |text| {
        format!("unknown service: {text}")
    });
}

fn check_puppetdb(fields: &Fields<'_>) {
    if let Err(message) = check_http_url(&fields.text("url").unwrap_or_default()) {
        fields.fault("url", message);
    }
    require(fields, &[("query", "query missing")]);
}

fn check_scaleway(fields: &Fields<'_>) {
    require(
        fields,
        &[("project_id", "project_id must be set"), ("access_key", "access_key must be set")],
    );
    let secrets = ["secret_key", "secret_key_file"].map(|name| given(fields, name).is_some());
    if secrets == [false; 2] {
        let message = "one of secret_key & secret_key_file must be configured";
        fields.reading.fault(fields.place, message);
    }
    if secrets == [true; 2] {
        fields.fault(
            "secret_key_file",
            "at most one of secret_key & secret_key_file must be configured",
        );
    }
    require(fields, &[("role", "role must be set (one of: instance, baremetal)")]);
    one_of(fields, "role", &["instance", "baremetal"], |text| format!("unknown role {text:?}"));
}

fn check_stackit(fields: &Fields<'_>) {
    let endpoint = fields.text("endpoint").unwrap_or_default();
    if let Err(message) = check_url(&endpoint) {
        fields.fault("endpoint", format!("stackit_sd: invalid endpoint {endpoint:?}: {message}"));
    }
}

fn check_triton(fields: &Fields<'_>) {
    let wanted = [
        ("account", "triton SD configuration requires an account"),
        ("dns_suffix", "triton SD configuration requires a dns_suffix"),
        ("endpoint", "triton SD configuration requires an endpoint"),
    ];
    require(fields, &wanted);
    one_of(fields, "role", &["container", "cn"], |_| {
        "triton SD configuration requires role to be 'container' or 'cn'".to_owned()
    });
}

fn check_uyuni(fields: &Fields<'_>) {
    let wanted = [
        ("server", "Uyuni SD configuration requires server host"),
        ("username", "Uyuni SD configuration requires a username"),
        ("password", "Uyuni SD configuration requires a password"),
    ];
    require(fields, &wanted);
}
