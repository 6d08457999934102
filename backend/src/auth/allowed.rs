//! The value that proves a permission; never made outside of this folder.

use std::marker::PhantomData;

use common::access::{Permission, Role};
use common::api::keys::Scopes;
use common::ids::{ApiKeyId, SessionId, UserId};

use super::AuthError;
use super::policy::{Marker, Policy};
use super::scope::Scope;
use crate::store::Actor;

/// What somebody came in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A login.
    Session(SessionId),
    /// Name and password with the request itself: opens what a role does, and nothing of what is
    /// the person's own.
    Password,
    /// An API key: worth no more than its scopes, and nothing of what is the person's own.
    Key {
        /// Which.
        id: ApiKeyId,
        /// What it is good for.
        scopes: Scopes,
    },
}

/// Somebody whose session or key is known and alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The person.
    pub user: UserId,
    /// What the person, or a program in that person's name, came in with.
    pub credential: Credential,
    /// What the person may do.
    pub role: Role,
    /// Until the password is changed only a few things are open.
    pub must_change_password: bool,
    /// The servers that the person sees.
    pub scope: Scope,
}

impl Principal {
    /// The login that asks; an error when it is none.
    pub fn session(&self) -> Result<SessionId, AuthError> {
        match self.credential {
            Credential::Session(session) => Ok(session),
            Credential::Key { .. } | Credential::Password => Err(AuthError::LoginNeeded),
        }
    }

    /// Role and key together: both have to allow it.
    fn may(&self, permission: Permission) -> Result<(), AuthError> {
        let role = self.role;
        if !role.may(permission) {
            return Err(AuthError::Forbidden { role, permission });
        }
        match self.credential {
            Credential::Key { scopes, .. } if !scopes.hold(permission) => {
                Err(AuthError::OutOfScope { permission })
            }
            Credential::Key { .. } | Credential::Session(_) | Credential::Password => Ok(()),
        }
    }

    fn actor(&self) -> Actor {
        let user = self.user;
        match self.credential {
            Credential::Session(session) => Actor::Person { user, session },
            Credential::Key { id, .. } => Actor::Key { user, key: id },
            Credential::Password => Actor::Password { user },
        }
    }
}

/// What the guard found before anything of the request was read: kept with the request,
/// exchanged for [`Allowed`] by the handler.
#[derive(Debug, Clone)]
pub struct Proof {
    granted: Policy,
    principal: Option<Principal>,
}

impl Proof {
    /// Weighs a policy against who asks.
    pub(super) fn weigh(
        policy: Policy,
        principal: Result<Principal, AuthError>,
    ) -> Result<Self, AuthError> {
        let principal = match (policy, principal) {
            (Policy::Public, principal) => principal.ok(),
            (_, Err(error)) => return Err(error),
            (Policy::SelfService | Policy::Needs(_) | Policy::Scrape, Ok(principal))
                if principal.must_change_password =>
            {
                return Err(AuthError::PasswordChangeRequired);
            }
            (Policy::FirstPassword | Policy::SelfService, Ok(principal)) => {
                principal.session()?;
                Some(principal)
            }
            (Policy::Needs(permission), Ok(principal)) => {
                principal.may(permission)?;
                Some(principal)
            }
            (Policy::Scrape, Ok(principal)) => {
                principal.may(Permission::MetricsRead)?;
                Some(principal)
            }
        };
        Ok(Self {
            granted: policy,
            principal,
        })
    }

    /// The proof for a page of metrics that the settings open to everybody.
    pub fn of_public_metrics() -> Self {
        Self {
            granted: Policy::Scrape,
            principal: None,
        }
    }

    /// The right to read the page of metrics; `None` when the route was guarded by another policy.
    pub fn scraper(&self) -> Option<Scraper> {
        let everybody = || Scope::All;
        let principal = self.principal.as_ref();
        let scope = principal.map_or_else(everybody, |principal| principal.scope.clone());
        (self.granted == Policy::Scrape).then_some(Scraper(scope))
    }

    /// The permission itself; `None` when the route was guarded by another policy.
    pub fn allowed<P: Marker>(&self) -> Option<Allowed<P>> {
        let principal = self.principal.as_ref();
        let principal = principal.filter(|_| self.granted == P::POLICY)?;
        Some(Allowed::new(principal.clone()))
    }

    /// Who asks; `None` on a public route without a valid login.
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }
}

/// Proof that the page of metrics may be read: by somebody with the permission, or by anybody
/// because the settings say so.
#[derive(Debug)]
pub struct Scraper(Scope);

impl Scraper {
    /// The servers whose values are shown.
    pub fn scope(&self) -> &Scope {
        &self.0
    }
}

/// Proof that the policy `P` was checked for this person, just now. Work that is guarded
/// demands a reference to one.
#[derive(Debug)]
pub struct Allowed<P> {
    principal: Principal,
    policy: PhantomData<fn() -> P>,
}

impl<P: Marker> Allowed<P> {
    fn new(principal: Principal) -> Self {
        Self {
            principal,
            policy: PhantomData,
        }
    }

    /// A permission out of nowhere, for tests of guarded work.
    #[cfg(test)]
    pub(crate) fn for_test(principal: Principal) -> Self {
        Self::new(principal)
    }

    /// Who is behind the changes that follow.
    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }

    /// The person.
    pub fn user_id(&self) -> UserId {
        self.principal.user
    }

    /// The login that asks; an error when it is none.
    pub fn session_id(&self) -> Result<SessionId, AuthError> {
        self.principal.session()
    }

    /// The person's role.
    pub fn role(&self) -> Role {
        self.principal.role
    }

    /// The servers that the person sees, and so all that is about them.
    pub fn scope(&self) -> &Scope {
        &self.principal.scope
    }
}

#[cfg(test)]
mod tests {
    use common::api::keys::Scope as KeyScope;
    use uuid::Uuid;

    use super::*;
    use crate::auth::policy::may;

    fn person(role: Role, must_change_password: bool) -> Principal {
        Principal {
            user: UserId(Uuid::nil()),
            credential: Credential::Session(SessionId(Uuid::nil())),
            role,
            must_change_password,
            scope: Scope::All,
        }
    }

    fn key(role: Role, scopes: &[KeyScope]) -> Principal {
        let credential = Credential::Key {
            id: ApiKeyId(Uuid::nil()),
            scopes: scopes.iter().copied().collect(),
        };
        Principal {
            credential,
            ..person(role, false)
        }
    }

    #[test]
    fn every_role_passes_exactly_its_permissions() {
        for role in Role::ALL {
            for permission in Permission::ALL.iter().copied() {
                let proof = Proof::weigh(Policy::Needs(permission), Ok(person(role, false)));
                assert_eq!(proof.is_ok(), role.may(permission), "{role} {permission}");
            }
        }
    }

    #[test]
    fn a_key_passes_what_both_its_scopes_and_its_persons_role_allow() {
        for role in Role::ALL {
            for scopes in [&[][..], &[KeyScope::MetricsRead], KeyScope::ALL] {
                for permission in Permission::ALL.iter().copied() {
                    let asked = Ok(key(role, scopes));
                    let proof = Proof::weigh(Policy::Needs(permission), asked);
                    let held = scopes.iter().any(|one| one.permission() == permission);
                    assert_eq!(proof.is_ok(), held && role.may(permission), "{permission}");
                }
            }
        }
        for own in [Policy::SelfService, Policy::FirstPassword] {
            let proof = Proof::weigh(own, Ok(key(Role::Admin, KeyScope::ALL)));
            assert!(matches!(proof, Err(AuthError::LoginNeeded)), "{own:?}");
        }
    }

    #[test]
    fn nobody_passes_only_where_it_is_public() {
        for (policy, passes) in [
            (Policy::Public, true),
            (Policy::FirstPassword, false),
            (Policy::SelfService, false),
            (Policy::Needs(Permission::ServersRead), false),
        ] {
            let proof = Proof::weigh(policy, Err(AuthError::NoCredentials));
            assert_eq!(proof.is_ok(), passes, "{policy:?}");
        }
    }

    #[test]
    fn a_first_password_opens_only_its_own_routes() {
        for (policy, passes) in [
            (Policy::Public, true),
            (Policy::FirstPassword, true),
            (Policy::SelfService, false),
            (Policy::Needs(Permission::ServersRead), false),
        ] {
            let proof = Proof::weigh(policy, Ok(person(Role::Admin, true)));
            assert_eq!(proof.is_ok(), passes, "{policy:?}");
        }
    }

    #[test]
    fn a_proof_is_worth_only_the_policy_it_was_given_for() {
        let proof = Proof::weigh(
            Policy::Needs(Permission::ServersRead),
            Ok(person(Role::Admin, false)),
        )
        .unwrap();
        assert!(proof.allowed::<may::ServersRead>().is_some());
        assert!(proof.allowed::<may::ServersWrite>().is_none());
        assert!(proof.allowed::<may::SelfOnly>().is_none());
        let given = Allowed::<may::ServersRead>::for_test(person(Role::Viewer, false));
        assert_eq!(given.role(), Role::Viewer);
    }
}
