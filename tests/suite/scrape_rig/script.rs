//! What the rig's targets do at each scrape, a job each, and how the jobs are configured.

/// An answer of a target.
#[derive(Debug, Clone, Copy)]
pub(super) enum Does {
    /// Lines, separated by `; `, as the text format; `$T` is the time when the rig began, in milliseconds.
    Says(&'static str),
    /// The same in gzip.
    Zips(&'static str),
    /// The same as `OpenMetrics` 1.0.
    OpenMetrics(&'static str),
    /// The same under this content type; the empty one is none.
    Of(&'static str, &'static str),
    /// A native histogram in protobuf with so many observations in each of its buckets.
    Native(u64),
    /// Nothing but this status.
    Fails(u16),
    /// Never.
    Hangs,
    /// Sends to the same target's other path.
    Redirects,
}

use Does::{Fails, Hangs, Native, Of, OpenMetrics, Redirects, Says, Zips};

/// A job, its settings besides those that all have, and what its target does.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) name: &'static str,
    pub(super) settings: &'static str,
    pub(super) script: &'static [Does],
}

const fn job(name: &'static str, settings: &'static str, script: &'static [Does]) -> Job {
    Job { name, settings, script }
}

const CLASH: &[Does] = &[
    Says(r#"a{job="own",instance="",exported_job="x"} 1; b{rig="",instance="i"} 2"#),
    Says("c 1"),
];
const TIMES: &[Does] =
    &[Says("a 1 $T; b 1"), Says("b 2"), Says("a 2 $T; a 3 $T; b 3"), Says("b 4"), Says("a 5; b 5")];
const LABELS: &[Does] = &[
    Says(r#"a{one="1"} 1"#),
    Says(r#"a{one="1",two_is_longer="2 is longer than five"} 2; b 1"#),
    Says("b 2"),
];

pub(super) const JOBS: [Job; 28] = [
    job(
        "vanishes",
        "",
        &[Says("a 1; b 2"), Says("a 1"), Says("a 1; b 3"), Says("b 3"), Says("a 4; b 5")],
    ),
    job("fails", "", &[Says("a 1"), Fails(503), Fails(404), Says("a 2"), Fails(500), Says("b 2")]),
    job("hangs", "scrape_timeout: 300ms", &[Says("a 1"), Hangs, Hangs, Says("a 2")]),
    job("redirects", "", &[Redirects, Says("a 1"), Redirects]),
    job("stays", "follow_redirects: false", &[Redirects, Says("a 1"), Redirects]),
    job(
        "changes",
        "",
        &[
            Says(r#"a{v="1"} 1"#),
            Says(r#"a{v="2"} 1"#),
            Says(r#"a{v=""} 1; a{v="2"} 3"#),
            Says("a 2"),
        ],
    ),
    job(
        "duplicates",
        "",
        &[Says("a 1; a 2; b 3"), Says("a 4"), Says("a 1; a 1; b 1"), Says(r#"a{x=""} 1; a 2"#)],
    ),
    job("lies", "", &[Of("", "a 1"), Of("text/html", "a 1"), Says("a 2"), Of("text/plain", "a 3")]),
    job(
        "guesses",
        "fallback_scrape_protocol: PrometheusText0.0.4",
        &[Of("", "a 1"), Of("text/html", "a 2"), Of("application/json; charset=utf-8", "a 3")],
    ),
    job("times", "", TIMES),
    job("clock", "honor_timestamps: false", TIMES),
    job("tracked", "track_timestamps_staleness: true", TIMES),
    job("clashes", "", CLASH),
    job("honours", "honor_labels: true", CLASH),
    job("samples", "sample_limit: 2", &[Says("a 1; b 1"), Says("a 2; b 2; c 2"), Says("a 3; c 3")]),
    job("labels", "label_limit: 5", LABELS),
    job("names", "label_name_length_limit: 10", LABELS),
    job("values", "label_value_length_limit: 16", LABELS),
    job(
        "size",
        "body_size_limit: 20B",
        &[Says("a 1"), Says("a 2; bb 2; ccc 2; dddd 2"), Says("a 3")],
    ),
    job(
        "broken",
        "",
        &[Says("a 1; b 1"), Says("a 2; c 2; b {"), Says("a 3; b 3"), Says("a 4; b 4 5 6")],
    ),
    job(
        "relabelled",
        "metric_relabel_configs: [{source_labels: [__name__], regex: 'go_.*', action: drop}, \
         {source_labels: [path], target_label: route}, {regex: path, action: labeldrop}, \
         {source_labels: [__name__, n], regex: 'm;(.+)', target_label: __name__, replacement: 'm_$1'}]",
        &[
            Says(r#"go_a 1; a{path="/x"} 1; a{path="/y"} 2; m{n="one"} 1; m{n="two"} 2"#),
            Says(r#"go_a 1; a{path="/x"} 1; m{n="two"} 2"#),
            Says(r#"a{path="/x",route="/z"} 1"#),
        ],
    ),
    job("zips", "", &[Zips("a 1; b 1"), Says("a 2"), Zips("b 3")]),
    job(
        "text",
        "",
        &[
            Says(
                "# HELP a what; # TYPE a counter; a{x=\"\\\"q\\\\\\n\"} +Inf; b NaN; c -0; d 1e-7; e 0x10",
            ),
            Says(
                "# TYPE h histogram; h_bucket{le=\"1\"} 1; h_bucket{le=\"+Inf\"} 2; h_sum 3; h_count 2",
            ),
            Says(
                "# TYPE s summary; s{quantile=\"1\"} 1; s{quantile=\"0.50\"} 2; s_sum 3; s_count 2",
            ),
            Says(
                "{\"a.b\",\"c.d\"=\"ü\"} 1; \"just.a.name\" 2; # no comment; ; a{} 3; a{x=\"1\",} 4",
            ),
        ],
    ),
    job(
        "openmetrics",
        "",
        &[
            OpenMetrics("# TYPE a counter; a_total 1 # {t=\"x\"} 1; a_created 1520430001; # EOF"),
            OpenMetrics("# TYPE a counter; a_total 2; # EOF"),
            OpenMetrics("# TYPE a counter; a_total 3"),
            OpenMetrics(
                "# TYPE i info; i_info{v=\"1\"} 1; # TYPE u unknown; u 1.5 1520879607.789; # EOF",
            ),
            OpenMetrics(
                "# TYPE h histogram; h_bucket{le=\"1\"} 1; h_bucket{le=\"+Inf\"} 2; h_count 2; # EOF",
            ),
        ],
    ),
    job(
        "native",
        "scrape_protocols: [PrometheusProto]",
        &[Native(1), Native(2), Says("other 1"), Native(1), Native(5)],
    ),
    job(
        "both",
        "scrape_protocols: [PrometheusProto]\n  always_scrape_classic_histograms: true",
        &[Native(1), Native(3), Says("other 1")],
    ),
    job(
        "password",
        "basic_auth: {username: u, password: p}",
        &[Says("a 1"), Fails(401), Says("a 2")],
    ),
    job(
        "bearer",
        "authorization: {credentials: t}\n  params: {m: [x, y]}",
        &[Says("a 1"), Says("a 2")],
    ),
];
