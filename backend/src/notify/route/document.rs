//! What may stand in a route, a policy, an on-call schedule; never to whom an alert goes.

use common::alert::{PolicyInput, RouteInput, ScheduleInput, Target};
use common::ids::UserId;
use common::problem::FieldError;
use common::time::UnixMs;

use super::on_call::{BadSchedule, OnCall};
use crate::alerts::noise::{
    Demand, Document, check_intervals, check_labels, check_matchers, check_text,
};
use crate::auth::may;
use crate::store::tables::alerting_document::{self, DocumentKind};
use crate::store::tables::{channel, user};
use crate::store::{Connection, StoreError};

/// Longest name, in characters.
const NAME_CHARS: usize = 100;
/// Most routes inside one, all levels together, and how many levels there may be.
const ROUTES: usize = 100;
const LEVELS: usize = 8;
/// Most targets of a route or a step.
const TARGETS: usize = 50;
/// The longest wait: a week.
const WEEK_SECONDS: u32 = 7 * 24 * 3_600;
/// The shortest time after which somebody is told again.
const LEAST_SECONDS: u32 = 60;
const STEPS: usize = 20;
const DAY_MINUTES: u16 = 24 * 60;
const LAYERS: usize = 20;
const PEOPLE: usize = 100;
const OVERRIDES: usize = 200;

/// A label name that stands for all labels: each alert for itself.
pub(super) const EACH: &str = "...";

impl Document for RouteInput {
    const KIND: DocumentKind = DocumentKind::Route;
    const NAME: &'static str = "route";
    type Read = may::NotificationsRead;
    type Write = may::ChannelsWrite;

    fn check(
        &self,
        conn: &mut Connection,
        _: Option<&Self>,
        _: UnixMs,
    ) -> Result<Vec<FieldError>, StoreError> {
        if count(self) > ROUTES || depth(self) > LEVELS {
            let message = "must not be more than 100 routes in 8 levels";
            return Ok(vec![FieldError::new("routes", message)]);
        }
        let mut wrong = Vec::new();
        check_route("", self, conn, &mut wrong)?;
        Ok(wrong)
    }
}

fn count(route: &RouteInput) -> usize {
    1 + route.routes.iter().map(count).sum::<usize>()
}

fn depth(route: &RouteInput) -> usize {
    1 + route.routes.iter().map(depth).max().unwrap_or(0)
}

fn check_route(
    place: &str,
    route: &RouteInput,
    conn: &mut Connection,
    wrong: &mut Vec<FieldError>,
) -> Result<(), StoreError> {
    let at = |field: &str| format!("{place}{field}");
    wrong.extend(check_text(&at("name"), &route.name, 1, NAME_CHARS));
    let matchers = check_matchers(&at("matchers"), &route.matchers, Demand::Anything);
    wrong.extend(matchers);
    let intervals = check_intervals(&at("active_times"), &route.active_times);
    wrong.extend(intervals);
    wrong.extend(check_targets(&at("targets"), &route.targets, conn)?);
    let labels = route.group_by.iter().flatten();
    let labels: Vec<String> = labels.filter(|name| *name != EACH).cloned().collect();
    wrong.extend(check_labels(&at("group_by"), &labels));
    let repeat = route.repeat_interval_seconds.filter(|it| *it > 0);
    if repeat.is_some_and(|it| it < LEAST_SECONDS) {
        let field = at("repeat_interval_seconds");
        wrong.push(FieldError::new(field, "must be 0 or at least 60"));
    }
    for (field, seconds) in [
        ("group_wait_seconds", route.group_wait_seconds),
        ("group_interval_seconds", route.group_interval_seconds),
        ("repeat_interval_seconds", route.repeat_interval_seconds),
    ] {
        if seconds.is_some_and(|seconds| seconds > WEEK_SECONDS) {
            wrong.push(FieldError::new(at(field), "must be at most 604800"));
        }
    }
    for (inner, route) in route.routes.iter().enumerate() {
        check_route(&format!("{place}routes[{inner}]."), route, conn, wrong)?;
    }
    Ok(())
}

/// Targets that do not exist are refused when they are written; later they may go.
fn check_targets(
    field: &str,
    targets: &[Target],
    conn: &mut Connection,
) -> Result<Vec<FieldError>, StoreError> {
    if targets.len() > TARGETS {
        return Ok(vec![FieldError::new(field, "must not be more than 50")]);
    }
    for (at, target) in targets.iter().enumerate() {
        let missing = match target {
            Target::AllChannels => None,
            Target::Channel { id } => {
                let all = channel::all(conn)?;
                let is_there = all.iter().any(|channel| channel.id.0 == *id);
                (!is_there).then(|| format!("there is no channel {id}"))
            }
            Target::Person { id } => {
                let person = user::find(conn, *id)?;
                person.is_none().then(|| format!("there is no person {id}"))
            }
            Target::Schedule { id } => {
                let found = alerting_document::find(conn, DocumentKind::Schedule, id.0)?;
                found
                    .is_none()
                    .then(|| format!("there is no on-call schedule {id}"))
            }
            Target::Policy { id } => {
                let found = alerting_document::find(conn, DocumentKind::Policy, id.0)?;
                found
                    .is_none()
                    .then(|| format!("there is no escalation policy {id}"))
            }
        };
        if let Some(message) = missing {
            let field = format!("{field}[{at}].id");
            return Ok(vec![FieldError::new(field, message)]);
        }
    }
    Ok(Vec::new())
}

impl Document for PolicyInput {
    const KIND: DocumentKind = DocumentKind::Policy;
    const NAME: &'static str = "escalation policy";
    type Read = may::AlertsRead;
    type Write = may::RulesWrite;

    fn check(
        &self,
        conn: &mut Connection,
        _: Option<&Self>,
        _: UnixMs,
    ) -> Result<Vec<FieldError>, StoreError> {
        let mut wrong = check_text("name", &self.name, 1, NAME_CHARS);
        if !(1..=STEPS).contains(&self.steps.len()) {
            wrong.push(FieldError::new("steps", "must be 1 to 20 steps"));
        }
        let repeat = self.repeat_after_seconds;
        if repeat.is_some_and(|it| !(LEAST_SECONDS..=WEEK_SECONDS).contains(&it)) {
            let message = "must be 60 to 604800";
            wrong.push(FieldError::new("repeat_after_seconds", message));
        }
        for (at, step) in self.steps.iter().enumerate() {
            let field = |name: &str| format!("steps[{at}].{name}");
            if step.delay_seconds > WEEK_SECONDS {
                wrong.push(FieldError::new(
                    field("delay_seconds"),
                    "must be at most 604800",
                ));
            }
            if step.targets.is_empty() {
                wrong.push(FieldError::new(field("targets"), "must not be empty"));
            }
            let is_policy = |target: &Target| matches!(target, Target::Policy { .. });
            if step.targets.iter().any(is_policy) {
                let message = "must not be another policy";
                wrong.push(FieldError::new(field("targets"), message));
            } else {
                wrong.extend(check_targets(&field("targets"), &step.targets, conn)?);
            }
        }
        Ok(wrong)
    }
}

impl Document for ScheduleInput {
    const KIND: DocumentKind = DocumentKind::Schedule;
    const NAME: &'static str = "on-call schedule";
    type Read = may::AlertsRead;
    type Write = may::RulesWrite;

    fn check(
        &self,
        conn: &mut Connection,
        _: Option<&Self>,
        _: UnixMs,
    ) -> Result<Vec<FieldError>, StoreError> {
        let mut wrong = check_text("name", &self.name, 1, NAME_CHARS);
        if !(1..=LAYERS).contains(&self.layers.len()) {
            wrong.push(FieldError::new("layers", "must be 1 to 20 layers"));
        }
        if self.overrides.len() > OVERRIDES {
            wrong.push(FieldError::new("overrides", "must not be more than 200"));
        }
        match OnCall::of(self) {
            Ok(_) => {}
            Err(BadSchedule::Zone(zone)) => {
                wrong.push(FieldError::new("time_zone", zone.to_string()));
            }
            Err(error @ BadSchedule::Day { layer, .. }) => {
                let field = format!("layers[{layer}].starts_on");
                wrong.push(FieldError::new(field, error.to_string()));
            }
        }
        let people = user::all(conn)?;
        let is_known = |id: &UserId| people.iter().any(|person| person.id.0 == *id);
        for (at, layer) in self.layers.iter().enumerate() {
            let field = format!("layers[{at}].people");
            if !(1..=PEOPLE).contains(&layer.people.len()) {
                wrong.push(FieldError::new(field, "must be 1 to 100 people"));
            } else if let Some(unknown) = layer.people.iter().position(|id| !is_known(id)) {
                let message = "there is no such person";
                wrong.push(FieldError::new(format!("{field}[{unknown}]"), message));
            }
            if layer.hand_over_time.0 >= DAY_MINUTES {
                let field = format!("layers[{at}].hand_over_time");
                wrong.push(FieldError::new(field, "must be before 24:00"));
            }
            let field = format!("layers[{at}].active_times");
            wrong.extend(check_intervals(&field, &layer.active_times));
        }
        for (at, one) in self.overrides.iter().enumerate() {
            if one.ends_at <= one.starts_at {
                let field = format!("overrides[{at}].ends_at");
                wrong.push(FieldError::new(field, "must lie after the start"));
            }
            if !is_known(&one.person) {
                let field = format!("overrides[{at}].person");
                wrong.push(FieldError::new(field, "there is no such person"));
            }
        }
        Ok(wrong)
    }
}
