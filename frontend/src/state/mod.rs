//! What the whole page knows: session, preferences, servers, alerts, messages; never markup.

pub mod alerts;
pub mod fleet;
pub mod inbox;
pub mod load;
pub mod page;
pub mod preferences;
pub mod ring;
pub mod samples;
pub mod session;
pub mod start;
pub mod ticker;
pub mod weights;
