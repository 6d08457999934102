//! How many alerts fire on each server, as whoever knows it tells; never the alerts themselves.

use common::alert::AlertCounts;
use common::ids::ServerId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Firing alerts by server: acknowledged ones count, silenced ones do not. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct FiringCounts(Arc<RwLock<HashMap<ServerId, AlertCounts>>>);

impl FiringCounts {
    /// The counts of a server; zeros when none was told.
    pub fn of(&self, server: ServerId) -> AlertCounts {
        let counts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        counts.get(&server).copied().unwrap_or_default()
    }

    /// Tells the counts of all servers; those that are left out have none.
    pub fn replace(&self, counts: HashMap<ServerId, AlertCounts>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = counts;
    }
}
