//! Decompression with a cap: a small request that grows beyond the limit costs no more than the limit.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
    Deflate,
}

/// The encodings that `Content-Encoding` may name.
pub(crate) const ACCEPTED: &str = "gzip, zstd, deflate, identity";

/// The largest window that zstd frames may ask for, as RFC 9659 says for HTTP: 8 MiB.
const ZSTD_WINDOW_LOG: u32 = 23;

/// Why a body could not be decompressed.
#[derive(Debug)]
pub(crate) enum InflateError {
    /// It has more bytes than allowed.
    TooLarge,
    /// `grow` said no.
    Exhausted,
    /// It is not what it claims to be.
    Corrupt(io::Error),
}

impl Compression {
    /// By the name in `Content-Encoding`; none for `identity`. Unknown names come back as the error.
    pub(crate) fn named(name: &str) -> Result<Option<Self>, &str> {
        let known = [
            ("", None),
            ("identity", None),
            ("gzip", Some(Self::Gzip)),
            ("x-gzip", Some(Self::Gzip)),
            ("zstd", Some(Self::Zstd)),
            ("deflate", Some(Self::Deflate)),
        ];
        let name = name.trim();
        let mut known = known.into_iter();
        let found = known.find(|(one, _)| one.eq_ignore_ascii_case(name));
        found.map(|(_, compression)| compression).ok_or(name)
    }
}

/// Decompresses `body` to at most `limit` bytes; `grow` is asked before each further piece of memory.
pub(crate) fn inflate(
    compression: Compression,
    body: &[u8],
    limit: usize,
    mut grow: impl FnMut(usize) -> bool,
) -> Result<Vec<u8>, InflateError> {
    let mut reader: Box<dyn Read + '_> = match compression {
        Compression::Gzip => Box::new(MultiGzDecoder::new(body)),
        Compression::Deflate if is_zlib(body) => Box::new(ZlibDecoder::new(body)),
        Compression::Deflate => Box::new(DeflateDecoder::new(body)),
        Compression::Zstd => {
            let mut decoder =
                zstd::stream::read::Decoder::with_buffer(body).map_err(InflateError::Corrupt)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(InflateError::Corrupt)?;
            Box::new(decoder)
        }
    };
    let mut out = Vec::new();
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = match reader.read(&mut piece) {
            Ok(0) => return Ok(out),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(InflateError::Corrupt(error)),
        };
        if out.len() + read > limit {
            return Err(InflateError::TooLarge);
        }
        if !grow(read) {
            return Err(InflateError::Exhausted);
        }
        out.extend_from_slice(piece.get(..read).unwrap_or_default());
    }
}

/// Whether a deflate body has the zlib header that HTTP asks for and some senders leave out.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) * 256 + u16::from(*second)).is_multiple_of(31))
}
