//! The hub: one place that knows who listens, shared by all connections; never a socket.

use std::sync::{Arc, Mutex, PoisonError};

use common::live::{CloseCode, PROTOCOL, ServerMessage};
use tokio::sync::watch;
use tokio::time::Instant;

use super::event::Inflow;
use super::fleet_turn::FleetTurn;
use super::limits::Limits;
use super::queue::Queue;
use super::roster::{ClientId, Roster};
use super::run;
use super::sources::{Sources, Viewer};
use super::subject::Subject;
use super::subscribe::Changes;
use super::watched::Watched;
use crate::clock::Clock;
use crate::tasks::Tasks;

/// What the hub is built from.
pub struct Settings {
    /// Names the dashboard that this server carries: another one must reload.
    pub build: String,
    /// Bounds of the connections.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
    /// Where connections run.
    pub tasks: Tasks,
    /// The servers that somebody looks at, kept by the hub.
    pub watched: Watched,
    /// Changes whenever a session or a role did: connections that are not allowed any more are
    /// then closed.
    pub access: watch::Receiver<()>,
}

/// The live connections. Clones share them.
#[derive(Clone)]
pub struct Hub {
    pub(super) shared: Arc<Shared>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

/// What all connections share.
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) sources: Arc<dyn Sources>,
    state: Mutex<State>,
}

/// What changes while the hub runs.
pub(super) struct State {
    pub(super) roster: Roster,
    pub(super) changes: Changes,
    pub(super) fleet: FleetTurn,
}

impl Hub {
    /// Starts the hub: from now on it takes events in, until the tasks are stopped.
    pub fn start(settings: Settings, sources: Arc<dyn Sources>, inflow: Inflow) -> Self {
        let tasks = settings.tasks.clone();
        let state = State {
            roster: Roster::default(),
            changes: Changes::default(),
            fleet: FleetTurn::new(settings.limits.fleet_turn, Instant::now()),
        };
        let hub = Self {
            shared: Arc::new(Shared {
                settings,
                sources,
                state: Mutex::new(state),
            }),
        };
        let stop = tasks.token();
        tasks.spawn("live hub", run::run(hub.clone(), inflow, stop));
        hub
    }

    /// Closes every connection with "going away" and takes no more in.
    pub fn close(&self) {
        self.with(|state| state.roster.close());
    }

    /// How many connections there are.
    pub fn clients(&self) -> usize {
        self.with(|state| state.roster.len())
    }

    /// Takes a connection in.
    pub(super) fn enter(&self) -> Result<Guest, CloseCode> {
        let limits = &self.shared.settings.limits;
        let queue = Arc::new(Queue::new(limits.waiting_events));
        let entered = Arc::clone(&queue);
        let id = self.with(|state| state.roster.enter(entered, limits.connections))?;
        Ok(Guest {
            hub: self.clone(),
            id,
            queue,
        })
    }

    /// The first message of a connection.
    pub(super) fn welcome(&self) -> ServerMessage {
        ServerMessage::Welcome {
            protocol: PROTOCOL,
            build: self.shared.settings.build.clone(),
            server_time: self.shared.settings.clock.now(),
        }
    }

    pub(super) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let state = self.shared.state.lock();
        look(&mut state.unwrap_or_else(PoisonError::into_inner))
    }
}

/// One connection's place in the hub; dropping it gives the place up.
pub(super) struct Guest {
    pub(super) hub: Hub,
    pub(super) id: ClientId,
    pub(super) queue: Arc<Queue>,
}

impl Guest {
    /// Notes whose connection this is.
    pub(super) fn belongs(&self, viewer: &Viewer) -> Result<(), CloseCode> {
        let most = self.hub.shared.settings.limits.connections_per_session;
        self.hub.with(|state| {
            let whose = (viewer.session, viewer.scope.clone());
            state.roster.belongs(self.id, whose, most)
        })
    }

    /// Stops to listen.
    pub(super) fn unsubscribe(&self, subject: &Subject) {
        let did = self
            .hub
            .with(|state| state.roster.unlisten(self.id, subject));
        if did {
            self.unwatch(subject);
        }
    }

    /// Tells the collector that this connection looks at a server.
    pub(super) fn watch(&self, subject: &Subject) {
        if let Subject::Server(server) = subject {
            self.hub.shared.settings.watched.enter(*server);
        }
    }

    fn unwatch(&self, subject: &Subject) {
        if let Subject::Server(server) = subject {
            self.hub.shared.settings.watched.leave(*server);
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        for subject in self.hub.with(|state| state.roster.leave(self.id)) {
            self.unwatch(&subject);
        }
    }
}
