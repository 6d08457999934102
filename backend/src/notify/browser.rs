//! A browser that is told by Web Push: its address and keys, sealed at rest; never what it is told.

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, URL_SAFE_NO_PAD};
use base64::{alphabet, engine::DecodePaddingMode};
use common::api::push::{PushSubscription, PushSubscriptionInput};
use common::ids::PushSubscriptionId;
use common::problem::FieldError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::sealed::{SealedError, Sealer};
use crate::store::tables::push_subscription::PushSubscriptionRow;

const URL_BYTES: usize = 2_000;
/// A point of P-256, uncompressed.
const KEY_BYTES: usize = 65;
const AUTH_BYTES: usize = 16;
/// Browsers leave out the padding, libraries may add it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Where messages for a browser go, and what encrypts them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Browser {
    /// Of its row.
    pub(super) id: PushSubscriptionId,
    /// At its push service; who knows it may write there.
    pub(super) endpoint: Url,
    /// Its public key.
    pub(super) p256dh: Vec<u8>,
    /// Its secret.
    pub(super) auth: Vec<u8>,
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Browser").field(&self.id).finish()
    }
}

/// As it is sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    endpoint: String,
    p256dh: String,
    auth: String,
}

impl Browser {
    /// As a browser says it; what is wrong with it otherwise.
    pub(super) fn read(
        id: PushSubscriptionId,
        input: &PushSubscriptionInput,
    ) -> Result<Self, FieldError> {
        let endpoint = Url::parse(&input.endpoint).ok().filter(|url| {
            let is_http = ["https", "http"].contains(&url.scheme()) && url.has_host();
            is_http && input.endpoint.len() <= URL_BYTES
        });
        let endpoint = endpoint
            .ok_or_else(|| FieldError::new("endpoint", "has to be an address of a push service"))?;
        let key = |field: &str, text: &str, length: usize| {
            let bytes = BASE64.decode(text).ok();
            bytes.filter(|bytes| bytes.len() == length).ok_or_else(|| {
                FieldError::new(
                    field,
                    format!("has to be {length} bytes in Base64 for addresses"),
                )
            })
        };
        Ok(Self {
            id,
            endpoint,
            p256dh: key("keys.p256dh", &input.keys.p256dh, KEY_BYTES)?,
            auth: key("keys.auth", &input.keys.auth, AUTH_BYTES)?,
        })
    }

    /// What makes the address unique.
    pub(super) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.endpoint.as_str().as_bytes()).to_vec()
    }

    /// For the row with its id.
    pub(super) fn seal(&self, sealer: &Sealer) -> Result<Vec<u8>, SealedError> {
        let kept = Kept {
            endpoint: self.endpoint.as_str().to_owned(),
            p256dh: URL_SAFE_NO_PAD.encode(&self.p256dh),
            auth: URL_SAFE_NO_PAD.encode(&self.auth),
        };
        let text = serde_json::to_vec(&kept).map_err(|_| SealedError::Damaged)?;
        sealer.seal(self.id.0, &text)
    }

    /// From its row.
    pub(super) fn open(sealer: &Sealer, row: &PushSubscriptionRow) -> Result<Self, SealedError> {
        let id = row.id.0;
        let text = sealer.open(id.0, &row.secrets)?;
        let kept: Kept = serde_json::from_slice(&text).map_err(|_| SealedError::Damaged)?;
        let bytes = |text: &str| BASE64.decode(text).map_err(|_| SealedError::Damaged);
        Ok(Self {
            id,
            endpoint: Url::parse(&kept.endpoint).map_err(|_| SealedError::Damaged)?,
            p256dh: bytes(&kept.p256dh)?,
            auth: bytes(&kept.auth)?,
        })
    }
}

/// As people see it.
pub(super) fn shown(row: &PushSubscriptionRow, opened: Option<&Browser>) -> PushSubscription {
    let service = opened.and_then(|browser| browser.endpoint.host_str());
    PushSubscription {
        id: row.id.0,
        service: service.unwrap_or_default().to_owned(),
        created_at: row.created_at.0,
    }
}
