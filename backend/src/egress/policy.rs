//! Which addresses may be connected to, and what for; never a connection.

use std::net::IpAddr;
use std::sync::Arc;

use super::address::{Kind, plain};
use super::error::EgressError;
use super::resolver;
use crate::config::egress::{EgressConfig, Place};

/// Where connections may go. Clones share it.
#[derive(Debug, Clone)]
pub struct Reach {
    class: Class,
    listed: Arc<[Place]>,
}

/// What connections are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// What an administrator names: scraping, remote write.
    Targets,
    /// What people enter: channels of messages.
    Messages {
        /// Whether private networks and this machine are open to them.
        private: bool,
    },
}

impl Class {
    /// The setting that opens more.
    const fn setting(self) -> &'static str {
        match self {
            Self::Targets => "egress.targets_allow",
            Self::Messages { .. } => "egress.allow",
        }
    }
}

impl Reach {
    /// What the settings allow targets. Private and public addresses are open to them.
    pub fn targets(config: &EgressConfig) -> Self {
        Self {
            class: Class::Targets,
            listed: config.targets_allow.iter().cloned().collect(),
        }
    }

    /// What the settings allow messages. Public addresses are open to them, those of a cloud's
    /// metadata never.
    pub fn messages(config: &EgressConfig) -> Self {
        let private = config.allow_private;
        Self {
            class: Class::Messages { private },
            listed: config.allow.iter().cloned().collect(),
        }
    }

    /// Whether `address`, which `host` has, may be connected to: by what it is, or because it is
    /// listed, by itself or by the host's name.
    pub fn check(&self, host: &str, address: IpAddr) -> Result<(), EgressError> {
        let kind = Kind::of(address);
        if self.is_open(kind) || (self.may_list(kind) && self.lists(host, address)) {
            return Ok(());
        }
        Err(EgressError::Refused {
            host: host.to_owned(),
            address,
            kind,
            setting: self.class.setting(),
        })
    }

    /// The addresses of a host that may be connected to, at least one.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, EgressError> {
        let bare = host.trim_matches(['[', ']']);
        let addresses = resolver::addresses(self, bare).await?;
        Ok(addresses.into_iter().map(|address| address.ip()).collect())
    }

    fn is_open(&self, kind: Kind) -> bool {
        match (self.class, kind) {
            (_, Kind::Public) | (Class::Targets, Kind::Private) => true,
            (Class::Messages { private }, Kind::Private | Kind::Loopback) => private,
            _ => false,
        }
    }

    /// A cloud's credentials are nobody's message.
    fn may_list(&self, kind: Kind) -> bool {
        self.class == Class::Targets || kind != Kind::Metadata
    }

    fn lists(&self, host: &str, address: IpAddr) -> bool {
        let host = host.trim_end_matches('.');
        self.listed.iter().any(|place| match place {
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
                ..EgressConfig::default()
            };
            let checked = Reach::targets(&config).check(host, address.parse().unwrap());
            assert_eq!(checked.is_ok(), may, "{address} of {host} with {allow:?}");
            if let Err(refused) = checked {
                assert!(refused.to_string().contains("egress.targets_allow"));
            }
        }
    }

    #[test]
    fn messages_go_to_the_public_unless_more_is_allowed() {
        for (allow, private, address, may) in [
            (&[][..], false, "1.1.1.1", true),
            (&[], false, "10.0.0.1", false),
            (&[], false, "127.0.0.1", false),
            (&[], false, "::ffff:10.0.0.1", false),
            (&[], false, "64:ff9b::a00:1", false),
            (&[], false, "100.64.0.1", false),
            (&["10.0.0.0/8"], false, "10.0.0.1", true),
            (&["10.0.0.0/8"], false, "192.168.0.1", false),
            (&["a.example"], false, "192.168.0.1", true),
            (&[], true, "192.168.0.1", true),
            (&[], true, "127.0.0.1", true),
            (&[], true, "169.254.0.1", false),
            (&[], true, "169.254.169.254", false),
            (&["169.254.0.0/16"], true, "169.254.169.254", false),
            (&["169.254.0.0/16"], false, "169.254.0.1", true),
            (&["a.example"], true, "fd00:ec2::254", false),
        ] {
            let places = allow.iter().map(|place: &&str| place.parse().unwrap());
            let config = EgressConfig {
                allow: places.collect(),
                allow_private: private,
                ..EgressConfig::default()
            };
            let checked = Reach::messages(&config).check("a.example", address.parse().unwrap());
            assert_eq!(checked.is_ok(), may, "{address} with {allow:?}, {private}");
            if let Err(refused) = checked {
                assert!(refused.to_string().contains("`egress.allow`"));
            }
        }
    }
}
