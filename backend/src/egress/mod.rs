//! Every outgoing connection: where it may go, how long and how much it may bring; never what it is for.
//!
//! Targets, which an administrator names, may be on private networks. Messages go where people who
//! set up channels say: to the public only, unless a setting opens more. Addresses of this machine,
//! of its link and of a cloud's metadata are connected to only where a setting lists them: a name may
//! be somebody else's to decide.

mod address;
mod body;
mod client;
mod error;
mod policy;
mod resolver;
mod tls;

pub use address::Kind;
pub use client::{Answer, Client, Limits, Redirects, Request, Settings};
pub use error::EgressError;
pub use policy::Reach;
pub use reqwest::{Method, StatusCode, header};
