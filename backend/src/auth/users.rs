//! People as an administrator manages them; never somebody's own settings.

use common::api::people::Person;
use common::api::users::{NewUser, User, UserPatch};
use common::ids::UserId;
use common::version::{Seen, Version};

use super::{Allowed, Auth, AuthError, may};
use crate::store::tables::user::UserRow;
use crate::store::tables::{session, user};
use crate::store::{Connection, StoreError, forget};

mod input;

use super::rules::{Fault, Refusal};
use input::{changed, new_row};

/// Why people were not changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// There is no such person.
    #[error("no such person")]
    NotFound,
    /// Fields break rules.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// Nobody could manage the server any more.
    #[error("the last administrator has to stay")]
    LastAdmin,
    /// The person was changed since the caller looked.
    #[error("changed in the meantime")]
    ChangedSince,
    /// Hashing the password failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The databases refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Auth {
    /// Up to `limit` people by login name, those after the login name `after`.
    pub async fn users(
        &self,
        _: &Allowed<may::UsersWrite>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<User>, UserError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .inner
            .store
            .read(move |conn| user::page(conn, after.as_deref(), limit).map_err(UserError::from))
            .await?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// One person.
    pub async fn user(
        &self,
        _: &Allowed<may::UsersWrite>,
        id: UserId,
    ) -> Result<(User, Version), UserError> {
        let row = self
            .inner
            .store
            .read(move |conn| user::find(conn, id)?.ok_or(UserError::NotFound))
            .await?;
        Ok(answer(row))
    }

    /// Names of everyone with a login, by login name.
    pub async fn people(
        &self,
        _: &Allowed<may::PeopleRead>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(String, Person)>, UserError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .inner
            .store
            .read(move |conn| user::page(conn, after.as_deref(), limit).map_err(UserError::from))
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.username.clone(), Person::from(row)))
            .collect())
    }

    /// Adds a person.
    pub async fn add_user(
        &self,
        allowed: &Allowed<may::UsersWrite>,
        new: NewUser,
    ) -> Result<(User, Version), UserError> {
        let password = new.password.clone();
        let mut row = new_row(new, self.inner.clock.now()).map_err(UserError::Refused)?;
        if let Some(password) = password {
            row.password_hash = Some(self.inner.passwords.hash(password).await?);
        }
        let changing = self.inner.changing.lock().await;
        let row = self
            .inner
            .store
            .change(&allowed.actor(), move |conn| {
                user::insert(conn, &row).map_err(taken)?;
                Ok::<_, UserError>(row)
            })
            .await?;
        self.follow(|directory| directory.put_person(row.id.0, (&row).into()));
        drop(changing);
        Ok(answer(row))
    }

    /// Changes a person. A new password or disabling ends the sessions; a new role and other groups
    /// count at once.
    pub async fn change_user(
        &self,
        allowed: &Allowed<may::UsersWrite>,
        id: UserId,
        patch: UserPatch,
        seen: Seen,
    ) -> Result<(User, Version), UserError> {
        let before = self.user(allowed, id).await?.0;
        input::check(&patch, &before).map_err(UserError::Refused)?;
        let hash = match patch.password.clone() {
            Some(password) => Some(self.inner.passwords.hash(password).await?),
            None => None,
        };
        let now = self.inner.clock.now();
        let changing = self.inner.changing.lock().await;
        let (row, ended) = self
            .inner
            .store
            .change(&allowed.actor(), move |conn| {
                let row = find_seen(conn, id, &seen)?;
                let row = changed(row, patch, hash.clone(), now);
                keep_an_admin(conn, &row)?;
                input::check_scope(&row).map_err(UserError::Refused)?;
                user::update(conn, &row).map_err(taken)?;
                let ended = row.disabled || hash.is_some();
                if ended {
                    session::delete_of_user(conn, id, None)?;
                }
                Ok::<_, UserError>((row, ended))
            })
            .await?;
        self.follow(|directory| {
            directory.put_person(id, (&row).into());
            if ended {
                directory.end_sessions(id, None);
            }
        });
        drop(changing);
        Ok(answer(row))
    }

    /// Removes a person with sessions, settings, inbox and the name in schedules, routes and policies;
    /// what the person did stays.
    pub async fn remove_user(
        &self,
        allowed: &Allowed<may::UsersWrite>,
        id: UserId,
        seen: Seen,
    ) -> Result<(), UserError> {
        let now = self.inner.clock.now();
        let changing = self.inner.changing.lock().await;
        self.inner
            .store
            .change(&allowed.actor(), move |conn| {
                let mut row = find_seen(conn, id, &seen)?;
                row.disabled = true;
                keep_an_admin(conn, &row)?;
                forget::person(conn, id, now)?;
                user::delete(conn, id).map_err(UserError::from)
            })
            .await?;
        self.follow(|directory| directory.remove_person(id));
        drop(changing);
        Ok(())
    }
}

fn answer(row: UserRow) -> (User, Version) {
    let version = row.version();
    (row.into(), version)
}

/// The person, in the version that the caller saw.
fn find_seen(conn: &mut Connection, id: UserId, seen: &Seen) -> Result<UserRow, UserError> {
    let row = user::find(conn, id)?.ok_or(UserError::NotFound)?;
    if seen.fits(row.version()) {
        Ok(row)
    } else {
        Err(UserError::ChangedSince)
    }
}

/// Refuses a change after which nobody could manage the server.
fn keep_an_admin(conn: &mut Connection, after: &UserRow) -> Result<(), UserError> {
    let stays = after.role.0.may(common::access::Permission::UsersWrite) && !after.disabled;
    if stays || user::other_admins(conn, after.id.0)? > 0 {
        Ok(())
    } else {
        Err(UserError::LastAdmin)
    }
}

fn taken(error: StoreError) -> UserError {
    if error.is_unique_violation() {
        UserError::Refused(vec![Refusal {
            field: "username",
            fault: Fault::Taken,
        }])
    } else {
        error.into()
    }
}
