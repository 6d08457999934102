//! What a person does to an alert; never what the rule does.

use common::access::Permission;
use common::alert::{Alert, AlertState};
use common::ids::{AlertId, RuleId, UserId};
use common::time::UnixMs;
use tokio::sync::oneshot;

use super::batch::Change;
use super::by_hand::{self, ByHand};
use super::commit;
use super::engine::Engine;
use super::error::AlertError;
use super::memory::Series;
use super::steps::{self, Write};
use crate::rules::{Input, Observation, decide};
use crate::store::tables::alert::AlertRow;
use crate::store::{Actor, tables};

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Takes a firing alert.
    Acknowledge,
    /// Ends it.
    Resolve,
    /// Says something to it.
    Comment,
    /// Gives it to somebody, or to nobody.
    Assign(Option<UserId>),
}

/// An act with who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// On which alert.
    pub(super) id: AlertId,
    /// What.
    pub(super) act: Act,
    /// Who, for the change and its audit.
    pub(super) actor: Actor,
    /// What is said to it.
    pub(super) comment: Option<String>,
}

/// What others ask of the engine; each is answered once it is done.
#[derive(Debug)]
pub(super) enum Command {
    /// An act of a person.
    Act(Request, oneshot::Sender<Result<Alert, AlertError>>),
    /// Rules or servers are not what they were.
    Reload(oneshot::Sender<()>),
}

impl Engine {
    /// Does what is asked.
    pub(super) async fn obey(&mut self, command: Command) {
        // Whoever asked may have gone: what was done stays done.
        match command {
            Command::Act(request, reply) => {
                let answer = self.act(request).await;
                reply.send(answer).ok();
            }
            Command::Reload(reply) => {
                self.reload_or_log().await;
                reply.send(()).ok();
            }
        }
    }

    /// Does what a person asks for; the alert afterwards. What is so already stays untouched.
    pub(super) async fn act(&mut self, request: Request) -> Result<Alert, AlertError> {
        self.follow_clock();
        self.follow_plan().await;
        if let Act::Assign(Some(person)) = request.act {
            self.must_be_there(person).await?;
        }
        let Some((key, series, row)) = self.memory.find_open(request.id) else {
            return self.act_on_past(request).await;
        };
        let by_hand = request.by_hand(self.now());
        let (after, writes) = match (request.act, row.state.0) {
            (_, AlertState::Pending) => return Err(AlertError::Pending(request.id)),
            (Act::Acknowledge, AlertState::Acknowledged) => {
                return Ok(self.shown(row, &self.sources()));
            }
            (Act::Assign(to), _) if row.assignee.map(|id| id.0) == to => {
                return Ok(self.shown(row, &self.sources()));
            }
            (Act::Acknowledge, _) => by_hand::acknowledged(series, row, by_hand),
            (Act::Resolve, _) => self.resolved(key.rule, series, row, by_hand),
            (Act::Comment, _) => (series.clone(), vec![by_hand::commented(row, by_hand)]),
            (Act::Assign(to), _) => {
                let (row, writes) = by_hand::assigned(row, to, by_hand);
                (steps::settled(row, series.state, series), writes)
            }
        };
        let change = Change {
            key: key.clone(),
            after,
            writes,
        };
        let committed = commit::one(&self.store, request.actor, change).await?;
        let state = self.state();
        let steps = self.install(committed);
        let alert = self.show(steps);
        self.tell_outside(state);
        alert.ok_or(AlertError::NotFound(request.id))
    }

    /// A person ends an alert: what is crossed now must be false once before it fires again.
    fn resolved(
        &self,
        rule: RuleId,
        series: &Series,
        row: &AlertRow,
        by_hand: ByHand,
    ) -> (Series, Vec<Write>) {
        let Some(active) = self.rules.get(rule) else {
            let state = series.state.resolved_by_person(0, by_hand.at);
            return by_hand::ended(series, row, by_hand, state, None);
        };
        let rule = &active.rule.input;
        let input = Input::new(Observation::ResolvedByPerson, series.state, by_hand.at);
        let outcome = decide(rule, &input);
        let state = outcome.state();
        let holds_until = state.holds_until(rule.cooldown_seconds);
        let (after, mut writes) = by_hand::ended(series, row, by_hand, state, holds_until);
        writes.push(steps::decided(row.id.0, active, &input, &outcome));
        (after, writes)
    }

    /// An alert that is over can be resolved again, without change, and not be taken any more; what
    /// is said to it and who looks into it still counts.
    async fn act_on_past(&mut self, request: Request) -> Result<Alert, AlertError> {
        let id = request.id;
        let row = self
            .store
            .read(move |conn| tables::alert::find(conn, id))
            .await?;
        let row = row.ok_or(AlertError::NotFound(id))?;
        let by_hand = request.by_hand(self.now());
        let writes = match request.act {
            Act::Resolve => return Ok(row.into()),
            Act::Acknowledge => return Err(AlertError::Over(id)),
            Act::Assign(to) if row.assignee.map(|id| id.0) == to => return Ok(row.into()),
            Act::Comment => vec![by_hand::commented(&row, by_hand)],
            Act::Assign(to) => by_hand::assigned(&row, to, by_hand).1,
        };
        let steps = commit::written(&self.store, request.actor, writes).await?;
        self.show(steps).ok_or(AlertError::NotFound(id))
    }

    /// Only somebody who can read alerts can look after one.
    async fn must_be_there(&self, person: UserId) -> Result<(), AlertError> {
        let row = self
            .store
            .read(move |conn| tables::user::find(conn, person))
            .await?;
        row.filter(|row| !row.disabled && row.role.0.may(Permission::AlertsRead))
            .map(|_| ())
            .ok_or(AlertError::NoSuchPerson(person))
    }
}

impl Request {
    fn by_hand(&self, at: UnixMs) -> ByHand {
        let by = match self.actor {
            Actor::Person { user, .. } | Actor::Key { user, .. } | Actor::Password { user } => {
                Some(user)
            }
            Actor::System(_) => None,
        };
        ByHand {
            by,
            comment: self.comment.clone(),
            at,
        }
    }
}
