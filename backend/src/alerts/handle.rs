//! What the rest of the server asks of alerts; never how the engine answers.

use std::sync::{Arc, Mutex, PoisonError};

use common::alert::Alert;
use common::api::alerts::EngineStatus;
use common::ids::AlertId;
use tokio::sync::{mpsc, oneshot};

use super::action::{Act, Command, Request};
use super::error::AlertError;
use super::evaluations::Evaluations;
use super::noise::Holders;
use crate::auth::{Allowed, MayTake, Scope, may};
use crate::store::{Actor, Store};

/// Most characters of a comment.
const COMMENT_CHARS: usize = 2_000;

/// The alerts. Clones share them.
#[derive(Debug, Clone)]
pub struct Alerts {
    pub(super) store: Store,
    pub(super) holders: Holders,
    commands: mpsc::Sender<Command>,
    status: Arc<Mutex<EngineStatus>>,
    pub(super) evaluations: Evaluations,
}

impl Alerts {
    /// The way to a running engine.
    pub(super) fn new(
        store: Store,
        holders: Holders,
        commands: mpsc::Sender<Command>,
        status: Arc<Mutex<EngineStatus>>,
        evaluations: Evaluations,
    ) -> Self {
        Self {
            store,
            holders,
            commands,
            status,
            evaluations,
        }
    }

    /// Who holds alerts back.
    pub fn holders(&self) -> &Holders {
        &self.holders
    }

    /// How the engine is.
    pub fn status(&self) -> EngineStatus {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person takes or ends an alert, says something to it or gives it to somebody; the alert afterwards, once it is durable. What is so
    /// already stays untouched.
    pub async fn act(
        &self,
        may: &Allowed<may::AlertsAct>,
        id: AlertId,
        act: Act,
        comment: Option<String>,
    ) -> Result<Alert, AlertError> {
        let comment = comment.filter(|text| !text.trim().is_empty());
        if act == Act::Comment && comment.is_none() {
            return Err(AlertError::NothingSaid);
        }
        if comment
            .as_ref()
            .is_some_and(|text| text.chars().count() > COMMENT_CHARS)
        {
            return Err(AlertError::CommentTooLong {
                limit: COMMENT_CHARS,
            });
        }
        self.must_see(may.scope(), id).await?;
        let actor = may.actor();
        self.ask(Request {
            id,
            act,
            actor,
            comment,
        })
        .await
    }

    /// Somebody who has the link of a message takes an alert that it told of; who that is nobody knows,
    /// but which channel had it.
    pub async fn take_by_link(
        &self,
        _may: MayTake,
        id: AlertId,
        channel: &str,
    ) -> Result<Alert, AlertError> {
        self.ask(Request {
            id,
            act: Act::Acknowledge,
            actor: Actor::System("link in a message"),
            comment: Some(format!("By the link in a message to “{channel}”.")),
        })
        .await
    }

    async fn ask(&self, request: Request) -> Result<Alert, AlertError> {
        let (reply, answer) = oneshot::channel();
        let command = Command::Act(request, reply);
        self.commands
            .send(command)
            .await
            .map_err(|_| AlertError::Stopped)?;
        answer.await.map_err(|_| AlertError::Stopped)?
    }

    /// An alert of a server that is not seen is none.
    async fn must_see(&self, scope: &Scope, id: AlertId) -> Result<(), AlertError> {
        if *scope == Scope::All {
            return Ok(());
        }
        let scope = scope.clone();
        let read = self.store.read(move |conn| scope.find_alert(conn, id));
        let found = read.await?;
        found.map(|_| ()).ok_or(AlertError::NotFound(id))
    }

    /// Rules or servers were changed and that is committed: returns once the engine goes by it.
    pub async fn reload(&self) {
        let (reply, done) = oneshot::channel();
        if self.commands.send(Command::Reload(reply)).await.is_err() || done.await.is_err() {
            tracing::debug!("the rule engine has stopped; the next start reads rules and servers");
        }
    }
}
