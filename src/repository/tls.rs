//! Certificate authorities, and judging TLS failures (fetch, section 5).

use super::error::{FetchError, Tls};
use super::fetch::FetchOptions;
use bstr::ByteSlice;
use rustls::{AlertDescription, CertificateError};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Where distributions keep their bundle of authorities.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
const MAX_BUNDLE: u64 = 16 << 20;

/// The TLS settings: the own file alone if it is readable, else the variable's, else the first
/// bundle of the system, else the roots compiled in, so that an empty image can speak TLS.
pub(super) fn config(options: &FetchOptions) -> TlsConfig {
    let variable = options.environment.get("SSL_CERT_FILE");
    let variable = variable.and_then(|path| path.to_path().ok());
    let roots = read_bundle(&options.ca_file)
        .or_else(|| {
            variable
                .into_iter()
                .chain(BUNDLES.iter().map(Path::new))
                .filter_map(read_bundle)
                .find(|certificates| !certificates.is_empty())
        })
        .map_or(RootCerts::WebPki, RootCerts::from);
    TlsConfig::builder()
        .root_certs(roots)
        .disable_verification(!options.check_certificate)
        .build()
}

fn read_bundle(path: &Path) -> Option<Vec<Certificate<'static>>> {
    let mut text = Vec::new();
    let file = File::open(path).ok()?;
    file.take(MAX_BUNDLE).read_to_end(&mut text).ok()?;
    let certificates = parse_pem(&text).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    Some(certificates.collect())
}

/// Judges an error of the TLS library, if `error` is one.
pub(super) fn failure(error: &io::Error) -> Option<FetchError> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(judge(error))
}

pub(super) fn judge(error: &rustls::Error) -> FetchError {
    let tls = match error {
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Tls::HostName,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            Tls::NotTrusted
        }
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired | AlertDescription::HandshakeFailure,
        ) => Tls::ClientCertificate,
        _ => Tls::Unspecified,
    };
    FetchError::Tls(tls, error.to_string())
}
