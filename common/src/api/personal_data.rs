//! All that the server keeps about one person; never about another.

use serde::{Deserialize, Serialize};

use super::auth::Session;
use super::deliveries::DeliveryState;
use super::inbox::InboxItem;
use super::keys::ApiKey;
use super::preferences::NotificationPreferences;
use super::push::PushSubscription;
use super::settings::Preferences;
use super::users::User;
use crate::alert::AlertChange;
use crate::ids::{AlertId, ConsentId, DeliveryId};
use crate::time::UnixMs;

/// `GET /auth/me/personal-data` and `GET /users/{id}/personal-data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonalData {
    /// When it was read.
    pub at: UnixMs,
    /// The login; never the password.
    pub user: User,
    /// How the person sees things.
    pub settings: Preferences,
    /// Where the person is logged in.
    pub sessions: Vec<Session>,
    /// API keys in the person's name; never their secrets.
    pub api_keys: Vec<ApiKey>,
    /// How the person wants to be told; `None` while nothing was chosen.
    pub notification_preferences: Option<NotificationPreferences>,
    /// The browsers that the person is told in.
    pub push_subscriptions: Vec<PushSubscription>,
    /// By what the person wanted to be told, from when and until when, the newest first.
    pub consents: Vec<Consent>,
    /// The messages in the inbox, the newest first.
    pub inbox: Vec<InboxItem>,
    /// What channels told the person alone, the newest first.
    pub deliveries: Vec<PersonalDelivery>,
    /// What the person did with alerts, the newest first.
    pub acts: Vec<PersonalAct>,
}

/// That a person wanted to be told so: `GET /notifications/consents`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// What it allows.
    pub kind: ConsentKind,
    /// The name of the channel then, or where the browser's push service is.
    pub name: String,
    /// Since when.
    pub given_at: UnixMs,
    /// Until when; `None`: it goes on.
    pub withdrawn_at: Option<UnixMs>,
}

/// What a consent allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// A channel tells the person.
    Channel,
    /// A browser of the person shows messages.
    Browser,
}

/// A delivery that was for one person alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonalDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// The name of the channel then; `None` when it was gone.
    pub channel: Option<String>,
    /// When it was composed.
    pub at: UnixMs,
    /// Where it stands.
    pub state: DeliveryState,
}

/// A step of an alert that a person took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonalAct {
    /// The alert.
    pub alert: AlertId,
    /// When.
    pub at: UnixMs,
    /// What the person did.
    pub change: AlertChange,
    /// What the person said about it.
    pub comment: Option<String>,
}
