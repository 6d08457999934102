//! `[[remote_write]]`: who gets what is stored; never what was sent.

use std::collections::BTreeMap;
use std::path::PathBuf;

use common::series::matcher::{self, Filter, Matcher, NAME_LABEL};
use common::series::names::is_label_name;
use serde::{Deserialize, Serialize};
use url::Url;

use super::secret::Secret;
use super::tls::TlsConfig;
use super::within;

/// A receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiverConfig {
    /// What it is called in the API and the log; how far it has come is remembered under it.
    pub name: String,
    /// Where it takes remote writes.
    pub url: ReceiverUrl,
    /// What it gets, as Prometheus chooses series; all when there is none.
    #[serde(default)]
    pub send: Vec<Choice>,
    /// Labels that every series gets that has none of that name.
    #[serde(default)]
    pub external_labels: LabelsConfig,
    /// Headers of each request.
    #[serde(default)]
    pub headers: BTreeMap<String, Secret>,
    /// User and password.
    #[serde(default)]
    pub basic_auth: Option<BasicAuth>,
    /// A token, sent as `Authorization: Bearer`.
    #[serde(default)]
    pub bearer_token: Option<Secret>,
    /// A file with the token, read for each request.
    #[serde(default)]
    pub bearer_token_file: Option<PathBuf>,
    /// How TLS connections are made.
    #[serde(default)]
    pub tls: TlsConfig,
    /// Samples of one request, 1 to 100,000.
    #[serde(default = "samples", deserialize_with = "within::<1, 100_000, _>")]
    pub max_samples_per_send: u32,
    /// Hours for which samples wait for a receiver that is away, 1 to 8,760.
    #[serde(default = "hours", deserialize_with = "within::<1, 8_760, _>")]
    pub max_age_hours: u32,
    /// Seconds after which a request is given up, 1 to 600.
    #[serde(default = "seconds", deserialize_with = "within::<1, 600, _>")]
    pub timeout_seconds: u32,
}

fn samples() -> u32 {
    2_000
}

fn hours() -> u32 {
    72
}

fn seconds() -> u32 {
    30
}

/// User and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasicAuth {
    /// The user.
    pub username: String,
    /// The password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// A file with the password, read for each request.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
}

/// An address of a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiverUrl(pub Url);

impl TryFrom<String> for ReceiverUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(&text).map_err(|error| format!("no address: {error}"))?;
        if !["http", "https"].contains(&url.scheme()) || url.host().is_none() {
            return Err("the address has to begin with http:// or https://".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("user and password belong into `basic_auth`".to_owned());
        }
        Ok(Self(url))
    }
}

impl From<ReceiverUrl> for String {
    fn from(url: ReceiverUrl) -> Self {
        url.0.into()
    }
}

/// A choice of series, `node_load1{server="web-1"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Choice {
    text: String,
    matchers: Vec<Matcher>,
}

impl Choice {
    /// Whether a series is chosen.
    pub fn filter(&self) -> Filter {
        // It was tried when it was read.
        Filter::new(&self.matchers).unwrap_or_default()
    }
}

impl TryFrom<String> for Choice {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (metric, mut matchers) = matcher::read(&text).map_err(|error| error.to_string())?;
        matchers.extend(metric.map(|metric| Matcher::equal(NAME_LABEL, metric)));
        Filter::new(&matchers).map_err(|error| error.to_string())?;
        Ok(Self { text, matchers })
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.text
    }
}

/// Labels with valid names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct LabelsConfig(pub BTreeMap<String, String>);

impl TryFrom<BTreeMap<String, String>> for LabelsConfig {
    type Error = String;

    fn try_from(labels: BTreeMap<String, String>) -> Result<Self, Self::Error> {
        let bad = |name: &&String| !is_label_name(name) || *name == NAME_LABEL;
        match labels.keys().find(bad) {
            Some(name) => Err(format!("`{name}` cannot be the name of a label")),
            None => Ok(Self(labels)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receivers_are_read_and_faults_named() {
        let good = "name = \"a\"\nurl = \"https://a.example/write\"\nsend = ['up{job=~\"a|b\"}']\n\
            external_labels = { dc = \"1\" }\nbearer_token = \"t\"\n";
        let read: ReceiverConfig = toml::from_str(good).unwrap();
        assert_eq!(read.max_samples_per_send, 2_000);
        assert!(!format!("{read:?}").contains("\"t\""));
        let labels = common::series::Labels::one("job", "b");
        assert!(read.send[0].filter().wants("up", &labels));
        assert!(!read.send[0].filter().wants("down", &labels));
        for (bad, words) in [
            ("url = \"https://a\"", "name"),
            ("name = \"a\"\nurl = \"ftp://a\"", "http://"),
            ("name = \"a\"\nurl = \"http://u:p@a\"", "basic_auth"),
            (
                "name = \"a\"\nurl = \"https://a\"\nsend = ['up{']",
                "character",
            ),
            (
                "name = \"a\"\nurl = \"https://a\"\nexternal_labels = { \"a b\" = \"\" }",
                "a b",
            ),
            (
                "name = \"a\"\nurl = \"https://a\"\nmax_age_hours = 0",
                "between 1 and 8760",
            ),
            (
                "name = \"a\"\nurl = \"https://a\"\nurls = 1",
                "unknown field",
            ),
        ] {
            let error = toml::from_str::<ReceiverConfig>(bad)
                .unwrap_err()
                .to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
