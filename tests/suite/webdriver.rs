//! The real window on a screen of its own: Xvfb, `WebKitWebDriver`, and as much of the WebDriver protocol as tests need.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState};

use crate::instance::{http, program, until};

/// What WebDriver names an element by.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Something that runs beside the test and ends with it.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A window of the program, driven as a person would.
pub(crate) struct Window {
    session: String,
    display: String,
    _driver: Beside,
    _screen: Beside,
}

/// An Xvfb with a free number; gives its name.
fn screen() -> (Beside, String) {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut number = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (Beside(child), format!(":{}", number.trim()))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Window {
    /// Opens the window by starting the program with these words on a data folder.
    pub(crate) fn open(words: &[&str], data: &Path) -> Self {
        Self::open_program(&program().canonicalize().unwrap(), words, data)
    }

    /// The same with a program of one's own that starts it.
    pub(crate) fn open_program(binary: &Path, words: &[&str], data: &Path) -> Self {
        let (screen, display) = screen();
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
        // The program is started by the driver and inherits its environment.
        command.env("DISPLAY", &display).env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
        let driver = Beside(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let base = format!("http://127.0.0.1:{port}");
        until("WebKitWebDriver", || http().get(format!("{base}/status")).send().map(drop));
        let free = "127.0.0.1:0";
        let mut arguments = words.to_vec();
        let folder = data.display().to_string();
        arguments.extend(["--data", &folder, "--ports", "none", "--listen", free]);
        arguments.extend(["--otlp-grpc", free, "--otlp-http", free]);
        let options = json!({"binary": binary, "args": arguments});
        let wanted =
            json!({"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}});
        let made = http().post(format!("{base}/session")).json(&wanted).send().unwrap();
        let made: Value = made.json().unwrap();
        let id = made["value"]["sessionId"].as_str();
        let id = id.unwrap_or_else(|| panic!("no session: {made}"));
        Self { session: format!("{base}/session/{id}"), display, _driver: driver, _screen: screen }
    }

    /// Sends a command; an error of the driver comes back as one.
    fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Value> {
        let mut request = http().request(method, format!("{}{path}", self.session));
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().map_err(|error| json!(error.to_string()))?;
        let is_done = response.status().is_success();
        let mut answer: Value = response.json().map_err(|error| json!(error.to_string()))?;
        if is_done { Ok(answer["value"].take()) } else { Err(answer) }
    }

    /// The title of the page.
    pub(crate) fn title(&self) -> String {
        let title = self.ask(Method::GET, "/title", None).unwrap();
        title.as_str().unwrap().to_owned()
    }

    /// The page's own address.
    pub(crate) fn address(&self) -> String {
        let address = self.ask(Method::GET, "/url", None).unwrap();
        address.as_str().unwrap().to_owned()
    }

    /// Waits until a script gives something that is true, and gives that.
    pub(crate) fn wait(&self, script: &str) -> Value {
        let body = json!({"script": script, "args": []});
        until(script, || {
            let value = self.ask(Method::POST, "/execute/sync", Some(&body))?;
            let is_so = !matches!(value, Value::Null | Value::Bool(false));
            if is_so { Ok(value) } else { Err(value) }
        })
    }

    /// Clicks the first element at an `XPath`.
    pub(crate) fn click(&self, path: &str) {
        until(path, || {
            let wanted = json!({"using": "xpath", "value": path});
            let found = self.ask(Method::POST, "/element", Some(&wanted))?;
            let id = found[ELEMENT].as_str().ok_or_else(|| found.clone())?;
            self.ask(Method::POST, &format!("/element/{id}/click"), Some(&json!({})))
        });
    }

    /// A picture as PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let picture = self.ask(Method::GET, "/screenshot", None).unwrap();
        decode_base64(picture.as_str().unwrap())
    }

    /// Closes the window as its close button does: without a window manager, what one would send is sent by hand.
    pub(crate) fn close(&self) {
        let (screen, number) = x11rb::connect(Some(&self.display)).unwrap();
        let atom =
            |name: &str| screen.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let (protocols, delete) = (atom("WM_PROTOCOLS"), atom("WM_DELETE_WINDOW"));
        let root = screen.setup().roots[number].root;
        let all = screen.query_tree(root).unwrap().reply().unwrap().children;
        let name_of = |window| {
            let name = screen.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64);
            String::from_utf8_lossy(&name.unwrap().reply().unwrap().value).into_owned()
        };
        let is_shown = |window| {
            let state = screen.get_window_attributes(window).unwrap().reply().unwrap().map_state;
            state == MapState::VIEWABLE
        };
        let ours =
            all.into_iter().find(|window| name_of(*window) == "Watchglass" && is_shown(*window));
        let ours = ours.expect("the window is on the screen");
        let message =
            ClientMessageEvent::new(32, ours, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        screen.send_event(false, ours, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }
}

fn decode_base64(text: &str) -> Vec<u8> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters = text.bytes().filter(|letter| *letter != b'=');
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in letters {
        held = (held << 6 | u32::from(digit(letter))) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff).try_into().unwrap());
        }
    }
    bytes
}

#[test]
fn base64_is_read() {
    assert_eq!(decode_base64("V2F0Y2hnbGFzcw=="), b"Watchglass");
    assert_eq!(decode_base64("+/8="), [0xfb, 0xff]);
}
