//! Tickets that open one WebSocket each; in memory only, never worth more than their session.

use std::collections::HashMap;
use std::time::Duration;

use common::ids::SessionId;

use super::secret;

/// How long a ticket is good.
pub(super) const LIFE: Duration = Duration::from_secs(30);
/// How many may be open; a new one then drives out the oldest.
const MOST: usize = 1_000;

/// Tickets that were given out and not used.
#[derive(Debug, Default)]
pub(super) struct Tickets {
    open: HashMap<[u8; 32], (SessionId, Duration)>,
}

impl Tickets {
    /// A new ticket for a session.
    pub(super) fn issue(&mut self, session: SessionId, now: Duration) -> std::io::Result<String> {
        self.open.retain(|_, (_, until)| *until > now);
        if self.open.len() >= MOST {
            let oldest = self.open.iter().min_by_key(|(_, (_, until))| *until);
            if let Some(hash) = oldest.map(|(hash, _)| *hash) {
                self.open.remove(&hash);
            }
        }
        let ticket = secret::random()?;
        self.open
            .insert(secret::hash(&ticket), (session, now + LIFE));
        Ok(secret::to_text(&ticket))
    }

    /// Takes a ticket in, once; `None` when it is unknown, used or over.
    pub(super) fn redeem(&mut self, ticket: &str, now: Duration) -> Option<SessionId> {
        let ticket = secret::from_text::<32>(ticket)?;
        let (session, until) = self.open.remove(&secret::hash(&ticket))?;
        (until > now).then_some(session)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SESSION: SessionId = SessionId(Uuid::from_u128(1));

    #[test]
    fn a_ticket_is_good_once_and_for_half_a_minute() {
        let mut tickets = Tickets::default();
        let ticket = tickets.issue(SESSION, Duration::ZERO).unwrap();
        let late = tickets.issue(SESSION, Duration::ZERO).unwrap();
        let before = LIFE.mul_f32(0.999);
        assert_eq!(tickets.redeem(&ticket, before), Some(SESSION));
        assert_eq!(tickets.redeem(&ticket, before), None);
        assert_eq!(tickets.redeem(&late, LIFE), None);
        assert_eq!(tickets.redeem("forged", Duration::ZERO), None);
    }

    #[test]
    fn open_tickets_are_bounded() {
        let mut tickets = Tickets::default();
        for _ in 0..MOST + 10 {
            tickets.issue(SESSION, Duration::ZERO).unwrap();
        }
        assert_eq!(tickets.open.len(), MOST);
    }
}
