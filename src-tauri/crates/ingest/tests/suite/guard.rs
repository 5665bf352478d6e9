//! Who may speak to an HTTP surface.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use axum::routing::any;
use tower::ServiceExt;
use watchglass_ingest::{Endpoints, Guard, Kind, Mistakes};

const PORT: u16 = 4319;

fn mistakes() -> Mistakes {
    Mistakes::new(Endpoints::default())
}

fn guard() -> Guard {
    Guard::new(PORT, mistakes())
        .with_origins(["https://shop.example/".to_owned()])
        .with_hosts(["host.docker.internal:4319".to_owned()])
        .with_pages(|path| !path.starts_with("/api/"))
}

async fn ask(guard: Guard, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let router = Router::new()
        .route("/", any(|| async { "page" }))
        .route("/api/things", any(|| async { "things" }));
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    guard.protect(router).oneshot(request).await.unwrap()
}

const HERE: (&str, &str) = ("host", "127.0.0.1:4319");
const JSON: (&str, &str) = ("content-type", "application/json");

async fn check(method: Method, path: &str, headers: &[(&str, &str)], expected: u16) {
    let response = ask(guard(), method.clone(), path, headers).await;
    assert_eq!(response.status().as_u16(), expected, "{method} {path} {headers:?}");
    for name in ["cross-origin-resource-policy", "x-frame-options", "x-content-type-options"] {
        assert!(response.headers().contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn only_loopback_hosts_with_the_right_port_pass() {
    let good = [
        "127.0.0.1:4319",
        "localhost:4319",
        "LOCALHOST:4319",
        "[::1]:4319",
        "host.docker.internal:4319",
    ];
    for host in good {
        check(Method::GET, "/api/things", &[("host", host)], 200).await;
    }
    let bad = [
        "evil.test",
        "evil.test:4319",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost:4319.evil.test",
        "localhost",
        "",
        "127.0.0.1.evil.test:4319",
        "[::1]",
        "0.0.0.0:4319",
        "user@localhost:4319",
    ];
    for host in bad {
        check(Method::GET, "/api/things", &[("host", host)], 421).await;
    }
    check(Method::GET, "/api/things", &[], 421).await;
}

#[tokio::test]
async fn only_own_and_allowed_origins_pass() {
    let good = [
        "http://127.0.0.1:4319",
        "http://localhost:4319",
        "http://[::1]:4319",
        "https://shop.example",
    ];
    for origin in good {
        check(Method::POST, "/api/things", &[HERE, JSON, ("origin", origin)], 200).await;
    }
    let bad = [
        "null",
        "http://evil.test",
        "http://localhost:3000",
        "https://localhost:4319",
        "http://localhost:4319.evil.test",
        "https://shop.example.evil.test",
        "http://shop.example",
        "",
    ];
    for origin in bad {
        check(Method::GET, "/api/things", &[HERE, ("origin", origin)], 403).await;
        check(Method::POST, "/api/things", &[HERE, JSON, ("origin", origin)], 403).await;
    }
}

#[tokio::test]
async fn foreign_sites_may_link_to_pages_and_nothing_else() {
    let site = |site| ("sec-fetch-site", site);
    let navigate = ("sec-fetch-mode", "navigate");
    check(Method::GET, "/api/things", &[HERE, site("same-origin")], 200).await;
    check(Method::GET, "/api/things", &[HERE, site("none")], 200).await;
    check(Method::GET, "/", &[HERE, site("cross-site"), navigate], 200).await;
    check(Method::GET, "/api/things", &[HERE, site("cross-site"), navigate], 403).await;
    check(Method::POST, "/", &[HERE, JSON, site("cross-site"), navigate], 403).await;
    check(Method::GET, "/", &[HERE, site("cross-site"), ("sec-fetch-mode", "no-cors")], 403).await;
    check(Method::GET, "/api/things", &[HERE, site("same-site")], 403).await;
}

#[tokio::test]
async fn requests_that_change_something_need_a_type_that_forms_cannot_send() {
    let kinds = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "application/jsonx",
    ];
    for kind in kinds {
        check(Method::POST, "/api/things", &[HERE, ("content-type", kind)], 415).await;
    }
    check(Method::POST, "/api/things", &[HERE], 415).await;
    check(Method::DELETE, "/api/things", &[HERE], 415).await;
    let kinds = ["application/json; charset=utf-8", "application/x-protobuf", "Application/JSON"];
    for kind in kinds {
        check(Method::PUT, "/api/things", &[HERE, ("content-type", kind)], 200).await;
    }
    let form = "application/x-www-form-urlencoded";
    let lenient = guard().with_content_types([form.to_owned()]);
    let response = ask(lenient, Method::POST, "/api/things", &[HERE, ("content-type", form)]).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn paths_may_take_any_body_and_still_no_foreign_page() {
    let guard = || guard().with_bodies(|path| path.starts_with("/api/"));
    let text = ("content-type", "text/plain");
    let sent = ask(guard(), Method::PUT, "/api/things", &[HERE, text]).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let elsewhere = ask(guard(), Method::PUT, "/", &[HERE, text]).await;
    assert_eq!(elsewhere.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for foreign in [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")] {
        let sent = ask(guard(), Method::PUT, "/api/things", &[HERE, text, foreign]).await;
        assert_eq!(sent.status(), StatusCode::FORBIDDEN, "{foreign:?}");
    }
}

#[tokio::test]
async fn allowed_origins_get_preflights_answered_and_others_do_not() {
    let asking = |origin| {
        [
            HERE,
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type,x-api-key"),
            ("sec-fetch-site", "cross-site"),
        ]
    };
    let headers = asking("https://shop.example");
    let response = ask(guard(), Method::OPTIONS, "/api/things", &headers).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let header = |name| response.headers().get(name).unwrap().to_str().unwrap();
    assert_eq!(header("access-control-allow-origin"), "https://shop.example");
    assert_eq!(header("access-control-allow-headers"), "content-type,x-api-key");
    assert_eq!(header("vary"), "origin");
    let headers =
        [HERE, JSON, ("origin", "https://shop.example"), ("sec-fetch-site", "cross-site")];
    let response = ask(guard(), Method::POST, "/api/things", &headers).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        response.headers().get("access-control-allow-origin").unwrap(),
        "https://shop.example"
    );
    let response = ask(guard(), Method::OPTIONS, "/api/things", &asking("https://evil.test")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn foreign_hosts_and_pages_are_noted() {
    let mistakes = mistakes();
    let guard = Guard::new(PORT, mistakes.clone());
    ask(guard.clone(), Method::GET, "/", &[("host", "evil.test")]).await;
    ask(guard, Method::GET, "/", &[HERE, ("origin", "http://evil.test")]).await;
    let all = mistakes.all();
    let kinds: Vec<Kind> = all.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [Kind::ForeignHost, Kind::ForeignOrigin]);
    assert!(all[1].line.contains("http://evil.test"));
}
