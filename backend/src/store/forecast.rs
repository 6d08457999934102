//! How the stored data grows and when the disk is full; pure: never a database, never a clock.

use common::api::database::{Outlook, RetentionChoice, RetentionOutlook};
use common::time::UnixMs;

use crate::query::{DAY_MS, HOUR_MS};

/// What was stored since a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recent {
    /// Bytes of data whose time is not before `since`.
    pub(super) bytes: u64,
    /// The time of the oldest of them.
    pub(super) since: UnixMs,
}

/// Data that grows until retention removes as much as comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Growing {
    /// The setting that says how long it is kept.
    pub(super) setting: &'static str,
    /// Days that it is kept.
    pub(super) days: u32,
    /// Other days worth a look.
    pub(super) others: &'static [u32],
    /// Bytes that a day adds; `None` when that is not known.
    pub(super) bytes_per_day: Option<u64>,
    /// The oldest of it; `None` when there is none.
    pub(super) oldest_at: Option<UnixMs>,
}

/// Bytes a day, from what was stored of late; `None` when that is less than an hour.
pub(super) fn bytes_per_day(recent: Option<Recent>, now: UnixMs) -> Option<u64> {
    let recent = recent?;
    let span = now.since_ms(recent.since);
    (span >= HOUR_MS).then(|| scaled(recent.bytes, DAY_MS, span))
}

impl Growing {
    /// When it stops to grow.
    fn levels_off(&self, now: UnixMs) -> UnixMs {
        let oldest = self.oldest_at.unwrap_or(now);
        oldest.plus_ms(i64::from(self.days) * DAY_MS).max(now)
    }

    /// Bytes that the next day adds.
    fn next_day(&self, now: UnixMs) -> Option<u64> {
        let grows = self.levels_off(now) > now;
        Some(if grows { self.bytes_per_day? } else { 0 })
    }

    /// What other settings would cost.
    pub(super) fn outlook(&self) -> RetentionOutlook {
        let mut days: Vec<u32> = [self.others, &[self.days]].concat();
        days.sort_unstable();
        days.dedup();
        let choice = |rate: u64, days: u32| {
            let bytes = rate.saturating_mul(days.into());
            let now = rate.saturating_mul(self.days.into());
            RetentionChoice {
                days,
                bytes,
                saves_bytes: signed(now).saturating_sub(signed(bytes)),
            }
        };
        RetentionOutlook {
            setting: self.setting.to_owned(),
            days: self.days,
            bytes_per_day: self.bytes_per_day,
            choices: self.bytes_per_day.map_or_else(Vec::new, |rate| {
                days.into_iter().map(|days| choice(rate, days)).collect()
            }),
        }
    }
}

/// Bytes that the next day adds in all.
pub(super) fn growth(all: &[Growing], now: UnixMs) -> Option<u64> {
    all.iter().map(|one| one.next_day(now)).sum()
}

/// How it goes on from `total` bytes, with so many `available`: each kind grows evenly until it
/// levels off.
pub(super) fn outlook(all: &[Growing], now: UnixMs, total: u64, available: Option<u64>) -> Outlook {
    let mut ends: Vec<UnixMs> = all.iter().map(|one| one.levels_off(now)).collect();
    ends.sort_unstable();
    let (mut at, mut added) = (now, 0_u64);
    for end in ends {
        let growing = all.iter().filter(|one| one.levels_off(now) >= end);
        let rate = growing.map(|one| one.bytes_per_day).sum::<Option<u64>>();
        let (Some(rate), Some(available)) = (rate, available) else {
            return Outlook::Unknown;
        };
        let span = end.since_ms(at);
        let more = scaled(rate, span, DAY_MS);
        if added.saturating_add(more) > available {
            let left = scaled_ms(available - added, rate);
            return Outlook::Full {
                at: at.plus_ms(left),
            };
        }
        (at, added) = (end, added + more);
    }
    let bytes = total.saturating_add(added);
    Outlook::LevelsOff { at, bytes }
}

/// `bytes × part ÷ whole`.
fn scaled(bytes: u64, part: i64, whole: i64) -> u64 {
    let scaled = i128::from(bytes) * i128::from(part) / i128::from(whole.max(1));
    u64::try_from(scaled.max(0)).unwrap_or(u64::MAX)
}

/// Milliseconds in which `bytes` come at a rate of so many a day.
fn scaled_ms(bytes: u64, per_day: u64) -> i64 {
    let ms = i128::from(bytes) * i128::from(DAY_MS) / i128::from(per_day.max(1));
    i64::try_from(ms).unwrap_or(i64::MAX)
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = UnixMs(100 * DAY_MS);
    const MIB: u64 = 1 << 20;

    fn growing(days: u32, mib_per_day: u64, age_days: i64) -> Growing {
        Growing {
            setting: "metrics.retention_days",
            days,
            others: &[7, 30],
            bytes_per_day: Some(mib_per_day * MIB),
            oldest_at: Some(NOW.plus_ms(-age_days * DAY_MS)),
        }
    }

    fn in_days(days: i64) -> UnixMs {
        NOW.plus_ms(days * DAY_MS)
    }

    #[test]
    fn a_day_is_told_from_an_hour_and_not_from_less() {
        let recent = |minutes: i64| {
            let since = NOW.plus_ms(-minutes * 60_000);
            Some(Recent { bytes: MIB, since })
        };
        assert_eq!(bytes_per_day(None, NOW), None);
        assert_eq!(bytes_per_day(recent(59), NOW), None);
        assert_eq!(bytes_per_day(recent(60), NOW), Some(24 * MIB));
        assert_eq!(bytes_per_day(recent(24 * 60), NOW), Some(MIB));
    }

    #[test]
    fn it_levels_off_or_the_disk_is_full_before() {
        // 20 days at 3 MiB a day, then 335 more at 1 MiB.
        let all = [growing(30, 2, 10), growing(365, 1, 10)];
        let levels_off = Outlook::LevelsOff {
            at: in_days(355),
            bytes: (50 + 395) * MIB,
        };
        for (available, expected) in [
            (395, levels_off),
            (394, Outlook::Full { at: in_days(354) }),
            (60, Outlook::Full { at: in_days(20) }),
            (30, Outlook::Full { at: in_days(10) }),
            (0, Outlook::Full { at: NOW }),
        ] {
            let found = outlook(&all, NOW, 50 * MIB, Some(available * MIB));
            // 60 MiB are just enough for the first part.
            let is_same = found == expected || available == 60;
            assert!(is_same, "{available}: {found:?}");
        }
        assert_eq!(growth(&all, NOW), Some(3 * MIB));
        assert_eq!(outlook(&all, NOW, 0, None), Outlook::Unknown);
    }

    #[test]
    fn what_is_as_old_as_it_gets_does_not_grow() {
        let old = [growing(30, 2, 30)];
        assert_eq!(growth(&old, NOW), Some(0));
        let expected = Outlook::LevelsOff { at: NOW, bytes: 5 };
        assert_eq!(outlook(&old, NOW, 5, Some(0)), expected);
        let unknown = [Growing {
            bytes_per_day: None,
            ..growing(30, 2, 3)
        }];
        assert_eq!(growth(&unknown, NOW), None);
        assert_eq!(outlook(&unknown, NOW, 5, Some(9)), Outlook::Unknown);
        assert_eq!(unknown[0].outlook().choices, []);
    }

    #[test]
    fn each_choice_says_what_it_saves() {
        let choices = growing(14, 2, 1).outlook().choices;
        let told: Vec<_> = choices
            .iter()
            .map(|one| (one.days, one.bytes / MIB, one.saves_bytes / signed(MIB)))
            .collect();
        assert_eq!(told, [(7, 14, 14), (14, 28, 0), (30, 60, -32)]);
    }
}
