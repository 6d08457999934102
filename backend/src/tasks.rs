//! Supervised tasks: named, cancellable, joined. One that panics is logged and stops the process.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The running tasks of the process. Clones share them.
#[derive(Debug, Clone)]
pub struct Tasks {
    token: CancellationToken,
    runtime: Handle,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    set: JoinSet<()>,
    running: BTreeMap<u64, &'static str>,
    started: u64,
    panicked: Option<&'static str>,
}

impl Tasks {
    /// Tasks on the current tokio runtime. Panics outside one.
    pub fn new() -> Self {
        Self {
            token: CancellationToken::new(),
            runtime: Handle::current(),
            shared: Arc::default(),
        }
    }

    /// Cancelled when the process stops: every task watches it.
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Starts a task on the runtime that made `self`.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let id = self.enter(name);
        let task = self.clone().supervised(id, name, task);
        self.with(|shared| {
            while shared.set.try_join_next().is_some() {}
            shared.set.spawn_on(task, &self.runtime);
        });
    }

    /// Starts a task on the calling thread, for futures that cannot move (a socket in its handler).
    /// Panics outside of an actix worker or a tokio `LocalSet`.
    pub fn spawn_local(&self, name: &'static str, task: impl Future<Output = ()> + 'static) {
        let id = self.enter(name);
        let task = self.clone().supervised(id, name, task);
        self.with(|shared| {
            while shared.set.try_join_next().is_some() {}
            shared.set.spawn_local(task);
        });
    }

    /// The name of the first task that panicked; the token is then cancelled.
    pub fn panicked(&self) -> Option<&'static str> {
        self.with(|shared| shared.panicked)
    }

    /// Names of the tasks that have not ended.
    pub fn running(&self) -> Vec<&'static str> {
        self.with(|shared| shared.running.values().copied().collect())
    }

    /// Cancels all tasks, waits for them up to `grace`, then aborts and names what is left.
    pub async fn stop(self, grace: Duration) {
        self.token.cancel();
        let mut set = self.with(|shared| std::mem::take(&mut shared.set));
        let joined =
            tokio::time::timeout(grace, async { while set.join_next().await.is_some() {} });
        if joined.await.is_err() {
            tracing::warn!(tasks = ?self.running(), "tasks did not stop in time and were aborted");
            set.shutdown().await;
        }
    }

    async fn supervised(self, id: u64, name: &'static str, task: impl Future<Output = ()>) {
        let outcome = AssertUnwindSafe(task).catch_unwind().await;
        self.with(|shared| {
            shared.running.remove(&id);
            if outcome.is_err() {
                shared.panicked.get_or_insert(name);
            }
        });
        if outcome.is_err() {
            tracing::error!(task = name, "a task panicked; the process stops");
            self.token.cancel();
        }
    }

    fn enter(&self, name: &'static str) -> u64 {
        self.with(|shared| {
            shared.started += 1;
            shared.running.insert(shared.started, name);
            shared.started
        })
    }

    fn with<T>(&self, look: impl FnOnce(&mut Shared) -> T) -> T {
        look(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn stopping_cancels_and_joins() {
        let tasks = Tasks::new();
        let (token, ended) = (tasks.token(), Arc::new(Mutex::new(false)));
        let seen = Arc::clone(&ended);
        tasks.spawn("worker", async move {
            token.cancelled().await;
            *seen.lock().unwrap() = true;
        });
        assert_eq!(tasks.running(), ["worker"]);
        let watch = tasks.clone();
        tasks.stop(Duration::from_secs(5)).await;
        assert!(*ended.lock().unwrap());
        assert!(watch.running().is_empty());
    }

    #[tokio::test]
    async fn a_task_that_never_ends_is_aborted_after_the_grace() {
        let tasks = Tasks::new();
        tasks.spawn("stuck", std::future::pending());
        tasks.stop(Duration::from_millis(1)).await;
    }

    #[tokio::test]
    async fn a_panic_cancels_all_and_is_named() {
        let tasks = Tasks::new();
        tasks.spawn("broken", async { panic!("on purpose") });
        tasks.token().cancelled().await;
        assert_eq!(tasks.panicked(), Some("broken"));
    }
}
