//! `dns_sd_configs`: names that are looked up again and again.

use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::{ResolverBuilder, TokioResolver};
use watchglass_configuration::{ADDRESS, DnsDiscovery, DnsRecord, TargetGroup};
use watchglass_model::{Labels, LabelsBuilder};

use super::Tell;

const NAME: &str = "__meta_dns_name";

pub(super) async fn run(config: DnsDiscovery, tell: Tell) {
    let resolver = TokioResolver::builder_tokio().and_then(ResolverBuilder::build);
    let resolver = match resolver {
        Ok(resolver) => resolver,
        Err(fault) => {
            tracing::error!(%fault, "cannot look names up");
            return;
        }
    };
    tell.repeat("dns", config.refresh_interval, || look(&resolver, &config)).await;
}

/// The targets of all names. A name that cannot be looked up fails the whole, so that what was known holds.
async fn look(resolver: &TokioResolver, config: &DnsDiscovery) -> Result<Vec<TargetGroup>, String> {
    let kind = match config.record {
        DnsRecord::Srv => RecordType::SRV,
        DnsRecord::A => RecordType::A,
        DnsRecord::Aaaa => RecordType::AAAA,
        DnsRecord::Mx => RecordType::MX,
        DnsRecord::Ns => RecordType::NS,
    };
    let mut groups = Vec::new();
    for name in &config.names {
        let targets = match resolver.lookup(name.as_str(), kind).await {
            Ok(found) => {
                let records = found.answers().iter();
                records.filter_map(|record| target(name, &record.data, config.port)).collect()
            }
            Err(fault) if fault.is_no_records_found() => Vec::new(),
            Err(fault) => return Err(format!("{name}: {fault}")),
        };
        groups.push(TargetGroup { source: name.clone(), targets, labels: Labels::EMPTY });
    }
    Ok(groups)
}

fn target(name: &str, record: &RData, port: u16) -> Option<Labels> {
    let mut labels = LabelsBuilder::default();
    labels.set(NAME, name);
    let host = |name: &dyn std::fmt::Display| name.to_string().trim_end_matches('.').to_owned();
    let address = match record {
        RData::SRV(srv) => {
            labels.set("__meta_dns_srv_record_target", srv.target.to_string());
            labels.set("__meta_dns_srv_record_port", srv.port.to_string());
            format!("{}:{}", host(&srv.target), srv.port)
        }
        RData::A(address) => format!("{address}:{port}"),
        RData::AAAA(address) => format!("[{address}]:{port}"),
        RData::MX(mx) => {
            labels.set("__meta_dns_mx_record_target", mx.exchange.to_string());
            format!("{}:{port}", host(&mx.exchange))
        }
        RData::NS(ns) => {
            labels.set("__meta_dns_ns_record_target", ns.to_string());
            format!("{}:{port}", host(ns))
        }
        _ => return None,
    };
    labels.set(ADDRESS, address);
    Some(labels.build())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use hickory_resolver::proto::rr::Name;
    use hickory_resolver::proto::rr::rdata::{A, SRV};

    use super::*;

    #[test]
    fn a_record_becomes_a_target_with_its_port() {
        let name = Name::from_ascii("web.example.org.").unwrap();
        let found =
            target("_web._tcp.example.org", &RData::SRV(SRV::new(0, 0, 8080, name)), 0).unwrap();
        assert_eq!(found.get(ADDRESS), "web.example.org:8080");
        assert_eq!(found.get("__meta_dns_srv_record_target"), "web.example.org.");
        let found = target("web", &RData::A(A(Ipv4Addr::new(10, 0, 0, 1))), 9100).unwrap();
        assert_eq!((found.get(ADDRESS), found.get(NAME)), ("10.0.0.1:9100", "web"));
    }
}
