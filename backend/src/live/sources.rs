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

    /// The role that a session has now; `None` when the session is over.
    fn role(&self, session: SessionId) -> Option<Role>;

    /// The lines of the topic `fleet`.
    fn fleet(&self) -> Vec<RealtimeStatus>;

    /// Whether there is such a server.
    fn knows(&self, server: ServerId) -> bool;

    /// The newest sample; `None` when the server has not reported yet.
    fn newest(&self, server: ServerId) -> Option<Newest>;

    /// The number of the last change of an alert, and all that fire after it, acknowledged ones
    /// included.
    fn alerts(&self) -> BoxFuture<'_, Result<(u64, Vec<Alert>), Problem>>;

    /// How many messages of a person are unread, and the newest ones.
    fn inbox(&self, user: UserId) -> BoxFuture<'_, Result<(u32, Vec<InboxItem>), Problem>>;
}
