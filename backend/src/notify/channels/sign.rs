//! HMAC-SHA-256 as providers want it; never a key.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The code of `message` under a key of any length.
pub(super) fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // Every length of key is taken.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().into())
        .unwrap_or_default()
}

/// Small hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let each = bytes.iter().map(|byte| format!("{byte:02x}"));
    each.collect::<Vec<_>>().concat()
}
