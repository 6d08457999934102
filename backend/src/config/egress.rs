//! `[egress]`: where outgoing connections may go beyond what is always allowed; never a connection.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// The section `egress`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EgressConfig {
    /// Loopback, link-local and metadata addresses that scraping, remote write and other targets
    /// may go to all the same.
    pub targets_allow: Vec<Place>,
    /// Addresses that are not public, and messages may go to all the same.
    pub allow: Vec<Place>,
    /// Whether messages may go to private networks and to this machine.
    pub allow_private: bool,
}

/// Addresses or a name that connections may go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Place {
    /// A network, `127.0.0.0/8`, or a single address.
    Network(IpNet),
    /// A name, in small letters, whatever it resolves to.
    Host(String),
}

/// A text that is neither a network nor a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is neither a network (127.0.0.0/8), an address (::1) nor the name of a host")]
pub struct NoPlace(String);

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(network) = text.parse() {
            return Ok(Self::Network(network));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(address.into()));
        }
        let in_name = |c: char| c.is_ascii_alphanumeric() || ['.', '-', '_'].contains(&c);
        let ends_in_number = text.rsplit('.').next().is_some_and(is_number);
        if text.is_empty() || !text.chars().all(in_name) || ends_in_number {
            return Err(NoPlace(text.to_owned()));
        }
        Ok(Self::Host(text.to_ascii_lowercase()))
    }
}

/// What ends so is an address, or was meant as one.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

impl TryFrom<String> for Place {
    type Error = NoPlace;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::Host(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn places_are_networks_addresses_or_names() {
        for (text, read) in [
            ("127.0.0.0/8", Some("127.0.0.0/8")),
            ("127.0.0.1", Some("127.0.0.1/32")),
            ("::1", Some("::1/128")),
            ("fe80::/10", Some("fe80::/10")),
            ("LocalHost", Some("localhost")),
            ("node-1.example.org", Some("node-1.example.org")),
            ("", None),
            ("127.0.0.0/33", None),
            ("127.0.0.256", None),
            ("http://localhost", None),
            ("localhost:9100", None),
        ] {
            let place = text.parse::<Place>().ok().map(|place| place.to_string());
            assert_eq!(place.as_deref(), read, "{text}");
        }
    }
}
