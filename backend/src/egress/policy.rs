//! Which addresses of targets may be connected to; pure, never a look-up.

use std::net::IpAddr;
use std::sync::Arc;

use super::address::{Kind, plain};
use super::error::EgressError;
use crate::config::egress::{EgressConfig, Place};

/// Where connections to targets may go. Clones share it.
#[derive(Debug, Clone)]
pub struct Targets(Arc<[Place]>);

impl Targets {
    /// What the settings allow.
    pub fn new(config: &EgressConfig) -> Self {
        Self(config.targets_allow.iter().cloned().collect())
    }

    /// Whether `address`, which `host` has, may be connected to. Private and public ones may; of
    /// the others those that are listed, by their address or by the host's name.
    pub fn check(&self, host: &str, address: IpAddr) -> Result<(), EgressError> {
        let kind = Kind::of(address);
        if matches!(kind, Kind::Private | Kind::Public) || self.lists(host, address) {
            return Ok(());
        }
        Err(EgressError::Refused {
            host: host.to_owned(),
            address,
            kind,
        })
    }

    fn lists(&self, host: &str, address: IpAddr) -> bool {
        let host = host.trim_end_matches('.');
        self.0.iter().any(|place| match place {
            Place::Network(network) => {
                network.contains(&address) || network.contains(&plain(address))
            }
            Place::Host(name) => name.eq_ignore_ascii_case(host),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_has_to_be_listed() {
        for (allow, host, address, may) in [
            (&[][..], "a.example", "1.1.1.1", true),
            (&[], "a.example", "10.0.0.1", true),
            (&[], "a.example", "100.64.0.1", true),
            (&[], "a.example", "127.0.0.1", false),
            (&[], "a.example", "::ffff:127.0.0.1", false),
            (&[], "a.example", "169.254.0.1", false),
            (&[], "a.example", "169.254.169.254", false),
            (&[], "a.example", "64:ff9b::a9fe:a9fe", false),
            (&[], "a.example", "100.100.100.200", false),
            (&[], "a.example", "224.0.0.1", false),
            (&["127.0.0.0/8"], "a.example", "127.0.0.1", true),
            (&["127.0.0.0/8"], "a.example", "::ffff:127.0.0.1", true),
            (&["127.0.0.0/8"], "a.example", "64:ff9b::7f00:1", true),
            (&["127.0.0.0/8"], "a.example", "::1", false),
            (&["127.0.0.1"], "a.example", "127.0.0.2", false),
            (&["localhost"], "LocalHost.", "127.0.0.1", true),
            (&["localhost"], "a.localhost", "127.0.0.1", false),
            (&["169.254.0.0/16"], "a.example", "169.254.169.254", true),
            (&["fe80::/10", "::1"], "a.example", "fe80::1", true),
        ] {
            let places = allow.iter().map(|place: &&str| place.parse().unwrap());
            let config = EgressConfig {
                targets_allow: places.collect(),
            };
            let checked = Targets::new(&config).check(host, address.parse().unwrap());
            assert_eq!(checked.is_ok(), may, "{address} of {host} with {allow:?}");
            if let Err(refused) = checked {
                assert!(refused.to_string().contains("egress.targets_allow"));
            }
        }
    }
}
