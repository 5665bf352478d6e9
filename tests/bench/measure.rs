//! CPU time, memory and disk, of this process and of others.

use std::fs;
use std::path::Path;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use watchglass_storage::Signal;

/// CPU time of this process so far.
pub(crate) fn own_cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
}

/// CPU time, user and system, of another process so far; in hundredths of a second, as Linux counts.
pub(crate) fn cpu_of(process: u32) -> Duration {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = line.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(11).take(2).map(|one| one.parse::<u64>().unwrap());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Resident and highest resident memory of a process, in MiB.
pub(crate) fn memory_of(process: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kilobytes = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    (kilobytes("VmRSS:") >> 10, kilobytes("VmHWM:") >> 10)
}

/// Bytes that a folder occupies on disk.
pub(crate) fn disk_of(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let sizes = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => disk_of(&entry.path()),
            Ok(metadata) => metadata.blocks() * 512,
            Err(_) => 0,
        }
    });
    sizes.sum()
}

/// CPU time of only decoding requests with prost.
pub(crate) fn prost(signal: Signal, requests: &[Vec<u8>]) -> Duration {
    let started = own_cpu();
    for request in requests {
        let request = request.as_slice();
        match signal {
            Signal::Traces => drop(ExportTraceServiceRequest::decode(request).unwrap()),
            Signal::Logs => drop(ExportLogsServiceRequest::decode(request).unwrap()),
            Signal::Metrics => drop(ExportMetricsServiceRequest::decode(request).unwrap()),
        }
    }
    own_cpu().saturating_sub(started)
}

/// Microseconds a row.
pub(crate) fn each(time: Duration, rows: usize) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(u32::try_from(rows).unwrap())
}

/// Bytes a row.
pub(crate) fn bytes_each(bytes: u64, rows: usize) -> f64 {
    f64::from(u32::try_from(bytes >> 4).unwrap()) * 16.0 / f64::from(u32::try_from(rows).unwrap())
}
