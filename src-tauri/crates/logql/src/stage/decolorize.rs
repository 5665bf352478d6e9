//! `decolorize`: the escapes with which terminals colour text go.

use std::borrow::Cow;

use memchr::memchr;

use super::row::Row;

const ESCAPE: u8 = 0x1b;

pub(super) fn run(row: &mut Row<'_>) -> bool {
    if memchr(ESCAPE, &row.line).is_some() {
        row.line = Cow::Owned(stripped(&row.line));
    }
    true
}

fn stripped(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = memchr(ESCAPE, rest) {
        let (before, escape) = rest.split_at(start);
        out.extend_from_slice(before);
        rest = escape.get(length(escape)..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// How long the escape at the start is (ECMA-48): a control sequence, a text for the terminal, or a single character.
fn length(escape: &[u8]) -> usize {
    let inner = escape.get(2..).unwrap_or_default();
    match escape.get(1) {
        Some(b'[') => {
            let parameters = inner.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
            let last = inner.get(parameters).is_some_and(|byte| (0x40..0x7f).contains(byte));
            2 + parameters + usize::from(last)
        }
        Some(b']') => memchr(0x07, inner).map_or(escape.len(), |end| end + 3),
        Some(_) => 2,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::stripped;

    #[test]
    fn colours_go_and_text_stays() {
        for (line, plain) in [
            (&b"\x1b[31mred\x1b[0m text"[..], &b"red text"[..]),
            (b"\x1b[1;32;40mx", b"x"),
            (b"a\x1b]0;title\x07b", b"ab"),
            (b"\x1b[", b""),
            (b"x\x1b", b"x"),
            (b"plain", b"plain"),
        ] {
            assert_eq!(stripped(line), plain);
        }
    }
}
