//! People with a login, as an administrator manages them; never a password that was set.

use serde::{Deserialize, Serialize};

use super::patch::Patch;
use crate::access::Role;
use crate::ids::UserId;
use crate::time::UnixMs;

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The person's id.
    pub id: UserId,
    /// The login name, in lower case.
    pub username: String,
    /// The name to show; the login name when none was given.
    pub display_name: String,
    /// The address for messages; `None` when none was given.
    pub email: Option<String>,
    /// The telephone number; `None` when none was given.
    pub phone: Option<String>,
    /// IANA name of the time zone; `None`: that of the browser.
    pub time_zone: Option<String>,
    /// BCP 47 name of the language of messages to this person; `None`: that of their template.
    pub locale: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// A disabled person cannot log in.
    pub disabled: bool,
    /// Until the password is changed everything else is refused.
    pub must_change_password: bool,
    /// When the person was added.
    pub created_at: UnixMs,
    /// When the person last logged in; `None`: never.
    pub last_login_at: Option<UnixMs>,
    /// The groups whose servers the person sees, by name; none: all servers.
    pub groups: Vec<String>,
}

/// `POST /users`: a new person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// 1 to 64 of `a-z 0-9 . _ -`, beginning with a letter or digit; capitals are made small.
    pub username: String,
    /// The name to show, at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The address for messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The telephone number: digits, spaces and `+ - ( )`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// IANA name of the time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// BCP 47 name of the language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// 10 to 256 characters; without one the person cannot log in until one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Whether the login starts disabled.
    #[serde(default)]
    pub disabled: bool,
    /// Groups of servers that the person is limited to, each 1 to 100 characters without a comma;
    /// none: all servers. An administrator has none.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// `PATCH /users/{id}`: what is absent stays, `null` clears.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// A new login name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// A new name to show; `null`: the login name.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub display_name: Patch<String>,
    /// A new address for messages.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub email: Patch<String>,
    /// A new telephone number.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub phone: Patch<String>,
    /// A new time zone.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub time_zone: Patch<String>,
    /// A new language.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub locale: Patch<String>,
    /// A new role; counts at once, also for open pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// A new password; ends the person's sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Disables or enables the login; disabling ends the person's sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// Other groups in the place of those of now; an empty list: all servers. Counts at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
}
