//! Templates with `$1` and `${name}`, as Go's `Regexp.Expand` reads them.

/// `template` with the text of groups in place of their names. `groups` are the names of the groups, `text_of` the
/// text that each took part with.
pub(super) fn expand<'t>(
    template: &str,
    groups: &[Option<String>],
    text_of: impl Fn(usize) -> Option<&'t str>,
) -> String {
    let mut written = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('$') {
        written.push_str(before);
        rest = behind;
        if let Some(behind) = rest.strip_prefix('$') {
            written.push('$');
            rest = behind;
        } else if let Some((name, behind)) = name(rest) {
            written.push_str(text(name, groups, &text_of));
            rest = behind;
        } else {
            written.push('$');
        }
    }
    written.push_str(rest);
    written
}

/// The name at the start of `text`, in braces or not, and the text behind it.
fn name(text: &str) -> Option<(&str, &str)> {
    let braced = text.strip_prefix('{');
    let inner = braced.unwrap_or(text);
    let end = inner.find(|one: char| !one.is_alphanumeric() && one != '_').unwrap_or(inner.len());
    let (name, rest) = inner.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
    match braced {
        Some(_) => Some((name, rest.strip_prefix('}')?)),
        None => Some((name, rest)),
    }
}

/// What the group of this number or name took part with, empty where none did.
fn text<'t>(
    name: &str,
    groups: &[Option<String>],
    text_of: impl Fn(usize) -> Option<&'t str>,
) -> &'t str {
    let is_number =
        name.bytes().all(|one| one.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    let found = if is_number {
        name.parse().ok().and_then(text_of)
    } else {
        let named =
            |group: &usize| groups.get(*group).is_some_and(|own| own.as_deref() == Some(name));
        (0..groups.len()).filter(named).find_map(text_of)
    };
    found.unwrap_or_default()
}
