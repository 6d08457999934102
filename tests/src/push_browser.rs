//! A browser as push services and senders know it: keys of its own, and what it makes of a message; never a page.
//!
//! Written from RFC 8188, 8291 and 8292, and from nothing of Watchpost.

use anyhow::{Context, Result, ensure};
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_FIXED};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::receiver::Received;

/// A browser with a subscription.
#[derive(Debug)]
pub struct Browser {
    /// Where its push service takes messages for it.
    pub endpoint: String,
    private: PrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

/// Who says to have sent a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Sender {
    /// Its public key.
    pub key: String,
    /// What it signed.
    pub claims: Value,
}

impl Browser {
    /// One whose push service listens at `endpoint`.
    pub fn new(endpoint: String) -> Result<Self> {
        let private = PrivateKey::generate(&ECDH_P256)?;
        let public = private.compute_public_key()?.as_ref().to_vec();
        let mut auth = [0; 16];
        aws_lc_rs::rand::fill(&mut auth)?;
        Ok(Self {
            endpoint,
            private,
            public,
            auth,
        })
    }

    /// As `PushSubscription.toJSON()` says it.
    pub fn subscription(&self) -> Value {
        json!({
            "endpoint": self.endpoint,
            "expirationTime": null,
            "keys": {
                "p256dh": URL_SAFE_NO_PAD.encode(&self.public),
                "auth": URL_SAFE_NO_PAD.encode(self.auth),
            },
        })
    }

    /// What a message says to this browser.
    pub fn read(&self, message: &Received) -> Result<Value> {
        ensure!(message.header("content-encoding") == "aes128gcm");
        let (salt, rest) = message.body.split_first_chunk::<16>().context("a salt")?;
        let (record, rest) = rest.split_first_chunk::<4>().context("a size")?;
        let (length, rest) = rest.split_first().context("a length")?;
        let (sender, sealed) = rest.split_at_checked((*length).into()).context("a key")?;
        ensure!(
            message.body.len() <= 4_096,
            "more than services have to take"
        );
        ensure!(
            sealed.len() <= u32::from_be_bytes(*record) as usize,
            "one record"
        );
        let peer = UnparsedPublicKey::new(&ECDH_P256, sender);
        let failed = anyhow::anyhow!("no key of P-256");
        let mut opened = sealed.to_vec();
        agreement::agree(&self.private, peer, failed, |shared| {
            let info = [b"WebPush: info\0", &self.public[..], sender].concat();
            let ikm = expand::<32>(&self.auth, shared, &info)?;
            let key = expand::<16>(salt, &ikm, b"Content-Encoding: aes128gcm\0")?;
            let nonce = expand::<12>(salt, &ikm, b"Content-Encoding: nonce\0")?;
            let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
            let nonce = Nonce::assume_unique_for_key(nonce);
            let length = key.open_in_place(nonce, Aad::empty(), &mut opened)?.len();
            opened.truncate(length);
            Ok(())
        })?;
        let end = opened
            .iter()
            .rposition(|byte| *byte != 0)
            .context("a mark")?;
        ensure!(opened[end] == 2, "the mark of the last record");
        Ok(serde_json::from_slice(&opened[..end])?)
    }
}

/// Who sent a message, when the signature is right.
pub fn sender(message: &Received) -> Result<Sender> {
    let header = message.header("authorization");
    let text = header.strip_prefix("vapid t=").context("a token")?;
    let (token, key) = text.split_once(", k=").context("a key")?;
    let (signed, given) = token.rsplit_once('.').context("a signature")?;
    let (head, claims) = signed.split_once('.').context("claims")?;
    let json = |part: &str| -> Result<Value> {
        Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part)?)?)
    };
    ensure!(json(head)? == json!({ "typ": "JWT", "alg": "ES256" }));
    let public = URL_SAFE_NO_PAD.decode(key)?;
    signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(given)?)
        .context("the signature is not that of the key")?;
    Ok(Sender {
        key: key.to_owned(),
        claims: json(claims)?,
    })
}

/// A length of key material.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    let extracted = Salt::new(HKDF_SHA256, salt).extract(secret);
    extracted.expand(&[info], Length(N))?.fill(&mut bytes)?;
    Ok(bytes)
}
