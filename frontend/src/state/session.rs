//! Who is logged in; never the token itself.

use std::time::Duration;

use common::access::{Permission, Role};
use common::api::auth::LoginUser;
use leptos::prelude::*;

use crate::api::{Api, ApiError, Client, Ended, auth};
use crate::browser;
use crate::live::backoff::Backoff;
use crate::reactive::{effect, memo, spawn};

/// Marks in this browser that a session's cookie may be there, so that a visitor without one asks nothing.
const KEPT_MARK: &str = "watchpost.session";

/// Where the login stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The session of an earlier visit is being taken up.
    Starting {
        /// The server did not answer yet; it is asked again.
        waiting: bool,
    },
    /// Nobody is logged in.
    LoggedOut(Ended),
    /// Somebody is, and must change the password before anything else.
    PasswordChange(LoginUser),
    /// Somebody is.
    LoggedIn(LoginUser),
}

/// The login of this page.
#[derive(Clone, Copy)]
pub struct Session {
    client: Client,
    starting: RwSignal<Option<bool>>,
    phase: Memo<Phase>,
}

impl Session {
    /// Makes the session known to all components and takes up that of an earlier visit.
    pub fn provide() -> Self {
        let client = Client::new();
        let starting = RwSignal::new(browser::kept(KEPT_MARK).map(|_| false));
        let phase = memo(move || match (client.user().get(), starting.get()) {
            (Some(user), _) if user.must_change_password => Phase::PasswordChange(user),
            (Some(user), _) => Phase::LoggedIn(user),
            (None, Some(waiting)) => Phase::Starting { waiting },
            (None, None) => Phase::LoggedOut(client.ended().get().unwrap_or(Ended::Quietly)),
        });
        let session = Self {
            client,
            starting,
            phase,
        };
        provide_context(client);
        provide_context(session);
        if starting.get_untracked().is_some() {
            spawn(session.take_up());
        }
        session.keep_fresh();
        session.follow_end();
        session
    }

    /// Where the login stands.
    pub fn phase(self) -> Memo<Phase> {
        self.phase
    }

    /// Whether a session is there or being taken up, so that the live connection is worth opening.
    pub fn is_likely(self) -> bool {
        !matches!(
            self.phase.get(),
            Phase::LoggedOut(_) | Phase::PasswordChange(_)
        )
    }

    /// The person who is logged in; `None` when nobody is.
    pub fn user(self) -> Option<LoginUser> {
        self.client.user().get()
    }

    /// The role of the person; the least when nobody is logged in.
    pub fn role(self) -> Role {
        self.client
            .user()
            .with(|user| user.as_ref().map_or(Role::Viewer, |user| user.role))
    }

    /// Whether the person may do this.
    pub fn may(self, permission: Permission) -> bool {
        self.client
            .user()
            .with(|user| user.as_ref().is_some_and(|user| user.role.may(permission)))
    }

    /// Calls that go on whatever page is shown.
    pub fn api(self) -> Api {
        Api::lasting(self.client)
    }

    /// Logs in.
    pub async fn log_in(self, username: String, password: String) -> Result<(), ApiError> {
        let answer = auth::login(username, password).await?;
        browser::keep(KEPT_MARK, Some("1"));
        self.client.grant(&answer);
        Ok(())
    }

    /// Logs out; the session goes on when the server does not answer.
    pub async fn log_out(self) -> Result<(), ApiError> {
        auth::logout().await?;
        browser::keep(KEPT_MARK, None);
        self.client.drop_token(Ended::Quietly);
        Ok(())
    }

    /// Changes one's own password and reads anew who one is.
    pub async fn change_password(self, current: String, new: String) -> Result<(), ApiError> {
        auth::change_password(self.api(), current, new).await?;
        let spent = self.client.token();
        self.client.renew(spent.as_deref()).await.map(drop)
    }

    async fn take_up(self) {
        let mut backoff = Backoff::default();
        while let Err(ApiError::Offline | ApiError::Server { .. } | ApiError::TooMany { .. }) =
            self.client.renew(None).await
        {
            self.starting.set(Some(true));
            let wait = backoff.next(browser::chance());
            gloo_timers::future::sleep(wait).await;
        }
        self.starting.set(None);
    }

    /// Renews the token before it ends, for as long as the page is open.
    fn keep_fresh(self) {
        let client = self.client;
        let timer = StoredValue::new(None::<TimeoutHandle>);
        effect(move || {
            client.granted().track();
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            let Some(wait_ms) = client.renew_in_ms() else {
                return;
            };
            let renew = move || {
                spawn(async move {
                    let spent = client.token();
                    // Without an answer the next call tries again.
                    drop(client.renew(spent.as_deref()).await);
                });
            };
            timer.set_value(
                set_timeout_with_handle(renew, Duration::from_secs_f64(wait_ms / 1000.0)).ok(),
            );
        });
    }

    fn follow_end(self) {
        let client = self.client;
        effect(move || {
            if client.ended().get().is_some() {
                browser::keep(KEPT_MARK, None);
            }
        });
    }
}

/// The login of this page.
pub fn use_session() -> Session {
    expect_context()
}
