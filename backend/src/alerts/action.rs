//! What a person does to an alert; never what the rule does.

use common::alert::{Alert, AlertState};
use common::ids::AlertId;
use tokio::sync::oneshot;

use super::batch::Change;
use super::commit;
use super::engine::Engine;
use super::error::AlertError;
use super::steps::{self, ByHand};
use crate::store::{Actor, tables};

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Takes a firing alert.
    Acknowledge,
    /// Ends it.
    Resolve,
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
        let Request {
            id,
            act,
            actor,
            comment,
        } = request;
        let Some((key, series, row)) = self.memory.find_open(id) else {
            return self.act_on_past(id, act).await;
        };
        let by_hand = ByHand {
            by: match actor {
                Actor::Person { user, .. } | Actor::Key { user, .. } | Actor::Password { user } => {
                    Some(user)
                }
                Actor::System(_) => None,
            },
            comment,
            at: self.now(),
        };
        let (after, writes) = match (act, row.state.0) {
            (_, AlertState::Pending) => return Err(AlertError::Pending(id)),
            (Act::Acknowledge, AlertState::Acknowledged) => return Ok(row.clone().into()),
            (Act::Acknowledge, _) => steps::acknowledged(series, row, by_hand),
            (Act::Resolve, _) => {
                let cooldown = self.cooldown_seconds(key.rule);
                let state = series.state.resolved_by_person(cooldown, by_hand.at);
                let holds_until = state.holds_until(cooldown);
                steps::ended(series, row, by_hand, state, holds_until)
            }
        };
        let change = Change {
            key: key.clone(),
            after,
            writes,
        };
        let committed = commit::one(&self.store, actor, change).await?;
        let alert = committed.told.last().map(|changed| changed.alert.clone());
        let state = self.state();
        self.install(committed);
        self.tell_outside(state);
        alert.ok_or(AlertError::NotFound(id))
    }

    /// An alert that is over can be resolved again, without change, and not be taken any more.
    async fn act_on_past(&self, id: AlertId, act: Act) -> Result<Alert, AlertError> {
        let row = self
            .store
            .read(move |conn| tables::alert::find(conn, id))
            .await?;
        match (row, act) {
            (None, _) => Err(AlertError::NotFound(id)),
            (Some(row), Act::Resolve) => Ok(row.into()),
            (Some(_), Act::Acknowledge) => Err(AlertError::Over(id)),
        }
    }
}
