//! Settings from file and environment, one section a file; never changed at run time.

use std::path::PathBuf;

use common::health::HealthWeights;
use serde::{Deserialize, Serialize};

pub mod alerts;
pub mod auth;
pub mod collect;
pub mod collector;
pub mod database;
pub mod egress;
mod load;
pub mod log;
pub mod metrics;
pub mod pattern;
pub mod port;
pub mod query;
pub mod relabel;
pub mod remote_write;
pub mod scrape;
pub mod secret;
pub mod server;
pub mod tls;

pub use load::{ConfigError, Environment, Overrides, load};

/// All settings. In the file each section is a table; in the environment
/// `WATCHPOST_<SECTION>__<KEY>`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the databases, the lock and the keys live. After loading never empty.
    pub data_dir: PathBuf,
    /// The key that stored secrets are sealed with: 32 bytes in Base64. `None`: that of the file.
    pub master_key: Option<secret::Secret>,
    /// The file of that key; `None`: `master.key` in the data directory, made at the first start.
    pub master_key_file: Option<PathBuf>,
    /// The engine of the databases.
    pub database: database::DatabaseConfig,
    /// Listening and the address that browsers use.
    pub server: server::ServerConfig,
    /// Lifetimes of logins.
    pub auth: auth::AuthConfig,
    /// How often this host is read.
    pub collect: collect::CollectConfig,
    /// How rules without a sample are looked at.
    pub alerts: alerts::AlertsConfig,
    /// What readings and alerts cost a server's health score.
    pub health: HealthWeights,
    /// Where outgoing connections may go.
    pub egress: egress::EgressConfig,
    /// How much may be pushed.
    pub metrics: metrics::MetricsConfig,
    /// Exporters that are read.
    pub scrape: scrape::ScrapeConfig,
    /// How far one question may go.
    pub query: query::QueryConfig,
    /// Who gets what is stored.
    pub remote_write: Vec<remote_write::ReceiverConfig>,
    /// The own log.
    pub log: log::LogConfig,
}

/// Takes a whole number only within `MIN..=MAX`; the error says the range and points at the value.
fn within<'de, const MIN: u32, const MAX: u32, D>(deserializer: D) -> Result<u32, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let value = i64::deserialize(deserializer)?;
    u32::try_from(value)
        .ok()
        .filter(|value| (MIN..=MAX).contains(value))
        .ok_or_else(|| serde::de::Error::custom(format!("{value} is not between {MIN} and {MAX}")))
}
