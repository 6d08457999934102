//! What a page has read from the server, in one of four states; never what it looks like.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;

use crate::api::{Api, ApiError, use_api};
use crate::live::use_live;
use crate::reactive::{effect, spawn};

/// How far a reading has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Loaded<T> {
    /// It was asked for.
    Loading,
    /// It is here.
    Ready(T),
    /// It could not be read.
    Failed(ApiError),
    /// It is here, and reading it anew failed.
    Stale(T, ApiError),
}

impl<T> Loaded<T> {
    /// What was read last; `None` before the first time.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Ready(value) | Self::Stale(value, _) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }

    /// This state after another attempt to read.
    #[must_use]
    pub fn after(self, outcome: Result<T, ApiError>) -> Self {
        match (outcome, self) {
            (Ok(value), _) => Self::Ready(value),
            (Err(error), Self::Ready(last) | Self::Stale(last, _)) => Self::Stale(last, error),
            (Err(error), Self::Loading | Self::Failed(_)) => Self::Failed(error),
        }
    }
}

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;
type Reader<T> = Box<dyn Fn(Api) -> Answer<T>>;

/// A reading that can be repeated.
pub struct Load<T: Send + Sync + 'static> {
    state: RwSignal<Loaded<T>>,
    turn: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

impl<T: Clone + Send + Sync + 'static> Load<T> {
    /// Reads now, again when a lost connection is back, and when a signal changes that `read` looks at before its first await.
    /// What comes after the component has gone is dropped.
    pub fn new<F, R>(read: F) -> Self
    where
        F: Fn(Api) -> R + 'static,
        R: Future<Output = Result<T, ApiError>> + 'static,
    {
        Self::boxed(Box::new(move |api| Box::pin(read(api))))
    }

    #[inline(never)]
    fn boxed(read: Reader<T>) -> Self {
        let load = Self {
            state: RwSignal::new(Loaded::Loading),
            turn: RwSignal::new(0),
        };
        let api = use_api();
        let started = StoredValue::new(0_u32);
        let resumed = use_live().resumed();
        effect(move || {
            load.turn.track();
            resumed.track();
            let this = started.get_value() + 1;
            started.set_value(this);
            let answer = read(api);
            spawn(async move {
                let outcome = answer.await;
                if started.try_get_value() == Some(this) {
                    load.take(outcome);
                }
            });
        });
        load
    }

    fn take(self, outcome: Result<T, ApiError>) {
        if matches!(outcome, Err(ApiError::Aborted)) {
            return;
        }
        self.state.try_update(|state| {
            *state = std::mem::replace(state, Loaded::Loading).after(outcome);
        });
    }

    /// How far it has come.
    pub fn state(self) -> ReadSignal<Loaded<T>> {
        self.state.read_only()
    }

    /// Reads again, keeping what is there until the answer comes.
    pub fn again(self) {
        if matches!(self.state.get_untracked(), Loaded::Failed(_)) {
            self.state.set(Loaded::Loading);
        }
        self.turn.update(|turn| *turn += 1);
    }

    /// Changes what was read, after the server took the same change.
    pub fn amend(self, change: impl FnOnce(&mut T)) {
        self.state.update(|state| {
            if let Loaded::Ready(value) | Loaded::Stale(value, _) = state {
                change(value);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{ApiError, Loaded};

    #[test]
    fn a_failure_keeps_what_was_read_before() {
        let failed = Loaded::<u8>::Loading.after(Err(ApiError::Offline));
        assert_eq!(failed, Loaded::Failed(ApiError::Offline));
        let ready = failed.after(Ok(1));
        assert_eq!(ready, Loaded::Ready(1));
        let stale = ready.after(Err(ApiError::Offline));
        assert_eq!(stale, Loaded::Stale(1, ApiError::Offline));
        assert_eq!(stale.value(), Some(&1));
        assert_eq!(stale.after(Ok(2)), Loaded::Ready(2));
    }
}
