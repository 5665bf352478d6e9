//! The window itself: what it shows, that it is live, and that closing it ends the process and keeps the data.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::instance::{Instance, alone, http, say, scratch, until};
use crate::webdriver::Window;

const SPANS_SEEN: &str =
    "const part = [...document.querySelectorAll('footer .status-rate')].find(one => one.textContent.includes('spans/s'));
     return part ? part.textContent : false";

/// The note that a running instance leaves for others.
fn note(data: &Path) -> Value {
    until("the note of the instance", || {
        let text = fs::read(data.join("instance.json")).map_err(|error| error.to_string())?;
        serde_json::from_slice(&text).map_err(|error| error.to_string())
    })
}

fn spans_stored(listen: &str) -> u64 {
    let status = http().get(format!("http://{listen}/api/status")).send().unwrap();
    let status: Value = status.json().unwrap();
    status["store"]["spans"].as_u64().unwrap()
}

#[test]
fn the_window_shows_the_demo_and_its_end_keeps_the_data() {
    let _alone = alone();
    let data = scratch();
    let window = Window::open(&["demo"], data.path());
    let note = note(data.path());
    let (pid, listen) =
        (note["pid"].as_u64().unwrap(), note["listen"].as_str().unwrap().to_owned());

    assert!(window.address().starts_with("app://localhost"), "{}", window.address());
    window.wait("return document.title.includes('Watchglass')");
    assert!(window.title().ends_with("Watchglass"), "{}", window.title());
    for service in ["order-service", "inventory-service", "payment-service"] {
        window.wait(&format!("return document.body.innerText.includes('{service}')"));
    }

    // Live figures come through the channel: the page is marked, so that a reload would show.
    window.wait("window.notReloaded = true; return true");
    let before = window.wait(SPANS_SEEN);
    window.wait(&format!(
        "const seen = (() => {{ {SPANS_SEEN} }})(); return seen !== {before} && seen !== '0 spans/s'"
    ));
    window.wait("return window.notReloaded === true");
    keep_picture("window-home", &window.picture());

    window.click("//nav[@aria-label='Places']//a[starts-with(@href, '/traces')]");
    window.wait("return location.pathname === '/traces' && document.querySelectorAll('.trace-item').length > 3");
    let newest = window.wait("return document.querySelector('.trace-item a').getAttribute('href')");
    window.wait(&format!(
        "return document.querySelector('.trace-item a').getAttribute('href') !== {newest}"
    ));
    keep_picture("window-traces", &window.picture());
    // With live off the rows stay where they are while one of them is clicked.
    window.click("//button[starts-with(@aria-label, 'Live')]");
    window.wait("return location.search.includes('live=off')");
    window.click("(//li[contains(., 'POST /checkout')])[last()]//a");
    window.wait("return document.querySelectorAll('[role=treeitem]').length > 3");
    // The picture is drawn at the size at which it is shown; otherwise its text is torn.
    window.wait(
        "const all = [...document.querySelectorAll('canvas')];
         return all.length > 0 && all.every(one => Math.abs(one.height / devicePixelRatio - one.parentElement.clientHeight) < 1)",
    );
    keep_picture("window-trace", &window.picture());
    window.wait("return window.notReloaded === true");

    let stored = spans_stored(&listen);
    assert!(stored > 0);
    window.close();
    until("the end of the process", || {
        if Path::new(&format!("/proc/{pid}/exe")).exists() { Err("it runs") } else { Ok(()) }
    });
    // It closed in order: the note is gone, and nothing is read again from a journal that was cut off.
    assert!(!data.path().join("instance.json").exists(), "it did not close in order");
    let again = Instance::start_on(data.path());
    assert!(spans_stored(&again.listen) >= stored);
    let found = again.get("/api/services");
    assert!(found.to_string().contains("order-service"), "{found}");
}

/// Pictures are for people to look at; that they are not blank is checked here.
fn keep_picture(name: &str, png: &[u8]) {
    assert!(png.starts_with(b"\x89PNG") && png.len() > 20_000, "{name}: {} bytes", png.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/results");
    fs::create_dir_all(&folder).unwrap();
    let path: PathBuf = folder.join(format!("{name}.png"));
    fs::write(&path, png).unwrap();
    say(&format!("window: {}", path.display()));
}

#[test]
fn closing_the_window_is_exit_zero() {
    let _alone = alone();
    let data = scratch();
    // The driver does not tell how its child ended, so a shell in between writes it down.
    let code = data.path().join("code");
    let folder = data.path().join("data");
    let wrapper = data.path().join("watchglass");
    let script = format!(
        "#!/bin/sh\n{} \"$@\"\necho $? > {}\n",
        crate::instance::program().canonicalize().unwrap().display(),
        code.display()
    );
    fs::write(&wrapper, script).unwrap();
    let mut permissions = fs::metadata(&wrapper).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    fs::set_permissions(&wrapper, permissions).unwrap();
    let window = Window::open_program(&wrapper, &[], &folder);
    window.wait("return document.body.innerText.includes('watchglass demo')");
    window.close();
    let code = until("the exit code", || {
        let text = fs::read_to_string(&code).unwrap_or_default();
        if text.ends_with('\n') { Ok(text) } else { Err(text) }
    });
    assert_eq!(code.trim(), "0");
}
