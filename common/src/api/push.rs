//! Browsers that are told by Web Push; never their keys once they are known.

use serde::{Deserialize, Serialize};

use crate::ids::PushSubscriptionId;
use crate::time::UnixMs;

/// A browser's own subscription, as its `PushSubscription.toJSON()` gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PushSubscriptionInput {
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// What a message for it is encrypted with.
    pub keys: PushKeys,
    /// When it ends by itself, in milliseconds since the epoch; `None`: not known.
    #[serde(
        default,
        rename = "expirationTime",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiration_time: Option<f64>,
}

/// The keys of a browser, in Base64 for addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PushKeys {
    /// Its public key, 65 bytes.
    pub p256dh: String,
    /// What only the browser and who sends know, 16 bytes.
    pub auth: String,
}

/// A browser that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushSubscription {
    /// Its id.
    pub id: PushSubscriptionId,
    /// The host of its push service.
    pub service: String,
    /// Since when.
    pub created_at: UnixMs,
}

/// `GET /notifications/push-key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushKey {
    /// The `applicationServerKey` that browsers subscribe with, in Base64 for addresses.
    pub public_key: String,
}
