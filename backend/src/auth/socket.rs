//! Who opens a WebSocket: by access token, or by a ticket that works once; never what it may see.

use super::{Allowed, Auth, AuthError, Policy, Principal, Proof, locked, may, ticket};
use common::api::auth::WsTicket;

/// What a WebSocket's first message proves itself with.
#[derive(Debug, Clone, Copy)]
pub enum SocketCredential<'a> {
    /// An access token.
    Token(&'a str),
    /// A ticket of [`Auth::socket_ticket`].
    Ticket(&'a str),
}

impl Auth {
    /// A ticket that opens one WebSocket for the session that asks.
    pub fn socket_ticket(&self, allowed: &Allowed<may::SelfOnly>) -> Result<WsTicket, AuthError> {
        let now = self.inner.clock.monotonic();
        let ticket = locked(&self.inner.tickets).issue(allowed.session_id()?, now)?;
        Ok(WsTicket {
            ticket,
            expires_in: ticket::LIFE.as_secs(),
        })
    }

    /// Who opens a WebSocket. A first password that was not changed opens none.
    pub fn authenticate_socket(
        &self,
        credential: SocketCredential<'_>,
    ) -> Result<Principal, AuthError> {
        let principal = match credential {
            SocketCredential::Token(token) => self.principal(token),
            SocketCredential::Ticket(ticket) => {
                let now = self.inner.clock.monotonic();
                let session = locked(&self.inner.tickets).redeem(ticket, now);
                session
                    .ok_or(AuthError::TokenInvalid)
                    .and_then(|session| self.alive(session))
            }
        }?;
        Proof::weigh(Policy::SelfService, Ok(principal.clone()))?;
        Ok(principal)
    }
}
