//! How targets are asked: through TLS with certificates of all kinds, with tokens that a server hands out, through a proxy.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::http::Request;
use axum::response::Response;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::scrape_rig::{Does, Rig, TEXT, says};

/// An authority, and what it signs.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
struct Signed {
    cert: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn sign(&self, name: &str) -> Signed {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let cert = params.signed_by(&key, &self.0).unwrap();
        Signed { cert: cert.pem(), key: key.serialize_pem() }
    }

    /// As a field of `tls_config`.
    fn field(&self) -> String {
        format!("ca: {:?}", self.0.pem())
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.0.pem().as_bytes()).unwrap()).unwrap();
        Arc::new(roots)
    }
}

/// How a target shows this certificate, to clients that `clients` vouches for.
fn shown(
    own: &Signed,
    versions: &[&'static SupportedProtocolVersion],
    clients: Option<&Authority>,
) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider));
    let config = config.with_protocol_versions(versions).unwrap();
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(authority.roots(), provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let cert = CertificateDer::from_pem_slice(own.cert.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(own.key.as_bytes()).unwrap();
    config.with_single_cert(vec![cert], key).unwrap()
}

/// Where a target answers `a 1` over TLS, once a connection.
async fn target(config: ServerConfig) -> String {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(acceptor.clone(), stream));
        }
    });
    address
}

/// One request, and the end. Whoever does not like the certificate goes before.
async fn answer(acceptor: TlsAcceptor, stream: TcpStream) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let text = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {TEXT}\r\ncontent-length: 4\r\nconnection: close\r\n\r\na 1\n"
    );
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Whether one scrape with this `tls_config` brings the target's sample.
async fn is_up(target: &str, tls: &str) -> bool {
    let mut rig = Rig::new().await;
    target.clone_into(&mut rig.address);
    let settings = format!("  scheme: https\n  tls_config: {{{tls}}}");
    rig.scraper(&settings).scrape(1000).await;
    let series = rig.series();
    let is_up = series.contains("up 1@1\n");
    assert_eq!(is_up, series.contains("a 1@1\n"), "{series}");
    is_up
}

const BOTH: [&SupportedProtocolVersion; 2] = [&rustls::version::TLS12, &rustls::version::TLS13];

#[tokio::test]
async fn the_name_of_a_certificate_is_that_of_the_address_unless_another_is_configured() {
    let (authority, other) = (Authority::new(), Authority::new());
    let target = target(shown(&authority.sign("metrics.internal"), &BOTH, None)).await;
    let ca = authority.field();
    assert!(!is_up(&target, &ca).await, "the address is not the certificate's name");
    assert!(is_up(&target, &format!("{ca}, server_name: metrics.internal")).await);
    assert!(!is_up(&target, &format!("{ca}, server_name: other.internal")).await);
    let stranger = other.field();
    assert!(!is_up(&target, &format!("{stranger}, server_name: metrics.internal")).await);
    assert!(!is_up(&target, "server_name: metrics.internal").await, "nobody vouches for it");
    assert!(is_up(&target, "insecure_skip_verify: true").await);
    assert!(is_up(&target, "insecure_skip_verify: true, server_name: other.internal").await);
}

#[tokio::test]
async fn versions_of_tls_are_kept_with_and_without_a_name() {
    let authority = Authority::new();
    let target = target(shown(&authority.sign("127.0.0.1"), &BOTH[..1], None)).await;
    let ca = authority.field();
    for name in ["", ", server_name: 127.0.0.1"] {
        assert!(is_up(&target, &format!("{ca}{name}, min_version: TLS12")).await);
        assert!(is_up(&target, &format!("{ca}{name}, max_version: TLS12")).await);
        assert!(!is_up(&target, &format!("{ca}{name}, min_version: TLS13")).await);
    }
}

#[tokio::test]
async fn a_target_that_wants_to_know_who_asks_is_shown_a_certificate() {
    let (authority, other) = (Authority::new(), Authority::new());
    let target = target(shown(&authority.sign("127.0.0.1"), &BOTH, Some(&authority))).await;
    let ca = authority.field();
    for name in ["", ", server_name: 127.0.0.1"] {
        let shows = |Signed { cert, key }| format!("{ca}{name}, cert: {cert:?}, key: {key:?}");
        assert!(is_up(&target, &shows(authority.sign("client"))).await);
        assert!(!is_up(&target, &shows(other.sign("client"))).await);
        assert!(!is_up(&target, &format!("{ca}{name}")).await);
    }
}

#[tokio::test]
async fn http2_is_offered_unless_it_is_turned_off() {
    let authority = Authority::new();
    for name in ["", ", server_name: 127.0.0.1"] {
        for (setting, expected) in [("true", "h2"), ("false", "http/1.1")] {
            let mut config = shown(&authority.sign("127.0.0.1"), &BOTH, None);
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            let acceptor = TlsAcceptor::from(Arc::new(config));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut rig = Rig::new().await;
            rig.address = listener.local_addr().unwrap().to_string();
            let settings = format!(
                "  scheme: https\n  enable_http2: {setting}\n  tls_config: {{{}{name}}}",
                authority.field()
            );
            let mut scraper = rig.scraper(&settings);
            let accepted = async {
                let stream = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
                stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec)
            };
            let (protocol, ()) = tokio::join!(accepted, scraper.scrape(1000));
            assert_eq!(protocol.as_deref(), Some(expected.as_bytes()), "{setting}{name}");
        }
    }
}

/// A server that hands out `token-1`, `token-2`…, to clients that say who they are in the body of the request.
async fn token_server(expires_in: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let answer = move |request: Request<axum::body::Body>| {
        let seen = Arc::clone(&seen);
        async move {
            let body: Bytes = to_bytes(request.into_body(), 1 << 16).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            if !body.contains("client_secret=s%26") {
                let refused = Response::builder().status(401);
                return refused.body(r#"{"error":"invalid_client"}"#.to_owned()).unwrap();
            }
            let mut seen = seen.lock().unwrap();
            seen.push(body);
            let number = seen.len();
            Response::new(format!(
                r#"{{"access_token":"token-{number}","token_type":"bearer","expires_in":{expires_in}}}"#
            ))
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (url, asked)
}

fn oauth2(url: &str, secret: &str) -> String {
    format!(
        "  oauth2: {{client_id: c, client_secret: '{secret}', token_url: '{url}', scopes: [a, b], endpoint_params: {{audience: x}}}}"
    )
}

#[tokio::test]
async fn a_token_is_asked_for_once_until_it_ends() {
    for (expires_in, tokens) in
        [("3600", ["token-1", "token-1"]), ("\"5\"", ["token-1", "token-2"])]
    {
        let (url, asked) = token_server(expires_in).await;
        let rig = Rig::new().await;
        let mut scraper = rig.scraper(&oauth2(&url, "s&"));
        for (step, token) in (1..).zip(tokens) {
            rig.tell(&[says("a 1")]);
            scraper.scrape(step * 1000).await;
            let sent = rig.headers.lock().unwrap()["authorization"].clone();
            assert_eq!(sent, format!("Bearer {token}"));
        }
        let asked = asked.lock().unwrap();
        assert_eq!(
            asked[0],
            "grant_type=client_credentials&scope=a+b&audience=x&client_id=c&client_secret=s%26"
        );
    }
}

#[tokio::test]
async fn without_a_token_a_target_is_not_asked() {
    let (url, _) = token_server("3600").await;
    let rig = Rig::new().await;
    let series = rig.run(&oauth2(&url, "wrong"), &[says("a 1")]).await;
    assert!(series.contains("up 0@1"), "{series}");
    assert!(rig.headers.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_stands_between_except_for_those_that_are_excepted() {
    let (target, proxy) = (Rig::new().await, Rig::new().await);
    let settings = format!("  proxy_url: 'http://{}'", proxy.address);
    proxy.tell(&[says("through 1")]);
    let mut scraper = target.scraper(&settings);
    scraper.scrape(1000).await;
    assert!(target.series().contains("through 1@1"), "{}", target.series());
    let series = target
        .run(&format!("{settings}\n  no_proxy: 127.0.0.1"), &[Does::Fails(500), says("straight 1")])
        .await;
    assert!(series.contains("straight 1@2"), "{series}");
}

#[tokio::test]
async fn a_proxy_is_shown_its_own_headers_on_the_way_to_a_secured_target() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = listener.local_addr().unwrap();
    let rig = Rig::new().await;
    let settings = format!(
        "  scheme: https\n  proxy_url: 'http://{proxy}'\n  proxy_connect_header: {{X-Door: [open]}}"
    );
    let mut scraper = rig.scraper(&settings);
    let seen = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        String::from_utf8(head).unwrap().to_lowercase()
    };
    let (head, ()) = tokio::join!(seen, scraper.scrape(1000));
    assert!(head.starts_with(&format!("connect {}", rig.address)), "{head}");
    assert!(head.contains("x-door: open"), "{head}");
}
