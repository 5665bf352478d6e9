//! Lets Tauri embed its configuration, icons and capabilities; nothing to do without a window.

fn main() {
    #[cfg(feature = "desktop")]
    tauri_build::build();
}
