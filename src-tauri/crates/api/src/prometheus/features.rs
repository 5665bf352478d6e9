//! `features`: what of Prometheus is there, by category (as of Prometheus 3.14).

use std::collections::BTreeMap;

use axum::extract::State;
use watchglass_promql::functions::functions;

use super::answer::written;
use super::fault::Answer;
use crate::routes::Held;

type Category = BTreeMap<&'static str, bool>;

/// Operators and aggregations; the last two are experimental.
const OPERATORS: [&str; 33] = [
    "!=",
    "!~",
    "%",
    "*",
    "+",
    "-",
    "/",
    "<",
    "<=",
    "==",
    "=~",
    ">",
    ">=",
    "@",
    "^",
    "and",
    "atan2",
    "avg",
    "bottomk",
    "count",
    "count_values",
    "group",
    "max",
    "min",
    "or",
    "quantile",
    "stddev",
    "stdvar",
    "sum",
    "topk",
    "unless",
    "limit_ratio",
    "limitk",
];
const EXPERIMENTAL_OPERATORS: [&str; 2] = ["limit_ratio", "limitk"];

/// What is discovered; the configurations of other providers are read, but nothing runs for them.
const PROVIDERS: [&str; 5] = ["dns", "docker", "file", "http", "static"];

/// All features.
pub(super) async fn features(State(workbench): Held) -> Answer {
    let engine = workbench.promql_options();
    let on = engine.parser;
    let api = [
        ("admin", true),
        ("exclude_alerts", true),
        ("label_values_match", true),
        ("lifecycle", true),
        ("otlp_write_receiver", true),
        ("query_stats", true),
        ("query_warnings", true),
        ("remote_write_receiver", true),
        ("time_range_labels", true),
        ("time_range_series", true),
    ];
    let promql = [
        ("anchored", on.extended_range_selectors),
        ("at_modifier", true),
        ("bool", true),
        ("by", true),
        ("delayed_name_removal", engine.delayed_name_removal),
        ("duration_expr", on.duration_expressions),
        ("fill", on.binop_fill_modifiers),
        ("fill_left", on.binop_fill_modifiers),
        ("fill_right", on.binop_fill_modifiers),
        ("group_left", true),
        ("group_right", true),
        ("ignoring", true),
        ("negative_offset", true),
        ("offset", true),
        ("on", true),
        ("per_query_lookback_delta", true),
        ("per_step_stats", true),
        ("smoothed", on.extended_range_selectors),
        ("subqueries", true),
        ("type_and_unit_labels", engine.type_and_unit_labels),
        ("use_start_timestamps", engine.use_start_timestamps),
        ("without", true),
    ];
    let is_on = |experimental: bool| !experimental || on.experimental_functions;
    let operators = OPERATORS.map(|name| (name, is_on(EXPERIMENTAL_OPERATORS.contains(&name))));
    let functions = functions().iter().map(|one| (one.name, is_on(one.experimental)));
    written(&BTreeMap::<_, Category>::from([
        ("api", api.into()),
        ("otlp_receiver", [("delta_conversion", true), ("native_delta_ingestion", false)].into()),
        (
            "prometheus",
            [("agent_mode", false), ("auto_reload_config", true), ("server_mode", true)].into(),
        ),
        ("promql", promql.into()),
        ("promql_functions", functions.collect()),
        ("promql_operators", operators.into()),
        ("scrape", [("extra_scrape_metrics", true)].into()),
        ("service_discovery_providers", PROVIDERS.map(|name| (name, true)).into()),
        ("tsdb", [("exemplar_storage", true), ("native_histograms", true)].into()),
    ]))
}
