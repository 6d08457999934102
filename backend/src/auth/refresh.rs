//! Refresh and logout: the only two things that a refresh token opens; never a cookie.

use common::api::auth::LoginUser;
use common::ids::SessionId;
use common::time::UnixMs;

use super::directory::SessionState;
use super::login::{Caller, Login};
use super::rotation::{Kept, RefreshToken, Verdict, judge};
use super::{Auth, AuthError};
use crate::store::tables::session::SessionRow;
use crate::store::tables::user::UserRow;
use crate::store::tables::{Moment, session, user};
use crate::store::{Actor, Connection, StoreError};

const ACTOR: Actor = Actor::System("sessions");

/// What became of a shown refresh token, as committed.
enum Turned {
    /// The session goes on with this token.
    On(Box<UserRow>, RefreshToken, SessionState),
    /// The session was ended, because an old token was used again.
    Ended,
    /// The token opens nothing.
    Refused,
}

impl Auth {
    /// A new access token and the next refresh token, committed before they are given out.
    /// An old refresh token ends the session.
    pub async fn refresh(&self, token: &str, caller: Caller) -> Result<Login, AuthError> {
        let shown = RefreshToken::from_text(token).ok_or(AuthError::SessionEnded)?;
        let session_id = shown.session;
        let now = self.inner.clock.now();
        let (key, ends) = (self.inner.refresh_key, self.refresh_ends(now));
        let changing = self.inner.changing.lock().await;
        let turned = self
            .inner
            .store
            .change(&ACTOR, move |conn| {
                turn(conn, &shown, &key, &caller, (now, ends))
            })
            .await?;
        match turned {
            Turned::On(person, token, state) => {
                self.follow(|directory| directory.put_session(session_id, state));
                drop(changing);
                self.answer(LoginUser::from(person.as_ref()), &token, now)
            }
            Turned::Ended => {
                self.follow(|directory| directory.end_session(session_id));
                tracing::warn!(session = %session_id, "an old refresh token was used again: the session was ended");
                Err(AuthError::SessionEnded)
            }
            Turned::Refused => Err(AuthError::SessionEnded),
        }
    }

    /// Ends the session of a refresh token; one that opens nothing is already logged out.
    pub async fn logout(&self, token: &str) -> Result<(), AuthError> {
        let Some(shown) = RefreshToken::from_text(token) else {
            return Ok(());
        };
        let session_id = shown.session;
        let (now, key) = (self.inner.clock.now(), self.inner.refresh_key);
        let changing = self.inner.changing.lock().await;
        let ended = self
            .inner
            .store
            .change(&ACTOR, move |conn| end(conn, &shown, &key, now))
            .await?;
        if ended {
            self.follow(|directory| directory.end_session(session_id));
        }
        drop(changing);
        Ok(())
    }
}

fn turn(
    conn: &mut Connection,
    shown: &RefreshToken,
    key: &[u8; 32],
    caller: &Caller,
    (now, ends): (UnixMs, UnixMs),
) -> Result<Turned, AuthError> {
    let Some((row, person)) = find(conn, shown.session, now)? else {
        return Ok(Turned::Refused);
    };
    let token = match judge(shown, &kept(&row)?, key, now) {
        Verdict::Rotate(next) => next,
        Verdict::Again(same) => {
            let state = SessionState::from(&row);
            return Ok(Turned::On(Box::new(person), same, state));
        }
        Verdict::Reused => {
            session::delete(conn, shown.session)?;
            return Ok(Turned::Ended);
        }
        Verdict::Foreign => return Ok(Turned::Refused),
    };
    let kept = token.kept(now);
    let row = SessionRow {
        last_used_at: Moment(now),
        expires_at: Moment(ends),
        address: caller.kept_address(),
        user_agent: caller.kept_user_agent(),
        generation: kept.generation,
        token_hash: kept.hash.to_vec(),
        rotated_at: Moment(now),
        ..row
    };
    session::update(conn, &row)?;
    let state = SessionState::from(&row);
    Ok(Turned::On(Box::new(person), token, state))
}

fn end(
    conn: &mut Connection,
    shown: &RefreshToken,
    key: &[u8; 32],
    now: UnixMs,
) -> Result<bool, AuthError> {
    let Some(row) = session::find(conn, shown.session)? else {
        return Ok(false);
    };
    if matches!(judge(shown, &kept(&row)?, key, now), Verdict::Foreign) {
        return Ok(false);
    }
    Ok(session::delete(conn, shown.session)?)
}

/// The session and its person, while both may come in.
fn find(
    conn: &mut Connection,
    id: SessionId,
    now: UnixMs,
) -> Result<Option<(SessionRow, UserRow)>, StoreError> {
    let Some(row) = session::find(conn, id)?.filter(|row| now < row.expires_at.0) else {
        return Ok(None);
    };
    let person = user::find(conn, row.user_id.0)?.filter(|person| !person.disabled);
    Ok(person.map(|person| (row, person)))
}

fn kept(row: &SessionRow) -> Result<Kept, StoreError> {
    let hash = <[u8; 32]>::try_from(row.token_hash.as_slice());
    Ok(Kept {
        generation: row.generation,
        hash: hash.map_err(|_| StoreError::Corrupt {
            what: "hash of a refresh token",
        })?,
        rotated_at: row.rotated_at.0,
    })
}
