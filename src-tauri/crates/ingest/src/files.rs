//! Files by patterns: paths whose last part may hold a `*`, as `rule_files`, `scrape_config_files` and `file_sd_configs`
//! name them.

use std::path::{Path, PathBuf};

/// The files that a pattern names, sorted; a path without `*` names itself, if it is there.
pub fn matching(pattern: &Path) -> Vec<PathBuf> {
    let name = pattern.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !name.contains(['*', '?']) {
        return pattern.is_file().then(|| pattern.to_owned()).into_iter().collect();
    }
    let folder = pattern.parent().unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let own = path.file_name().unwrap_or_default().to_string_lossy();
            is_match(name.as_bytes(), own.as_bytes()) && path.is_file()
        })
        .collect();
    found.sort();
    found
}

/// Whether a name matches, `*` being any text and `?` any byte.
fn is_match(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            is_match(rest, name)
                || name.split_first().is_some_and(|(_, name)| is_match(pattern, name))
        }
        (Some((b'?', rest)), Some((_, name))) => is_match(rest, name),
        (Some((one, rest)), Some((other, name))) => one == other && is_match(rest, name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[test]
    fn stars_stand_for_any_text() {
        let found =
            ["*.yml", "a*.y?l", "*", "b*", "*b"].map(|one| is_match(one.as_bytes(), b"a.yml"));
        assert_eq!(found, [true, true, true, false, false]);
    }
}
