//! Short digests for file names; never for secrets.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Digests a sequence of pieces; their borders count.
pub(super) struct Digest(Sha256);

impl Digest {
    pub(super) fn new() -> Self {
        Self(Sha256::new())
    }

    pub(super) fn add(&mut self, piece: &[u8]) {
        self.0.update((piece.len() as u64).to_le_bytes());
        self.0.update(piece);
    }

    /// 16 hexadecimal digits, as trunk's own: the server knows such names as unchanging.
    pub(super) fn name(self) -> String {
        self.0.finalize()[..8]
            .iter()
            .fold(String::new(), |mut text, byte| {
                // Writing to a string cannot fail.
                write!(text, "{byte:02x}").ok();
                text
            })
    }
}

/// The digest of one piece.
pub(super) fn of(piece: &[u8]) -> String {
    let mut digest = Digest::new();
    digest.add(piece);
    digest.name()
}
