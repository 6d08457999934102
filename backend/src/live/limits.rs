//! What a connection may take and how long it may wait; never the waiting itself.

use std::time::Duration;

use tokio::time::Instant;

/// Bounds of live connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a client may take to authenticate.
    pub authenticate_within: Duration,
    /// How long one write, or the close, may take.
    pub write_within: Duration,
    /// Time between two pings; a client that was silent for a whole one after a ping is gone.
    pub heartbeat: Duration,
    /// Least time between two turns of the topic `fleet` that samples set off.
    pub fleet_turn: Duration,
    /// Connections of the whole process.
    pub connections: usize,
    /// Connections of one session.
    pub connections_per_session: usize,
    /// Messages that a client may send at once.
    pub message_burst: u32,
    /// Messages a second that a client may send for long.
    pub messages_per_second: u32,
    /// Events of one topic that wait for a client before it is told that it lags.
    pub waiting_events: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            authenticate_within: Duration::from_secs(5),
            write_within: Duration::from_secs(2),
            heartbeat: Duration::from_secs(15),
            fleet_turn: Duration::from_millis(900),
            connections: 20_000,
            connections_per_session: 32,
            message_burst: 100,
            messages_per_second: 20,
            waiting_events: 256,
        }
    }
}

/// How many messages a client may still send: a bucket that fills with time.
#[derive(Debug)]
pub(super) struct Allowance {
    left: f64,
    burst: f64,
    per_second: f64,
    counted_at: Instant,
}

impl Allowance {
    /// A full bucket at `now`.
    pub(super) fn new(limits: &Limits, now: Instant) -> Self {
        let burst = f64::from(limits.message_burst);
        Self {
            left: burst,
            burst,
            per_second: f64::from(limits.messages_per_second),
            counted_at: now,
        }
    }

    /// Takes one message out at `now`; `false` when there is none.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let seconds = now.duration_since(self.counted_at).as_secs_f64();
        self.counted_at = now;
        self.left = (self.left + seconds * self.per_second).min(self.burst);
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_runs_out_and_fills_again() {
        let start = Instant::now();
        let limits = Limits {
            message_burst: 2,
            messages_per_second: 10,
            ..Limits::default()
        };
        let mut allowance = Allowance::new(&limits, start);
        let later = start + Duration::from_millis(150);
        for (at, taken) in [
            (start, true),
            (start, true),
            (start, false),
            (later, true),
            (later, false),
        ] {
            assert_eq!(allowance.take(at), taken);
        }
    }
}
