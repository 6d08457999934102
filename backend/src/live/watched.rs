//! Which servers somebody looks at right now; never who.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use common::ids::ServerId;

/// The servers with a subscriber of `server:<id>`. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Watched(Arc<Mutex<HashMap<ServerId, u32>>>);

impl Watched {
    /// Whether somebody looks at this server.
    pub fn contains(&self, server: ServerId) -> bool {
        self.with(|viewers| viewers.contains_key(&server))
    }

    /// One more looks at it.
    pub(super) fn enter(&self, server: ServerId) {
        self.with(|viewers| *viewers.entry(server).or_default() += 1);
    }

    /// One less looks at it.
    pub(super) fn leave(&self, server: ServerId) {
        self.with(|viewers| {
            if let Some(count) = viewers.get_mut(&server) {
                *count -= 1;
                if *count == 0 {
                    viewers.remove(&server);
                }
            }
        });
    }

    fn with<T>(&self, look: impl FnOnce(&mut HashMap<ServerId, u32>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_server_is_watched_until_the_last_viewer_leaves() {
        let (watched, server) = (Watched::default(), ServerId(Uuid::nil()));
        watched.enter(server);
        watched.enter(server);
        watched.leave(server);
        assert!(watched.contains(server));
        watched.leave(server);
        assert!(!watched.contains(server));
        watched.leave(server);
        assert!(!watched.contains(server));
    }
}
