//! What a scraper asks for, and what it makes of the answer.

use watchglass_exposition::{
    DEFAULT_PROTOCOLS, DEFAULT_PROTOCOLS_WITH_NATIVE_HISTOGRAMS, Escaping, Format, ScrapeProtocol,
    accept_header,
};

#[test]
fn a_scraper_asks_as_prometheus_does() {
    assert_eq!(
        accept_header(&DEFAULT_PROTOCOLS, Escaping::AllowUtf8),
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
         application/openmetrics-text;version=0.0.1;q=0.5,\
         text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    );
    let header = accept_header(&DEFAULT_PROTOCOLS_WITH_NATIVE_HISTOGRAMS, Escaping::Underscores);
    assert!(header.starts_with(
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
    ));
    assert!(header.contains("text/plain;version=1.0.0;escaping=underscores;q=0.3,"), "{header}");
    assert!(header.ends_with(",*/*;q=0.1"), "{header}");
    assert_eq!(accept_header(&[], Escaping::AllowUtf8), "*/*;q=0.6");
}

#[test]
fn names_of_protocols_and_escapings_lead_back_to_them() {
    for protocol in DEFAULT_PROTOCOLS_WITH_NATIVE_HISTOGRAMS {
        assert_eq!(ScrapeProtocol::from_name(protocol.as_str()), Some(protocol));
    }
    assert_eq!(Escaping::from_name("dots"), Some(Escaping::Dots));
    assert_eq!(ScrapeProtocol::from_name("prometheusproto"), None);
}

#[test]
fn the_content_type_decides_the_format() {
    let cases = [
        ("text/plain", Format::Text),
        ("Text/Plain; version=0.0.4; charset=utf-8", Format::Text),
        ("text/plain;version=1.0.0;escaping=allow-utf-8;", Format::Text),
        ("application/openmetrics-text; version=1.0.0", Format::OpenMetrics),
        (
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
            Format::Protobuf,
        ),
    ];
    for (content_type, format) in cases {
        let negotiated = Format::of_content_type(content_type, None).unwrap();
        assert_eq!((negotiated.format, negotiated.warning), (format, None), "{content_type}");
    }
}

#[test]
fn without_a_known_type_only_the_fallback_helps() {
    let cases = [
        (
            "",
            "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target",
            "non-compliant scrape target sending blank Content-Type, using fallback_scrape_protocol \"text/plain\"",
        ),
        (
            "text/html",
            "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target",
            "received unsupported Content-Type \"text/html\", using fallback_scrape_protocol \"text/plain\"",
        ),
        (
            "text/plain; version",
            "cannot parse Content-Type \"text/plain; version\" and no fallback_scrape_protocol for target",
            "could not parse received Content-Type \"text/plain; version\", using fallback_scrape_protocol \"text/plain\"",
        ),
    ];
    for (content_type, fault, warning) in cases {
        let without = Format::of_content_type(content_type, None);
        assert_eq!(without.unwrap_err().to_string(), fault);
        let fallback = Some(ScrapeProtocol::PrometheusText0_0_4);
        let negotiated = Format::of_content_type(content_type, fallback).unwrap();
        assert_eq!(negotiated.format, Format::Text);
        assert_eq!(negotiated.warning.as_deref(), Some(warning));
    }
}
