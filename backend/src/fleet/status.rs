//! Whether a server reports, from what was heard of it; pure.

use crate::ingest::{Latest, Seen};
use common::api::servers::ServerStatus;
use std::time::Duration;

/// No server counts as silent before this.
const LEAST: Duration = Duration::from_secs(15);

/// From which silence on a server that sends each `interval_seconds` is down.
pub(super) fn limit(interval_seconds: u32) -> Duration {
    LEAST.max(Duration::from_secs(u64::from(interval_seconds) * 3))
}

/// How long nothing was heard of a server, counted from when its samples were wanted again.
/// `None` when they are not wanted, or when it never reported: nobody knows that it should.
pub(super) fn silence(seen: &Seen, now: Duration) -> Option<Duration> {
    let wanted = seen.wanted_since?;
    seen.last_seen_at?;
    let since = seen.heard_at.map_or(wanted, |heard| heard.max(wanted));
    Some(now.saturating_sub(since))
}

/// Whether a watched server reports.
pub(super) fn of(seen: &Seen, interval_seconds: u32, now: Duration) -> ServerStatus {
    let reported = seen.heard_at >= seen.wanted_since;
    match silence(seen, now) {
        Some(silence) if silence >= limit(interval_seconds) => ServerStatus::Down,
        Some(_) if reported => ServerStatus::Up,
        None | Some(_) => ServerStatus::Unknown,
    }
}

/// The newest sample when it tells how the server fares now; `None` when it is silent or paused.
pub(super) fn current(seen: &Seen, status: ServerStatus) -> Option<&Latest> {
    seen.latest
        .as_deref()
        .filter(|_| status == ServerStatus::Up)
}

#[cfg(test)]
mod tests {
    use super::{of, silence};
    use crate::ingest::Seen;
    use common::api::servers::ServerStatus::{self, Down, Unknown, Up};
    use common::time::UnixMs;
    use std::time::Duration;

    fn seconds(seconds: Option<u64>) -> Option<Duration> {
        seconds.map(Duration::from_secs)
    }

    fn check(
        wanted: Option<u64>,
        heard: Option<u64>,
        interval_seconds: u32,
        now: u64,
        expected: ServerStatus,
    ) {
        let seen = Seen {
            wanted_since: seconds(wanted),
            heard_at: seconds(heard),
            last_seen_at: Some(UnixMs(1)),
            latest: None,
        };
        let status = of(&seen, interval_seconds, Duration::from_secs(now));
        assert_eq!(
            status, expected,
            "{wanted:?} {heard:?} each {interval_seconds} s at {now}"
        );
    }

    #[test]
    fn silence_of_three_intervals_but_at_least_15_s_is_down() {
        check(Some(0), Some(100), 1, 100, Up);
        check(Some(0), Some(100), 1, 114, Up);
        check(Some(0), Some(100), 1, 115, Down);
        check(Some(0), Some(100), 10, 129, Up);
        check(Some(0), Some(100), 10, 130, Down);
    }

    #[test]
    fn a_server_gets_its_time_after_monitoring_began() {
        check(Some(200), Some(100), 1, 214, Unknown);
        check(Some(200), Some(100), 1, 215, Down);
        check(Some(200), None, 1, 201, Unknown);
        check(Some(200), None, 1, 215, Down);
        check(Some(200), Some(200), 1, 201, Up);
    }

    #[test]
    fn nobody_misses_a_server_that_never_reported() {
        let seen = Seen {
            wanted_since: seconds(Some(0)),
            ..Seen::default()
        };
        let late = Duration::from_secs(1_000);
        assert_eq!(silence(&seen, late), None);
        assert_eq!(of(&seen, 1, late), Unknown);
    }
}
