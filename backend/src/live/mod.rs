//! What connected clients see at once: hub, topics, conflating queues; never history, never a database.

mod connection;
mod conversation;
mod event;
mod fleet_turn;
mod frame;
mod frame_guard;
mod hub;
mod limits;
mod queue;
mod refusal;
mod roster;
mod run;
mod sources;
mod subject;
mod subscribe;
mod watched;
mod wire;

pub use connection::{HangUp, upgrade};
pub use event::{Inflow, LiveEvent, Publisher, channel};
pub use hub::{Hub, Settings};
pub use limits::Limits;
pub use sources::{Access, Credential, Newest, Sources, Viewer};
pub use watched::Watched;

#[cfg(test)]
mod tests;
