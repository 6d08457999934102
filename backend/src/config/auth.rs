//! `[auth]`: how long logins last.

use serde::{Deserialize, Serialize};

use super::within;

/// The section `auth`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    /// Life of an access token in seconds, 1 to 3600.
    #[serde(deserialize_with = "within::<1, 3600, _>")]
    pub access_token_seconds: u32,
    /// Days after which an unused session ends, 1 to 365.
    #[serde(deserialize_with = "within::<1, 365, _>")]
    pub refresh_days: u32,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            access_token_seconds: 600,
            refresh_days: 30,
        }
    }
}
