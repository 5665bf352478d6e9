//! Addresses of this machine only. Anything else is refused: what Watchglass shows is nobody else's to read.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Reads `127.0.0.1:4319`, `[::1]:4319`, `localhost:4319`, `:4319` or `4319`; port 0 picks a free one.
pub(crate) fn parse_loopback(text: &str) -> Result<SocketAddr, String> {
    let wrong = || format!("`{text}` is no address: write one as in 127.0.0.1:4319");
    if let Ok(address) = text.parse::<SocketAddr>() {
        return if address.ip().is_loopback() { Ok(address) } else { Err(foreign(text)) };
    }
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port = port.parse().map_err(|_| wrong())?;
    match host {
        "" | "localhost" => Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)),
        _ => Err(foreign(text)),
    }
}

fn foreign(text: &str) -> String {
    format!(
        "`{text}` is not on loopback: Watchglass listens on 127.0.0.1, [::1] or localhost only, because \
         whoever reaches it can read everything"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_read_in_its_usual_forms() {
        for text in ["127.0.0.1:4319", "localhost:4319", ":4319", "4319"] {
            assert_eq!(parse_loopback(text).unwrap().to_string(), "127.0.0.1:4319", "{text}");
        }
        assert_eq!(parse_loopback("[::1]:0").unwrap().to_string(), "[::1]:0");
    }

    #[test]
    fn other_addresses_are_refused() {
        for text in ["0.0.0.0:4319", "192.168.1.2:80", "[::]:4319", "example.com:4319", "x", ""] {
            assert!(parse_loopback(text).is_err(), "{text}");
        }
    }
}
