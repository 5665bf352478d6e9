//! Which process listens on a port, as far as Linux tells: `/proc/net/tcp` names the socket, the process's open
//! files name the process. Elsewhere, and for processes of other users, nobody knows.

use std::fs;
use std::path::Path;

/// The state of a TCP socket that listens.
const LISTEN: &str = "0A";
/// The state of a UDP socket that is bound.
const BOUND: &str = "07";

/// The process that listens on a port, for connections or else for datagrams, as in `python3 (pid 4711)`.
pub fn holder_of(port: u16) -> Option<String> {
    let tcp = || holder(port, ["/proc/net/tcp", "/proc/net/tcp6"], LISTEN);
    tcp().or_else(|| holder(port, ["/proc/net/udp", "/proc/net/udp6"], BOUND))
}

fn holder(port: u16, tables: [&str; 2], state: &str) -> Option<String> {
    let sockets: Vec<String> = tables
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| listening(&table, port, state))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    fs::read_dir("/proc").ok()?.find_map(|entry| {
        let path = entry.ok()?.path();
        let pid: u32 = path.file_name()?.to_str()?.parse().ok()?;
        if !holds_any(&path, &sockets) {
            return None;
        }
        let name = fs::read_to_string(path.join("comm")).ok()?;
        Some(format!("{} (pid {pid})", name.trim()))
    })
}

/// The sockets in a state with this local port, as their links in `/proc/*/fd` are called.
fn listening(table: &str, port: u16, wanted: &str) -> Vec<String> {
    let suffix = format!(":{port:04X}");
    let rows = table.lines().skip(1);
    rows.filter_map(|row| {
        let mut words = row.split_ascii_whitespace().skip(1);
        let (local, _remote, state) = (words.next()?, words.next()?, words.next()?);
        let inode = words.nth(5)?;
        (local.ends_with(&suffix) && state == wanted).then(|| format!("socket:[{inode}]"))
    })
    .collect()
}

fn holds_any(process: &Path, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    files
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .any(|target| sockets.iter().any(|socket| Path::new(socket) == target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listening_sockets_of_the_port_count() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:10DD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0\n\
            1: 0100007F:10DD 0100007F:9999 01 00000000:00000000 00:00000000 00000000  1000        0 4243 1 0\n\
            2: 0100007F:10DE 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4244 1 0\n";
        assert_eq!(listening(table, 4317, LISTEN), ["socket:[4242]"]);
        assert_eq!(listening("", 4317, LISTEN), [""; 0]);
    }
}
