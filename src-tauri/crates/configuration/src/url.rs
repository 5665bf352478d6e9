//! Addresses, as far as upstream checks them when it reads a configuration.

/// Whether Go's `url.Parse` would take a text, roughly: no control characters, and a scheme where a colon comes first.
pub(crate) fn check_url(text: &str) -> Result<(), String> {
    let why = if text.chars().any(|one| one.is_ascii_control()) {
        "invalid control character in URL"
    } else if text.starts_with(':') {
        "missing protocol scheme"
    } else if text
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .is_some_and(|host| host.contains(' '))
    {
        "invalid character \" \" in host name"
    } else {
        return Ok(());
    };
    Err(format!("parse {text:?}: {why}"))
}

/// Scheme and host of an absolute address.
pub(crate) fn scheme_and_host(text: &str) -> (&str, &str) {
    let Some((scheme, rest)) = text.split_once("://") else { return ("", "") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (scheme, authority.rsplit('@').next().unwrap_or_default())
}

/// Whether an address is one for HTTP, in the words that several discoveries share.
pub(crate) fn check_http_url(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("URL is missing".to_owned());
    }
    check_url(text)?;
    let (scheme, host) = scheme_and_host(text);
    if !matches!(scheme, "http" | "https") {
        return Err("URL scheme must be 'http' or 'https'".to_owned());
    }
    if host.is_empty() {
        return Err("host is missing in URL".to_owned());
    }
    Ok(())
}
