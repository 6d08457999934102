//! Addresses of e-mail as configurations have them; never whether anybody reads there.

use std::fmt;

use lettre::message::Mailbox as Parsed;
use serde::{Deserialize, Deserializer};

/// So many addresses a message goes to.
const MOST: usize = 50;

/// `ops@example.org` or `Operations <ops@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Mailbox(Parsed);

impl Mailbox {
    /// The address alone.
    pub(super) fn address(&self) -> String {
        self.0.email.to_string()
    }

    /// The name before it.
    pub(super) fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// As the library takes it.
    pub(super) fn parsed(&self) -> Parsed {
        self.0.clone()
    }
}

impl TryFrom<String> for Mailbox {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parsed = text.trim().parse();
        parsed.map(Self).map_err(|_| {
            "is no address of e-mail, such as ops@example.org or Ops <ops@example.org>".to_owned()
        })
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// At least one address.
pub(super) fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Mailbox>, D::Error> {
    let boxes = Vec::deserialize(deserializer)?;
    if boxes.is_empty() || boxes.len() > MOST {
        let message = format!("has to name 1 to {MOST} addresses");
        return Err(serde::de::Error::custom(message));
    }
    Ok(boxes)
}
