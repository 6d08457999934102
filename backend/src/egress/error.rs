//! Why an outgoing request brought nothing; never a whole URL, which may hold a secret.

use std::error::Error;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::address::Kind;

/// Why an outgoing request brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// Connections do not go there.
    #[error(
        "{address} of {host} is {kind}: nothing connects to it unless the setting \
         `{setting}` lists it"
    )]
    Refused {
        /// The host, as it was named.
        host: String,
        /// Its address.
        address: IpAddr,
        /// What that is.
        kind: Kind,
        /// The setting that could allow it.
        setting: &'static str,
    },
    /// The name has no address.
    #[error("the name {host} has no address: {reason}")]
    NoAddress {
        /// The name.
        host: String,
        /// What the system said.
        reason: String,
    },
    /// The URL is none of HTTP.
    #[error("not the URL of a host that speaks HTTP")]
    NoHost,
    /// There is no connection, or no TLS over it.
    #[error("cannot connect to {host}: {reason}")]
    Connect {
        /// Host and port.
        host: String,
        /// What went wrong.
        reason: String,
    },
    /// The answer leads elsewhere.
    #[error("redirected to {to}: only redirects within the same host and port are followed")]
    Redirected {
        /// Scheme, host and port.
        to: String,
    },
    /// The answer leads in circles.
    #[error("redirected more than {most} times")]
    RedirectedTooOften {
        /// The most that are followed.
        most: usize,
    },
    /// It took too long.
    #[error("no whole answer within {} s", after.as_secs_f64())]
    TimedOut {
        /// How long it might take.
        after: Duration,
    },
    /// The answer is too long.
    #[error("the answer has more than {most} bytes")]
    TooLarge {
        /// The most bytes, unpacked.
        most: usize,
    },
    /// The answer cannot be unpacked.
    #[error("the answer is broken gzip: {reason}")]
    Gzip {
        /// What is wrong with it.
        reason: String,
    },
    /// The answer broke off or is no HTTP.
    #[error("the answer of {host} cannot be read: {reason}")]
    Broken {
        /// Host and port.
        host: String,
        /// What went wrong.
        reason: String,
    },
    /// A certificate or key cannot be used.
    #[error("{}: {reason}", path.display())]
    TlsFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The TLS options contradict each other.
    #[error("{0}")]
    TlsOptions(&'static str),
}

impl EgressError {
    /// What an error of the client means; it went to `host`.
    pub(super) fn from_client(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        let mut deepest: &(dyn Error + 'static) = &error;
        while let Some(source) = deepest.source() {
            if let Some(own) = source.downcast_ref::<Self>() {
                return own.clone();
            }
            deepest = source;
        }
        let (host, reason) = (host.to_owned(), deepest.to_string());
        if error.is_connect() {
            Self::Connect { host, reason }
        } else {
            Self::Broken { host, reason }
        }
    }
}
