//! Loads the settings: defaults, then the file, then the environment, then the command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::Serialized;
use figment::value::Value;

use super::Config;

const PREFIX: &str = "WATCHPOST_";
/// Variables with our prefix that are no settings.
const NOT_SETTINGS: [&str; 1] = ["WATCHPOST_ADMIN_PASSWORD"];

/// Why the settings could not be loaded; each names the place to correct.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named by `--config` cannot be read.
    #[error("configuration file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no TOML, has an unknown key or a wrong value.
    #[error("configuration file {}, line {line}, column {column}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// From 1; 0 when unknown.
        line: usize,
        /// From 1; 0 when unknown.
        column: usize,
        /// What is wrong, and for an unknown key which ones there are.
        problem: String,
    },
    /// A variable of the environment is no setting or has a wrong value.
    #[error("environment variable {variable}: {problem}")]
    Variable {
        /// Its whole name.
        variable: String,
        /// What is wrong.
        problem: String,
    },
    /// There is no place for the data.
    #[error(
        "no data directory: give --data-dir, or set STATE_DIRECTORY, XDG_DATA_HOME or HOME in the environment"
    )]
    NoDataDirectory,
}

/// The variables of a process, handed in so that a test can make its own.
#[derive(Debug, Clone, Default)]
pub struct Environment(pub Vec<(String, String)>);

impl Environment {
    /// The variables of this process; those that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        Self(
            std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
        )
    }

    /// The value of `name`; `None` when unset or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }
}

/// What the command line said; it wins over file and environment.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`
    pub file: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<SocketAddr>,
}

/// Loads all settings: defaults < file < environment < command line.
pub fn load(overrides: &Overrides, environment: &Environment) -> Result<Config, ConfigError> {
    let mut config = match &overrides.file {
        Some(path) => read_file(path)?,
        None => Config::default(),
    };
    config = apply(config, environment)?;
    if let Some(listen) = overrides.listen {
        config.server.listen = listen;
    }
    if let Some(data_dir) = &overrides.data_dir {
        config.data_dir.clone_from(data_dir);
    }
    if config.data_dir.as_os_str().is_empty() {
        config.data_dir = default_data_dir(environment).ok_or(ConfigError::NoDataDirectory)?;
    }
    Ok(config)
}

fn read_file(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    toml::from_str(&text).map_err(|error| {
        let (line, column) = error.span().map_or((0, 0), |span| place(&text, span.start));
        ConfigError::File {
            path: path.to_owned(),
            line,
            column,
            problem: error.message().to_owned(),
        }
    })
}

/// Line and column, both from 1, of a byte offset.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// One variable at a time, so that an error names the one that is wrong.
fn apply(mut config: Config, environment: &Environment) -> Result<Config, ConfigError> {
    for (variable, text) in &environment.0 {
        let Some(key) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        if NOT_SETTINGS.contains(&variable.as_str()) {
            continue;
        }
        let key = key.to_lowercase().replace("__", ".");
        let value: Value = match text.parse() {
            Ok(value) => value,
            Err(never) => match never {},
        };
        config = Figment::from(Serialized::defaults(&config))
            .merge((key, value))
            .extract()
            .map_err(|error| ConfigError::Variable {
                variable: variable.clone(),
                problem: error.kind.to_string(),
            })?;
    }
    Ok(config)
}

/// `$STATE_DIRECTORY` (the first, when systemd names several), else `$XDG_DATA_HOME/watchpost`,
/// else `~/.local/share/watchpost`.
fn default_data_dir(environment: &Environment) -> Option<PathBuf> {
    if let Some(state) = environment.get("STATE_DIRECTORY") {
        return state.split(':').next().map(PathBuf::from);
    }
    environment
        .get("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(environment.get("HOME")?).join(".local/share")))
        .map(|base| base.join("watchpost"))
}

#[cfg(test)]
mod tests;
