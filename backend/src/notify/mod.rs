//! The outbox: intents to deliveries to channels; never decides whether an alert fires.
//!
//! A worker composes deliveries from due intents and marks those consumed in one transaction.
//! A delivery is claimed with a lease and a fence that is checked when it is completed; the
//! in-app channel writes its messages in that same transaction, so that each person gets each
//! message exactly once. Deliveries go out in the order of the steps: a recovery never overtakes
//! its firing.

mod compose;
mod in_app;
mod inbox;
mod outbox;
pub mod picture;
mod wording;

pub use inbox::{Inbox, InboxChanged, InboxError, OnInbox};
pub use outbox::{Outbox, Parts, start};

#[cfg(test)]
mod tests;
