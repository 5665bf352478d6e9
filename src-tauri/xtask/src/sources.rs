//! The machine's own sources of apt, in both formats, turned to another suite of the same archive.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// Names that a suite of Debian has besides its code name. What hangs on it (`-updates`, `-security`) lies elsewhere.
const SUITES: [&str; 5] = ["oldstable", "stable", "testing", "unstable", "sid"];
const COMPONENT: &str = "main";

/// All sources of Debian that apt has on this machine as deb822 text, but of this suite. Empty where there are none.
pub(crate) fn of_suite(suite: &str, codename: &str) -> Result<String> {
    let mut stanzas: Vec<String> = Vec::new();
    for file in files(Path::new("/etc/apt")) {
        let text = fs::read_to_string(&file)?;
        let found = if file.extension().is_some_and(|extension| extension == "sources") {
            stanzas_of(&text)
        } else {
            text.lines().filter_map(stanza_of_line).collect()
        };
        let own = found.into_iter().filter(|stanza| stanza.is_debian(codename));
        stanzas.extend(own.map(|stanza| stanza.of_suite(suite)));
    }
    stanzas.sort();
    stanzas.dedup();
    Ok(stanzas.join("\n"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let parts = fs::read_dir(folder.join("sources.list.d")).into_iter().flatten().flatten();
    let is_read = |file: &PathBuf| {
        file.extension().is_some_and(|extension| extension == "list" || extension == "sources")
    };
    let mut files: Vec<_> = parts.map(|part| part.path()).filter(is_read).collect();
    files.extend(Some(folder.join("sources.list")).filter(|file| file.is_file()));
    files
}

/// One entry of deb822: its fields in order, values with their further lines.
#[derive(Debug)]
struct Stanza(Vec<(String, String)>);

impl Stanza {
    fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.0.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.split_whitespace()).into_iter().flatten()
    }

    fn is_debian(&self, codename: &str) -> bool {
        let is_suite = |word: &str| word == codename || SUITES.contains(&word);
        self.words("Types").any(|word| word == "deb")
            && self.words("Components").any(|word| word == COMPONENT)
            && self.words("Suites").any(is_suite)
            && !self.words("Enabled").any(|word| word == "no")
    }

    fn of_suite(&self, suite: &str) -> String {
        let text = self.0.iter().map(|(name, value)| match name.to_ascii_lowercase().as_str() {
            "types" => "Types: deb\n".to_owned(),
            "suites" => format!("Suites: {suite}\n"),
            "components" => format!("Components: {COMPONENT}\n"),
            _ => format!("{name}: {value}\n"),
        });
        text.collect()
    }
}

fn stanzas_of(text: &str) -> Vec<Stanza> {
    let mut stanzas = vec![Stanza(Vec::new())];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some(Stanza(fields)) = stanzas.last_mut() else { continue };
        match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
            _ if line.trim().is_empty() => stanzas.push(Stanza(Vec::new())),
            (true, Some((_, value)), _) => {
                value.push('\n');
                value.push_str(line);
            }
            (false, _, Some((name, value))) => {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
    stanzas
}

/// `deb [signed-by=FILE] URI SUITE COMPONENT...` as fields. Options keep their names, which deb822 knows too.
fn stanza_of_line(line: &str) -> Option<Stanza> {
    let rest = line.trim().strip_prefix("deb ")?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split('#').next().unwrap_or_default().split_whitespace();
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut fields = vec![field("Types", "deb"), field("URIs", words.next()?)];
    fields.push(field("Suites", words.next()?));
    fields.push(field("Components", &words.collect::<Vec<_>>().join(" ")));
    for (name, value) in options.split_whitespace().filter_map(|option| option.split_once('=')) {
        // The one name that the formats do not share.
        let name = if name == "arch" { "Architectures" } else { name };
        fields.push(field(name, &value.replace(',', " ")));
    }
    Some(Stanza(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANZAS: &str = "# mirrors\nTypes: deb deb-src\nURIs: http://one.example/debian\nSuites: bookworm bookworm-updates\n\
Components: main contrib\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEY\n\n\
Types: deb\nURIs: http://one.example/security\nSuites: bookworm-security\nComponents: main\n\n\
Enabled: no\nTypes: deb\nURIs: http://two.example/debian\nSuites: bookworm\nComponents: main\n";

    fn turned(stanzas: Vec<Stanza>) -> Vec<String> {
        let own = stanzas.into_iter().filter(|stanza| stanza.is_debian("bookworm"));
        own.map(|stanza| stanza.of_suite("sid")).collect()
    }

    #[test]
    fn only_enabled_archives_of_debian_are_turned_and_keep_their_keys() {
        assert_eq!(
            turned(stanzas_of(STANZAS)),
            ["Types: deb\nURIs: http://one.example/debian\nSuites: sid\nComponents: main\n\
Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEY\n"]
        );
    }

    #[test]
    fn lines_are_turned_like_stanzas() {
        let lines = "deb [arch=amd64,arm64 signed-by=/keys/debian.gpg] http://one.example/debian stable main # home\n\
deb-src http://one.example/debian stable main\ndeb http://three.example/ubuntu noble main\n# deb http://x.example stable main\n";
        assert_eq!(
            turned(lines.lines().filter_map(stanza_of_line).collect()),
            ["Types: deb\nURIs: http://one.example/debian\nSuites: sid\nComponents: main\n\
Architectures: amd64 arm64\nsigned-by: /keys/debian.gpg\n"]
        );
    }
}
