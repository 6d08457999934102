//! How many messages each channel may have on their way; pure, never which.

use std::collections::HashMap;
use std::time::Duration;

use common::ids::ChannelId;

use super::channels::Verdict;
use super::schedule::PATIENCE;

/// So many messages of one channel are on their way at once.
pub(super) const PER_CHANNEL: usize = 8;
/// After so many failures in a row only one is, until one arrives.
const TROUBLE: u32 = 3;
/// No provider holds its channel for longer; its message may wait longer.
const LONGEST_HOLD: Duration = Duration::from_hours(1);

/// The channels that something is on its way to, or that are held.
#[derive(Debug, Default)]
pub(super) struct Lanes(HashMap<ChannelId, Lane>);

/// One channel.
#[derive(Debug, Default)]
struct Lane {
    out: usize,
    failures: u32,
    /// Since when nothing but failures came back; monotonic.
    failing_since: Option<Duration>,
    /// Until when the provider wants to be left alone; monotonic.
    held_until: Option<Duration>,
}

/// How many more messages each channel may have.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots(HashMap<ChannelId, Slot>);

/// What a channel takes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// So many more messages.
    pub(super) free: usize,
    /// Whether it has failed for so long that what waits for it had better go elsewhere.
    pub(super) is_down: bool,
}

impl Slots {
    /// What that channel takes.
    pub(super) fn of(&self, channel: ChannelId) -> Slot {
        let usual = Slot {
            free: PER_CHANNEL,
            is_down: false,
        };
        self.0.get(&channel).copied().unwrap_or(usual)
    }
}

impl Lanes {
    /// What may go out now.
    pub(super) fn slots(&self, now: Duration) -> Slots {
        let each = self.0.iter().map(|(id, lane)| (*id, lane.slot(now)));
        Slots(each.collect())
    }

    /// A message went out.
    pub(super) fn out(&mut self, channel: ChannelId) {
        self.0.entry(channel).or_default().out += 1;
    }

    /// It came back with this.
    pub(super) fn back(&mut self, channel: ChannelId, verdict: Verdict, now: Duration) {
        let lane = self.0.entry(channel).or_default();
        lane.out = lane.out.saturating_sub(1);
        match verdict {
            Verdict::Later(after) => {
                lane.failures = lane.failures.saturating_add(1);
                lane.failing_since.get_or_insert(now);
                let until = after.map(|after| now + after.min(LONGEST_HOLD));
                lane.held_until = lane.held_until.max(until);
            }
            Verdict::Delivered | Verdict::Refused | Verdict::Gone => {
                lane.failures = 0;
                lane.failing_since = None;
            }
        }
        self.0.retain(|_, lane| !lane.is_usual(now));
    }

    /// When the next held channel is free again.
    pub(super) fn next_in(&self, now: Duration) -> Option<Duration> {
        let held = self.0.values().filter_map(|lane| lane.held_until);
        let left = held.filter_map(|until| until.checked_sub(now));
        left.filter(|left| !left.is_zero()).min()
    }
}

impl Lane {
    fn slot(&self, now: Duration) -> Slot {
        let failing = self.failing_since.map(|since| now.saturating_sub(since));
        Slot {
            free: self.free(now),
            is_down: failing.is_some_and(|time| time >= PATIENCE),
        }
    }

    fn free(&self, now: Duration) -> usize {
        if self.held_until.is_some_and(|until| until > now) {
            return 0;
        }
        let most = if self.failures >= TROUBLE {
            1
        } else {
            PER_CHANNEL
        };
        most.saturating_sub(self.out)
    }

    fn is_usual(&self, now: Duration) -> bool {
        self.out == 0 && self.failures == 0 && self.held_until.is_none_or(|until| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const A: ChannelId = ChannelId(Uuid::from_u128(1));
    const B: ChannelId = ChannelId(Uuid::from_u128(2));
    const NOW: Duration = Duration::from_secs(100);

    fn free(lanes: &Lanes, channel: ChannelId, now: Duration) -> usize {
        lanes.slots(now).of(channel).free
    }

    #[test]
    fn a_channel_in_trouble_or_held_hinders_no_other() {
        let mut lanes = Lanes::default();
        for _ in 0..PER_CHANNEL {
            lanes.out(A);
        }
        assert_eq!((free(&lanes, A, NOW), free(&lanes, B, NOW)), (0, 8));
        for _ in 0..3 {
            lanes.back(A, Verdict::Later(None), NOW);
        }
        assert_eq!(free(&lanes, A, NOW), 0, "five are out, one may be");
        for _ in 0..5 {
            lanes.back(A, Verdict::Later(None), NOW);
        }
        assert_eq!(free(&lanes, A, NOW), 1);
        lanes.back(A, Verdict::Delivered, NOW);
        assert_eq!(free(&lanes, A, NOW), 8);
        let wait = Duration::from_secs(7);
        lanes.back(B, Verdict::Later(Some(wait)), NOW);
        lanes.back(B, Verdict::Later(Some(Duration::from_secs(1))), NOW);
        assert_eq!((free(&lanes, B, NOW), free(&lanes, A, NOW)), (0, 8));
        assert_eq!(lanes.next_in(NOW), Some(wait), "the longer wait counts");
        assert_eq!(free(&lanes, B, NOW + wait), 8);
        lanes.back(B, Verdict::Delivered, NOW + wait);
        assert!(lanes.0.is_empty(), "what is usual is forgotten");
    }
    #[test]
    fn a_channel_is_down_when_nothing_but_failures_came_back_for_minutes() {
        let is_down = |lanes: &Lanes, seconds| {
            let now = NOW + Duration::from_secs(seconds);
            lanes.slots(now).of(A).is_down
        };
        let mut lanes = Lanes::default();
        for seconds in [0, 60] {
            let now = NOW + Duration::from_secs(seconds);
            lanes.back(A, Verdict::Later(None), now);
        }
        assert!(!is_down(&lanes, 119));
        assert!(is_down(&lanes, 120));
        lanes.back(A, Verdict::Delivered, NOW + Duration::from_secs(130));
        assert!(!is_down(&lanes, 130));
    }
}
