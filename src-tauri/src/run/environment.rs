//! The `OTEL_*` variables that a run gets, and the name it goes by.
//!
//! OTLP goes over HTTP with protobuf, because that is what most SDKs can do without another package: it is the
//! specification's default, the only one that Node's auto-instrumentation, the browser and .NET's zero-code agent
//! carry, and Java's, Go's (autoexport) and Python's (distro) switch to it by `OTEL_EXPORTER_OTLP_PROTOCOL`. Python's
//! distro defaults to gRPC, so the protocol is always said. A program that builds a gRPC exporter by hand ignores the
//! protocol and sends gRPC to the HTTP port, where it is told so.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// A name and its new value, or none where the variable must go.
pub(crate) type Variable = (&'static str, Option<OsString>);

/// Where a run's telemetry goes and what it is called.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// The base address of OTLP over HTTP.
    pub(crate) endpoint: String,
    /// The `service.name`.
    pub(crate) service: String,
    /// The run's id.
    pub(crate) run_id: String,
}

/// Variables that would send one signal elsewhere or in another way.
const IN_THE_WAY: [&str; 8] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
    // Credentials for another backend.
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_CONFIG_FILE",
];

/// What is set only where the user has not said otherwise. Intervals are those of a person who waits, not of a fleet.
const UNLESS_SET: [(&str, &str); 7] = [
    ("OTEL_TRACES_EXPORTER", "otlp"),
    ("OTEL_METRICS_EXPORTER", "otlp"),
    ("OTEL_LOGS_EXPORTER", "otlp"),
    ("OTEL_BSP_SCHEDULE_DELAY", "500"),
    ("OTEL_BLRP_SCHEDULE_DELAY", "500"),
    ("OTEL_METRIC_EXPORT_INTERVAL", "5000"),
    ("OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED", "true"),
];

/// Programs that run others: the folder says more about what runs than they do.
const RUNNERS: [&str; 40] = [
    "bash",
    "bazel",
    "bun",
    "bundle",
    "cargo",
    "deno",
    "docker",
    "dotnet",
    "env",
    "fish",
    "flask",
    "go",
    "gradle",
    "gradlew",
    "gunicorn",
    "hatch",
    "java",
    "just",
    "make",
    "mvn",
    "mvnw",
    "node",
    "npm",
    "npx",
    "opentelemetry-instrument",
    "pdm",
    "php",
    "pipenv",
    "pnpm",
    "poetry",
    "python",
    "rails",
    "ruby",
    "sh",
    "task",
    "tsx",
    "uv",
    "uvicorn",
    "yarn",
    "zsh",
];

/// A variable of this process, if it is there and not empty.
pub(crate) fn present(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// What changes in a run's environment, given what is there.
pub(crate) fn variables(
    target: &Target,
    present: impl Fn(&str) -> Option<OsString>,
) -> Vec<Variable> {
    let mut all: Vec<Variable> = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Some(target.endpoint.clone().into())),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", Some("http/protobuf".into())),
    ];
    all.extend(IN_THE_WAY.into_iter().filter(|name| present(name).is_some()).map(|it| (it, None)));
    for (name, value) in UNLESS_SET {
        if present(name).is_none() {
            all.push((name, Some(value.into())));
        }
    }
    let mut attributes = present("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    if present("OTEL_SERVICE_NAME").is_none() && !names_service(&attributes) {
        all.push(("OTEL_SERVICE_NAME", Some(target.service.clone().into())));
    }
    if !attributes.is_empty() {
        attributes.push(",");
    }
    attributes.push(format!("watchglass.run.id={}", target.run_id));
    all.push(("OTEL_RESOURCE_ATTRIBUTES", Some(attributes)));
    all.extend(around_proxies(present));
    all
}

/// The name that the command's telemetry will carry.
pub(crate) fn service_name(
    command: &[OsString],
    folder: &Path,
    present: impl Fn(&str) -> Option<OsString>,
) -> String {
    if let Some(name) = present("OTEL_SERVICE_NAME") {
        return name.to_string_lossy().into_owned();
    }
    let attributes = present("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let attributes = attributes.to_string_lossy().into_owned();
    let mut pairs = attributes.split(',').filter_map(|pair| pair.split_once('='));
    if let Some((_, name)) = pairs.find(|(key, _)| key.trim() == "service.name") {
        return name.trim().to_owned();
    }
    let program = command.first().map(Path::new).and_then(Path::file_stem);
    let program = program.map(OsStr::to_string_lossy).unwrap_or_default();
    // `python3.12` runs others as `python` does.
    let plain = program.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let folder = folder.file_name().map(OsStr::to_string_lossy);
    match folder {
        Some(folder) if RUNNERS.contains(&plain) || program.is_empty() => folder.into_owned(),
        _ => program.into_owned(),
    }
}

fn names_service(attributes: &OsStr) -> bool {
    let text = attributes.to_string_lossy();
    text.split(',').any(|pair| pair.trim_start().starts_with("service.name="))
}

/// Some exporters obey proxies even for loopback.
fn around_proxies(present: impl Fn(&str) -> Option<OsString>) -> Vec<Variable> {
    if present("HTTP_PROXY").is_none() && present("http_proxy").is_none() {
        return Vec::new();
    }
    let but = ["NO_PROXY", "no_proxy"].map(|name| {
        let mut hosts = present(name).unwrap_or_default();
        if !hosts.is_empty() {
            hosts.push(",");
        }
        hosts.push("127.0.0.1,localhost");
        (name, Some(hosts))
    });
    but.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target {
            endpoint: "http://127.0.0.1:4318".to_owned(),
            service: "shop".to_owned(),
            run_id: "0a".to_owned(),
        }
    }

    /// `name=value`, or `name` alone where it is taken away; none where it is left as it is.
    fn found(set: &[(&str, &str)], name: &str) -> Option<String> {
        let present = |asked: &str| {
            set.iter().find(|(name, _)| *name == asked).map(|(_, value)| OsString::from(value))
        };
        let all = variables(&target(), present);
        let (name, value) = all.into_iter().find(|(given, _)| *given == name)?;
        let value = value.map(|value| format!("={}", value.display())).unwrap_or_default();
        Some(format!("{name}{value}"))
    }

    #[test]
    fn a_bare_environment_gets_everything() {
        for (name, value) in [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "shop"),
            ("OTEL_RESOURCE_ATTRIBUTES", "watchglass.run.id=0a"),
            ("OTEL_LOGS_EXPORTER", "otlp"),
        ] {
            assert_eq!(found(&[], name), Some(format!("{name}={value}")));
        }
        assert_eq!(found(&[], "NO_PROXY"), None);
    }

    #[test]
    fn what_the_user_said_stays() {
        let set = [
            ("OTEL_SERVICE_NAME", "mine"),
            ("OTEL_METRICS_EXPORTER", "none"),
            ("OTEL_RESOURCE_ATTRIBUTES", "team=a"),
            ("HTTP_PROXY", "http://proxy"),
            ("NO_PROXY", "x"),
        ];
        assert_eq!(found(&set, "OTEL_SERVICE_NAME"), None);
        assert_eq!(found(&set, "OTEL_METRICS_EXPORTER"), None);
        let attributes = found(&set, "OTEL_RESOURCE_ATTRIBUTES").unwrap();
        assert_eq!(attributes, "OTEL_RESOURCE_ATTRIBUTES=team=a,watchglass.run.id=0a");
        assert_eq!(found(&set, "NO_PROXY").unwrap(), "NO_PROXY=x,127.0.0.1,localhost");
    }

    #[test]
    fn a_service_name_among_the_attributes_is_not_overruled() {
        let set = [("OTEL_RESOURCE_ATTRIBUTES", "service.name=mine")];
        assert_eq!(found(&set, "OTEL_SERVICE_NAME"), None);
    }

    #[test]
    fn other_backends_are_taken_out_of_the_way() {
        let set = [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://elsewhere")];
        let found = found(&set, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        assert_eq!(found.as_deref(), Some("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"));
    }

    #[test]
    fn a_runner_is_named_after_its_folder() {
        for (command, name) in [
            ("python3.12", "shop"),
            ("/usr/bin/npm", "shop"),
            ("./target/debug/billing", "billing"),
            ("server.sh", "server"),
        ] {
            let command = [OsString::from(command)];
            assert_eq!(service_name(&command, Path::new("/home/me/shop"), |_| None), name);
        }
    }
}
