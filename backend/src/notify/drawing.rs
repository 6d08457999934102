//! The picture of a message: drawn once for all its channels and attempts, or left out; never waited for long.

use std::sync::Arc;
use std::time::Duration;

use common::alert::AlertChange;
use common::api::webhook::Event;
use common::ids::AlertId;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use super::message::{Happened, Picture};
use super::picture::{Look, Pictures};

/// A message waits no longer for its picture.
const LONGEST: Duration = Duration::from_secs(1);
/// So many messages wait for one at once; further ones go without.
const WAITING: usize = 8;
/// So many pictures are kept for other channels and further attempts, some ten kilobytes each.
const KEPT: usize = 32;

/// Draws for messages. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Drawing {
    pictures: Pictures,
    gate: Arc<Semaphore>,
    drawn: Arc<Cache<(AlertId, i64), Picture>>,
}

impl Drawing {
    /// Draws by `pictures`.
    pub(super) fn new(pictures: Pictures) -> Self {
        Self {
            pictures,
            gate: Arc::new(Semaphore::new(WAITING)),
            drawn: Arc::new(Cache::new(KEPT)),
        }
    }

    /// The picture of a step; why there is none.
    pub(super) async fn of(&self, step: &Happened) -> Result<Picture, String> {
        let Ok(_turn) = self.gate.try_acquire() else {
            return Err("too many are drawn at once".to_owned());
        };
        let key = (step.alert.id, step.at.0);
        let drawn = self
            .drawn
            .get_or_insert_async(&key, async { self.draw(step).await });
        let drawn = tokio::time::timeout(LONGEST, drawn).await;
        drawn.unwrap_or_else(|_| Err(format!("not drawn within {} s", LONGEST.as_secs())))
    }

    async fn draw(&self, step: &Happened) -> Result<Picture, String> {
        let alert = &step.alert;
        let picture = self.pictures.of(alert.id, Look::Light).await;
        let picture = picture.map_err(|error| error.to_string())?;
        Ok(Picture {
            png: picture.png,
            width: picture.width,
            height: picture.height,
            about: format!("{} on {}, around {}", alert.rule, alert.server, step.at),
        })
    }
}

/// Whether a picture says anything about what happened.
pub(super) fn is_worth(event: Event) -> bool {
    match event {
        Event::Changed(
            AlertChange::Fired
            | AlertChange::Escalated
            | AlertChange::Deescalated
            | AlertChange::Resolved
            | AlertChange::Flapping
            | AlertChange::Calmed,
        ) => true,
        Event::Changed(
            AlertChange::Acknowledged | AlertChange::Commented | AlertChange::Assigned,
        )
        | Event::Test(_) => false,
    }
}
