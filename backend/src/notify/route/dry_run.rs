//! Where an alert would go that is only thought of, and why not elsewhere; never tells anybody.

use std::collections::BTreeMap;

use common::alert::{Severity, Target};
use common::api::routes::{AskedRoute, RouteDryRun, RouteDryRunInput, TakenRoute, TargetReached};
use common::ids::UserId;
use common::time::UnixMs;

use super::address::{Address, address, may_be_told_at};
use super::person::{first_told, refusal};
use super::plans::Routing;
use super::tree::{Asked, Choice, Said};
use crate::alerts::noise::{Book, BookError, Subject};
use crate::auth::{Allowed, Scope, may};
use crate::store::tables::channel::{self, ChannelRow};
use crate::store::tables::{notification_preference, server};
use crate::store::{Connection, StoreError};

/// Asks the routes of a book.
#[derive(Debug, Clone, Copy)]
pub struct DryRun<'a>(&'a Book);

impl<'a> DryRun<'a> {
    /// That of the routes in a book.
    pub fn of(book: &'a Book) -> Self {
        Self(book)
    }

    /// Where the alert would go.
    pub async fn run(
        &self,
        may: &Allowed<may::NotificationsRead>,
        input: RouteDryRunInput,
    ) -> Result<RouteDryRun, BookError> {
        let now = self.0.now();
        let at = input.at.unwrap_or(now);
        let scope = may.scope().clone();
        let read = self.0.store().read(move |conn| {
            let routing = Routing::read(conn, now)?;
            let channels = channel::all(conn)?;
            let subject = Subject::thought_of(with_group(conn, &scope, input.labels)?);
            let (choices, asked) = routing.routes.choose(&subject, at);
            let mut taken = Vec::with_capacity(choices.len());
            for choice in choices {
                let mut targets = Vec::with_capacity(choice.targets.len());
                for target in &choice.targets {
                    let to = address(*target, &routing, at);
                    let reached = reached(conn, (*target, to), &channels, (&subject, at))?;
                    targets.push(reached);
                }
                taken.push(shown(choice, targets));
            }
            let asked = asked.into_iter().map(shown_asked).collect();
            Ok::<_, StoreError>(RouteDryRun { taken, asked })
        });
        Ok(read.await?)
    }
}

/// The labels with the group of the server that they name, as an alert of it has them. A server that
/// is not seen is not there.
fn with_group(
    conn: &mut Connection,
    scope: &Scope,
    mut labels: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, StoreError> {
    if let (Some(name), false) = (labels.get("server"), labels.contains_key("group")) {
        let servers = server::all(conn)?.into_iter();
        let group = servers
            .filter(|server| server.name == *name && scope.sees(server.group_name.as_deref()))
            .find_map(|server| server.group_name);
        labels.extend(group.map(|group| ("group".to_owned(), group)));
    }
    Ok(labels)
}

fn severity_of(subject: &Subject) -> Severity {
    if subject.label("severity") == Severity::Critical.as_str() {
        Severity::Critical
    } else {
        Severity::Warning
    }
}

fn reached(
    conn: &mut Connection,
    (target, to): (Target, Address),
    channels: &[ChannelRow],
    (subject, at): (&Subject, UnixMs),
) -> Result<TargetReached, StoreError> {
    let mut reached = TargetReached {
        target,
        channels: Vec::new(),
        person: None,
        note: None,
    };
    match to {
        Address::Everywhere => {
            let enabled = channels.iter().filter(|channel| channel.enabled);
            reached.channels = enabled.map(|channel| channel.id.0).collect();
        }
        Address::Channel(id) => {
            let known = channels.iter().find(|channel| channel.id.0 == id);
            match known {
                Some(channel) if channel.enabled => reached.channels.push(id),
                Some(_) => reached.note = Some("The channel is disabled.".to_owned()),
                None => reached.note = Some("The channel has been removed.".to_owned()),
            }
        }
        Address::Person(person) => reach_person(conn, person, (subject, at), &mut reached)?,
        Address::Policy(_) => {
            reached.note = Some("The steps of the policy begin.".to_owned());
        }
        Address::Nobody => {
            let note = "Nobody is on call, or the policy or schedule is gone.";
            reached.note = Some(note.to_owned());
        }
    }
    Ok(reached)
}

fn reach_person(
    conn: &mut Connection,
    person: UserId,
    (subject, at): (&Subject, UnixMs),
    reached: &mut TargetReached,
) -> Result<(), StoreError> {
    reached.person = Some(person);
    if let Some(reason) = refusal(conn, person, subject.group())? {
        reached.note = Some(reason.to_owned());
        return Ok(());
    }
    let severity = severity_of(subject);
    let wanted = notification_preference::find(conn, person)?.unwrap_or_default();
    reached.channels = first_told(&wanted, severity, &channel::all(conn)?);
    let told_at = may_be_told_at(&wanted, severity, at);
    if reached.channels.is_empty() {
        let note = "The person has chosen no channel: it is in the inbox alone.";
        reached.note = Some(note.to_owned());
    } else if told_at > at {
        reached.note = Some(format!("The person is told at {told_at}."));
    }
    Ok(())
}

fn shown(choice: Choice, targets: Vec<TargetReached>) -> TakenRoute {
    TakenRoute {
        route: choice.route,
        path: choice.path,
        targets,
        group_by: choice.group_by,
        group_wait_seconds: choice.group_wait_seconds,
        group_interval_seconds: choice.group_interval_seconds,
        repeat_interval_seconds: choice.repeat_interval_seconds,
    }
}

fn shown_asked(asked: Asked) -> AskedRoute {
    let (takes, reason) = match asked.said {
        Said::Takes => (true, "It takes the alert.".to_owned()),
        Said::TakesInside => (true, "A route inside it takes the alert.".to_owned()),
        Said::Off => (false, "It is switched off.".to_owned()),
        Said::Unmet(condition) => (false, format!("{condition} does not hold.")),
        Said::NotNow => (false, "It is not one of its times.".to_owned()),
        Said::NotAsked => (false, "An earlier route took the alert.".to_owned()),
    };
    AskedRoute {
        route: asked.route,
        path: asked.path,
        takes,
        reason,
    }
}
