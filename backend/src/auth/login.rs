//! Login: name and password in, a session with its tokens out; never a cookie.

use std::net::IpAddr;

use common::api::auth::{LoginAnswer, LoginRequest, LoginUser, TokenType};
use common::ids::{SessionId, UserId};
use common::time::UnixMs;
use uuid::Uuid;

use super::directory::SessionState;
use super::rotation::RefreshToken;
use super::rules::normal_username;
use super::{Auth, AuthError, locked};
use crate::store::Actor;
use crate::store::Connection;
use crate::store::tables::session::SessionRow;
use crate::store::tables::user::UserRow;
use crate::store::tables::{Blob, Moment, session, user};

/// Sessions of one person; a new one beyond that ends the one used least of late.
const SESSIONS: usize = 50;
/// What is kept of a browser's name for itself, in characters.
const USER_AGENT_MOST: usize = 300;
const DAY_MS: i64 = 86_400_000;

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The client's address; `None` when unknown.
    pub address: Option<IpAddr>,
    /// What it calls itself; `None` when it does not.
    pub user_agent: Option<String>,
}

/// A session that was opened or prolonged.
pub struct Login {
    /// The answer to the client.
    pub answer: LoginAnswer,
    /// The refresh token for the cookie.
    pub refresh_token: String,
    /// Seconds until the refresh token is over.
    pub refresh_seconds: i64,
}

impl Auth {
    /// Opens a session. Unknown names and wrong passwords fail alike and take as long.
    pub async fn login(&self, request: LoginRequest, caller: Caller) -> Result<Login, AuthError> {
        let username = normal_username(&request.username);
        let person = self
            .check_password(username, request.password, caller.address)
            .await?;
        let now = self.inner.clock.now();
        let (session_id, user_id) = (SessionId(Uuid::now_v7()), person.id.0);
        let token = RefreshToken::first(session_id)?;
        let row = new_session(&person, &token, &caller, (now, self.refresh_ends(now)));
        let actor = Actor::Person {
            user: user_id,
            session: session_id,
        };
        let changing = self.inner.changing.lock().await;
        let state = SessionState::from(&row);
        let (person, driven_out) = self
            .inner
            .store
            .change(&actor, move |conn| open(conn, &person, &row, now))
            .await?;
        self.follow(|directory| {
            directory.put_session(session_id, state);
            for id in driven_out {
                directory.end_session(id);
            }
        });
        drop(changing);
        self.answer(LoginUser::from(&person), &token, now)
    }

    /// The person with that name and password, within the back-off.
    pub(super) async fn check_password(
        &self,
        username: String,
        password: String,
        address: Option<IpAddr>,
    ) -> Result<UserRow, AuthError> {
        let at = self.inner.clock.monotonic();
        let wait = locked(&self.inner.backoff).wait(&username, address, at);
        if let Some(retry_after) = wait {
            return Err(AuthError::TooManyAttempts { retry_after });
        }
        let name = username.clone();
        let found: Option<UserRow> = self
            .inner
            .store
            .read(move |conn| user::find_by_name(conn, &name).map_err(AuthError::from))
            .await?;
        let person = found.filter(|person| !person.disabled);
        let hash = person.as_ref().and_then(|row| row.password_hash.clone());
        let right = self.inner.passwords.verify(password, hash).await?;
        let mut backoff = locked(&self.inner.backoff);
        if let Some(person) = person.filter(|_| right) {
            backoff.succeeded(&username, address);
            return Ok(person);
        }
        backoff.failed(&username, address, at);
        Err(AuthError::WrongCredentials)
    }

    /// The access token and the rest of the answer to login and refresh.
    pub(super) fn answer(
        &self,
        user: LoginUser,
        token: &RefreshToken,
        now: UnixMs,
    ) -> Result<Login, AuthError> {
        let seconds = self.inner.config.access_token_seconds;
        let who = (user.id, token.session);
        let access_token = self.inner.tokens.issue(who, now, seconds)?;
        Ok(Login {
            answer: LoginAnswer {
                access_token,
                token_type: TokenType::Bearer,
                expires_in: u64::from(seconds),
                user,
            },
            refresh_token: token.to_text(),
            refresh_seconds: self.refresh_ends(now).since_ms(now) / 1000,
        })
    }

    /// When a session that is used now ends unless it is used again.
    pub(super) fn refresh_ends(&self, now: UnixMs) -> UnixMs {
        now.plus_ms(i64::from(self.inner.config.refresh_days) * DAY_MS)
    }
}

impl From<&SessionRow> for SessionState {
    fn from(row: &SessionRow) -> Self {
        Self {
            user: row.user_id.0,
            expires_at: row.expires_at.0,
        }
    }
}

impl Caller {
    /// The address as it is kept.
    pub(super) fn kept_address(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }

    /// The browser's name for itself as it is kept.
    pub(super) fn kept_user_agent(&self) -> Option<String> {
        let name = self.user_agent.as_deref()?;
        Some(name.chars().take(USER_AGENT_MOST).collect())
    }
}

fn new_session(
    person: &UserRow,
    token: &RefreshToken,
    caller: &Caller,
    (now, ends): (UnixMs, UnixMs),
) -> SessionRow {
    let kept = token.kept(now);
    SessionRow {
        id: Blob(token.session),
        user_id: person.id,
        created_at: Moment(now),
        last_used_at: Moment(now),
        expires_at: Moment(ends),
        address: caller.kept_address(),
        user_agent: caller.kept_user_agent(),
        generation: kept.generation,
        token_hash: kept.hash.to_vec(),
        rotated_at: Moment(now),
    }
}

/// Stores the session if the person may still log in with that password; also which sessions
/// were driven out.
fn open(
    conn: &mut Connection,
    checked: &UserRow,
    row: &SessionRow,
    now: UnixMs,
) -> Result<(UserRow, Vec<SessionId>), AuthError> {
    let user_id: UserId = checked.id.0;
    let person = user::find(conn, user_id)?
        .filter(|person| !person.disabled && person.password_hash == checked.password_hash)
        .ok_or(AuthError::WrongCredentials)?;
    session::delete_over(conn, now)?;
    let sessions = session::of_user(conn, user_id, now)?;
    let driven_out: Vec<SessionId> = sessions
        .iter()
        .skip(SESSIONS - 1)
        .map(|session| session.id.0)
        .collect();
    for id in &driven_out {
        session::delete(conn, *id)?;
    }
    session::insert(conn, row)?;
    user::note_login(conn, user_id, now)?;
    Ok((person, driven_out))
}
