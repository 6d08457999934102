//! The present second, for ages that grow; never for measuring.

use std::time::Duration;

use common::time::UnixMs;
use leptos::prelude::*;

use crate::browser;

/// The present moment, renewed each second.
#[derive(Clone, Copy)]
pub struct Ticker(RwSignal<UnixMs>);

impl Ticker {
    /// Makes it known to all components.
    pub fn provide() {
        let ticker = Self(RwSignal::new(browser::now()));
        provide_context(ticker);
        let handle = set_interval_with_handle(
            move || {
                ticker.0.try_set(browser::now());
            },
            Duration::from_secs(1),
        );
        on_cleanup(move || {
            if let Ok(handle) = handle {
                handle.clear();
            }
        });
    }
}

/// The present moment; whoever reads it is told each second.
pub fn use_now() -> Signal<UnixMs> {
    expect_context::<Ticker>().0.into()
}
