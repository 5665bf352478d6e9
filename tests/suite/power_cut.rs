//! Power cuts: the data folder lies on ext4 on a loop device with direct I/O whose image is snapshotted atomically under
//! load, as if the power went at that moment. Mounted and opened, it holds every row that was acknowledged before.
//! The drive's own cache counts as safe: that much the test is lenient.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::acknowledged::{Acknowledged, Load, find};
use crate::instance::{Instance, alone, say};
use crate::load::Numbers;

const CUTS: u64 = 20;

/// Runs a command; gives what it prints.
fn run(words: &[&str]) -> Result<String, String> {
    let output = Command::new(words[0]).args(&words[1..]).output();
    let output = output.map_err(|error| format!("{}: {error}", words[0]))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("{}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
}

/// The two file systems, one in the other, and a place for snapshots; everything is undone at the end.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    fn make() -> Result<Self, String> {
        let disk = Self { folder: std::env::temp_dir().join("watchglass-power-cut") };
        // What a killed run left.
        disk.undo();
        for folder in ["outer", "data", "cut"] {
            std::fs::create_dir_all(disk.folder.join(folder)).map_err(|error| error.to_string())?;
        }
        let [image, outer, inner, data] =
            ["outer.img", "outer", "outer/inner.img", "data"].map(|name| disk.path(name));
        run(&["truncate", "-s", "8G", &image])?;
        run(&["mkfs.xfs", "-q", "-m", "reflink=1", &image])?;
        run(&["mount", "-o", "loop", &image, &outer])?;
        run(&["truncate", "-s", "6G", &inner])?;
        run(&["mkfs.ext4", "-q", "-F", &inner])?;
        let device = run(&["losetup", "--direct-io=on", "--find", "--show", &inner])?;
        let mounted = run(&["mount", &device, &data]);
        // Detached as soon as it is unmounted.
        run(&["losetup", "--detach", &device])?;
        mounted?;
        Ok(disk)
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// The folder of the running Watchglass.
    fn data(&self) -> PathBuf {
        self.folder.join("data/watchglass")
    }

    /// Cuts the power of a copy of the disk; gives the data folder on it.
    fn cut(&self) -> PathBuf {
        let [inner, snapshot] = ["outer/inner.img", "outer/cut.img"].map(|name| self.path(name));
        run(&["cp", "--reflink=always", &inner, &snapshot]).unwrap();
        self.folder.join("cut/watchglass")
    }

    /// Mounts the snapshot, which replays the file system's journal.
    fn mount_cut(&self) {
        run(&["mount", "-o", "loop", &self.path("outer/cut.img"), &self.path("cut")]).unwrap();
    }

    fn forget_cut(&self) {
        run(&["umount", &self.path("cut")]).unwrap();
        std::fs::remove_file(self.folder.join("outer/cut.img")).unwrap();
    }

    fn undo(&self) {
        for name in ["cut", "data", "outer"] {
            // What is not mounted is not in the way.
            while Path::new(&self.path(name)).exists() && run(&["umount", &self.path(name)]).is_ok()
            {
            }
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.undo();
    }
}

#[test]
fn every_acknowledged_row_outlives_a_power_cut() {
    let _alone = alone();
    if !rustix::process::geteuid().is_root() {
        say("skipped power_cut::every_acknowledged_row_outlives_a_power_cut: mounting needs root");
        return;
    }
    if !Path::new("/dev/loop-control").exists() {
        say(
            "skipped power_cut::every_acknowledged_row_outlives_a_power_cut: there are no loop devices",
        );
        return;
    }
    let disk = Disk::make().unwrap();
    let instance = Instance::start_with(&disk.data(), &["--max-disk", "4GiB"]);
    let mut moments = Numbers(7);
    let mut rounds: Vec<Acknowledged> = Vec::new();
    say("power cut: cut, acknowledged, found, start ms, of earlier rounds");
    for cut in 0..CUTS {
        let load = Load::begin(&instance, cut);
        std::thread::sleep(Duration::from_millis(100 + moments.next() % 600));
        let acknowledged = load.so_far();
        let data = disk.cut();
        rounds.push(load.end());
        disk.mount_cut();
        let revived = Instance::start_with(&data, &["--max-disk", "4GiB"]);
        let (found, missing) = find(&revived, &acknowledged);
        // All earlier rounds at the end, one of them each time.
        let earlier = rounds.split_last().unwrap().1;
        let first = if cut + 1 == CUTS { 0 } else { earlier.len().saturating_sub(1) };
        let mut before = 0;
        for round in &earlier[first..] {
            let (found, missing) = find(&revived, round);
            assert_eq!(missing, Vec::<String>::new(), "of an earlier round, lost in cut {cut}");
            before += found;
        }
        let (count, start) = (acknowledged.count(), revived.started_in.as_millis());
        say(&format!("  {cut:>2} {count:>6} {found:>6} {start:>5} {before}"));
        assert_eq!(missing, Vec::<String>::new(), "lost in cut {cut}");
        assert!(count > 0, "nothing was acknowledged in round {cut}");
        revived.kill();
        disk.forget_cut();
    }
    drop(instance);
}
