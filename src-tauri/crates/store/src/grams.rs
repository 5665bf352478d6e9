//! What a text cannot be without: short pieces of its words, of which a filter keeps the hashes. Every piece of a needle is
//! also a piece of whatever text holds the needle, so a block without one of them does not hold it.
//!
//! Of words there are all pieces of three letters with one beyond `f`; there are few of them, because words recur. Of
//! numbers and hexadecimal ids, which do not, some pieces of six digits: of any three that follow each other the one whose
//! hash is least (Schleimer, Wilkerson and Aiken, "Winnowing", 2003). So a needle of eight digits has one at least.

/// Digits in a piece of a number or id.
const DIGITS: usize = 6;
/// Of so many pieces of a number or id that follow each other one is kept.
const WINDOW: usize = 3;

/// Shows the hash of each piece of `text`; some come twice.
pub(crate) fn each(text: &[u8], visit: &mut impl FnMut(u32)) {
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
        let word = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        if word.len() >= 3 {
            letters(word, visit);
            digits(word, visit);
        }
        start += word.len() + 1;
    }
}

/// The hashes of the pieces of `text`, each once.
pub(crate) fn of(text: &[u8]) -> Vec<u32> {
    let mut all = Vec::new();
    each(text, &mut |hash| all.push(hash));
    all.sort_unstable();
    all.dedup();
    all
}

fn letters(word: &[u8], visit: &mut impl FnMut(u32)) {
    for piece in word.array_windows::<3>() {
        if !piece.iter().all(u8::is_ascii_hexdigit) {
            let [one, two, three] = piece.map(u64::from);
            visit(mix(one | two << 8 | three << 16));
        }
    }
}

fn digits(word: &[u8], visit: &mut impl FnMut(u32)) {
    for run in word.split(|byte| !byte.is_ascii_hexdigit()) {
        let hashes = run
            .array_windows::<DIGITS>()
            .map(|piece| mix(piece.iter().fold(1, |all, byte| all << 8 | u64::from(*byte))));
        let mut recent = [u32::MAX; WINDOW];
        let mut last = None;
        for (number, hash) in hashes.enumerate() {
            recent[number % WINDOW] = hash;
            if number + 1 >= WINDOW {
                let lowest = recent.into_iter().min().unwrap_or(hash);
                if last != Some(lowest) {
                    visit(lowest);
                    last = Some(lowest);
                }
            }
        }
    }
}

/// The finalizer of `MurmurHash3`, whose upper half is used.
const fn mix(number: u64) -> u32 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let number = (number ^ (number >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    let [_, _, _, _, upper @ ..] = number.to_le_bytes();
    u32::from_le_bytes(upper)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_of_eight_digits_and_a_word_of_three_letters_have_pieces() {
        for number in 0..2_000_u32 {
            assert!(!of(format!("{:08}", number * 48_271 % 99_999_989).as_bytes()).is_empty());
            assert!(!of(format!("{:08x}", number.wrapping_mul(0x9e37_79b9)).as_bytes()).is_empty());
        }
        assert_eq!(of(b"oom").len(), 1);
        assert_eq!(of(b"bad 12 a.b").len(), 0);
    }

    proptest! {
        #[test]
        fn what_a_part_has_the_whole_has_too(text in "([0-9a-f]|[a-zA-Z0-9 .:_-]){0,60}", cut: (usize, usize)) {
            let start = cut.0 % (text.len() + 1);
            let end = start + cut.1 % (text.len() - start + 1);
            let whole: BTreeSet<u32> = of(text.as_bytes()).into_iter().collect();
            for hash in of(&text.as_bytes()[start..end]) {
                prop_assert!(whole.contains(&hash), "{:?} of {text:?}", &text[start..end]);
            }
        }
    }
}
