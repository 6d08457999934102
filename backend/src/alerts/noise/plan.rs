//! All that can hold alerts back, ready to be asked; pure, never a clock, never a row.

use common::alert::{InhibitionInput, LabelMatch, SilenceInput, WindowInput, WindowSchedule};
use common::ids::{AlertId, SilenceId, WindowId};
use common::series::matcher::Filter;
use common::time::UnixMs;

use super::calendar::{Calendar, Span};
use super::subject::Subject;
use crate::auth::Scope;

/// After so long an alert that another holds back is looked at again, in milliseconds.
const LOOK_AGAIN_MS: i64 = 60_000;

/// Who holds an alert back at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holding {
    /// Silences.
    pub silenced_by: Vec<SilenceId>,
    /// Maintenance windows.
    pub muted_by: Vec<WindowId>,
    /// Firing alerts.
    pub inhibited_by: Vec<AlertId>,
    /// Not worth asking again before this moment, unless something is changed.
    pub until: Option<UnixMs>,
}

impl Holding {
    /// Nobody holds it back.
    pub fn is_none(&self) -> bool {
        self.until.is_none()
    }

    fn hold_until(&mut self, until: UnixMs) {
        self.until = Some(self.until.map_or(until, |known| known.max(until)));
    }
}

/// Silences, open windows and inhibitions with their patterns compiled.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    silences: Vec<(SilenceId, Target, Span)>,
    windows: Vec<(WindowId, Target, Opening)>,
    inhibitions: Vec<Inhibits>,
}

/// Which alerts are held back.
#[derive(Debug, Clone)]
struct Target {
    filter: Filter,
    /// Of servers that were seen by who wrote it.
    scope: Scope,
}

impl Target {
    fn of(matchers: &LabelMatch, scope: Scope) -> Option<Self> {
        let filter = compiled(matchers)?;
        Some(Self { filter, scope })
    }

    fn takes(&self, alert: &Subject) -> bool {
        self.scope.sees(alert.group()) && alert.meets(&self.filter)
    }
}

#[derive(Debug, Clone)]
enum Opening {
    Once(Span),
    Recurring(Calendar),
}

#[derive(Debug, Clone)]
struct Inhibits {
    source: Filter,
    target: Filter,
    equal: Vec<String>,
}

impl Plan {
    /// Adds a silence of servers in `scope`. One whose patterns cannot be read holds nothing back.
    pub fn add_silence(&mut self, id: SilenceId, silence: &SilenceInput, scope: Scope) {
        let Some(target) = Target::of(&silence.matchers, scope) else {
            return;
        };
        let span = Span {
            from: silence.starts_at.unwrap_or_default(),
            to: silence.ends_at,
        };
        self.silences.push((id, target, span));
    }

    /// Adds a window of servers in `scope` that is switched on.
    pub fn add_window(&mut self, id: WindowId, window: &WindowInput, scope: Scope) {
        let opening = match &window.schedule {
            _ if !window.enabled => None,
            WindowSchedule::Once { starts_at, ends_at } => Some(Opening::Once(Span {
                from: *starts_at,
                to: *ends_at,
            })),
            WindowSchedule::Recurring { intervals } => {
                Calendar::of(intervals).ok().map(Opening::Recurring)
            }
        };
        let target = Target::of(&window.matchers, scope);
        if let (Some(opening), Some(target)) = (opening, target) {
            self.windows.push((id, target, opening));
        }
    }

    /// Adds an inhibition that is switched on.
    pub fn add_inhibition(&mut self, inhibition: &InhibitionInput) {
        let source = compiled(&inhibition.source_matchers);
        let target = compiled(&inhibition.target_matchers);
        if let (true, Some(source), Some(target)) = (inhibition.enabled, source, target) {
            let equal = inhibition.equal.clone();
            self.inhibitions.push(Inhibits {
                source,
                target,
                equal,
            });
        }
    }

    /// Who holds `alert` back at `now`, among `others` that fire.
    pub fn holding(&self, alert: &Subject, others: &[Subject], now: UnixMs) -> Holding {
        let mut holding = Holding::default();
        for (id, target, span) in &self.silences {
            if span.from <= now && now < span.to && target.takes(alert) {
                holding.silenced_by.push(*id);
                holding.hold_until(span.to);
            }
        }
        for (id, target, opening) in &self.windows {
            // A calendar costs more than conditions: it is asked last.
            if target.takes(alert)
                && let Some(until) = opening.open_until(now)
            {
                holding.muted_by.push(*id);
                holding.hold_until(until);
            }
        }
        for other in others {
            if self.inhibits(other, alert) {
                holding.inhibited_by.push(other.id);
                holding.hold_until(now.plus_ms(LOOK_AGAIN_MS));
            }
        }
        holding
    }

    /// Whether a silence holds the alert back: what does not count against a server's health.
    pub fn is_silenced(&self, alert: &Subject, now: UnixMs) -> bool {
        let silenced = self
            .silences
            .iter()
            .any(|(_, target, span)| span.from <= now && now < span.to && target.takes(alert));
        silenced
            || self.windows.iter().any(|(_, target, opening)| {
                target.takes(alert) && opening.open_until(now).is_some()
            })
    }

    /// Whether nothing can hold an alert back but another one of the same server.
    pub fn is_empty(&self) -> bool {
        self.silences.is_empty() && self.windows.is_empty() && self.inhibitions.is_empty()
    }

    /// Whether alerts can be held back by others than those that say that a server does not report.
    pub fn has_inhibitions(&self) -> bool {
        !self.inhibitions.is_empty()
    }

    /// Whether the alert holds others back, if there are some for it.
    pub fn is_source(&self, alert: &Subject) -> bool {
        let mut rules = self.inhibitions.iter();
        alert.fires && (alert.is_unreachable || rules.any(|rule| alert.meets(&rule.source)))
    }

    /// As Alertmanager has it: an alert that is source and target of an inhibition is not held
    /// back by others that are both. Built in: all alerts of a server that does not report, but
    /// the one that says so.
    fn inhibits(&self, source: &Subject, target: &Subject) -> bool {
        if !source.fires || (source.id == target.id && !source.id.0.is_nil()) {
            return false;
        }
        let is_unreachable = source.is_unreachable && !target.is_unreachable;
        if is_unreachable && source.server.is_some() && source.server == target.server {
            return true;
        }
        self.inhibitions.iter().any(|rule| {
            let is_both = |one: &Subject| one.meets(&rule.source) && one.meets(&rule.target);
            target.meets(&rule.target)
                && source.meets(&rule.source)
                && !(is_both(target) && is_both(source))
                && rule
                    .equal
                    .iter()
                    .all(|name| source.label(name) == target.label(name))
        })
    }
}

impl Opening {
    /// When the window closes that is open now; `None` when it is closed.
    fn open_until(&self, now: UnixMs) -> Option<UnixMs> {
        match self {
            Self::Once(span) => (span.from <= now && now < span.to).then_some(span.to),
            Self::Recurring(calendar) => calendar.covers(now).then(|| {
                // One that never closes is looked at again every now and then.
                let span = calendar.open_or_next(now);
                span.map_or(now.plus_ms(LOOK_AGAIN_MS), |span| span.to)
            }),
        }
    }
}

/// When the window is open, or opens next; `None` when it does not, or when that is too far off.
pub fn opening(window: &WindowInput, now: UnixMs) -> Option<Span> {
    match &window.schedule {
        _ if !window.enabled => None,
        WindowSchedule::Once { starts_at, ends_at } => {
            let (from, to) = (*starts_at, *ends_at);
            (now < to).then_some(Span { from, to })
        }
        WindowSchedule::Recurring { intervals } => Calendar::of(intervals).ok()?.open_or_next(now),
    }
}

/// The conditions compiled; they were checked when they were written.
fn compiled(matchers: &LabelMatch) -> Option<Filter> {
    Filter::new(&matchers.0).ok()
}
