//! Names that are not classic, made to fit where only classic ones may stand, and back
//! (`model.EscapeName` and `model.UnescapeName` of Prometheus).

use std::borrow::Cow;
use std::fmt::Write;

use watchglass_exposition::Escaping;

/// Whether a name may stand without quotes: letters, underscores, colons and, behind the first, digits.
pub(super) fn is_classic(name: &str) -> bool {
    !name.is_empty() && name.char_indices().all(|(place, one)| fits(place, one))
}

fn fits(place: usize, one: char) -> bool {
    one.is_ascii_alphabetic() || matches!(one, '_' | ':') || (place > 0 && one.is_ascii_digit())
}

/// A name as a scheme writes it.
pub(super) fn escaped(name: &str, escaping: Escaping) -> Cow<'_, str> {
    if escaping == Escaping::AllowUtf8 || (escaping != Escaping::Dots && is_classic(name)) {
        return Cow::Borrowed(name);
    }
    let mut out = String::new();
    if escaping == Escaping::Values {
        out.push_str("U__");
    }
    for (place, one) in name.char_indices() {
        match (escaping, one) {
            (Escaping::Dots, '.') => out.push_str("_dot_"),
            (Escaping::Dots | Escaping::Values, '_') => out.push_str("__"),
            _ if fits(place, one) => out.push(one),
            (Escaping::Dots, _) => out.push_str("__"),
            (Escaping::Values, _) => {
                // Writing into a string cannot fail.
                let _ = write!(out, "_{:x}_", u32::from(one));
            }
            (Escaping::Underscores | Escaping::AllowUtf8, _) => out.push('_'),
        }
    }
    Cow::Owned(out)
}

/// A name that was escaped to fit into an address: `U__` in front, `_2e_` for a dot, `__` for an underscore. Anything
/// else is the name itself.
pub(super) fn unescaped(name: &str) -> String {
    let Some(escaped) = name.strip_prefix("U__") else { return name.to_owned() };
    let mut out = String::new();
    let mut rest = escaped;
    while let Some(place) = rest.find('_') {
        let (before, behind) = rest.split_at(place);
        out.push_str(before);
        let behind = behind.get(1..).unwrap_or_default();
        let Some((digits, after)) = behind.split_once('_') else { return name.to_owned() };
        if digits.is_empty() {
            out.push('_');
        } else {
            match u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) {
                Some(character) => out.push(character),
                None => return name.to_owned(),
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_name_is_read_back() {
        assert_eq!(unescaped("U__http_2e_status__code"), "http.status_code");
        assert_eq!(unescaped("U__broken_zz_"), "U__broken_zz_");
        assert_eq!(unescaped("plain__name"), "plain__name");
        for name in ["http.status_code", "ärger", "0a", "a:b c"] {
            assert_eq!(unescaped(&escaped(name, Escaping::Values)), name);
        }
    }

    #[test]
    fn each_scheme_writes_names_its_own_way() {
        let all = [Escaping::AllowUtf8, Escaping::Underscores, Escaping::Dots, Escaping::Values];
        let written = |name: &'static str| all.map(|one| escaped(name, one).into_owned());
        assert_eq!(
            written("http.status_code"),
            [
                "http.status_code",
                "http_status_code",
                "http_dot_status__code",
                "U__http_2e_status__code"
            ]
        );
        assert_eq!(written("0a"), ["0a", "_a", "__a", "U___30_a"]);
        assert_eq!(written("up"), ["up"; 4]);
    }
}
