//! Who asks: basic authentication, a header of credentials, or OAuth 2.0. At most one of them.

use crate::fault::Reading;
use crate::http::{Proxy, Secret, Tls};
use crate::yaml::{Fields, Node};

/// How a client says who it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Authorization {
    /// It does not.
    #[default]
    None,
    /// With name and password.
    Basic {
        /// The name.
        username: Secret,
        /// The password.
        password: Secret,
    },
    /// With a header, most often `Bearer` and a token.
    Credentials {
        /// The scheme, `Bearer` if the file does not say.
        scheme: String,
        /// What follows it.
        credentials: Secret,
    },
    /// With a token that a server hands out.
    OAuth2(Box<OAuth2>),
}

/// How a token is asked for (client credentials).
#[derive(Debug, Clone, PartialEq)]
pub struct OAuth2 {
    /// The client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Who hands tokens out.
    pub token_url: String,
    /// Further parameters.
    pub endpoint_params: Vec<(String, String)>,
    /// How the connection to the server is secured.
    pub tls: Tls,
    /// What stands between.
    pub proxy: Proxy,
}

impl Authorization {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        let basic = fields.section("basic_auth").map(|node| basic(node, fields.reading));
        let header = fields.section("authorization").map(|node| credentials(node, fields.reading));
        let oauth2 = fields.section("oauth2").map(|node| OAuth2::read(node, fields.reading));
        let bearer = secret(fields, "bearer_token", "bearer_token_file", None);
        let has_bearer = ["bearer_token", "bearer_token_file"].map(|name| !is_empty(fields, name));
        if has_bearer == [true, true] {
            let message = "at most one of bearer_token & bearer_token_file must be configured";
            fields.fault("bearer_token_file", message);
        }
        let has_bearer = has_bearer.contains(&true);
        if (basic.is_some() || oauth2.is_some()) && has_bearer {
            let message = "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured";
            fields.fault("basic_auth", message);
        }
        if header.is_some() && has_bearer {
            let message = "authorization is not compatible with bearer_token & bearer_token_file";
            fields.fault("authorization", message);
        }
        let ways = [basic.is_some(), header.is_some(), oauth2.is_some()];
        if ways.into_iter().filter(|is_used| *is_used).count() > 1 {
            let message = "at most one of basic_auth, oauth2 & authorization must be configured";
            fields.fault(if basic.is_some() { "basic_auth" } else { "authorization" }, message);
        }
        let bearer = has_bearer
            .then(|| Self::Credentials { scheme: "Bearer".to_owned(), credentials: bearer });
        basic.or(header).or(oauth2).or(bearer).unwrap_or_default()
    }
}

fn is_empty(fields: &Fields<'_>, name: &'static str) -> bool {
    fields.text(name).is_none_or(|text| text.is_empty())
}

/// What is given as text or in a file. `reference` is the field of a secret store, which is taken and stands for nothing.
fn secret(
    fields: &Fields<'_>,
    name: &'static str,
    file: &'static str,
    reference: Option<&'static str>,
) -> Secret {
    if let Some(reference) = reference {
        let _ = fields.text(reference);
    }
    let text = fields.text(name).unwrap_or_default();
    match fields.text(file).filter(|file| !file.is_empty()) {
        Some(file) if text.is_empty() => Secret::File(fields.reading.path(&file)),
        _ => Secret::Text(text),
    }
}

fn refuse_several(fields: &Fields<'_>, names: [&'static str; 3], message: &str) {
    let given = names.into_iter().filter(|name| !is_empty(fields, name));
    if let Some(second) = given.skip(1).last() {
        fields.fault(second, message);
    }
}

fn basic(node: &Node, reading: &Reading) -> Authorization {
    let fields = Fields::of(node, "config.plain", reading);
    let username = secret(&fields, "username", "username_file", Some("username_ref"));
    let password = secret(&fields, "password", "password_file", Some("password_ref"));
    let names = ["username", "username_file", "username_ref"];
    let message =
        "at most one of basic_auth username, username_file & username_ref must be configured";
    refuse_several(&fields, names, message);
    let names = ["password", "password_file", "password_ref"];
    let message =
        "at most one of basic_auth password, password_file & password_ref must be configured";
    refuse_several(&fields, names, message);
    fields.finish();
    Authorization::Basic { username, password }
}

fn credentials(node: &Node, reading: &Reading) -> Authorization {
    let fields = Fields::of(node, "config.plain", reading);
    let scheme = fields.text("type").unwrap_or_default().trim().to_owned();
    let scheme = if scheme.is_empty() { "Bearer".to_owned() } else { scheme };
    if scheme.eq_ignore_ascii_case("basic") {
        let message = "authorization type cannot be set to \"basic\", use \"basic_auth\" instead";
        fields.fault("type", message);
    }
    let names = ["credentials", "credentials_file", "credentials_ref"];
    let message = "at most one of authorization credentials, credentials_file & credentials_ref must be configured";
    refuse_several(&fields, names, message);
    let credentials = secret(&fields, "credentials", "credentials_file", Some("credentials_ref"));
    fields.finish();
    Authorization::Credentials { scheme, credentials }
}

impl OAuth2 {
    fn read(node: &Node, reading: &Reading) -> Authorization {
        let fields = Fields::of(node, "config.plain", reading);
        let text = |name| fields.text(name).unwrap_or_default();
        let names = ["client_secret", "client_secret_file", "client_secret_ref"];
        let message = "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured";
        refuse_several(&fields, names, message);
        let oauth2 = Self {
            client_id: text("client_id"),
            client_secret: secret(
                &fields,
                "client_secret",
                "client_secret_file",
                Some("client_secret_ref"),
            ),
            scopes: fields.texts("scopes").unwrap_or_default(),
            token_url: text("token_url"),
            endpoint_params: fields.text_pairs("endpoint_params"),
            tls: fields
                .section("tls_config")
                .map(|node| Tls::read(node, reading))
                .unwrap_or_default(),
            proxy: Proxy::read(&fields),
        };
        let jwt = [
            "grant_type",
            "client_certificate_key_id",
            "client_certificate_key",
            "client_certificate_key_file",
        ];
        for name in jwt.into_iter().chain([
            "client_certificate_key_ref",
            "signature_algorithm",
            "iss",
            "audience",
        ]) {
            let _ = fields.text(name);
        }
        let _ = fields.pairs("claims");
        if oauth2.client_id.is_empty() {
            fields.fault("client_id", "oauth2 client_id must be configured");
        }
        if oauth2.token_url.is_empty() {
            fields.fault("token_url", "oauth2 token_url must be configured");
        }
        fields.finish();
        Authorization::OAuth2(Box::new(oauth2))
    }
}
