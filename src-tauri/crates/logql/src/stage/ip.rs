//! Internet addresses: `ip("10.0.0.1")`, `ip("10.0.0.1-10.0.0.9")`, `ip("10.0.0.0/8")`, and the same in version 6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses from one to another, both inclusive, of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Addresses {
    first: IpAddr,
    last: IpAddr,
}

impl Addresses {
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let invalid =
            || format!("ip: invalid pattern {}", watchglass_template::text::quoted(source));
        let address = |text: &str| text.trim().parse::<IpAddr>().map_err(|_| invalid());
        let addresses = if let Some((first, last)) = source.split_once('-') {
            Self { first: address(first)?, last: address(last)? }
        } else if let Some((network, bits)) = source.split_once('/') {
            let bits: u32 = bits.trim().parse().map_err(|_| invalid())?;
            block(address(network)?, bits).ok_or_else(invalid)?
        } else {
            let one = address(source)?;
            Self { first: one, last: one }
        };
        let ordered = addresses.first.is_ipv4() == addresses.last.is_ipv4()
            && addresses.first <= addresses.last;
        if ordered { Ok(addresses) } else { Err(invalid()) }
    }

    fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4() && self.first <= address && address <= self.last
    }

    /// Whether one of them stands somewhere in a text.
    pub(super) fn are_in(&self, text: &[u8]) -> bool {
        let is_part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
        text.split(|byte| !is_part(byte))
            .filter(|run| run.len() > 1)
            .any(|run| std::str::from_utf8(run).is_ok_and(|run| self.are_in_run(run)))
    }

    /// A run of digits, dots and colons: an address, perhaps with a port or a full stop behind it.
    fn are_in_run(&self, run: &str) -> bool {
        if self.first.is_ipv6() {
            let inner = run.trim_end_matches('.');
            let trimmed = inner.strip_suffix(':').filter(|rest| !rest.ends_with(':'));
            return [Some(inner), trimmed].into_iter().flatten().any(|text| {
                text.parse::<Ipv6Addr>().is_ok_and(|own| self.contains(IpAddr::V6(own)))
            });
        }
        run.split(|one: char| !(one.is_ascii_digit() || one == '.')).any(|part| {
            let address = part.trim_matches('.').parse::<Ipv4Addr>();
            address.is_ok_and(|own| self.contains(IpAddr::V4(own)))
        })
    }
}

/// All addresses that share the first bits.
fn block(network: IpAddr, bits: u32) -> Option<Addresses> {
    match network {
        IpAddr::V4(own) => {
            let host = u32::MAX.checked_shr(bits).unwrap_or(0);
            let first = u32::from(own) & !host;
            (bits <= 32).then(|| Addresses {
                first: Ipv4Addr::from(first).into(),
                last: Ipv4Addr::from(first | host).into(),
            })
        }
        IpAddr::V6(own) => {
            let host = u128::MAX.checked_shr(bits).unwrap_or(0);
            let first = u128::from(own) & !host;
            (bits <= 128).then(|| Addresses {
                first: Ipv6Addr::from(first).into(),
                last: Ipv6Addr::from(first | host).into(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_inside_of_text() {
        for (addresses, text, found) in [
            ("10.0.0.1", "from 10.0.0.1:80.", true),
            ("10.0.0.1", "from 110.0.0.1", false),
            ("10.0.0.0/8", "x=10.200.3.4,", true),
            ("10.0.0.1-10.0.0.9", "10.0.0.10", false),
            ("::1", "[::1]:80", true),
            ("2001:db8::/32", "2001:db8::5 connected", true),
            ("0.0.0.0/0", "1.2.3", false),
        ] {
            let own = Addresses::new(addresses).unwrap();
            assert_eq!(own.are_in(text.as_bytes()), found, "{addresses} in {text}");
        }
        for wrong in ["", "x", "10.0.0.0/33", "10.0.0.9-10.0.0.1", "10.0.0.1-::1"] {
            assert!(Addresses::new(wrong).is_err(), "{wrong}");
        }
    }
}
