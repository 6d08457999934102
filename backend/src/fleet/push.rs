//! Metrics that others push for a server; never which values are accepted.

use bytes::Bytes;
use common::api::custom::CustomStored;
use common::api::servers::ServerKind;
use common::ids::ServerId;

use super::Fleet;
use crate::auth::{Allowed, Scope, may};
use crate::ingest::otlp;
use crate::ingest::push::{Accepts, Gathering, Manner, PushError, Pushed};
use crate::ingest::remote_write::{self, WriteError, Written};

impl Fleet {
    /// Takes values for a server, or for the local one, as they are read. A server that there is
    /// not is said by [`Fleet::push`]: what is wrong with the values comes first.
    pub fn gathering(
        &self,
        may: &Allowed<may::MetricsWrite>,
        server: Option<ServerId>,
    ) -> Gathering {
        let server = server.unwrap_or(self.0.local);
        let kind = self.with(may.scope(), server, |known| known.row.kind.0);
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
        may: &Allowed<may::MetricsWrite>,
        server: Option<ServerId>,
        pushed: Pushed,
    ) -> Result<CustomStored, PushError> {
        let server = server.unwrap_or(self.0.local);
        if !self.knows(may.scope(), server) {
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

    /// Stores the samples of a remote write for a server, or for the local one, all or nothing; done
    /// when they are durable.
    pub async fn write(
        &self,
        may: &Allowed<may::MetricsWrite>,
        server: Option<ServerId>,
        message: Bytes,
    ) -> Result<Written, WriteError> {
        let accepts = self.accepts(may.scope(), server)?;
        self.0.ingest.write(message, accepts).await
    }

    /// Stores the points of an export of OTLP for a server, or for the local one; done when they are
    /// durable.
    pub async fn take_otlp(
        &self,
        may: &Allowed<may::MetricsWrite>,
        server: Option<ServerId>,
        body: Bytes,
        encoding: otlp::Encoding,
    ) -> Result<otlp::Exported, WriteError> {
        let accepts = self.accepts(may.scope(), server)?;
        self.0.ingest.export(body, encoding, accepts).await
    }

    fn accepts(
        &self,
        scope: &Scope,
        server: Option<ServerId>,
    ) -> Result<remote_write::Accepts, WriteError> {
        let server = server.unwrap_or(self.0.local);
        let kind = self.with(scope, server, |known| known.row.kind.0);
        Ok(remote_write::Accepts {
            server,
            now: self.now(),
            most_series: self.0.max_series,
            retention_days: self.0.retention_days,
            is_sampled: kind.ok_or(WriteError::NoServer)? != ServerKind::Push,
        })
    }
}
