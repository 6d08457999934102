//! From targets to channels and the time at which each may be told; pure but for what a person wants.

use common::alert::{Severity, Target};
use common::api::preferences::{Digest, NotificationPreferences};
use common::calendar::MinuteOfDay;
use common::ids::{ChannelId, PolicyId, UserId};
use common::time::UnixMs;

use jiff::ToSpan;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::plans::Routing;
use crate::alerts::noise::{Calendar, first_moment, local, zone};

const HOUR_MS: i64 = 3_600_000;

/// Where a target leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// To all channels.
    Everywhere,
    /// To a channel.
    Channel(ChannelId),
    /// To a person.
    Person(UserId),
    /// To the steps of a policy.
    Policy(PolicyId),
    /// Nowhere: nobody is on call, or the schedule or the policy is gone.
    Nobody,
}

/// Where a target leads at a moment.
pub fn address(target: Target, routing: &Routing, at: UnixMs) -> Address {
    match target {
        Target::AllChannels => Address::Everywhere,
        Target::Channel { id } => Address::Channel(id),
        Target::Person { id } => Address::Person(id),
        Target::Schedule { id } => {
            let person = routing
                .schedules
                .get(&id)
                .and_then(|schedule| schedule.at(at));
            person.map_or(Address::Nobody, Address::Person)
        }
        Target::Policy { id } if routing.policies.contains_key(&id) => Address::Policy(id),
        Target::Policy { .. } => Address::Nobody,
    }
}

/// When a person may be told of an alert that is as bad as that: now, or later.
pub fn may_be_told_at(
    preferences: &NotificationPreferences,
    severity: Severity,
    now: UnixMs,
) -> UnixMs {
    let is_critical = severity == Severity::Critical;
    let digested = if is_critical {
        now
    } else {
        digest_at(&preferences.digest, now)
    };
    if is_critical && preferences.critical_breaks_quiet {
        return digested;
    }
    let quiet = Calendar::of(&preferences.quiet_hours).ok();
    let span = quiet
        .filter(|quiet| quiet.covers(digested))
        .and_then(|quiet| quiet.open_or_next(digested));
    span.map_or(digested, |span| span.to)
}

/// When a digest that collects from now on is told.
fn digest_at(digest: &Digest, now: UnixMs) -> UnixMs {
    match digest {
        Digest::Off => now,
        Digest::Hourly => UnixMs((now.0.div_euclid(HOUR_MS) + 1) * HOUR_MS),
        Digest::Daily { at, time_zone } => {
            let zone = time_zone.as_deref().map_or(Ok(TimeZone::UTC), zone);
            // It was checked when it was written.
            zone.map_or(now, |zone| next_at(*at, &zone, now))
        }
    }
}

/// The next moment after `now` at which it is that time of the day; one that a change of the clock
/// leaves out is the change, of one that comes twice the first counts.
fn next_at(time: MinuteOfDay, zone: &TimeZone, now: UnixMs) -> UnixMs {
    let minute = time.0.min(24 * 60 - 1);
    let of_day = |number: u16| i8::try_from(number).unwrap_or_default();
    let time = Time::new(of_day(minute / 60), of_day(minute % 60), 0, 0);
    let time = time.unwrap_or(Time::midnight());
    let today = local(zone, now).date();
    let days = (0..3).filter_map(|after: i32| today.checked_add(after.days()).ok());
    let mut moments = days.map(|day| first_moment(zone, day.to_datetime(time)));
    moments.find(|at| *at > now).unwrap_or(now)
}
