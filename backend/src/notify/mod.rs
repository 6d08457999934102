//! The outbox: intents to deliveries to channels; never decides whether an alert fires.
//!
//! A worker composes deliveries from due intents and marks those consumed in one transaction, which
//! also writes the inboxes. A delivery for a channel is claimed with a lease and a fence that is
//! checked when the attempt is settled; each attempt carries the same key. Deliveries of one alert
//! and channel go out in their order: a recovery never overtakes its firing.

mod book;
mod browser;
mod browsers;
mod channels;
mod compose;
pub mod config_file;
mod drawing;
mod error;
mod in_app;
mod inbox;
mod lanes;
mod links;
mod load;
mod log;
mod message;
mod outbox;
mod personal;
pub mod picture;
mod preferences;
pub mod route;
mod schedule;
mod send;
mod settle;
mod statistics;
mod stored;
mod template;
mod unsubscribe;
mod vapid;
mod wording;
mod worker;

pub use book::ChannelBook;
pub use browsers::Browsers;
pub use error::{ChannelError, DeliveryError, PushError};
pub use inbox::{Inbox, InboxChanged, InboxError, OnInbox};
pub use links::{LinkError, LinkMaker, Linked, MessageLinks};
pub use log::DeliveryLog;
pub use outbox::{Outbox, Parts, start};
pub use personal::Personal;
pub use preferences::Wishes;
pub use send::Wire;
pub use template::{TemplateBook, TemplateError};
pub use unsubscribe::{Standing, Subscription};
pub use vapid::Vapid;

/// What people set up and look at, beside their inboxes. Clones share it.
#[derive(Debug, Clone)]
pub struct Notifications {
    /// Where messages go.
    pub channels: ChannelBook,
    /// What they say there.
    pub templates: TemplateBook,
    /// What was told, and how that went.
    pub deliveries: DeliveryLog,
    /// The browsers that people are told in.
    pub browsers: Browsers,
    /// What is kept about people.
    pub personal: Personal,
}

#[cfg(test)]
mod tests;
