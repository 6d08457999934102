//! What the whole page knows: session, preferences, servers, messages; never markup.

pub mod load;
pub mod page;
pub mod preferences;
pub mod session;
