//! A kubeconfig, as far as it says where a cluster is and who asks: the cluster and user of its current context.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fault::{Faults, Reading};
use crate::http::{Authorization, HttpClient, Proxy, Secret, Tls};
use crate::yaml::{Fields, Node, tree};

/// A kubeconfig's current context.
#[derive(Debug, Clone, PartialEq)]
pub struct Kubeconfig {
    /// Where the cluster is.
    pub server: String,
    /// How it is asked.
    pub client: HttpClient,
}

const KIND: &str = "api.Config";

impl Kubeconfig {
    /// Reads a file's text. Paths in it are meant from `folder`, where the file lies. What `kubectl` knows besides is
    /// passed over.
    pub fn read(text: &str, folder: &Path) -> Result<Self, Faults> {
        let (node, reading) = (tree(text)?, Reading::within(folder));
        let kubeconfig = Self::of(&node, &reading);
        reading.verdict(kubeconfig)
    }

    fn of(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, KIND, reading);
        let current = fields.text("current-context").unwrap_or_default();
        let Some(context) = named(&fields, "contexts", "context", &current) else {
            let message = format!("the current context {current:?} is none of the contexts");
            fields.fault("current-context", message);
            return Self { server: String::new(), client: HttpClient::default() };
        };
        let context = Fields::of(context, KIND, reading);
        let name = context.text("cluster").unwrap_or_default();
        let mut client = HttpClient::default();
        let server = match named(&fields, "clusters", "cluster", &name) {
            Some(cluster) => read_cluster(&Fields::of(cluster, KIND, reading), &mut client),
            None => String::new(),
        };
        if server.is_empty() {
            fields.fault("clusters", format!("the cluster {name:?} has no server"));
        }
        let name = context.text("user").unwrap_or_default();
        if let Some(user) = named(&fields, "users", "user", &name) {
            read_user(&name, &Fields::of(user, KIND, reading), &mut client);
        }
        Self { server, client }
    }
}

/// The section of the item of a list that has this name.
fn named<'n>(
    fields: &Fields<'n>,
    list: &'static str,
    section: &'static str,
    name: &str,
) -> Option<&'n Node> {
    fields.items(list)?.iter().find_map(|item| {
        let item = Fields::of(item, KIND, fields.reading);
        item.text("name").filter(|own| own == name)?;
        item.section(section)
    })
}

/// Where the cluster is, and how the connection to it is secured.
fn read_cluster(fields: &Fields<'_>, client: &mut HttpClient) -> String {
    client.tls = Tls {
        ca: part(fields, "certificate-authority", "certificate-authority-data"),
        server_name: fields.text("tls-server-name").unwrap_or_default(),
        insecure_skip_verify: fields.flag("insecure-skip-tls-verify").unwrap_or(false),
        ..Tls::default()
    };
    let url = fields.text("proxy-url").filter(|url| !url.is_empty());
    client.proxy = Proxy { url, ..Proxy::default() };
    fields.text("server").unwrap_or_default()
}

fn read_user(name: &str, fields: &Fields<'_>, client: &mut HttpClient) {
    client.tls.cert = part(fields, "client-certificate", "client-certificate-data");
    client.tls.key = part(fields, "client-key", "client-key-data");
    let given = |name| fields.text(name).filter(|text| !text.is_empty());
    let file = given("tokenFile").map(|file| Secret::File(fields.reading.path(&file)));
    let token = file.or_else(|| given("token").map(Secret::Text));
    let password = || Secret::Text(given("password").unwrap_or_default());
    client.authorization = match (token, given("username")) {
        (Some(credentials), _) => {
            Authorization::Credentials { scheme: "Bearer".to_owned(), credentials }
        }
        (None, Some(name)) => {
            Authorization::Basic { username: Secret::Text(name), password: password() }
        }
        (None, None) => Authorization::None,
    };
    for way in ["exec", "auth-provider"] {
        if fields.section(way).is_some() && client.authorization == Authorization::None {
            let message = format!(
                "the user {name:?} logs in by {way}, which is not done here; use a token or a client certificate"
            );
            fields.fault(way, message);
        }
    }
}

/// A certificate or key: in the file itself, in base64, or in a file of its own. The former has precedence.
fn part(fields: &Fields<'_>, file: &'static str, data: &'static str) -> Option<Secret> {
    let given = |name| fields.text(name).filter(|text| !text.is_empty());
    let path = given(file).map(|file| Secret::File(fields.reading.path(&file)));
    let Some(data_text) = given(data) else { return path };
    let decoded = STANDARD.decode(data_text.trim()).map_err(|fault| fault.to_string());
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).map_err(|it| it.to_string()));
    match text {
        Ok(text) => Some(Secret::Text(text)),
        Err(fault) => {
            fields.fault(data, format!("{data} is not base64 of PEM: {fault}"));
            path
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "apiVersion: v1
kind: Config
preferences: {}
current-context: b
clusters:
- {name: one, cluster: {server: 'http://one'}}
- name: two
  cluster: {server: 'https://two:6443', certificate-authority-data: aGk=, tls-server-name: kubernetes}
contexts:
- {name: a, context: {cluster: one, user: u}}
- {name: b, context: {cluster: two, user: v, namespace: n}}
users:
- {name: u, user: {token: t}}
- {name: v, user: {client-certificate: c.pem, client-key-data: aGk=, tokenFile: /t, exec: {command: x}}}
";

    #[test]
    fn the_current_context_says_where_the_cluster_is_and_who_asks() {
        let found = Kubeconfig::read(TEXT, Path::new("/home")).unwrap();
        assert_eq!(found.server, "https://two:6443");
        let Tls { ca, cert, key, server_name, .. } = found.client.tls;
        assert_eq!((ca, key), (Some(Secret::Text("hi".into())), Some(Secret::Text("hi".into()))));
        assert_eq!(cert, Some(Secret::File("/home/c.pem".into())));
        assert_eq!(server_name, "kubernetes");
        let Authorization::Credentials { credentials, .. } = found.client.authorization else {
            panic!("a token")
        };
        assert_eq!(credentials, Secret::File("/t".into()));
    }

    #[test]
    fn what_cannot_be_done_is_told_with_its_place() {
        let fault = |text: &str| Kubeconfig::read(text, Path::new("")).unwrap_err().to_string();
        let exec = TEXT.replace(" tokenFile: /t,", "");
        assert_eq!(
            fault(&exec),
            "line 14: the user \"v\" logs in by exec, which is not done here; use a token or a client certificate"
        );
        let none = TEXT.replace("current-context: b", "current-context: c");
        assert_eq!(fault(&none), "line 4: the current context \"c\" is none of the contexts");
        assert!(fault(&TEXT.replace("aGk=", "a?b")).contains("is not base64 of PEM"));
    }
}
