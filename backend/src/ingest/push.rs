//! Values that others push: checked as they are read, stored whole or not at all, then shown to
//! the rules; never part of a host's sample.

mod error;
mod gathering;
mod text;

pub use error::{Fault, Flaw, Place, PushError};
pub use gathering::{Accepts, Gathering, Given, Manner, Pushed};
pub use text::read as read_text;

use super::pipeline::FUTURE_MS;
use super::{Ingest, Kept, Origin, SeriesCount, Stored, Values};
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;
/// Rules look at nothing that is older.
const NEWS_MS: i64 = 60_000;

impl Ingest {
    /// Stores what was gathered for a server; done when it is durable and on its way to the rules.
    /// It may not have more series than `most_series` afterwards, unless none of them is new.
    pub async fn push(
        &self,
        server: ServerId,
        pushed: Pushed,
        most_series: usize,
    ) -> Result<(), PushError> {
        if !self.0.board.wants(server) {
            return Err(PushError::NotWanted);
        }
        let keys = pushed.keys(server);
        let growing = if self.count(server, &keys).new > 0 {
            Some(self.0.growing.lock().await)
        } else {
            None
        };
        let SeriesCount { known, new } = self.count(server, &keys);
        if new > 0 && known + new > most_series {
            return Err(PushError::TooManySeries {
                limit: most_series,
                known,
                new,
            });
        }
        let moments = pushed.moments(&keys);
        let kept = moments.iter().map(|(at, values)| Kept {
            server,
            at: *at,
            values: Arc::clone(values),
            processes: None,
        });
        self.0.outlets.keep.keep(kept.collect()).await?;
        drop(growing);
        self.tell_rules(server, moments).await;
        Ok(())
    }

    pub(super) fn count(&self, server: ServerId, keys: &[SeriesKey]) -> SeriesCount {
        self.0.outlets.keep.count(server, keys)
    }

    /// Waits for the rules when they are slow: the one who pushes is held back, not the host.
    pub(super) async fn tell_rules(&self, server: ServerId, moments: Vec<(UnixMs, Values)>) {
        let now = self.0.clock.now();
        let is_news = |at: UnixMs| now.since_ms(at) <= NEWS_MS;
        let news = moments.into_iter().filter(|(at, _)| is_news(*at));
        let news: Vec<_> = news
            .map(|(at, values)| Stored {
                server,
                at,
                values: finite(values),
                origin: Origin::Pushed,
            })
            .collect();
        if !news.is_empty() && self.0.outlets.pushed.send(news).await.is_err() {
            tracing::debug!("pushed values came while the server stopped: no rule saw them");
        }
    }
}

/// What rules can look at: the end of a series and what is no number are no value of it.
fn finite(values: Values) -> Values {
    if values.iter().all(|(_, value)| value.is_finite()) {
        return values;
    }
    let finite = values.iter().filter(|(_, value)| value.is_finite());
    finite.cloned().collect()
}

#[cfg(test)]
mod tests;
