//! Sends what is stored on to receivers of remote writes, from where each of them stopped; never a copy
//! of a sample beside the store.
//!
//! A receiver follows the frames by their numbers, and how far it came is remembered in the database. One
//! that was away so long that its frames are packed by then is given what lies in the packs, by time, and
//! goes on with the frames after that.

mod connection;
mod cursor;
mod delivery;
mod described;
mod error;
mod message;
mod missed;
mod section;
mod state;
mod worker;

pub use error::ForwardError;
pub use section::ServerNames;

use std::collections::BTreeSet;
use std::sync::Arc;

use common::api::remote_write::Receivers;

use crate::auth::{Allowed, may};
use crate::clock::Clock;
use crate::config::remote_write::ReceiverConfig;
use crate::egress::Reach;
use crate::ingest::MetadataBook;
use crate::store::metrics::Metrics;
use crate::tasks::Tasks;
use connection::Connection;
use state::State;
use worker::Worker;

/// What sending needs.
pub struct Parts {
    /// Where samples are read.
    pub metrics: Metrics,
    /// Where the time comes from.
    pub clock: Clock,
    /// What servers are called.
    pub names: ServerNames,
    /// What metrics are.
    pub metadata: MetadataBook,
    /// Where connections may go.
    pub targets: Reach,
}

/// The receivers. Clones share them.
#[derive(Debug, Clone)]
pub struct Forwarding {
    clock: Clock,
    states: Arc<[Arc<State>]>,
}

impl Forwarding {
    /// Begins to send to all receivers, and forgets those that were set once.
    pub async fn start(
        parts: &Parts,
        tasks: &Tasks,
        receivers: &[ReceiverConfig],
    ) -> Result<Self, ForwardError> {
        let mut names = BTreeSet::new();
        let mut states = Vec::with_capacity(receivers.len());
        for config in receivers {
            if !names.insert(&config.name) {
                return Err(ForwardError::NameTwice(config.name.clone()));
            }
            let connection = Connection::new(config, &parts.targets)?;
            let state = Arc::new(State::new(config));
            let worker = Worker::new(parts, config, connection, Arc::clone(&state));
            tasks.spawn("remote write", worker.run(tasks.token()));
            states.push(state);
        }
        let names = receivers.iter().map(|config| config.name.clone());
        parts.metrics.forward_only_to(names.collect()).await?;
        Ok(Self {
            clock: parts.clock.clone(),
            states: states.into(),
        })
    }

    /// The receivers and how far they are.
    pub fn receivers(&self, _: &Allowed<may::MetricsRead>) -> Receivers {
        let now = self.clock.now();
        Receivers {
            items: self.states.iter().map(|state| state.at(now)).collect(),
        }
    }
}
