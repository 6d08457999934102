//! What the hub asks of the rest of the server; never how it is answered.

use std::sync::Arc;

use common::access::Role;
use common::alert::Alert;
use common::api::inbox::InboxItem;
use common::api::status::RealtimeStatus;
use common::host::HostSample;
use common::ids::{ServerId, SessionId, UserId};
use common::problem::Problem;
use common::time::UnixMs;
use futures_util::future::BoxFuture;

use crate::auth::Scope;

/// What a client proves itself with.
#[derive(Clone)]
pub enum Credential {
    /// An access token.
    Token(String),
    /// A one-use ticket.
    Ticket(String),
}

/// Who is behind a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The person.
    pub user: UserId,
    /// The login that the connection lives as long as.
    pub session: SessionId,
    /// The person's name.
    pub username: String,
    /// The servers that the person sees; the connection ends when they become others.
    pub scope: Scope,
}

/// What a session allows now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What the person may do.
    pub role: Role,
    /// The servers that the person sees.
    pub scope: Scope,
}

/// The newest sample of a server.
#[derive(Debug, Clone)]
pub struct Newest {
    /// When it was taken.
    pub at: UnixMs,
    /// Its readings, with the processes read last.
    pub sample: Arc<HostSample>,
}

/// The parts that know what the hub does not. Implemented where the parts are wired.
pub trait Sources: Send + Sync + 'static {
    /// Whose credential this is; a problem of status 401 or 403 when it opens nothing.
    fn authenticate(&self, credential: Credential) -> BoxFuture<'_, Result<Viewer, Problem>>;

    /// What a session allows now; `None` when it is over.
    fn access(&self, session: SessionId) -> Option<Access>;

    /// The lines of the topic `fleet`, those of all servers.
    fn fleet(&self) -> Vec<RealtimeStatus>;

    /// Whether there is such a server, and it is seen.
    fn knows(&self, scope: &Scope, server: ServerId) -> bool;

    /// The newest sample; `None` when the server has not reported yet.
    fn newest(&self, server: ServerId) -> Option<Newest>;

    /// The number of the last change of an alert, and all that fire after it and are seen,
    /// acknowledged ones included.
    fn alerts(&self, scope: Scope) -> BoxFuture<'_, Result<(u64, Vec<Alert>), Problem>>;

    /// How many messages of a person in this scope are unread, and the newest ones.
    fn inbox(
        &self,
        user: UserId,
        scope: Scope,
    ) -> BoxFuture<'_, Result<(u32, Vec<InboxItem>), Problem>>;
}
