//! What the StatsD receiver counts of itself, on `/metrics` under the names of `statsd_exporter`, so that its alerts work.

use watchglass_ingest::StatsdCounts;

use crate::life::Page;

const KINDS: [&str; 3] = ["counter", "gauge", "observer"];

/// Tells the counts.
pub(crate) fn told(page: &mut Page, counts: &StatsdCounts) {
    let plain = [
        ("udp_packets", "StatsD packets received over UDP.", counts.udp_packets),
        ("tcp_connections", "TCP connections handled.", counts.tcp_connections),
        ("tcp_connection_errors", "Errors reading from TCP.", counts.tcp_errors),
        ("tcp_too_long_lines", "Lines over TCP that were too long.", counts.tcp_too_long_lines),
        ("lines", "StatsD lines received.", counts.lines),
        ("samples", "StatsD samples received.", counts.samples),
        ("tags", "Samples with tags.", counts.tags),
        ("tag_errors", "Errors parsing tags.", counts.tag_errors),
        ("events_unmapped", "Events that no mapping matched.", counts.unmapped),
    ];
    for (noun, help, value) in plain {
        page.family(&format!("statsd_exporter_{noun}_total"), "counter", help);
        page.sample("", value);
    }
    page.family("statsd_exporter_events_total", "counter", "Events taken.");
    by_kind(page, counts.events);
    page.family("statsd_exporter_events_conflict_total", "counter", "Events of another type.");
    by_kind(page, counts.conflicts);
    page.family("statsd_exporter_events_actions_total", "counter", "Events by mapping action.");
    page.sample("{action=\"map\"}", counts.mapped);
    page.sample("{action=\"drop\"}", counts.dropped);
    page.family("statsd_exporter_sample_errors_total", "counter", "Errors parsing samples.");
    for (reason, count) in &counts.sample_errors {
        page.sample(&format!("{{reason=\"{reason}\"}}"), *count);
    }
    page.family("statsd_exporter_events_error_total", "counter", "Events that are not taken.");
    for (reason, count) in &counts.event_errors {
        page.sample(&format!("{{reason=\"{reason}\"}}"), *count);
    }
    page.family("statsd_exporter_loaded_mappings", "gauge", "Mappings in force.");
    page.sample("", counts.mappings);
    page.family("watchglass_statsd_series", "gauge", "Label sets held.");
    page.sample("", counts.series);
}

fn by_kind(page: &mut Page, counts: [u64; 3]) {
    for (kind, count) in KINDS.into_iter().zip(counts) {
        page.sample(&format!("{{type=\"{kind}\"}}"), count);
    }
}
