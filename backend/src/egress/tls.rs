//! The TLS options of a client, their files read; never a connection.

use std::path::Path;

use reqwest::{Certificate, ClientBuilder, Identity};

use super::error::EgressError;
use crate::config::tls::TlsConfig;

/// A client with these options.
pub(super) fn apply(
    mut builder: ClientBuilder,
    tls: &TlsConfig,
) -> Result<ClientBuilder, EgressError> {
    if let Some(path) = &tls.ca_file {
        let certificates = Certificate::from_pem_bundle(&read(path)?);
        let certificates = certificates.map_err(|_| no_pem(path, "certificate"))?;
        if certificates.is_empty() {
            return Err(no_pem(path, "certificate"));
        }
        builder = builder.tls_certs_only(certificates);
    }
    match (&tls.cert_file, &tls.key_file) {
        (Some(certificate), Some(key)) => {
            let both = [read(certificate)?, read(key)?].join(&b'\n');
            let identity = Identity::from_pem(&both);
            let wrong = |_| {
                no_pem(
                    certificate,
                    "certificate with the private key of `key_file`",
                )
            };
            builder = builder.identity(identity.map_err(wrong)?);
        }
        (None, None) => {}
        _ => {
            return Err(EgressError::TlsOptions(
                "`cert_file` and `key_file` go together",
            ));
        }
    }
    Ok(builder.tls_danger_accept_invalid_certs(tls.insecure_skip_verify))
}

fn read(path: &Path) -> Result<Vec<u8>, EgressError> {
    std::fs::read(path).map_err(|error| EgressError::TlsFile {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

fn no_pem(path: &Path, wanted: &str) -> EgressError {
    EgressError::TlsFile {
        path: path.to_owned(),
        reason: format!("no {wanted} in PEM"),
    }
}
