//! The menu: File, View, Help.

use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Manager, Runtime, WebviewWindow};

use super::main_window;
use super::navigation::browse;
use super::zoom::Zoom;

const OPEN_TELEMETRY: &str = "https://opentelemetry.io/docs/";

/// Items by menu: id, words, keys.
type Items = &'static [(&'static str, &'static str, &'static str)];

const FILE: Items =
    &[("browser", "Open in Browser", "CmdOrCtrl+Shift+O"), ("quit", "Quit", "CmdOrCtrl+Q")];
const VIEW: Items = &[
    ("reload", "Reload", "CmdOrCtrl+R"),
    ("larger", "Zoom In", "CmdOrCtrl+="),
    ("smaller", "Zoom Out", "CmdOrCtrl+-"),
    ("plain", "Actual Size", "CmdOrCtrl+0"),
    ("full", "Full Screen", "F11"),
];

/// Makes the menu; Help names the main address.
pub(crate) fn build<R: Runtime>(app: &AppHandle<R>, address: &str) -> tauri::Result<Menu<R>> {
    let help = SubmenuBuilder::new(app, "Help")
        .text("browser", address)
        .text("connect", "Connect a Service")
        .separator()
        .text("documentation", "OpenTelemetry Documentation")
        .build()?;
    let file = submenu(app, "File", FILE)?;
    let view = submenu(app, "View", VIEW)?;
    MenuBuilder::new(app).items(&[&file, &view, &help]).build()
}

/// Does what was chosen.
pub(crate) fn chosen(app: &AppHandle, id: &str, address: &str) {
    match id {
        "browser" => browse(address),
        "documentation" => browse(OPEN_TELEMETRY),
        "quit" => app.exit(0),
        _ => {
            let changed = main_window(app).map(|window| change(&window, id));
            if let Some(Err(error)) = changed {
                tracing::warn!("the window does not take `{id}`: {error}");
            }
        }
    }
}

fn change(window: &WebviewWindow, id: &str) -> tauri::Result<()> {
    let zoom = window.state::<Zoom>();
    match id {
        "reload" => window.reload(),
        "larger" => window.set_zoom(zoom.larger()),
        "smaller" => window.set_zoom(zoom.smaller()),
        "plain" => window.set_zoom(zoom.plain()),
        "full" => window.set_fullscreen(!window.is_fullscreen()?),
        "connect" => window.eval("location.assign('/connect')"),
        _ => Ok(()),
    }
}

fn submenu<R: Runtime>(app: &AppHandle<R>, title: &str, items: Items) -> tauri::Result<Submenu<R>> {
    let mut menu = SubmenuBuilder::new(app, title);
    for (id, words, keys) in items {
        menu = menu.item(&MenuItemBuilder::with_id(*id, words).accelerator(keys).build(app)?);
    }
    menu.build()
}
