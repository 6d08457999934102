//! The live connection: topics, messages, close codes, and their two encodings; never a socket.

mod client;
mod close;
mod server;
mod topic;
mod wire;

pub use client::ClientMessage;
pub use close::CloseCode;
pub use server::ServerMessage;
pub use topic::Topic;
pub use wire::{Encoding, Wire, WireError};

/// Version of the messages; a client of another version must reload.
pub const PROTOCOL: u32 = 1;

/// The largest frame that a client may send, in bytes; a larger one closes with 1009.
pub const MAX_CLIENT_FRAME_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests;
