//! Who is on call at a moment, by layers that rotate and exceptions; pure, never a clock.

use common::alert::{Gap, Layer, Override, Rotation, ScheduleInput, Turn};
use common::ids::UserId;
use common::time::UnixMs;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::alerts::noise::{Calendar, Span, UnknownZone, first_moment, local, zone};

const HOUR_MS: i64 = 3_600_000;

/// Why a schedule cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSchedule {
    /// Its zone, or that of an interval of a layer, is not known.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// A layer begins on no day.
    #[error("{text:?} is no day like 2026-11-21")]
    Day {
        /// Which layer.
        layer: usize,
        /// What it says.
        text: String,
    },
}

/// A schedule with its zones and days looked up.
#[derive(Debug, Clone)]
pub struct OnCall {
    zone: TimeZone,
    layers: Vec<Rotating>,
    overrides: Vec<Override>,
}

#[derive(Debug, Clone)]
struct Rotating {
    people: Vec<UserId>,
    rotation: Rotation,
    first: Date,
    hand_over: Time,
    active: Option<Calendar>,
}

impl OnCall {
    /// Looks zones and days up.
    pub fn of(schedule: &ScheduleInput) -> Result<Self, BadSchedule> {
        let own = schedule.time_zone.as_deref();
        let layers = schedule.layers.iter().enumerate();
        Ok(Self {
            zone: own.map_or(Ok(TimeZone::UTC), zone)?,
            layers: layers
                .map(|(at, layer)| Rotating::of(at, layer, own))
                .collect::<Result<_, _>>()?,
            overrides: schedule.overrides.clone(),
        })
    }

    /// Who is on call; `None`: nobody.
    pub fn at(&self, at: UnixMs) -> Option<UserId> {
        let mut layers = self.layers.iter().rev();
        let by_layers = || {
            layers.find_map(|layer| {
                let times = layer.active.as_ref();
                let is_active = times.is_none_or(|times| times.covers(at));
                is_active.then(|| layer.at(&self.zone, at)).flatten()
            })
        };
        self.instead(at).or_else(by_layers)
    }

    fn instead(&self, at: UnixMs) -> Option<UserId> {
        let mut overrides = self.overrides.iter().rev();
        let found = overrides.find(|one| one.starts_at <= at && at < one.ends_at);
        found.map(|one| one.person)
    }

    /// Who is on call by the layers, of each of which it is known when it is active.
    fn by_layers(&self, at: UnixMs, active: &[Option<Vec<Span>>]) -> Option<UserId> {
        let mut layers = self.layers.iter().zip(active).rev();
        layers.find_map(|(layer, active)| {
            let is_active = active.as_ref().is_none_or(|spans| {
                let begun = spans.partition_point(|span| span.from <= at);
                begun > 0 && at < spans[begun - 1].to
            });
            is_active.then(|| layer.at(&self.zone, at)).flatten()
        })
    }

    /// The turns from one moment up to another, in their order, with those of nobody.
    pub fn turns(&self, from: UnixMs, to: UnixMs) -> Vec<Turn> {
        let mut edges = vec![from];
        for one in &self.overrides {
            edges.extend([one.starts_at, one.ends_at]);
        }
        // When a layer is active is found once: each edge asks each layer.
        let active: Vec<_> = self.layers.iter().map(|it| it.spans(from, to)).collect();
        for (layer, active) in self.layers.iter().zip(&active) {
            layer.edges(&self.zone, from, to, &mut edges);
            let active = active.iter().flatten();
            edges.extend(active.flat_map(|span| [span.from, span.to]));
        }
        edges.retain(|edge| (from..to).contains(edge));
        edges.sort_unstable();
        edges.dedup();
        let mut turns: Vec<Turn> = Vec::new();
        for (at, from) in edges.iter().enumerate() {
            let instead = self.instead(*from);
            let person = instead.or_else(|| self.by_layers(*from, &active));
            let to = edges.get(at + 1).copied().unwrap_or(to);
            match turns.last_mut() {
                Some(last) if last.person == person => last.to = to,
                _ => turns.push(Turn {
                    from: *from,
                    to,
                    person,
                }),
            }
        }
        turns
    }

    /// When nobody is on call from one moment up to another.
    pub fn gaps(&self, from: UnixMs, to: UnixMs) -> Vec<Gap> {
        let turns = self.turns(from, to).into_iter();
        let empty = turns.filter(|turn| turn.person.is_none());
        empty
            .map(|Turn { from, to, .. }| Gap { from, to })
            .collect()
    }
}

impl Rotating {
    fn of(at: usize, layer: &Layer, own_zone: Option<&str>) -> Result<Self, BadSchedule> {
        let first: Option<Date> = layer.starts_on.parse().ok();
        let first = first.ok_or_else(|| BadSchedule::Day {
            layer: at,
            text: layer.starts_on.clone(),
        })?;
        let minute = layer.hand_over_time.0.min(24 * 60 - 1);
        let of_day = |number: u16| i8::try_from(number).unwrap_or_default();
        let hand_over = Time::new(of_day(minute / 60), of_day(minute % 60), 0, 0);
        let mut times = layer.active_times.clone();
        for interval in &mut times {
            if interval.time_zone.is_none() {
                interval.time_zone = own_zone.map(str::to_owned);
            }
        }
        let active = if times.is_empty() {
            None
        } else {
            Some(Calendar::of(&times)?)
        };
        Ok(Self {
            people: layer.people.clone(),
            rotation: layer.rotation,
            first,
            hand_over: hand_over.unwrap_or(Time::midnight()),
            active,
        })
    }

    /// When it is active within that time; `None`: always.
    fn spans(&self, from: UnixMs, to: UnixMs) -> Option<Vec<Span>> {
        self.active.as_ref().map(|times| times.spans(from, to))
    }

    /// Whose turn it is while it is active; `None` before the first one.
    fn at(&self, zone: &TimeZone, at: UnixMs) -> Option<UserId> {
        let turn = self.turn(zone, at)?;
        let people = i64::try_from(self.people.len()).ok().filter(|it| *it > 0)?;
        let place = usize::try_from(turn.rem_euclid(people)).ok()?;
        self.people.get(place).copied()
    }

    /// The number of the turn, from 0; `None` before the first one.
    fn turn(&self, zone: &TimeZone, at: UnixMs) -> Option<i64> {
        let turn = match self.days() {
            Ok(days) => {
                let since = self.first.until(self.day_of(zone, at)).ok()?;
                i64::from(since.get_days()).div_euclid(days)
            }
            Err(length_ms) => at
                .since_ms(self.begin_of(zone, self.first))
                .div_euclid(length_ms),
        };
        (turn >= 0).then_some(turn)
    }

    /// The days of a turn, or its milliseconds when it goes by hours.
    fn days(&self) -> Result<i64, i64> {
        match self.rotation {
            Rotation::Daily => Ok(1),
            Rotation::Weekly => Ok(7),
            Rotation::Days { days } => Ok(i64::from(days.max(1))),
            Rotation::Hours { hours } => Err(i64::from(hours.max(1)) * HOUR_MS),
        }
    }

    /// The day of hand-overs that a moment belongs to: the last one that has begun.
    fn day_of(&self, zone: &TimeZone, at: UnixMs) -> Date {
        let today = local(zone, at).date();
        if self.begin_of(zone, today) <= at {
            today
        } else {
            today.yesterday().unwrap_or(today)
        }
    }

    fn begin_of(&self, zone: &TimeZone, day: Date) -> UnixMs {
        first_moment(zone, day.to_datetime(self.hand_over))
    }

    /// The moments at which it may change who is on call.
    fn edges(&self, zone: &TimeZone, from: UnixMs, to: UnixMs, edges: &mut Vec<UnixMs>) {
        match self.days() {
            Ok(days) => {
                let turn = self.turn(zone, from).unwrap_or(0);
                for number in turn.. {
                    let after = jiff::Span::new().try_days(number.saturating_mul(days));
                    let day = after.and_then(|after| self.first.checked_add(after));
                    let Some(begin) = day.ok().map(|day| self.begin_of(zone, day)) else {
                        break;
                    };
                    if begin >= to {
                        break;
                    }
                    edges.push(begin);
                }
            }
            Err(length_ms) => {
                let first = self.begin_of(zone, self.first);
                let turn = self.turn(zone, from).unwrap_or(0);
                let begins = (turn..).map(|number| first.plus_ms(number * length_ms));
                edges.extend(begins.take_while(|begin| *begin < to));
            }
        }
    }
}
