//! `file_sd_configs`: files of target groups, read again when they change. A file that cannot be read any more keeps
//! what it held; a file that is gone holds nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use tokio::task::spawn_blocking;
use watchglass_configuration::{FileDiscovery, TargetGroup, target_groups};

use super::{Tell, with_label};

/// How often the files' times are looked at. Asking works on every file system, unlike being told.
const LOOK: Duration = Duration::from_secs(1);

const PATH: &str = "__meta_filepath";

/// What is known of one file.
#[derive(Debug)]
struct Known {
    stamp: (Option<SystemTime>, u64),
    groups: Vec<TargetGroup>,
}

pub(super) async fn run(config: FileDiscovery, tell: Tell) {
    let known = Arc::new(Mutex::new(BTreeMap::new()));
    let every = LOOK.min(config.refresh_interval);
    let look = || {
        let (known, files) = (Arc::clone(&known), config.files.clone());
        async move {
            let looked = spawn_blocking(move || look(&files, &mut known.lock())).await;
            looked.map_err(|fault| fault.to_string())
        }
    };
    tell.repeat("file", every, look).await;
}

fn look(patterns: &[PathBuf], known: &mut BTreeMap<PathBuf, Known>) -> Vec<TargetGroup> {
    let files: Vec<_> =
        patterns.iter().flat_map(|pattern| crate::files::matching(pattern)).collect();
    known.retain(|path, _| files.contains(path));
    for path in &files {
        let Ok(metadata) = path.metadata() else { continue };
        let stamp = (metadata.modified().ok(), metadata.len());
        if known.get(path).is_some_and(|known| known.stamp == stamp) {
            continue;
        }
        match read(path) {
            Ok(groups) => drop(known.insert(path.clone(), Known { stamp, groups })),
            Err(fault) => {
                tracing::warn!(path = %path.display(), fault, "cannot read targets");
                // What it held stays, and it is not read again before it changes again.
                known.entry(path.clone()).or_insert(Known { stamp, groups: Vec::new() }).stamp =
                    stamp;
            }
        }
    }
    known.values().flat_map(|known| known.groups.iter().cloned()).collect()
}

fn read(path: &Path) -> Result<Vec<TargetGroup>, String> {
    let text = std::fs::read_to_string(path).map_err(|fault| fault.to_string())?;
    let source = path.display().to_string();
    let groups = target_groups(&source, &text).map_err(|faults| faults.to_string())?;
    Ok(groups.into_iter().map(|group| with_label(group, PATH, &source)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_keeps_what_it_held_and_a_removed_one_holds_nothing() {
        let folder = std::env::temp_dir().join(format!("watchglass-file-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (file, mut known) = (folder.join("a.json"), BTreeMap::new());
        let look = |known: &mut _| {
            let groups = look(&[folder.join("*.json")], known);
            groups.iter().flat_map(|group| group.targets.clone()).count()
        };
        std::fs::write(&file, r#"[{"targets": ["a:1", "b:2"], "labels": {"env": "dev"}}]"#)
            .unwrap();
        assert_eq!(look(&mut known), 2);
        assert_eq!(known[&file].groups[0].labels.get(PATH), file.display().to_string());
        std::fs::write(&file, "[{").unwrap();
        assert_eq!(look(&mut known), 2);
        std::fs::write(&file, r#"[{"targets": ["a:1"]}]"#).unwrap();
        assert_eq!(look(&mut known), 1);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(look(&mut known), 0);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
