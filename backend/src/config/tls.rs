//! How a TLS connection to somebody is made, in any section; never the connection.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The options `tls` of a target. Files are read when the first connection is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// Certificates in PEM that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The own certificate in PEM, shown to whoever asks for one.
    pub cert_file: Option<PathBuf>,
    /// Its private key in PEM.
    pub key_file: Option<PathBuf>,
    /// The name that the other side's certificate has to bear, when it is not that of the address.
    pub server_name: Option<String>,
    /// Believes any certificate: whoever stands between can read and change everything.
    pub insecure_skip_verify: bool,
}
