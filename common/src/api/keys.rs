//! API keys: what scripts send instead of logging in; a key's secret crosses the wire once.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::ids::{ApiKeyId, UserId};
use crate::time::UnixMs;

/// What a key may be good for; never more than the role of its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Query metrics.
    #[serde(rename = "metrics.read")]
    MetricsRead,
    /// Send own metrics.
    #[serde(rename = "metrics.write")]
    MetricsWrite,
}

impl Scope {
    /// All scopes, in the order of the permissions.
    pub const ALL: &'static [Self] = &[Self::MetricsRead, Self::MetricsWrite];

    /// The permission that it stands for.
    pub const fn permission(self) -> Permission {
        match self {
            Self::MetricsRead => Permission::MetricsRead,
            Self::MetricsWrite => Permission::MetricsWrite,
        }
    }
}

/// Several scopes, cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u32);

impl Scopes {
    /// Whether a key with these scopes may do that, if its person may.
    pub fn hold(self, permission: Permission) -> bool {
        self.iter().any(|scope| scope.permission() == permission)
    }

    /// There is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes, each once.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        let all = Scope::ALL.iter().copied();
        all.filter(move |scope| self.0 & Self::bit(*scope) != 0)
    }

    const fn bit(scope: Scope) -> u32 {
        1 << scope as u32
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(
            scopes
                .into_iter()
                .map(Self::bit)
                .fold(0, |all, bit| all | bit),
        )
    }
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// The key's id.
    pub id: ApiKeyId,
    /// What it is for, as its person called it.
    pub name: String,
    /// How its secret begins, to recognise it by.
    pub prefix: String,
    /// What it may do, as far as its person may.
    pub scopes: Vec<Scope>,
    /// The person whose key it is.
    pub user_id: UserId,
    /// That person's login name.
    pub username: String,
    /// When it was made.
    pub created_at: UnixMs,
    /// From when on it is refused; `None`: never.
    pub expires_at: Option<UnixMs>,
    /// When it was last used, to the minute; `None`: never.
    pub last_used_at: Option<UnixMs>,
}

/// `POST /api-keys`: a new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for: 1 to 100 characters on one line.
    pub name: String,
    /// What it may do: at least one, each within the own role.
    pub scopes: Vec<Scope>,
    /// From when on it is refused, later than now; never, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UnixMs>,
}

/// A key that was just made. Its secret is told here and never again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeApiKey {
    /// The key.
    #[serde(flatten)]
    pub key: ApiKey,
    /// Goes into `Authorization: Bearer …`.
    pub secret: String,
}

#[cfg(test)]
mod tests {
    use super::{Scope, Scopes};
    use crate::access::Permission;

    #[test]
    fn scopes_are_named_like_their_permissions() {
        for scope in Scope::ALL {
            let json = serde_json::to_string(scope).unwrap();
            assert_eq!(json, format!("\"{}\"", scope.permission()));
        }
    }

    #[test]
    fn scopes_hold_what_they_were_made_of() {
        let none = Scopes::default();
        assert!(none.is_empty() && !none.hold(Permission::MetricsRead));
        let all: Scopes = Scope::ALL.iter().copied().collect();
        assert_eq!(all.iter().collect::<Vec<_>>(), Scope::ALL);
        let write = [Scope::MetricsWrite, Scope::MetricsWrite];
        let write: Scopes = write.into_iter().collect();
        assert_eq!(write.iter().count(), 1);
        assert!(write.hold(Permission::MetricsWrite) && !write.hold(Permission::MetricsRead));
    }
}
