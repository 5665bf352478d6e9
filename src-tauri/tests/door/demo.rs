//! `demo`: traffic from the first second.

use std::io::{BufRead, BufReader};

use rustix::process::Signal;
use serde_json::Value;

use crate::program::{FREE, command, get, send, wait_for};

#[test]
fn the_shop_sends_to_its_own_watchglass() {
    let data = tempfile::tempdir().unwrap();
    let words = [&["demo", "--headless"][..], &FREE].concat();
    let mut child = command(data.path(), &words).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").expect("it says where to look").1.to_owned();
    let services = wait_for("spans of the shop", || {
        let services: Value = serde_json::from_str(&get(&address, "/api/services")).ok()?;
        let list = services["services"].as_array()?;
        let names = list.iter().filter_map(|service| service["name"].as_str().map(str::to_owned));
        let names: Vec<_> = names.collect();
        names.iter().any(|name| name == "order-service").then_some(names)
    });
    assert!(services.len() > 1, "{services:?}");
    send(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
