//! What is left of a person who goes: wishes, what waits for them, their name where others are told; never what the person did.

use common::alert::{PolicyInput, RouteInput, ScheduleInput, Target};
use common::ids::UserId;
use common::time::UnixMs;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::tables::alerting_document::{self, DocumentKind, DocumentRow};
use super::tables::{Moment, consent, inbox, notice, notification_preference};
use super::{Connection, StoreError};

/// Forgets how a person is told: preferences, inbox, messages that wait for the person's time. That the
/// person had wanted it stays, with its end.
pub(crate) fn wishes(conn: &mut Connection, user: UserId, now: UnixMs) -> Result<(), StoreError> {
    consent::set_channels(conn, user, &[], now)?;
    notification_preference::delete(conn, user)?;
    inbox::delete_of_user(conn, user)?;
    notice::delete_group(conn, &notice::key_of_person(user))
}

/// Forgets a person who is removed: beside the wishes the name in on-call schedules, routes and
/// policies. Those who stay move up: nobody's turn becomes a gap unless nobody is left.
pub(crate) fn person(conn: &mut Connection, user: UserId, now: UnixMs) -> Result<(), StoreError> {
    wishes(conn, user, now)?;
    rewrite(
        conn,
        DocumentKind::Schedule,
        now,
        |it: &mut ScheduleInput| {
            for layer in &mut it.layers {
                layer.people.retain(|person| *person != user);
            }
            it.overrides.retain(|one| one.person != user);
        },
    )?;
    rewrite(conn, DocumentKind::Route, now, |it| without_route(it, user))?;
    rewrite(conn, DocumentKind::Policy, now, |it: &mut PolicyInput| {
        for step in &mut it.steps {
            without(&mut step.targets, user);
        }
    })
}

fn without_route(route: &mut RouteInput, user: UserId) {
    without(&mut route.targets, user);
    for inner in &mut route.routes {
        without_route(inner, user);
    }
}

/// A target that is the only one stays, as an id of nobody: no target at all would mean others.
fn without(targets: &mut Vec<Target>, user: UserId) {
    let gone = Target::Person { id: user };
    if targets.iter().any(|target| *target != gone) {
        targets.retain(|target| *target != gone);
    }
}

/// Changes each document of a kind; one that stays as it is keeps its version.
fn rewrite<T: Serialize + DeserializeOwned + Clone + PartialEq>(
    conn: &mut Connection,
    kind: DocumentKind,
    now: UnixMs,
    change: impl Fn(&mut T),
) -> Result<(), StoreError> {
    let corrupt = || StoreError::Corrupt {
        what: "document of alerting",
    };
    for row in alerting_document::current(conn, kind, now)? {
        let before: T = serde_json::from_str(&row.definition).map_err(|_| corrupt())?;
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            let row = DocumentRow {
                version: row.version + 1,
                definition: serde_json::to_string(&after).map_err(|_| corrupt())?,
                updated_at: Moment(now),
                ..row
            };
            alerting_document::update(conn, &row)?;
        }
    }
    Ok(())
}
