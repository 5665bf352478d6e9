//! Packages of the system: installed on Debian and Ubuntu, named everywhere else.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell::{find, run, said};

/// A package of Debian, how to tell without dpkg that what it brings is there, and what others call it.
struct Package {
    debian: &'static str,
    is_there: fn() -> bool,
    elsewhere: &'static str,
}

const BUILD: [Package; 3] = [
    Package {
        debian: "build-essential",
        is_there: || find("cc").is_some() && find("c++").is_some(),
        elsewhere: "a C and C++ compiler",
    },
    Package {
        debian: "pkg-config",
        is_there: || find("pkg-config").is_some(),
        elsewhere: "pkg-config",
    },
    Package {
        debian: "libwebkit2gtk-4.1-dev",
        is_there: || said("pkg-config", &["--exists", "webkit2gtk-4.1"]).is_some(),
        elsewhere: "WebKitGTK 4.1 for developers (webkit2gtk4.1-devel on Fedora, webkit2gtk-4.1 on Arch)",
    },
];

const TEST: [Package; 8] = [
    Package {
        debian: "xvfb",
        is_there: || find("xvfb-run").is_some(),
        elsewhere: "Xvfb with xvfb-run",
    },
    // xvfb only recommends it, and xvfb-run does not start without it.
    Package { debian: "xauth", is_there: || find("xauth").is_some(), elsewhere: "xauth" },
    Package {
        debian: "webkit2gtk-driver",
        is_there: || find("WebKitWebDriver").is_some(),
        elsewhere: "WebKitWebDriver",
    },
    Package { debian: "xfsprogs", is_there: || find("mkfs.xfs").is_some(), elsewhere: "mkfs.xfs" },
    Package { debian: "iproute2", is_there: || find("ip").is_some(), elsewhere: "ip (iproute2)" },
    Package { debian: "chromium", is_there: || chromium().is_some(), elsewhere: "Chromium" },
    Package {
        debian: "prometheus-node-exporter",
        is_there: || find("prometheus-node-exporter").is_some(),
        elsewhere: "Prometheus's node exporter",
    },
    Package {
        debian: "python3-venv",
        is_there: || said("python3", &["-c", "import ensurepip, venv"]).is_some(),
        elsewhere: "Python's venv module",
    },
];

/// Where a browser for the tests of the UI lies.
pub(crate) fn chromium() -> Option<std::path::PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find)
}

/// What building and running takes.
pub(crate) fn ensure_build() -> Result<()> {
    ensure(&BUILD)
}

/// What testing takes besides.
pub(crate) fn ensure_test() -> Result<()> {
    ensure(&BUILD)?;
    ensure(&TEST)
}

/// Node and npm are the user's to install: distributions ship versions that are too old.
pub(crate) fn ensure_node() -> Result<()> {
    let version = said("node", &["--version"]).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|it| it.parse().ok());
    match major {
        Some(20..) if find("npm").is_some() => Ok(()),
        Some(1..20) => {
            bail!("Node {version} is too old: install 20 or newer from https://nodejs.org")
        }
        _ => bail!("Node or npm is missing: install Node 20 or newer from https://nodejs.org"),
    }
}

fn ensure(packages: &[Package]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let missing: Vec<_> = packages.iter().filter(|package| !(package.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing.iter().map(|package| package.debian).collect();
    if find("apt-get").is_none() {
        let names: Vec<_> = missing.iter().map(|package| package.elsewhere).collect();
        bail!("missing on this system: {}; install and try again", names.join(", "));
    }
    println!("Installing what is missing: {}", names.join(" "));
    install(&names)
}

fn install(names: &[&str]) -> Result<()> {
    let is_root = said("id", &["-u"]).is_some_and(|id| id == "0");
    if !is_root && find("sudo").is_none() {
        bail!("run as root: apt-get install --no-install-recommends {}", names.join(" "));
    }
    let apt = || {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.arg("env");
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    };
    run(apt().args(["update", "-q"]))?;
    run(apt().args(["install", "-q", "-y", "--no-install-recommends"]).args(names))
}
