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
    use std::net::{Ipv4Addr, SocketAddr};

    use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
    use hickory_resolver::net::runtime::TokioRuntimeProvider;
    use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
    use hickory_resolver::proto::rr::rdata::{A, SRV};
    use hickory_resolver::proto::rr::{Name, Record};
    use tokio::net::UdpSocket;
    use watchglass_configuration::{Configuration, Discovery, Surroundings};

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

    /// A server that knows two instances of a service, that `empty.test.` has none, and fails otherwise.
    async fn server() -> TokioResolver {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let SocketAddr::V4(address) = socket.local_addr().unwrap() else { panic!("IPv4") };
        tokio::spawn(async move {
            let mut buffer = [0; 1024];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let answer = answer(&Message::from_vec(&buffer[..length]).unwrap());
                socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
            }
        });
        let mut way = ConnectionConfig::udp();
        way.port = address.port();
        let server = NameServerConfig::new((*address.ip()).into(), true, vec![way]);
        let config = ResolverConfig::from_name_servers(vec![server]);
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build().unwrap()
    }

    fn answer(question: &Message) -> Message {
        let query = question.queries[0].clone();
        let name = query.name().clone();
        let mut answer = Message::response(question.metadata.id, OpCode::Query);
        answer.add_query(query);
        match name.to_string().as_str() {
            "_web._tcp.test." => {
                for (host, port) in [("a.test.", 80), ("b.test.", 81)] {
                    let srv = SRV::new(0, 0, port, Name::from_ascii(host).unwrap());
                    answer.add_answer(Record::from_rdata(name.clone(), 60, RData::SRV(srv)));
                }
            }
            "empty.test." => {}
            _ => answer.metadata.response_code = ResponseCode::ServFail,
        }
        answer
    }

    fn config(names: &str) -> DnsDiscovery {
        let text =
            format!("scrape_configs: [{{job_name: a, dns_sd_configs: [{{names: [{names}]}}]}}]");
        let surroundings = Surroundings {
            folder: std::path::Path::new("."),
            environment: &|_| None,
            files: &|_| Vec::new(),
        };
        let mut configuration = Configuration::read(&text, &surroundings).unwrap();
        let discovery = configuration.scrape_configs.remove(0).discoveries.remove(0);
        let Discovery::Dns(config) = discovery else { panic!("not DNS") };
        config
    }

    #[tokio::test]
    async fn names_are_looked_up_and_one_that_fails_fails_all() {
        let resolver = server().await;
        let groups = look(&resolver, &config("_web._tcp.test., empty.test.")).await.unwrap();
        let found: Vec<Vec<_>> = groups
            .iter()
            .map(|group| group.targets.iter().map(|target| target.get(ADDRESS)).collect())
            .collect();
        assert_eq!(found, [vec!["a.test:80", "b.test:81"], vec![]]);
        let fault = look(&resolver, &config("_web._tcp.test., broken.test.")).await.unwrap_err();
        assert!(fault.starts_with("broken.test.: "), "{fault}");
    }
}
