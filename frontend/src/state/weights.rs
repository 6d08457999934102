//! What readings and alerts cost in the health score, as the server is set; never a score.

use common::health::HealthWeights;
use leptos::prelude::*;

use super::session::use_session;
use crate::api::root;
use crate::live::use_live;
use crate::reactive::{effect, spawn};

/// The weights of the server's settings; the defaults until it has said them.
#[derive(Clone, Copy)]
pub struct Weights(RwSignal<HealthWeights>);

impl Weights {
    /// Makes them known to all components below and reads them: at the start, and after each loss of the
    /// connection, since a server that was started anew may be set otherwise.
    pub fn provide() {
        let weights = Self(RwSignal::new(HealthWeights::default()));
        provide_context(weights);
        let api = use_session().api();
        let resumed = use_live().resumed();
        effect(move || {
            resumed.track();
            spawn(async move {
                if let Ok(root) = root::read(api).await {
                    weights.take(root.health);
                }
            });
        });
    }

    fn take(self, new: HealthWeights) {
        if self.0.try_get_untracked().is_some_and(|known| known != new) {
            self.0.try_set(new);
        }
    }

    /// What they are now.
    pub fn get(self) -> HealthWeights {
        self.0.get()
    }
}

/// The weights of the server's settings.
pub fn use_weights() -> Weights {
    expect_context()
}
