//! Whether there is a display, and the box that says why the program could not start.

use std::io::IsTerminal;

use anyhow::Result;

/// Whether a window can be expected to open.
pub(crate) fn is_possible() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Reaches for the display before anything is opened: Tauri itself would end the program with a panic.
#[cfg(target_os = "linux")]
pub(crate) fn prepare() -> Result<()> {
    anyhow::ensure!(
        gtk::init().is_ok(),
        "the display does not answer: use `watchglass serve` and open its address in a browser"
    );
    Ok(())
}

/// There always is a display.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prepare() -> Result<()> {
    Ok(())
}

/// Shows why the program could not start, to who did not start it in a terminal and so sees no standard error.
pub(crate) fn show_failure(sentence: &str) {
    let is_automated = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    if is_possible() && !is_automated && !std::io::stderr().is_terminal() {
        show_box(sentence);
    }
}

#[cfg(target_os = "linux")]
fn show_box(sentence: &str) {
    use gtk::prelude::{DialogExt, GtkWindowExt, WidgetExt};
    if gtk::init().is_err() {
        return;
    }
    let shown = gtk::MessageDialog::new(
        None::<&gtk::Window>,
        gtk::DialogFlags::MODAL,
        gtk::MessageType::Error,
        gtk::ButtonsType::Close,
        sentence,
    );
    shown.set_title("Watchglass could not start");
    shown.run();
    shown.hide();
}

#[cfg(not(target_os = "linux"))]
fn show_box(sentence: &str) {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Watchglass could not start")
        .set_description(sentence)
        .show();
}
