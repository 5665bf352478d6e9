//! The rules of the house, kept by a test: floors, pins of third-party crates, sizes, purpose lines, names,
//! generated files. ARCHITECTURE.md draws what is checked here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const LONGEST_RUST: usize = 600;
const LONGEST_TYPESCRIPT: usize = 400;
const TOP_LEVEL: [&str; 11] = [
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "assets",
    "icons",
    "src-tauri",
    "target",
    "tests",
    "ui",
];
const FORBIDDEN_FOLDERS: [&str; 7] =
    ["common", "core", "helpers", "misc", "shared", "util", "utils"];

/// Third-party crates that only some may use, and who.
const PINS: [(&str, &[&str]); 15] = [
    ("sled", &["watchglass-store"]),
    ("granit-parser", &["watchglass-configuration"]),
    ("hickory-resolver", &["watchglass-ingest"]),
    ("snap", &["watchglass-exposition", "watchglass-logpush"]),
    ("tauri", &["watchglass"]),
    ("anyhow", &["watchglass", "xtask"]),
    ("clap", &["watchglass", "xtask"]),
    ("plotters", &["watchglass-charts"]),
    ("plotters-backend", &["watchglass-charts"]),
    (
        "chrono",
        &[
            "watchglass",
            "watchglass-api",
            "watchglass-charts",
            "watchglass-ingest",
            "watchglass-logpush",
            "watchglass-promql",
            "watchglass-store",
            "watchglass-workbench",
        ],
    ),
    ("axum", &["watchglass", "watchglass-api", "watchglass-demo", "watchglass-ingest"]),
    ("tonic", &["watchglass-demo", "watchglass-ingest"]),
    (
        "prost",
        &[
            "watchglass-api",
            "watchglass-demo",
            "watchglass-ingest",
            "watchglass-logpush",
            "watchglass-otlp",
        ],
    ),
    (
        "tokio",
        &[
            "watchglass",
            "watchglass-api",
            "watchglass-demo",
            "watchglass-ingest",
            "watchglass-workbench",
        ],
    ),
    (
        "serde",
        &[
            "watchglass",
            "watchglass-api",
            "watchglass-demo",
            "watchglass-detection",
            "watchglass-logpush",
            "watchglass-ingest",
            "watchglass-otlp",
            "watchglass-store",
            "watchglass-workbench",
        ],
    ),
];

#[test]
fn every_crate_stands_on_lower_floors_only() {
    let packages = packages();
    let floors: BTreeMap<_, _> = packages.iter().map(|one| (name(one), floor(one))).collect();
    for package in &packages {
        for dependency in dependencies(package, &[Value::Null, "build".into(), "dev".into()]) {
            let Some(below) = floors.get(&dependency) else { continue };
            assert!(
                *below < floor(package),
                "{} on floor {} uses {dependency} on floor {below}",
                name(package),
                floor(package)
            );
        }
    }
}

#[test]
fn some_third_party_crates_stay_behind_one_wall() {
    for package in packages() {
        for dependency in dependencies(&package, &[Value::Null]) {
            let pin = PINS.iter().find(|(pinned, _)| {
                dependency == *pinned || (*pinned == "tauri" && dependency.starts_with("tauri-"))
            });
            if let Some((_, allowed)) = pin {
                let user = name(&package);
                assert!(allowed.contains(&user.as_str()), "{user} uses {dependency}");
            }
        }
    }
}

#[test]
fn no_file_is_too_long_and_each_says_what_it_is_for() {
    let mut faults = Vec::new();
    for file in sources(&root()) {
        let text = fs::read_to_string(&file).unwrap();
        let (longest, openings): (_, &[&str]) = match extension(&file) {
            "rs" => (LONGEST_RUST, &["//!"]),
            _ => (LONGEST_TYPESCRIPT, &["//", "/*"]),
        };
        let lines = text.lines().count();
        if lines > longest {
            faults.push(format!("{} has {lines} lines, and {longest} are allowed", file.display()));
        }
        if !openings.iter().any(|opening| text.starts_with(opening)) {
            faults.push(format!("{} does not begin by saying what it is for", file.display()));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn folders_are_named_for_what_is_in_them() {
    let faults: Vec<_> = folders(&root())
        .into_iter()
        .filter(|folder| {
            let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            FORBIDDEN_FOLDERS.contains(&name)
        })
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn the_top_level_holds_what_it_should() {
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || TOP_LEVEL.contains(&name.as_str()), "{name}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The packages of the workspace, as cargo describes them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    assert!(packages.len() > 5, "cargo names too few packages: {}", packages.len());
    packages
}

fn name(package: &Value) -> String {
    package["name"].as_str().unwrap().to_owned()
}

fn floor(package: &Value) -> u64 {
    let floor = &package["metadata"]["house"]["floor"];
    floor.as_u64().unwrap_or_else(|| panic!("{} does not state its floor", name(package)))
}

/// The names of the dependencies of some kinds; the kind of an ordinary one is null.
fn dependencies(package: &Value, kinds: &[Value]) -> Vec<String> {
    let all = package["dependencies"].as_array().unwrap().iter();
    let wanted = all.filter(|one| kinds.contains(&one["kind"]));
    wanted.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// Every Rust and TypeScript file that people write.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders(folder).into_iter().chain([folder.to_owned()]) {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        found.extend(files.filter(|file| {
            let written = matches!(extension(file), "rs" | "ts" | "tsx");
            written
                && !file
                    .components()
                    .any(|part| part.as_os_str() == "wire" && extension(file) == "ts")
        }));
    }
    found
}

/// Every folder that people fill.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let made = name.starts_with('.')
            || ["target", "node_modules", "dist", "results", "gen"].contains(&name);
        if path.is_dir() && !made {
            found.extend(folders(&path));
            found.push(path);
        }
    }
    found
}

#[test]
fn what_the_ui_knows_of_the_api_is_up_to_date() {
    let written = fs::read_to_string(root().join("ui/src/wire/openapi.json")).unwrap();
    let routes = watchglass_api::openapi();
    assert!(written.trim() == routes.trim(), "the routes changed: run `cargo xtask openapi`");
    let schema = fs::read_to_string(root().join("ui/src/wire/schema.ts")).unwrap();
    let document: Value = serde_json::from_str(&written).unwrap();
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(schema.contains(name), "{name} is not in schema.ts: run `cargo xtask openapi`");
    }
}
