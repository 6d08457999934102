//! What the live hub asks, answered by the parts that know it; never an answer of its own.

use common::alert::Alert;
use common::api::inbox::InboxItem;
use common::api::status::RealtimeStatus;
use common::ids::{ServerId, SessionId, UserId};
use common::problem::Problem;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};

use crate::alerts::Alerts;
use crate::auth::{Auth, AuthError, Scope, SocketCredential};
use crate::fleet::Fleet;
use crate::http::problem::Problem as Answer;
use crate::ingest::Ingest;
use crate::live::{Access, Credential, Newest, Sources, Viewer};
use crate::notify::Inbox;

/// The parts that the hub depends on.
pub(super) struct Answers {
    pub(super) auth: Auth,
    pub(super) fleet: Fleet,
    pub(super) ingest: Ingest,
    pub(super) alerts: Alerts,
    pub(super) inbox: Inbox,
}

impl Answers {
    fn viewer(&self, credential: &Credential) -> Result<Viewer, AuthError> {
        let principal = self.auth.authenticate_socket(match credential {
            Credential::Token(token) => SocketCredential::Token(token),
            Credential::Ticket(ticket) => SocketCredential::Ticket(ticket),
        })?;
        let (user, session) = (principal.user, principal.session()?);
        let username = self.auth.username(user).ok_or(AuthError::SessionEnded)?;
        Ok(Viewer {
            user,
            session,
            username,
            scope: principal.scope,
        })
    }
}

impl Sources for Answers {
    fn authenticate(&self, credential: Credential) -> BoxFuture<'_, Result<Viewer, Problem>> {
        ready(self.viewer(&credential).map_err(problem)).boxed()
    }

    fn access(&self, session: SessionId) -> Option<Access> {
        let principal = self.auth.alive(session).ok()?;
        (!principal.must_change_password).then_some(Access {
            role: principal.role,
            scope: principal.scope,
        })
    }

    fn fleet(&self) -> Vec<RealtimeStatus> {
        self.fleet.realtime(&Scope::All)
    }

    fn knows(&self, scope: &Scope, server: ServerId) -> bool {
        self.fleet.knows(scope, server)
    }

    fn newest(&self, server: ServerId) -> Option<Newest> {
        let latest = self.ingest.seen(server).latest?;
        Some(Newest {
            at: latest.at,
            sample: latest.whole(),
        })
    }

    fn alerts(&self, scope: Scope) -> BoxFuture<'_, Result<(u64, Vec<Alert>), Problem>> {
        async move { self.alerts.snapshot(&scope).await.map_err(problem) }.boxed()
    }

    fn inbox(
        &self,
        user: UserId,
        scope: Scope,
    ) -> BoxFuture<'_, Result<(u32, Vec<InboxItem>), Problem>> {
        async move { self.inbox.newest(user, &scope).await.map_err(problem) }.boxed()
    }
}

/// The answer that HTTP would give, without a request; its cause goes to the log here.
fn problem(error: impl Into<Answer>) -> Problem {
    let answer = error.into();
    if let Some(cause) = answer.cause() {
        tracing::error!(%cause, "a live message could not be answered");
    }
    answer.to_wire("")
}
