//! Trace and span ids as W3C trace context has them: 16 and 8 bytes, all zero meaning "none".

use std::fmt;
use std::str::FromStr;

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            /// The absent id.
            pub const NONE: Self = Self([0; $bytes]);

            /// Whether this is the absent id.
            pub fn is_none(self) -> bool {
                self == Self::NONE
            }

            /// An id from bytes of just the right length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Reads hexadecimal digits of either case.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let mut bytes = [0; $bytes];
                let digits = text.as_bytes();
                if digits.len() != $bytes * 2 {
                    return Err(InvalidId { digits: $bytes * 2 });
                }
                for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
                    *byte = hex_pair(pair).ok_or(InvalidId { digits: $bytes * 2 })?;
                }
                Ok(Self(bytes))
            }
        }
    };
}

identity!(
    /// What joins the spans and log records of one request across services.
    TraceId,
    16
);
identity!(
    /// One span of a trace.
    SpanId,
    8
);

/// A text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId {
    /// How many hexadecimal digits it should have.
    pub digits: usize,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an id of {} hexadecimal digits is wanted", self.digits)
    }
}

impl std::error::Error for InvalidId {}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_what_they_print_in_either_case() {
        let id: TraceId = "4BF92f3577b34da6a3ce929d0e0e4736".parse().unwrap();
        assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!("4bf9".parse::<TraceId>().is_err());
        assert!("zzf067aa0ba902b7".parse::<SpanId>().is_err());
    }
}
