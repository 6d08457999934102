//! The harness: starts the real binary with its own directory and port, and real clients and browsers beside it.
//! Never a mock of what can be real.
#![expect(
    clippy::disallowed_methods,
    reason = "the harness starts real programs and waits in real time"
)]

pub mod api;
pub mod bench;
pub mod browser;
pub mod dice;
mod driver;
pub mod exporter;
pub mod fuzz;
pub mod live;
pub mod multipart;
pub mod peer;
pub mod postgres;
mod process;
pub mod push_browser;
pub mod receiver;
pub mod server;
pub mod shape;
pub mod smtp;
pub mod wait;
