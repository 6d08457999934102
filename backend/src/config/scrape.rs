//! `[[scrape.jobs]]`: exporters that are read, in Prometheus's words; never a target of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::relabel::Step;
use super::secret::Secret;
use super::tls::TlsConfig;
use super::within;

/// The section `scrape`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScrapeConfig {
    /// Exporters that are read alike.
    pub jobs: Vec<JobConfig>,
}

/// Exporters that are read alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobConfig {
    /// The label `job` of what they say; each job has a name of its own.
    pub name: String,
    /// `host:port` of each.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Files that name more of them, in the form of Prometheus's `file_sd_configs`; the last part of
    /// a path may have a `*`.
    #[serde(default)]
    pub files: Vec<String>,
    /// Name of the server that their series belong to; the one that Watchpost runs on, when left out.
    #[serde(default)]
    pub server: Option<String>,
    /// Seconds between two scrapes of a target, 1 to 86,400.
    #[serde(default = "interval", deserialize_with = "within::<1, 86_400, _>")]
    pub interval_seconds: u32,
    /// Seconds after which a scrape is given up, 1 to 3,600; 10, or the interval when that is
    /// shorter, when left out.
    #[serde(default, deserialize_with = "some_within")]
    pub timeout_seconds: Option<u32>,
    /// The path that is asked for.
    #[serde(default = "metrics_path")]
    pub metrics_path: String,
    /// How it is asked.
    #[serde(default)]
    pub scheme: Scheme,
    /// Parameters of the query.
    #[serde(default)]
    pub params: BTreeMap<String, Vec<String>>,
    /// Labels of all targets.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// An exporter's own labels win over those of its target.
    #[serde(default)]
    pub honor_labels: bool,
    /// An exporter's own times are taken.
    #[serde(default = "yes")]
    pub honor_timestamps: bool,
    /// User and password.
    #[serde(default)]
    pub basic_auth: Option<BasicAuthConfig>,
    /// A token, sent as `Authorization: Bearer`.
    #[serde(default)]
    pub bearer_token: Option<Secret>,
    /// A file with the token, read for each scrape.
    #[serde(default)]
    pub bearer_token_file: Option<PathBuf>,
    /// How TLS connections are made.
    #[serde(default)]
    pub tls: TlsConfig,
    /// Samples of one scrape, after `metric_relabel`; 0: no limit but the server's.
    #[serde(default)]
    pub sample_limit: u32,
    /// Labels of a series; 0: no limit but the store's.
    #[serde(default)]
    pub label_limit: u32,
    /// Bytes of a label's name; 0: no limit but the store's.
    #[serde(default)]
    pub label_name_length_limit: u32,
    /// Bytes of a label's value; 0: no limit but the store's.
    #[serde(default)]
    pub label_value_length_limit: u32,
    /// Bytes of an answer, unpacked, 1,024 to 268,435,456.
    #[serde(
        default = "body_size",
        deserialize_with = "within::<1_024, 268_435_456, _>"
    )]
    pub body_size_limit: u32,
    /// What is done to the labels of a target, in this order.
    #[serde(default)]
    pub relabel: Vec<Step>,
    /// What is done to the labels of what it says, in this order.
    #[serde(default)]
    pub metric_relabel: Vec<Step>,
}

/// How a target is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Readable to whoever is between.
    #[default]
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// As it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// User and password of HTTP's basic authentication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasicAuthConfig {
    /// The user.
    pub username: String,
    /// The password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// A file with the password, read for each scrape.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
}

fn interval() -> u32 {
    15
}

fn metrics_path() -> String {
    "/metrics".to_owned()
}

fn yes() -> bool {
    true
}

fn body_size() -> u32 {
    16 << 20
}

fn some_within<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    /// The field when it is there; what is read back after it was left out is nothing.
    #[derive(Deserialize)]
    struct Seconds(#[serde(deserialize_with = "within::<1, 3_600, _>")] u32);
    Ok(Option::<Seconds>::deserialize(deserializer)?.map(|Seconds(seconds)| seconds))
}
