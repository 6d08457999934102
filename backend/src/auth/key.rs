//! The secret that tokens are made with: a file beside the databases; never inside them.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use sha2::{Digest, Sha256};

/// Name of the key's file in the data directory.
const FILE: &str = "token.key";
const BLOCK: usize = 64;

/// 32 secret bytes.
#[derive(Clone)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// Reads the key of this data directory, or makes it at the first start (mode 0600, on disk
    /// before this returns). A file of another length is an error, not a new key.
    pub(super) fn open(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join(FILE);
        match File::open(&path) {
            Ok(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                let bytes = <[u8; 32]>::try_from(bytes).map_err(|bytes| {
                    let (path, length) = (path.display(), bytes.len());
                    io::Error::other(format!("{path} has {length} bytes instead of 32"))
                })?;
                Ok(Self(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::make(data_dir),
            Err(error) => Err(error),
        }
    }

    /// A key that is known, for tests.
    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Names the key in a token's `kid` without telling it.
    pub(super) fn id(&self) -> String {
        super::secret::to_text(&self.derive(b"key id")[..6])
    }

    /// A key of its own for one purpose.
    pub(super) fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        hmac(&self.0, purpose)
    }

    fn make(data_dir: &Path) -> io::Result<Self> {
        let bytes = super::secret::random()?;
        let (path, unfinished) = (data_dir.join(FILE), data_dir.join("token.key.new"));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &path)?;
        File::open(data_dir)?.sync_all()?;
        Ok(Self(bytes))
    }
}

/// HMAC-SHA-256 (RFC 2104) with a 32-byte key.
pub(super) fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; BLOCK];
        for (byte, secret) in block.iter_mut().zip(key) {
            *byte ^= secret;
        }
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message);
    let outer = Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner.finalize());
    outer.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn hmac_agrees_with_a_published_vector() {
        // RFC 4231, case 1, whose 20-byte key is padded with zeros as HMAC itself would.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        for (index, byte) in hmac(&key, b"Hi There").iter().enumerate() {
            assert_eq!(expected[2 * index..][..2], format!("{byte:02x}"));
        }
    }

    #[test]
    fn the_key_is_made_once_and_is_nobody_elses() {
        let dir = tempfile::tempdir().unwrap();
        let first = Key::open(dir.path()).unwrap();
        let again = Key::open(dir.path()).unwrap();
        assert_eq!(first.0, again.0);
        let mode = dir.path().join(FILE).metadata().unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), b"short").unwrap();
        assert!(Key::open(dir.path()).is_err());
    }
}
