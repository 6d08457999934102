//! Secrets at rest, each sealed with a key of its own that the master key seals; never what they are for.
//!
//! A sealed value is a version, the name of the master key, the value's own key sealed by the master
//! key, and the value sealed by its own key (XChaCha20-Poly1305 both). The id of the row is part of
//! what is authenticated: a value that was moved to another row does not open. Another master key
//! has to seal the small keys anew only.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

mod master;

pub use master::{MasterKey, MasterKeyError};

/// The form that is written.
const VERSION: u8 = 1;
const NAME: usize = 8;
const NONCE: usize = 24;
const KEY: usize = 32;
const TAG: usize = 16;
/// Where the parts begin.
const SEALED_KEY: usize = 1 + NAME;
const SEALED_VALUE: usize = SEALED_KEY + NONCE + KEY + TAG;

/// Why a value was not sealed or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    NoRandom,
    /// It was sealed with another master key.
    #[error(
        "it was sealed with another master key: put back the file `master.key` or the variable \
         `WATCHPOST_MASTER_KEY` of that time, or enter the secret again"
    )]
    OtherKey,
    /// It is not what was sealed, or belongs to another row.
    #[error("the sealed value is damaged: enter the secret again")]
    Damaged,
}

/// Seals and opens. Clones share the key.
#[derive(Clone)]
pub struct Sealer {
    master: Arc<MasterKey>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl Sealer {
    /// One with this master key.
    pub fn new(master: MasterKey) -> Self {
        Self {
            master: Arc::new(master),
        }
    }

    /// Seals a value of the row with that id.
    pub fn seal(&self, row: Uuid, value: &[u8]) -> Result<Vec<u8>, SealedError> {
        let own: [u8; KEY] = random()?;
        let mut sealed = Vec::with_capacity(SEALED_VALUE + NONCE + value.len() + TAG);
        sealed.push(VERSION);
        sealed.extend(self.master.name());
        seal(self.master.bytes(), row, &own, &mut sealed)?;
        seal(&own, row, value, &mut sealed)?;
        Ok(sealed)
    }

    /// A key for one purpose alone, the same for the same master key; nothing can be told from it about
    /// the others.
    pub fn key_for(&self, purpose: &str) -> [u8; KEY] {
        // Every length of key is taken.
        Hmac::<Sha256>::new_from_slice(self.master.bytes())
            .map(|mac| mac.chain_update(purpose).finalize().into_bytes().into())
            .unwrap_or_default()
    }

    /// The value that was sealed for the row with that id.
    pub fn open(&self, row: Uuid, sealed: &[u8]) -> Result<Vec<u8>, SealedError> {
        let name = sealed.get(1..SEALED_KEY).ok_or(SealedError::Damaged)?;
        if sealed.first() != Some(&VERSION) {
            return Err(SealedError::Damaged);
        }
        if name != self.master.name() {
            return Err(SealedError::OtherKey);
        }
        let key = sealed.get(SEALED_KEY..SEALED_VALUE);
        let key = open(self.master.bytes(), row, key.unwrap_or_default())?;
        let key = key.try_into().map_err(|_| SealedError::Damaged)?;
        open(&key, row, sealed.get(SEALED_VALUE..).unwrap_or_default())
    }
}

/// Puts a nonce and what it sealed behind `into`.
fn seal(key: &[u8; KEY], row: Uuid, value: &[u8], into: &mut Vec<u8>) -> Result<(), SealedError> {
    let nonce: [u8; NONCE] = random()?;
    let payload = Payload {
        msg: value,
        aad: row.as_bytes(),
    };
    let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload);
    into.extend(nonce);
    into.extend(sealed.map_err(|_| SealedError::Damaged)?);
    Ok(())
}

fn open(key: &[u8; KEY], row: Uuid, sealed: &[u8]) -> Result<Vec<u8>, SealedError> {
    let (nonce, sealed) = sealed
        .split_first_chunk::<NONCE>()
        .ok_or(SealedError::Damaged)?;
    let payload = Payload {
        msg: sealed,
        aad: row.as_bytes(),
    };
    let opened = cipher(key).decrypt(&XNonce::from(*nonce), payload);
    opened.map_err(|_| SealedError::Damaged)
}

fn cipher(key: &[u8; KEY]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}

fn random<const N: usize>() -> Result<[u8; N], SealedError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SealedError::NoRandom)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Uuid = Uuid::from_u128(7);

    fn sealer(key: u8) -> Sealer {
        Sealer::new(MasterKey::from_bytes([key; KEY]))
    }

    #[test]
    fn what_was_sealed_opens_for_its_row_alone() {
        let sealer = sealer(1);
        for value in [&b""[..], b"s3cret", &[7; 5_000]] {
            let closed = sealer.seal(ROW, value).unwrap();
            assert_eq!(sealer.open(ROW, &closed).unwrap(), value);
            let other = sealer.open(Uuid::from_u128(8), &closed);
            assert_eq!(other, Err(SealedError::Damaged));
            assert_ne!(closed, sealer.seal(ROW, value).unwrap(), "never the same");
            assert!(value.is_empty() || !closed.windows(value.len()).any(|it| it == value));
        }
    }

    #[test]
    fn no_flipped_bit_and_no_cut_opens() {
        let sealer = sealer(1);
        let closed = sealer.seal(ROW, b"s3cret").unwrap();
        for at in 0..closed.len() {
            let mut flipped = closed.clone();
            flipped[at] ^= 1;
            assert!(sealer.open(ROW, &flipped).is_err(), "byte {at}");
            assert!(sealer.open(ROW, &closed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn another_master_key_is_named_as_the_reason() {
        let sealed = sealer(1).seal(ROW, b"s3cret").unwrap();
        let opened = sealer(2).open(ROW, &sealed);
        assert_eq!(opened, Err(SealedError::OtherKey));
    }
}
