//! Metrics that others push for a server; never which values are accepted.

use common::api::custom::CustomStored;
use common::api::servers::ServerKind;
use common::ids::ServerId;

use super::Fleet;
use crate::auth::{Allowed, may};
use crate::ingest::push::{Accepts, Gathering, Manner, PushError, Pushed};

impl Fleet {
    /// Takes values for a server, or for the local one, as they are read. A server that there is
    /// not is said by [`Fleet::push`]: what is wrong with the values comes first.
    pub fn gathering(&self, _: &Allowed<may::MetricsWrite>, server: Option<ServerId>) -> Gathering {
        let server = server.unwrap_or(self.0.local);
        let kind = self.with(server, |known| known.row.kind.0);
        Gathering::new(Accepts {
            now: self.now(),
            most_series: self.0.max_series,
            retention_days: self.0.retention_days,
            is_sampled: kind != Some(ServerKind::Push),
            manner: Manner::Custom,
        })
    }

    /// Stores what was gathered, all or nothing; done when it is durable.
    pub async fn push(
        &self,
        _: &Allowed<may::MetricsWrite>,
        server: Option<ServerId>,
        pushed: Pushed,
    ) -> Result<CustomStored, PushError> {
        let server = server.unwrap_or(self.0.local);
        if !self.knows(server) {
            return Err(PushError::NoServer);
        }
        let stored = CustomStored {
            samples: pushed.samples(),
            series: pushed.series(),
        };
        let most = self.0.max_series;
        self.0.ingest.push(server, pushed, most).await?;
        Ok(stored)
    }
}
