//! Whether an alert changes so often that each message about it helps nobody; never the alert itself.
//!
//! The last 20 minutes are looked at, each either with a change or without. The newest minute weighs
//! 1.2, the oldest 0.8, evenly between. From a share of 20 % on an alert flaps; it is calm again below
//! 5 %: with one change at most, ten minutes ago or more. The two ends are those of Nagios.

use super::transition::Step;
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// Minutes that are looked at.
const MINUTES: u32 = 20;
/// The weight of the newest minute and what each older one weighs less: 1.2 to 0.8, in 95ths.
const NEWEST: u32 = 114;
const LESS: u32 = 2;
/// A hundredth of what all minutes weigh together.
const PERCENT: u32 = 19;
/// The share from which an alert flaps, and the one below which it is calm again.
const BEGINS: u32 = 20 * PERCENT;
const ENDS: u32 = 5 * PERCENT;

/// How a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// As always.
    #[default]
    Usual,
    /// Not at all: the alert flaps, and that was told.
    Held,
    /// Instead of the change it is told, once, that the alert flaps.
    Flaps,
    /// It is told that the alert is calm again and fires.
    Calmed,
}

/// The changes of the last minutes. The default is a series that never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flaps {
    /// The minute of the last change, counted since 1970.
    minute: i64,
    /// Minutes with a change: the lowest bit is `minute`, each higher one a minute earlier.
    changed: u32,
    /// Since the share was reached, until it is small again.
    is_flapping: bool,
    /// Somebody was told that it flaps.
    is_said: bool,
    /// The alert that is open began meanwhile: nobody knows of it.
    is_unheard: bool,
}

impl Flaps {
    /// Whether there is nothing to remember.
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it changes too often now.
    pub const fn is_flapping(self) -> bool {
        self.is_flapping
    }

    /// Whether nobody was told of the alert that is open.
    pub const fn is_unheard(self) -> bool {
        self.is_unheard
    }

    /// In how many of the minutes that are looked at something changed, as of the last change.
    pub const fn changed_minutes(self) -> u32 {
        self.changed.count_ones()
    }

    /// How many minutes are looked at.
    pub const fn minutes() -> u32 {
        MINUTES
    }

    /// Until when the changes matter; `None` when there are none.
    pub fn holds_until(self) -> Option<UnixMs> {
        let minutes = self.minute + i64::from(MINUTES);
        (self.changed != 0).then(|| UnixMs(minutes.saturating_mul(60_000)))
    }

    /// The same after a person ended the alert: what comes next is another one.
    #[must_use]
    pub const fn after_person(mut self) -> Self {
        self.is_unheard = false;
        self
    }

    /// The same after the clock was set by `ms`.
    #[must_use]
    pub(super) const fn moved(mut self, ms: i64) -> Self {
        if self.changed != 0 {
            self.minute = self.minute.saturating_add(ms / 60_000);
        }
        self
    }

    /// With no change after `now`: the clock was set back.
    #[must_use]
    pub(super) fn not_after(mut self, now: UnixMs) -> Self {
        self.minute = self.minute.min(minute_of(now));
        self
    }

    /// Notes what happened, and how it is told. `fires` says whether the alert is told to fire after it.
    #[must_use]
    pub(super) fn note(self, step: Option<Step>, fires: bool, now: UnixMs) -> (Self, Telling) {
        let mut next = self.not_after(now);
        let step = step.filter(|step| step.change().is_some());
        if step.is_none() && !next.is_flapping {
            // Most readings of most series.
            return (self, Telling::Usual);
        }
        if next.is_flapping && next.share(now) < ENDS {
            next = Self {
                is_flapping: false,
                is_said: false,
                ..next
            };
        }
        let Some(step) = step else {
            if next.is_flapping {
                return (self, Telling::Usual);
            }
            next.is_unheard = false;
            let telling = if fires {
                Telling::Calmed
            } else {
                Telling::Usual
            };
            return (next, telling);
        };
        next = next.with_change(now);
        next.is_flapping = next.is_flapping || next.share(now) >= BEGINS;
        let telling = next.telling(step);
        (next, telling)
    }

    fn telling(&mut self, step: Step) -> Telling {
        if step == Step::Resolved {
            // Who was told of a firing is told of its end.
            let held = std::mem::take(&mut self.is_unheard);
            return if held { Telling::Held } else { Telling::Usual };
        }
        if !self.is_flapping {
            self.is_unheard = false;
            return Telling::Usual;
        }
        if !self.is_said {
            self.is_said = true;
            self.is_unheard = false;
            return Telling::Flaps;
        }
        self.is_unheard |= step == Step::Fired;
        Telling::Held
    }

    /// With a change in this minute.
    fn with_change(mut self, now: UnixMs) -> Self {
        self.changed = self.seen_from(now) | 1;
        self.minute = minute_of(now);
        self
    }

    /// The minutes with a change, as they lie before `now`.
    fn seen_from(self, now: UnixMs) -> u32 {
        let passed = minute_of(now).saturating_sub(self.minute);
        let passed = u32::try_from(passed).unwrap_or(MINUTES);
        self.changed.checked_shl(passed).unwrap_or(0) & ((1 << MINUTES) - 1)
    }

    /// How much of the last minutes changed, by weight.
    fn share(self, now: UnixMs) -> u32 {
        let seen = self.seen_from(now);
        (0..MINUTES)
            .filter(|age| seen >> age & 1 == 1)
            .map(|age| NEWEST - LESS * age)
            .sum()
    }
}

const fn minute_of(at: UnixMs) -> i64 {
    at.0.div_euclid(60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps at minutes, and how each is told; `.` is a reading without a step.
    /// What it is, and second, change and what is told of each.
    type Case = (&'static str, &'static [(i64, char, Telling)]);

    const CASES: [Case; 7] = [
        (
            "three changes in twenty minutes are no flapping",
            &[
                (0, 'f', Telling::Usual),
                (5, 'r', Telling::Usual),
                (10, 'f', Telling::Usual),
            ],
        ),
        (
            "several changes in one minute count once",
            &[
                (0, 'f', Telling::Usual),
                (0, 'e', Telling::Usual),
                (0, 'd', Telling::Usual),
                (0, 'e', Telling::Usual),
                (0, 'd', Telling::Usual),
            ],
        ),
        (
            "the fourth minute with a change is told as flapping, once, and the end is told",
            &[
                (0, 'f', Telling::Usual),
                (1, 'e', Telling::Usual),
                (2, 'd', Telling::Usual),
                (3, 'e', Telling::Flaps),
                (4, 'd', Telling::Held),
                (5, 'e', Telling::Held),
                (6, 'r', Telling::Usual),
            ],
        ),
        (
            "what began while it flaps begins and ends untold",
            &[
                (0, 'f', Telling::Usual),
                (1, 'r', Telling::Usual),
                (2, 'f', Telling::Usual),
                (3, 'r', Telling::Usual),
                (4, 'f', Telling::Flaps),
                (5, 'r', Telling::Usual),
                (6, 'f', Telling::Held),
                (7, 'r', Telling::Held),
            ],
        ),
        (
            "what fires when it is calm again is told then, and its end as well",
            &[
                (0, 'f', Telling::Usual),
                (1, 'r', Telling::Usual),
                (2, 'f', Telling::Usual),
                (3, 'r', Telling::Usual),
                (4, 'f', Telling::Flaps),
                (5, 'r', Telling::Usual),
                (6, 'f', Telling::Held),
                (24, '.', Telling::Usual),
                (25, '.', Telling::Calmed),
                (26, '.', Telling::Usual),
                (27, 'r', Telling::Usual),
            ],
        ),
        (
            "calm without an alert is nobody's news",
            &[
                (0, 'f', Telling::Usual),
                (1, 'r', Telling::Usual),
                (2, 'f', Telling::Usual),
                (3, 'r', Telling::Usual),
                (30, '.', Telling::Usual),
                (31, 'f', Telling::Usual),
            ],
        ),
        (
            "a clock that jumps ahead forgets, one that is set back does not count twice",
            &[
                (0, 'f', Telling::Usual),
                (1, 'r', Telling::Usual),
                (500_000, 'f', Telling::Usual),
                (2, 'r', Telling::Usual),
                (2, 'f', Telling::Usual),
            ],
        ),
    ];

    fn step(letter: char) -> Option<Step> {
        match letter {
            'f' => Some(Step::Fired),
            'e' => Some(Step::Escalated),
            'd' => Some(Step::Deescalated),
            'r' => Some(Step::Resolved),
            _ => None,
        }
    }

    #[test]
    fn changes_are_told_until_there_are_too_many() {
        for (name, steps) in CASES {
            let (mut flaps, mut fires) = (Flaps::default(), false);
            for (minute, letter, expected) in steps {
                fires = match letter {
                    'f' => true,
                    'r' => false,
                    _ => fires,
                };
                let now = UnixMs(minute * 60_000 + 5);
                let telling;
                (flaps, telling) = flaps.note(step(*letter), fires, now);
                assert_eq!(telling, *expected, "{name}: {letter} at minute {minute}");
            }
        }
    }

    #[test]
    fn what_is_remembered_is_forgotten_after_twenty_minutes() {
        let (flaps, _) = Flaps::default().note(Some(Step::Fired), true, UnixMs(59_999));
        assert_eq!(flaps.holds_until(), Some(UnixMs(20 * 60_000)));
        assert_eq!(flaps.share(UnixMs(20 * 60_000)), 0);
        assert_eq!(flaps.share(UnixMs(19 * 60_000)), 76);
        assert_eq!(Flaps::default().holds_until(), None);
    }
}
