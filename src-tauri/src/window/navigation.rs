//! Where the window may go: nowhere but its own pages. Links to elsewhere open in the system's browser.

use tauri::Runtime;
use tauri::Url;
use tauri::webview::NewWindowResponse;

use super::scheme;

/// Whether the window itself goes there; other addresses are opened outside.
pub(crate) fn may_go(url: &Url) -> bool {
    if is_ours(url) {
        return true;
    }
    outside(url);
    false
}

/// A link that asks for a window of its own.
pub(crate) fn open_outside<R: Runtime>(url: &Url) -> NewWindowResponse<R> {
    outside(url);
    NewWindowResponse::Deny
}

/// Opens an address in the system's browser.
pub(crate) fn browse(address: &str) {
    if let Err(error) = open::that_detached(address) {
        tracing::warn!("{address} cannot be opened in a browser: {error}");
    }
}

fn is_ours(url: &Url) -> bool {
    url.scheme() == scheme::NAME && url.host_str() == Some("localhost")
}

fn outside(url: &Url) {
    // Other schemes could start programs.
    if matches!(url.scheme(), "http" | "https") {
        browse(url.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_pages_are_ours() {
        for (url, expected) in [
            ("app://localhost/traces", true),
            ("app://evil.test/", false),
            ("https://localhost/", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_ours(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
