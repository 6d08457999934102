//! The master key: from the settings, or a file of the data directory that is made once; never sealed itself.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::config::Config;

/// Name of the key's file in the data directory.
const FILE: &str = "master.key";
const BYTES: usize = 32;

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or made.
    #[error("the master key in {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What stands there is no key.
    #[error(
        "{place} is no master key: 32 bytes in Base64, as `openssl rand -base64 32` makes them"
    )]
    NoKey {
        /// The setting or the file.
        place: String,
    },
}

/// 32 secret bytes.
pub struct MasterKey([u8; BYTES]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl MasterKey {
    /// The key that the settings give or name; else that of the data directory, which is made at the
    /// first start (mode 0600, on disk before this returns).
    pub fn open(config: &Config) -> Result<Self, MasterKeyError> {
        if let Some(key) = &config.master_key {
            return read(key.reveal(), "the setting `master_key`");
        }
        let made = config.data_dir.join(FILE);
        let path = config.master_key_file.as_ref().unwrap_or(&made);
        let failed = |source| MasterKeyError::File {
            path: path.clone(),
            source,
        };
        let mut text = String::new();
        match File::open(path).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => read(&text, &path.display().to_string()),
            Err(error)
                if error.kind() == io::ErrorKind::NotFound && config.master_key_file.is_none() =>
            {
                make(&config.data_dir).map_err(failed)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// A key that is known.
    #[cfg(test)]
    pub(crate) fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// Names the key without telling it.
    pub(super) fn name(&self) -> [u8; 8] {
        let digest = Sha256::new()
            .chain_update(b"watchpost master key")
            .chain_update(self.0)
            .finalize();
        let mut name = [0; 8];
        name.copy_from_slice(&digest[..8]);
        name
    }

    pub(super) fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }
}

fn read(text: &str, place: &str) -> Result<MasterKey, MasterKeyError> {
    let text = text.trim();
    let bytes = STANDARD
        .decode(text)
        .or_else(|_| URL_SAFE_NO_PAD.decode(text));
    let bytes = bytes.ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(MasterKey).ok_or_else(|| MasterKeyError::NoKey {
        place: place.to_owned(),
    })
}

fn make(data_dir: &Path) -> io::Result<MasterKey> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let (path, unfinished) = (data_dir.join(FILE), data_dir.join("master.key.new"));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    writeln!(file, "{}", STANDARD.encode(bytes))?;
    file.sync_all()?;
    std::fs::rename(&unfinished, &path)?;
    File::open(data_dir)?.sync_all()?;
    Ok(MasterKey(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn config(data_dir: &Path) -> Config {
        Config {
            data_dir: data_dir.to_owned(),
            ..Config::default()
        }
    }

    #[test]
    fn the_key_is_made_once_and_is_nobody_elses() {
        let dir = tempfile::tempdir().unwrap();
        let first = MasterKey::open(&config(dir.path())).unwrap();
        let again = MasterKey::open(&config(dir.path())).unwrap();
        assert_eq!(first.0, again.0);
        let mode = dir.path().join(FILE).metadata().unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }

    #[test]
    fn a_key_may_come_from_a_setting_or_a_file_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let text = STANDARD.encode([9; BYTES]);
        let file = dir.path().join("elsewhere");
        std::fs::write(&file, format!("{text}\n")).unwrap();
        let by_file = Config {
            master_key_file: Some(file),
            ..config(dir.path())
        };
        assert_eq!(MasterKey::open(&by_file).unwrap().0, [9; BYTES]);
        let by_setting: Config = toml::from_str(&format!("master_key = \"{text}\"")).unwrap();
        assert_eq!(MasterKey::open(&by_setting).unwrap().0, [9; BYTES]);
        assert!(!dir.path().join(FILE).exists(), "none is made then");
    }

    #[test]
    fn what_is_no_key_is_an_error_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), "short").unwrap();
        let error = MasterKey::open(&config(dir.path())).unwrap_err();
        assert!(error.to_string().contains(FILE), "{error}");
        let missing = Config {
            master_key_file: Some(dir.path().join("missing")),
            ..config(dir.path())
        };
        assert!(MasterKey::open(&missing).is_err());
    }
}
