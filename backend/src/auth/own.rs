//! What a person does with the own login: who am I, password, sessions; never with another's.

use common::api::auth::{Me, PasswordChange, Session};
use common::ids::SessionId;
use common::time::UnixMs;

use super::policy::Marker;
use super::rules::{self, Fault, Refusal};
use super::{Allowed, Auth, AuthError, Caller, may};
use crate::store::Connection;
use crate::store::tables::user::UserRow;
use crate::store::tables::{Moment, session, user};

impl Auth {
    /// The person who asks, with everything the role may do.
    pub async fn me(&self, allowed: &Allowed<may::FirstPassword>) -> Result<Me, AuthError> {
        let row = self.own_row(allowed).await?;
        Ok(Me {
            id: row.id.0,
            display_name: row.shown_name().to_owned(),
            username: row.username,
            email: row.email,
            role: row.role.0,
            must_change_password: row.must_change_password,
            permissions: row.role.0.permissions().collect(),
            session_id: allowed.session_id()?,
        })
    }

    /// Changes the own password and ends all own sessions but this one.
    pub async fn change_password(
        &self,
        allowed: &Allowed<may::FirstPassword>,
        change: PasswordChange,
        caller: Caller,
    ) -> Result<(), AuthError> {
        let row = self.own_row(allowed).await?;
        if change.current_password == change.new_password {
            return Err(refused(Fault::Unchanged));
        }
        rules::password(&change.new_password, &row.username).map_err(refused)?;
        let checked = self
            .check_password(row.username, change.current_password, caller.address)
            .await
            .map_err(|error| match error {
                AuthError::WrongCredentials => AuthError::WrongCurrentPassword,
                other => other,
            })?;
        let hash = self.inner.passwords.hash(change.new_password).await?;
        let (user_id, keep) = (allowed.user_id(), allowed.session_id()?);
        let now = self.inner.clock.now();
        let changing = self.inner.changing.lock().await;
        let row = self
            .inner
            .store
            .change(&allowed.actor(), move |conn| {
                replace_password(conn, &checked, hash, (keep, now))
            })
            .await?;
        self.follow(|directory| {
            directory.put_person(user_id, (&row).into());
            directory.end_sessions(user_id, Some(keep));
        });
        drop(changing);
        Ok(())
    }

    /// The own sessions, the one used last first.
    pub async fn sessions(
        &self,
        allowed: &Allowed<may::SelfOnly>,
    ) -> Result<Vec<Session>, AuthError> {
        let (user_id, current) = (allowed.user_id(), allowed.session_id()?);
        let now = self.inner.clock.now();
        let rows = self
            .inner
            .store
            .read(move |conn| session::of_user(conn, user_id, now).map_err(AuthError::from))
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| row.to_wire(Some(current)))
            .collect())
    }

    /// Ends one of the own sessions, this one too.
    pub async fn end_session(
        &self,
        allowed: &Allowed<may::SelfOnly>,
        id: SessionId,
    ) -> Result<(), AuthError> {
        let user_id = allowed.user_id();
        let changing = self.inner.changing.lock().await;
        self.inner
            .store
            .change(&allowed.actor(), move |conn| {
                session::find(conn, id)?
                    .filter(|row| row.user_id.0 == user_id)
                    .ok_or(AuthError::UnknownSession)?;
                session::delete(conn, id).map_err(AuthError::from)
            })
            .await?;
        self.follow(|directory| directory.end_session(id));
        drop(changing);
        Ok(())
    }

    async fn own_row<P: Marker>(&self, allowed: &Allowed<P>) -> Result<UserRow, AuthError> {
        let user_id = allowed.user_id();
        self.inner
            .store
            .read(move |conn| {
                // Deleted between the guard's look and this one.
                user::find(conn, user_id)?.ok_or(AuthError::SessionEnded)
            })
            .await
    }
}

/// Stores the new hash, unless the password was changed since it was checked.
fn replace_password(
    conn: &mut Connection,
    checked: &UserRow,
    hash: String,
    (keep, now): (SessionId, UnixMs),
) -> Result<UserRow, AuthError> {
    let row = user::find(conn, checked.id.0)?.ok_or(AuthError::SessionEnded)?;
    if row.password_hash != checked.password_hash {
        return Err(AuthError::WrongCurrentPassword);
    }
    let row = UserRow {
        version: row.version + 1,
        password_hash: Some(hash),
        must_change_password: false,
        updated_at: Moment(now),
        ..row
    };
    user::update(conn, &row)?;
    session::delete_of_user(conn, row.id.0, Some(keep))?;
    Ok(row)
}

fn refused(fault: Fault) -> AuthError {
    AuthError::Refused(vec![Refusal {
        field: "new_password",
        fault,
    }])
}
