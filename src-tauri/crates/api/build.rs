//! Tells cargo when the UI appears: a release build carries `ui/dist`, which may not have been there before.

use std::path::Path;

const PAGE: &str = "../../../ui/dist/index.html";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    // A path that does not exist makes cargo look again each time; debug builds read the files when asked for them.
    if is_release || Path::new(PAGE).exists() {
        println!("cargo::rerun-if-changed={PAGE}");
    }
}
