//! What a server did around an alert, put together from its slots; never recorded here.

use std::collections::BTreeMap;

use common::alert::AlertChange;
use common::api::alerts::{AlertRecording, RecordedSeries};
use common::ids::AlertId;
use common::series::matcher::Matcher;
use common::time::UnixMs;

use super::error::AlertError;
use super::flight::{self, Flight, SeriesName};
use super::recorder::{Recorder, SLOT_MS, slots_around};
use crate::auth::{Allowed, may};
use crate::store::tables::alert::AlertRow;
use crate::store::{StoreError, tables};

impl Recorder {
    /// What the server of an alert did from ten minutes before it fired to ten minutes after.
    pub async fn of(
        &self,
        may: &Allowed<may::AlertsRead>,
        id: AlertId,
    ) -> Result<AlertRecording, AlertError> {
        let scope = may.scope().clone();
        let read = self.store().read(move |conn| {
            let Some(alert) = scope.find_alert(conn, id)? else {
                return Ok(None);
            };
            let steps = tables::alert_history::of(conn, id)?;
            let fired = steps.iter().find(|it| it.change.0 == AlertChange::Fired);
            let at = fired.map_or(alert.started_at.0, |step| step.at.0);
            Ok::<_, StoreError>(Some((alert, at)))
        });
        let (alert, fired_at) = read.await?.ok_or(AlertError::NotFound(id))?;
        let slots = slots_around(fired_at);
        let (from, to) = (*slots.start() * SLOT_MS, (*slots.end() + 1) * SLOT_MS);
        let mut whole = Flight::default();
        for slot in slots {
            let part = self.recorded(alert.server_id.0, slot).await?;
            whole.series.extend(part.series);
            whole.processes.extend(part.processes);
        }
        whole.series.extend(self.own(&alert, from, to).await?);
        Ok(AlertRecording {
            fired_at,
            from: UnixMs(from),
            to: UnixMs(to),
            series: joined(whole.series),
            processes: whole.processes,
        })
    }

    /// The alert's own series, as long as the store has it: the main ones are in the slots.
    async fn own(
        &self,
        alert: &AlertRow,
        from: i64,
        to: i64,
    ) -> Result<Vec<(SeriesName, crate::store::metrics::Column)>, AlertError> {
        let labels = alert.series_labels.0.iter();
        let matchers: Vec<_> = labels
            .map(|(name, value)| Matcher::equal(name, value))
            .collect();
        let range = from..to;
        flight::samples(
            self.query(),
            alert.server_id.0,
            &alert.metric,
            &matchers,
            &range,
        )
        .await
    }
}

/// Series of several slots as one each; a sample that is there twice counts once.
fn joined(parts: Vec<(SeriesName, crate::store::metrics::Column)>) -> Vec<RecordedSeries> {
    let mut series: BTreeMap<(String, String), (SeriesName, BTreeMap<i64, f64>)> = BTreeMap::new();
    for (name, (times, values)) in parts {
        let key = (name.metric.clone(), name.labels.to_string());
        let (_, samples) = series.entry(key).or_insert_with(|| (name, BTreeMap::new()));
        samples.extend(times.into_iter().zip(values));
    }
    let named = series.into_values().map(|(name, samples)| RecordedSeries {
        metric: name.metric,
        labels: name.labels,
        points: samples.into_iter().collect(),
    });
    named.collect()
}
