//! What people get without a display: the program serves and says where to look; `demo` has traffic at once.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout};

use rustix::process::Signal;
use serde_json::Value;

use crate::program::{FREE, Serving, command, get, send, wait_for};

/// The program, ended when a test fails.
struct Headless {
    child: Child,
    address: String,
    _out: BufReader<ChildStdout>,
}

impl Headless {
    fn start(words: &[&str], data: &std::path::Path) -> Self {
        let words = [words, &FREE].concat();
        let mut child = command(data, &words).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").expect("it says where to look").1;
        Self { address: address.to_owned(), child, _out: out }
    }

    fn interrupt(&mut self) -> Option<i32> {
        send(&self.child, Signal::INT);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Headless {
    fn drop(&mut self) {
        // It has ended already where the test did not fail.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_shop_sends_to_its_own_watchglass() {
    let data = tempfile::tempdir().unwrap();
    let mut demo = Headless::start(&["demo", "--headless"], data.path());
    wait_for("spans of two services", || {
        let answer = get(&demo.address, "/api/services");
        let services: Value = serde_json::from_str(&answer).ok()?;
        let list = services["services"].as_array()?;
        let named = |name| list.iter().any(|service| service["name"] == name);
        (named("order-service") && named("inventory-service")).then_some(())
    });
    assert_eq!(demo.interrupt(), Some(0));
}

#[test]
fn a_shop_beside_a_running_watchglass_sends_to_that_one() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    let mut demo = Headless::start(&["demo"], data.path());
    assert_eq!(demo.address, serving.listen());
    wait_for("spans of the shop", || {
        let services = serving.get("/api/services");
        services["services"].as_array().filter(|list| !list.is_empty()).map(Vec::len)
    });
    assert_eq!(demo.interrupt(), Some(0));
}

#[test]
fn without_a_display_it_serves_to_a_browser() {
    if cfg!(target_os = "linux") {
        let data = tempfile::tempdir().unwrap();
        let mut plain = Headless::start(&[], data.path());
        assert!(get(&plain.address, "/").starts_with("<!doctype html>"));
        assert_eq!(plain.interrupt(), Some(0));
    }
}
