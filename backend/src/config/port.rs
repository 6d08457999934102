//! A port as settings name it: `22`, `22/tcp` or `53/udp`; never whether it is open.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What speaks on a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Protocol {
    /// As settings and labels spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// A port of this host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    /// Its number, from 1.
    pub number: u16,
    /// TCP unless told.
    pub protocol: Protocol,
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.protocol.as_str())
    }
}

/// A text that names no port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no port: 22, \"22/tcp\" and \"53/udp\" are")]
pub struct NoPort(String);

impl FromStr for Port {
    type Err = NoPort;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NoPort(text.to_owned());
        let (number, protocol) = match text.split_once('/') {
            None | Some((_, "tcp")) => (text.trim_end_matches("/tcp"), Protocol::Tcp),
            Some((number, "udp")) => (number, Protocol::Udp),
            Some(_) => return Err(wrong()),
        };
        match number.parse() {
            Ok(number) if number > 0 => Ok(Self { number, protocol }),
            _ => Err(wrong()),
        }
    }
}

impl Serialize for Port {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Told {
            Number(u64),
            Text(String),
        }
        let text = match Told::deserialize(deserializer)? {
            Told::Number(number) => number.to_string(),
            Told::Text(text) => text,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Port, Protocol};

    #[test]
    fn ports_are_read_as_they_are_written() {
        for (text, number, protocol, again) in [
            ("22", 22, Protocol::Tcp, "22/tcp"),
            ("443/tcp", 443, Protocol::Tcp, "443/tcp"),
            ("53/udp", 53, Protocol::Udp, "53/udp"),
        ] {
            let port: Port = text.parse().unwrap();
            assert_eq!(port, Port { number, protocol }, "{text}");
            assert_eq!(port.to_string(), again);
        }
        for text in ["", "0", "70000", "22/sctp", "ssh", "22/", "/tcp"] {
            assert!(text.parse::<Port>().is_err(), "{text:?}");
        }
        let ports: Vec<Port> = serde_json::from_str(r#"[22, "53/udp"]"#).unwrap();
        assert_eq!(ports.len(), 2);
        assert!(serde_json::from_str::<Port>("-1").is_err());
    }
}
