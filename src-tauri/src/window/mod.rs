//! The window: a Tauri shell around the same router that the main address serves, reached in process.
//!
//! The page comes from `app://localhost/` ([`scheme`]), what happens now through a channel ([`subscriptions`]), since
//! the scheme holds back streams. Closing the window closes the instance. Nothing of the product is decided here.

mod display;
mod events;
mod menu;
mod navigation;
mod saving;
mod scheme;
mod subscriptions;
mod zoom;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, bail};
use axum::http::StatusCode;
use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;
use tokio::runtime::Handle;

pub(crate) use self::display::{is_possible, show_failure};
use self::saving::Saving;
use self::subscriptions::Subscriptions;
use self::zoom::Zoom;
use crate::arguments::Common;
use crate::client::Client;
use crate::demo::{self, Traffic};
use crate::focus::{self, Focus};
use crate::folders::Note;
use crate::instance::{Instance, OpenFailure};
use crate::outcome::Outcome;
use crate::serve::runtime;
use crate::signals::asked_to_end;

/// The one window's name.
const MAIN: &str = "main";

/// Opens the window on an instance of its own and stays until it is closed.
pub(crate) fn open(
    common: &Common,
    folder: Option<&Path>,
    traffic: Option<Traffic>,
) -> anyhow::Result<Outcome> {
    display::prepare()?;
    let runtime = runtime()?;
    let app: Arc<OnceLock<AppHandle>> = Arc::default();
    let focus = Focus::of_window({
        let app = Arc::clone(&app);
        move || app.get().into_iter().for_each(bring_to_front)
    });
    let opened = runtime.block_on(Instance::open(common, folder, focus));
    let instance = match opened {
        Err(OpenFailure::InUse(sentence, data)) => {
            return runtime.block_on(show_the_other(sentence, &data));
        }
        opened => opened?,
    };
    let shop = traffic.map(|traffic| runtime.block_on(traffic.begin(&instance.addresses)));
    let shown = match &shop {
        Some(Err(error)) => Err(anyhow::anyhow!("{error:#}")),
        _ => show(&instance, runtime.handle(), &app),
    };
    runtime.block_on(async {
        if let Some(Ok(shop)) = shop {
            demo::end(shop).await;
        }
        instance.close().await;
    });
    shown.map(|()| Outcome::Done)
}

/// Another instance has the data folder: bring its window to the front, or say where to look.
async fn show_the_other(sentence: String, data: &Path) -> anyhow::Result<Outcome> {
    let Some(note) = Note::find(data) else { bail!(sentence) };
    match Client::at(&note.listen)?.poke(focus::PATH).await {
        Ok(StatusCode::NO_CONTENT) => Ok(Outcome::Done),
        Ok(_) => bail!("{sentence}, or open http://{} in a browser to see it", note.listen),
        Err(_) => bail!(sentence),
    }
}

/// Shows the window until it is closed.
fn show(instance: &Instance, runtime: &Handle, app: &OnceLock<AppHandle>) -> anyhow::Result<()> {
    tauri::async_runtime::set(runtime.clone());
    let address = format!("http://{}", instance.addresses.listen);
    let data = instance.data.clone();
    let router = instance.router.clone();
    let place = tauri_plugin_window_state::Builder::new()
        // An absolute path: each data folder remembers its own window.
        .with_filename(data.join("window.json").to_string_lossy())
        .with_state_flags(StateFlags::all() - StateFlags::VISIBLE - StateFlags::DECORATIONS)
        .build();
    let built = tauri::Builder::default()
        .plugin(place)
        .manage(Subscriptions::new(instance.router.clone()))
        .manage(Saving::new(instance.router.clone()))
        .manage(Zoom::default())
        .invoke_handler(tauri::generate_handler![
            saving::save,
            subscriptions::subscribe,
            subscriptions::unsubscribe
        ])
        .register_asynchronous_uri_scheme_protocol(scheme::NAME, move |_, request, responder| {
            let router = router.clone();
            tauri::async_runtime::spawn(async move {
                responder.respond(scheme::answer(router, request).await);
            });
        })
        .menu({
            let address = address.clone();
            move |app| menu::build(app, &address)
        })
        .on_menu_event(move |app, event| menu::chosen(app, event.id().as_ref(), &address))
        .setup(move |app| open_window(app, &data).map_err(Into::into))
        .build(tauri::generate_context!());
    let built = built.context("the window cannot be opened")?;
    let handle = built.handle().clone();
    let _ = app.set(handle.clone());
    runtime.spawn(async move {
        if asked_to_end().await.is_ok() {
            handle.exit(0);
        }
    });
    built.run_return(|_, _| {});
    Ok(())
}

fn open_window(app: &tauri::App, data: &Path) -> anyhow::Result<()> {
    let url = WebviewUrl::CustomProtocol(scheme::HOME.parse().context("the page has no address")?);
    WebviewWindowBuilder::new(app, MAIN, url)
        .title("Watchglass")
        .inner_size(1360.0, 860.0)
        .min_inner_size(720.0, 480.0)
        // Shown when the page is there: an empty window would flash in the wrong colour.
        .visible(false)
        // What the page remembers belongs to the data folder, as everything else does.
        .data_directory(data.join("webview"))
        .on_navigation(navigation::may_go)
        .on_new_window(|url, _| navigation::open_outside(&url))
        .on_page_load(|window, load| match load.event() {
            PageLoadEvent::Started => window.state::<Subscriptions>().end_all(),
            PageLoadEvent::Finished => drop(window.show()),
        })
        .build()
        .context("the window cannot be opened")?;
    Ok(())
}

fn main_window(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(MAIN)
}

fn bring_to_front(app: &AppHandle) {
    if let Some(window) = main_window(app) {
        // A window system may refuse any of it; there is nothing better to do then.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}
