//! The sections `storage`, `tracing` and `runtime`: what of Prometheus' own workings a file may set. Checked; what bears
//! on this program too is kept.

use std::time::Duration;

use crate::fault::Reading;
use crate::http::Tls;
use crate::remote::check_headers;
use crate::yaml::{Fields, Node, size};

/// What a file says of storing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Storage {
    /// How late samples may come.
    pub out_of_order_time_window: Duration,
}

impl Storage {
    pub(crate) fn read(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.plain", reading);
        let storage = fields.section("tsdb").map(|node| tsdb(node, reading)).unwrap_or_default();
        if let Some(node) = fields.section("exemplars") {
            let exemplars = Fields::of(node, "config.plain", reading);
            let _ = exemplars.integer("max_exemplars");
            exemplars.finish();
        }
        fields.finish();
        storage
    }
}

fn tsdb(node: &Node, reading: &Reading) -> Storage {
    let fields = Fields::of(node, "config.plain", reading);
    let window = fields.duration("out_of_order_time_window").unwrap_or_default();
    let _ = fields.number("stale_series_compaction_threshold");
    if let Some(node) = fields.section("chunk_encoding") {
        let encoding = Fields::of(node, "config.plain", reading);
        if let Some(floats) =
            encoding.text("floats").filter(|text| !matches!(text.as_str(), "" | "xor" | "xor2"))
        {
            encoding.fault(
                "floats",
                format!("unsupported chunk encoding for floats {floats:?}, supported: xor, xor2"),
            );
        }
        encoding.finish();
    }
    if let Some(node) = fields.section("retention") {
        let retention = Fields::of(node, "config.plain", reading);
        let _ = retention.duration("time");
        if let Some(Err(message)) =
            retention.text("size").filter(|text| !text.is_empty()).map(|text| size(&text))
        {
            retention.fault("size", message);
        }
        if retention
            .number("percentage")
            .is_some_and(|percentage| !(0.0..=100.0).contains(&percentage))
        {
            retention.fault(
                "percentage",
                "'storage.tsdb.retention.percentage' must be in the range [0, 100]",
            );
        }
        retention.finish();
    }
    fields.finish();
    Storage { out_of_order_time_window: window }
}

/// Reads `tracing`, which says where Prometheus sends its own spans.
pub(crate) fn check_tracing(node: &Node, reading: &Reading) {
    let fields = Fields::of(node, "config.plain", reading);
    if let Some(kind) =
        fields.text("client_type").filter(|kind| !matches!(kind.as_str(), "http" | "grpc"))
    {
        let message =
            format!("expected tracing client type to be to be http or grpc, but got {kind}");
        fields.fault("client_type", message);
    }
    if fields.text("endpoint").unwrap_or_default().is_empty() {
        fields.fault("endpoint", "tracing endpoint must be set");
    }
    let compression = fields.text("compression").unwrap_or_default();
    if !matches!(compression.as_str(), "" | "gzip") {
        let message =
            format!("invalid compression type {compression} provided, valid options: gzip");
        fields.fault("compression", message);
    }
    check_headers(&fields, "custom authorization header configuration is not yet supported");
    let _ = fields.number("sampling_fraction");
    let _ = fields.flag("insecure");
    let _ = fields.duration("timeout");
    let _ = fields.section("tls_config").map(|node| Tls::read(node, reading));
    fields.finish();
}

/// Reads `runtime`, which is about Go.
pub(crate) fn check_runtime(node: &Node, reading: &Reading) {
    let fields = Fields::of(node, "config.RuntimeConfig", reading);
    let _ = fields.integer("gogc");
    fields.finish();
}
