//! TLS with a server whose certificate bears another name than its address: the name that the configuration says.

use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, SupportedProtocolVersion,
};
use watchglass_configuration::{Tls, TlsVersion};

use super::{ClientFault, read};

/// Checks certificates against one name, whatever the address is.
#[derive(Debug)]
struct OneName {
    name: ServerName<'static>,
    inner: Arc<dyn ServerCertVerifier>,
}

impl ServerCertVerifier for OneName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.inner.verify_server_cert(end_entity, intermediates, &self.name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// The same client, with TLS as `config` says, its `server_name` included. The name that is sent to the server before it
/// shows its certificate stays that of the address, and an address in numbers sends none.
pub(super) fn secured(
    builder: ClientBuilder,
    config: &Tls,
    is_http2: bool,
) -> Result<ClientBuilder, ClientFault> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let name = ServerName::try_from(config.server_name.clone())
        .map_err(|fault| tls(format!("{:?}: {fault}", config.server_name)))?;
    let verifier = OneName { name, inner: verifier(config, &provider)? };
    let client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions(config))
        .map_err(tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut client = match (&config.cert, &config.key) {
        (Some(cert), Some(key)) => {
            let key = PrivateKeyDer::from_pem_slice(read(key)?.as_bytes()).map_err(tls)?;
            client.with_client_auth_cert(certificates(&read(cert)?)?, key).map_err(tls)?
        }
        _ => client.with_no_client_auth(),
    };
    let protocols: &[&[u8]] = if is_http2 { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
    client.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Ok(builder.tls_backend_preconfigured(client))
}

/// Who vouches for the server: those of the configuration, or the system's.
fn verifier(
    config: &Tls,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, ClientFault> {
    let provider = Arc::clone(provider);
    let Some(ca) = &config.ca else {
        return Ok(Arc::new(rustls_platform_verifier::Verifier::new(provider).map_err(tls)?));
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&read(ca)?)? {
        roots.add(certificate).map_err(tls)?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    Ok(verifier.build().map_err(tls)?)
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, ClientFault> {
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(tls)
}

fn versions(config: &Tls) -> Vec<&'static SupportedProtocolVersion> {
    let is_allowed = |version| {
        config.min_version.is_none_or(|min| version >= min)
            && config.max_version.is_none_or(|max| version <= max)
    };
    let known = [
        (TlsVersion::Tls12, &rustls::version::TLS12),
        (TlsVersion::Tls13, &rustls::version::TLS13),
    ];
    known.into_iter().filter(|(version, _)| is_allowed(*version)).map(|(_, it)| it).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn tls(fault: impl ToString) -> ClientFault {
    ClientFault::Tls(fault.to_string())
}
