//! Reads alerts and their history; never changes one.

use common::alert::{Alert, AlertComment, AlertEvent, AlertState};
use common::api::alerts::{AlertDetail, AlertFilter};
use common::ids::AlertId;

use super::error::AlertError;
use super::handle::Alerts;
use super::snapshot;
use crate::auth::{Allowed, Scope, may};
use crate::store::tables::alert::Wanted;
use crate::store::{StoreError, tables};

/// What fires.
const ACTIVE: [AlertState; 2] = [AlertState::Firing, AlertState::Acknowledged];
/// What fired at some time.
const FIRED: [AlertState; 3] = [
    AlertState::Firing,
    AlertState::Acknowledged,
    AlertState::Resolved,
];

impl Alerts {
    /// Alerts that fire, or those of the state that the filter names; the youngest first, those
    /// older than `before`.
    pub async fn active(
        &self,
        may: &Allowed<may::AlertsRead>,
        filter: &AlertFilter,
        before: Option<AlertId>,
        limit: usize,
    ) -> Result<Vec<Alert>, AlertError> {
        let wanted = wanted(may.scope(), filter, &ACTIVE);
        self.page(wanted, before, limit).await
    }

    /// Alerts that fired at some time, those that still do included; the youngest first, those
    /// older than `before`.
    pub async fn history(
        &self,
        may: &Allowed<may::AlertsRead>,
        filter: &AlertFilter,
        before: Option<AlertId>,
        limit: usize,
    ) -> Result<Vec<Alert>, AlertError> {
        self.fired(may.scope(), filter, before, limit).await
    }

    /// What `history` gives, for who has proved another right to it.
    pub(super) async fn fired(
        &self,
        scope: &Scope,
        filter: &AlertFilter,
        before: Option<AlertId>,
        limit: usize,
    ) -> Result<Vec<Alert>, AlertError> {
        self.page(wanted(scope, filter, &FIRED), before, limit)
            .await
    }

    /// All alerts that fire and are seen, for who begins to watch; the number of the last step of all
    /// comes first.
    pub async fn snapshot(&self, scope: &Scope) -> Result<(u64, Vec<Alert>), AlertError> {
        let wanted = wanted(scope, &AlertFilter::default(), &ACTIVE);
        let read = self.store.read(move |conn| {
            let seq = tables::alert_history::last_seq(conn)?;
            let rows = tables::alert::page(conn, &wanted, None, i64::MAX)?;
            Ok::<_, StoreError>((seq, rows))
        });
        let (seq, rows) = read.await?;
        Ok((seq.unsigned_abs(), self.holders.shown(rows).await?))
    }

    /// An alert with its history.
    pub async fn detail(
        &self,
        may: &Allowed<may::AlertsRead>,
        id: AlertId,
    ) -> Result<AlertDetail, AlertError> {
        let scope = may.scope().clone();
        let read = self.store.read(move |conn| {
            let Some(row) = scope.find_alert(conn, id)? else {
                return Ok(None);
            };
            let steps = tables::alert_history::of(conn, id)?;
            let snapshot = tables::alert_snapshot::find(conn, id)?;
            let has_picture = tables::alert_picture::is_kept(conn, id)?;
            Ok::<_, StoreError>(Some((row, steps, (snapshot, has_picture))))
        });
        let (row, steps, (snapshot, has_picture)) = read.await?.ok_or(AlertError::NotFound(id))?;
        let history: Vec<AlertEvent> = steps.into_iter().map(Into::into).collect();
        let shown = self.holders.shown(vec![row]).await?;
        Ok(AlertDetail {
            alert: shown.into_iter().next().ok_or(AlertError::NotFound(id))?,
            comments: AlertComment::of(&history),
            history,
            snapshot: snapshot.as_deref().map(snapshot::read).transpose()?,
            has_picture,
        })
    }

    async fn page(
        &self,
        wanted: Wanted,
        before: Option<AlertId>,
        limit: usize,
    ) -> Result<Vec<Alert>, AlertError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .store
            .read(move |conn| tables::alert::page(conn, &wanted, before, limit))
            .await?;
        Ok(self.holders.shown(rows).await?)
    }
}

fn wanted(scope: &Scope, filter: &AlertFilter, usual: &[AlertState]) -> Wanted {
    Wanted {
        states: filter
            .state
            .map_or_else(|| usual.to_vec(), |state| vec![state]),
        severity: filter.severity,
        server: filter.server,
        rule: filter.rule,
        assignee: filter.assignee,
        from: filter.from,
        to: filter.to,
        text: filter.text.clone().filter(|text| !text.is_empty()),
        groups: scope.groups(),
    }
}
