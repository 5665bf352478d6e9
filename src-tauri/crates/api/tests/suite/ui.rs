//! The UI's files.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::Request;
use watchglass_api::Ui;

use crate::shop::Shop;

fn built() -> Ui {
    Ui::new(|path| {
        let file: &'static [u8] = match path {
            "index.html" => b"<!doctype html>page",
            "assets/app-1a2b.js" => b"let a",
            "favicon.svg" => b"<svg/>",
            _ => return None,
        };
        Some(Cow::Borrowed(file))
    })
}

#[tokio::test]
async fn files_have_their_types_and_views_have_the_page() {
    let shop = Shop::with_ui(built());
    let cases = [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/traces/abc", "text/html; charset=utf-8", "no-cache"),
        (
            "/assets/app-1a2b.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
    ];
    for (address, kind, cache) in cases {
        let reply = shop.get(address).await;
        assert_eq!(reply.status, 200, "{address}");
        assert_eq!((reply.header("content-type"), reply.header("cache-control")), (kind, cache));
    }
    assert_eq!(shop.get("/assets/gone.js").await.status, 404);
    assert!(!shop.get("/../Cargo.toml").await.text.contains("package"));
    assert_eq!(shop.post("/traces", "{}").await.status, 405);
}

#[tokio::test]
async fn views_named_after_metrics_and_services_have_the_page() {
    let shop = Shop::with_ui(built());
    for address in [
        "/metrics/?range=1h",
        "/metrics/http.server.request.duration",
        "/metrics/http%2Frequests",
        "/services/shop.cart/",
    ] {
        let reply = shop.get(address).await;
        assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, "<!doctype html>page"));
    }
    let asked = Request::get("/services/checkout.js").header("accept", "text/html,*/*;q=0.8");
    assert_eq!(shop.send(asked.body(Body::empty()).unwrap()).await.status, 200);
    assert_eq!(shop.get("/services/checkout.js").await.status, 404);
    assert!(shop.get("/metrics").await.text.starts_with("# HELP"));
}

#[tokio::test]
async fn a_program_without_its_ui_says_how_to_build_it() {
    let reply = Shop::with_ui(Ui::new(|_| None)).get("/").await;
    assert_eq!(reply.status, 200);
    assert!(reply.text.contains("npm run build"));
}
