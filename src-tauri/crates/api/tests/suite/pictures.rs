//! Pictures of metrics through their route.

use axum::http::StatusCode;

use crate::shop::{RANGE, Shop};

#[tokio::test]
async fn a_picture_comes_as_a_file_of_its_kind() {
    let shop = Shop::open();
    for (parameters, kind, name, opening) in [
        ("", "image/svg+xml", "requests-1700000010.svg", "<svg width=\"1200\" height=\"480\""),
        (
            "&format=svg&width=400&height=200",
            "image/svg+xml",
            "requests-1700000010.svg",
            "<svg width=\"400\" height=\"200\"",
        ),
        ("&format=png", "image/png", "requests-1700000010.png", "\u{fffd}PNG"),
    ] {
        let reply = shop.get(&format!("/api/metrics/requests/picture?{RANGE}{parameters}")).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, kind));
        assert_eq!(reply.header("content-disposition"), format!("attachment; filename=\"{name}\""));
        assert!(reply.text.starts_with(opening), "{:.80}", reply.text);
    }
}

#[tokio::test]
async fn a_picture_shows_what_was_asked_for() {
    let shop = Shop::open();
    let ask = async |parameters: &str| {
        let address = format!("/api/metrics/requests/picture?{RANGE}{parameters}");
        let reply = shop.get(&address).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.text
    };
    assert!(ask("").await.contains("web route=/cart"));
    assert!(ask("&show=rate").await.contains("<title>requests, per second</title>"));
    assert!(ask("&service=nobody").await.contains("No data in this range"));
    // The page's key of the only series.
    assert!(ask("&hide=other,1c00aqr").await.contains("No data in this range"));
    assert_ne!(ask("&theme=light").await, ask("&theme=dark").await);
}

#[tokio::test]
async fn a_parameter_that_makes_no_sense_is_named() {
    let shop = Shop::open();
    for (parameters, field) in [
        ("format=gif", "format"),
        ("theme=pink", "theme"),
        ("show=buckets", "show"),
        ("width=wide", "width"),
        ("width=99999", "width"),
        ("height=1", "height"),
        ("start=x", "start"),
        ("attribute==", "attribute"),
        ("limit=0", "limit"),
    ] {
        let reply = shop.get(&format!("/api/metrics/requests/picture?{parameters}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{parameters}");
        assert_eq!(reply.json()["error"]["field"], field, "{parameters}");
    }
}

#[tokio::test]
async fn a_file_name_has_plain_letters_only() {
    let shop = Shop::open();
    let reply = shop.get(&format!("/api/metrics/..%2F%22a%20%C3%BC/picture?{RANGE}")).await;
    let name = "attachment; filename=\"__a__-1700000010.svg\"";
    assert_eq!((reply.status, reply.header("content-disposition")), (StatusCode::OK, name));
}
