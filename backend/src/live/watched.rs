//! Which servers somebody looks at right now; never who.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use common::ids::ServerId;

/// The servers with a subscriber of `server:<id>`. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Watched(Arc<Mutex<HashMap<ServerId, Looked>>>);

/// How many look at a server, and the flag that says whether anybody does.
#[derive(Debug, Default)]
struct Looked {
    viewers: u32,
    flag: Arc<AtomicBool>,
}

impl Watched {
    /// A flag that is set while somebody looks at this server.
    pub fn flag(&self, server: ServerId) -> Arc<AtomicBool> {
        self.with(|servers| Arc::clone(&servers.entry(server).or_default().flag))
    }

    /// One more looks at it.
    pub(super) fn enter(&self, server: ServerId) {
        self.with(|servers| {
            let looked = servers.entry(server).or_default();
            looked.viewers += 1;
            looked.flag.store(true, Ordering::Relaxed);
        });
    }

    /// One less looks at it.
    pub(super) fn leave(&self, server: ServerId) {
        self.with(|servers| {
            if let Some(looked) = servers.get_mut(&server) {
                looked.viewers = looked.viewers.saturating_sub(1);
                looked.flag.store(looked.viewers > 0, Ordering::Relaxed);
            }
        });
    }

    fn with<T>(&self, look: impl FnOnce(&mut HashMap<ServerId, Looked>) -> T) -> T {
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
        let flag = watched.flag(server);
        let is_set = || flag.load(Ordering::Relaxed);
        watched.enter(server);
        watched.enter(server);
        watched.leave(server);
        assert!(is_set());
        watched.leave(server);
        assert!(!is_set());
        watched.leave(server);
        watched.enter(server);
        assert!(is_set());
    }
}
