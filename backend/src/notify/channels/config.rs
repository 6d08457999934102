//! The pieces that configurations of channels are made of, each checked as it is read; never a kind.

use std::fmt;

use common::json_fault::field_error;
use common::problem::FieldError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use super::{Channel, Provider};

const URL_BYTES: usize = 2_000;
const LINE_CHARS: usize = 500;

/// A configuration as its kind takes it; the paths of what is wrong begin with `config`.
pub(super) fn read<P: Provider + DeserializeOwned + 'static>(
    config: &Map<String, Value>,
) -> Result<Channel, Vec<FieldError>> {
    parse::<P>(config).map(|provider| Channel::Http(Box::new(provider)))
}

/// The same for what speaks no HTTP.
pub(super) fn parse<T: DeserializeOwned>(
    config: &Map<String, Value>,
) -> Result<T, Vec<FieldError>> {
    let value = Value::Object(config.clone());
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let wrong = field_error(&path, &error.inner().to_string());
        let field = if wrong.field.is_empty() {
            "config".to_owned()
        } else {
            format!("config.{}", wrong.field)
        };
        vec![FieldError::new(field, wrong.message)]
    })
}

/// Where a provider listens: a URL of HTTP with a host.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Endpoint(Url);

/// A whole URL may hold a token.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl Endpoint {
    /// The URL itself.
    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    /// A path below it; the parts are escaped.
    pub(super) fn below(&self, parts: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(parts);
        }
        url
    }

    /// One that is known to be right.
    pub(super) fn known(text: &'static str) -> Self {
        match Self::try_from(text.to_owned()) {
            Ok(endpoint) => endpoint,
            Err(wrong) => unreachable!("{text}: {wrong}"),
        }
    }
}

impl TryFrom<String> for Endpoint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(text.trim()).map_err(|error| format!("is no URL: {error}"))?;
        if text.len() > URL_BYTES {
            return Err(format!("must not have more than {URL_BYTES} bytes"));
        }
        if !["http", "https"].contains(&url.scheme()) || !url.has_host() {
            return Err("has to begin with https:// or http:// and name a host".to_owned());
        }
        Ok(Self(url))
    }
}

/// A line of text that says something.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Line(String);

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Line {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Line {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err("must not be empty".to_owned());
        }
        if text.chars().count() > LINE_CHARS {
            return Err(format!("must not have more than {LINE_CHARS} characters"));
        }
        if text.chars().any(char::is_control) {
            return Err("has to be one line of text".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}
