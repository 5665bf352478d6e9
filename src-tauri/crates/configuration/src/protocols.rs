//! The formats that a target can be asked for, by their names.

/// All of them, sorted.
pub(crate) const KNOWN: [&str; 5] = [
    "OpenMetricsText0.0.1",
    "OpenMetricsText1.0.0",
    "PrometheusProto",
    "PrometheusText0.0.4",
    "PrometheusText1.0.0",
];

/// What is asked for where the file does not say.
pub(crate) fn defaults(with_native_histograms: bool) -> Vec<String> {
    let text = [
        "OpenMetricsText1.0.0",
        "OpenMetricsText0.0.1",
        "PrometheusText1.0.0",
        "PrometheusText0.0.4",
    ];
    let first = with_native_histograms.then_some("PrometheusProto");
    first.into_iter().chain(text).map(str::to_owned).collect()
}

/// Whether one is known.
pub(crate) fn check_one(protocol: &str) -> Result<(), String> {
    if KNOWN.contains(&protocol) {
        return Ok(());
    }
    Err(format!("unknown scrape protocol {protocol}, supported: [{}]", KNOWN.join(" ")))
}

/// Whether all are known and none comes twice.
pub(crate) fn check(protocols: &[String]) -> Result<(), String> {
    if protocols.is_empty() {
        return Err("scrape_protocols cannot be empty".to_owned());
    }
    for (place, protocol) in protocols.iter().enumerate() {
        let mut earlier = protocols.iter().take(place);
        if earlier.any(|earlier| earlier.eq_ignore_ascii_case(protocol)) {
            let all = protocols.join(" ");
            return Err(format!("duplicated protocol in scrape_protocols, got [{all}]"));
        }
        check_one(protocol).map_err(|message| format!("scrape_protocols: {message}"))?;
    }
    Ok(())
}
