//! Tokens of OAuth 2.0 for a client that has credentials of its own: asked for when needed, kept until they end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tokio::sync::Mutex;
use watchglass_configuration::OAuth2;

use super::{ClientFault, read, secured_through, sensitive};

/// A token is not used any more so long before it ends.
const MARGIN: Duration = Duration::from_secs(10);

/// Bytes of an answer that are taken.
const MOST_BYTES: usize = 1 << 20;

/// How long the server may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The tokens that one client is given, one after another.
#[derive(Debug)]
pub(super) struct Tokens {
    config: OAuth2,
    client: Client,
    held: Mutex<Option<Held>>,
}

/// A token as a header, with the secret that it was given for.
#[derive(Debug)]
struct Held {
    secret: String,
    header: HeaderValue,
    ends: Option<Instant>,
}

/// Where a server wants the client's credentials: some know only one of the two.
#[derive(Debug, Clone, Copy)]
enum Place {
    Header,
    Body,
}

impl Tokens {
    pub(super) fn new(config: &OAuth2) -> Result<Self, ClientFault> {
        let client = secured_through(&config.tls, &config.proxy)?.timeout(TIMEOUT).build()?;
        Ok(Self { config: config.clone(), client, held: Mutex::default() })
    }

    /// The header that shows a token.
    pub(super) async fn header(&self) -> Result<HeaderValue, ClientFault> {
        let secret = read(&self.config.client_secret)?;
        let mut held = self.held.lock().await;
        let is_good = |held: &&Held| {
            held.secret == secret && held.ends.is_none_or(|ends| Instant::now() + MARGIN < ends)
        };
        if let Some(held) = held.as_ref().filter(is_good) {
            return Ok(held.header.clone());
        }
        let fresh = self.ask(secret).await?;
        let header = fresh.header.clone();
        *held = Some(fresh);
        Ok(header)
    }

    async fn ask(&self, secret: String) -> Result<Held, ClientFault> {
        let first = self.send(&secret, Place::Header).await?;
        if !first.status().is_client_error() {
            return held(first, secret).await;
        }
        // So Go's oauth2 finds out what a server wants.
        let second = self.send(&secret, Place::Body).await?;
        let answer = if second.status().is_success() { second } else { first };
        held(answer, secret).await
    }

    async fn send(&self, secret: &str, place: Place) -> Result<Response, ClientFault> {
        let config = &self.config;
        let mut form = vec![("grant_type", "client_credentials".to_owned())];
        if !config.scopes.is_empty() {
            form.push(("scope", config.scopes.join(" ")));
        }
        let own = config.endpoint_params.iter();
        form.extend(own.map(|(name, value)| (name.as_str(), value.clone())));
        let mut request = self.client.post(&config.token_url);
        match place {
            Place::Header => request = request.basic_auth(&config.client_id, Some(secret)),
            Place::Body => form.extend([
                ("client_id", config.client_id.clone()),
                ("client_secret", secret.to_owned()),
            ]),
        }
        Ok(request.form(&form).send().await?)
    }
}

async fn held(mut answer: Response, secret: String) -> Result<Held, ClientFault> {
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if body.len() + piece.len() > MOST_BYTES {
            return Err(ClientFault::Token(format!("the answer has more than {MOST_BYTES} bytes")));
        }
        body.extend_from_slice(&piece);
    }
    if status != StatusCode::OK {
        let said: String = String::from_utf8_lossy(&body).chars().take(300).collect();
        return Err(ClientFault::Token(format!("{status}\nResponse: {said}")));
    }
    let fields: BTreeMap<String, Value> =
        serde_json::from_slice(&body).map_err(|fault| ClientFault::Token(fault.to_string()))?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let token = text("access_token");
    if token.is_empty() {
        return Err(ClientFault::Token("server response missing access_token".to_owned()));
    }
    let kind = match text("token_type") {
        kind if kind.is_empty() || kind.eq_ignore_ascii_case("bearer") => "Bearer",
        kind => kind,
    };
    // Some servers write the number as text.
    let seconds = fields.get("expires_in");
    let seconds = seconds.and_then(|it| it.as_u64().or_else(|| it.as_str()?.parse().ok()));
    let ends = seconds
        .filter(|seconds| *seconds > 0)
        .and_then(|seconds| Instant::now().checked_add(Duration::from_secs(seconds)));
    Ok(Held { secret, header: sensitive(&format!("{kind} {token}"), "Authorization")?, ends })
}
