//! `[database]`: where people, alerts and samples are kept; never a connection.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

/// The section `database`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// A `PostgreSQL` database. `None`: two embedded files in the data directory.
    pub url: Option<DatabaseUrl>,
}

/// The address of a `PostgreSQL` database. Shown or debugged it never tells its password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DatabaseUrl(Url);

/// Why a text is no address of a database. It never repeats the text: a password may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// It cannot be read.
    #[error("is no address such as postgres://user:password@host:5432/database")]
    Unreadable,
    /// It is of another engine.
    #[error("has to begin with postgres://")]
    Scheme,
    /// It names no database.
    #[error("names no database: postgres://user:password@host:5432/database")]
    NoDatabase,
}

impl DatabaseUrl {
    /// The whole address, password included: for connecting, never to be shown.
    pub fn secret(&self) -> &str {
        self.0.as_str()
    }

    /// The address with something more to say to the driver, password included.
    #[must_use]
    pub fn with(&self, settings: &[(&str, &str)]) -> Self {
        let mut url = self.0.clone();
        for (name, value) in settings {
            if self.0.query_pairs().all(|(given, _)| given != *name) {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        // The driver knows `%20` and no `+`.
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
        Self(url)
    }

    /// A text in which the password is not to be found, whoever wrote it.
    #[must_use]
    pub fn without_password(&self, text: &str) -> String {
        let written = self.0.password().map(str::to_owned);
        let read = written.as_deref().and_then(decoded);
        let given = self.0.query_pairs();
        let given = given.filter(|(name, _)| name == "password");
        let given = given.map(|(_, value)| value.into_owned());
        let secrets = written.into_iter().chain(read).chain(given);
        secrets
            .filter(|secret| !secret.is_empty())
            .fold(text.to_owned(), |text, secret| text.replace(&secret, "***"))
    }
}

/// A text without its percent signs.
fn decoded(text: &str) -> Option<String> {
    // A plus stands for itself in this part of an address.
    let text = format!("_={}", text.replace('+', "%2B").replace('&', "%26"));
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned())
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| DatabaseUrlError::Unreadable)?;
        if !["postgres", "postgresql"].contains(&url.scheme()) {
            return Err(DatabaseUrlError::Scheme);
        }
        match url.path().strip_prefix('/') {
            Some(name) if !name.is_empty() && !name.contains('/') => Ok(Self(url)),
            _ => Err(DatabaseUrlError::NoDatabase),
        }
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = DatabaseUrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DatabaseUrl> for String {
    fn from(url: DatabaseUrl) -> Self {
        url.0.into()
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.0.scheme())?;
        if !self.0.username().is_empty() {
            write!(f, "{}@", self.0.username())?;
        }
        f.write_str(self.0.host_str().unwrap_or_default())?;
        if let Some(port) = self.0.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(self.0.path())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_told() {
        for (given, shown) in [
            (
                "postgres://ann:s3cret@db:5433/wp",
                "postgres://ann@db:5433/wp",
            ),
            ("postgresql://ann:s3%63ret@db/wp", "postgresql://ann@db/wp"),
            (
                "postgres:///wp?host=/run/pg&password=s3cret",
                "postgres:///wp",
            ),
        ] {
            let url: DatabaseUrl = given.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert!(!format!("{url:?}").contains("s3"), "{url:?}");
            let said = url.without_password("FATAL: s3cret was s3%63ret, not wp");
            assert!(!said.contains("s3cret"), "{said}");
            assert!(said.ends_with("not wp"), "{said}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for (given, wanted) in [
            ("s3cret", DatabaseUrlError::Unreadable),
            (
                "postgres://ann:s3cret@db:x/wp",
                DatabaseUrlError::Unreadable,
            ),
            ("mysql://ann:s3cret@db/wp", DatabaseUrlError::Scheme),
            ("postgres://ann:s3cret@db", DatabaseUrlError::NoDatabase),
            ("postgres://ann:s3cret@db/", DatabaseUrlError::NoDatabase),
        ] {
            let error = given.parse::<DatabaseUrl>().unwrap_err();
            assert_eq!(error, wanted, "{given}");
            assert!(!error.to_string().contains("s3cret"));
        }
    }

    #[test]
    fn settings_are_added_where_none_are_given() {
        let url: DatabaseUrl = "postgres://db/wp?connect_timeout=9".parse().unwrap();
        let url = url.with(&[("connect_timeout", "5"), ("application_name", "a b")]);
        assert_eq!(
            url.secret(),
            "postgres://db/wp?connect_timeout=9&application_name=a%20b"
        );
    }
}
