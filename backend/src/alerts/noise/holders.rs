//! Who holds back what is listed, and what conditions would hold back; never holds anything back itself.

use common::alert::{Alert, LabelMatch};
use common::api::noise::SilencePreview;
use common::series::matcher::Filter;

use super::book::BookError;
use super::document::{Demand, check_matchers};
use super::present::Present;
use super::weigh::Turn;
use crate::auth::{Allowed, may};
use crate::clock::Clock;
use crate::store::tables::alert::AlertRow;
use crate::store::{Store, StoreError, tables};

/// Most alerts that a preview lists.
const LISTED: usize = 200;

/// For who looks at alerts. Clones share what is known.
#[derive(Debug, Clone)]
pub struct Holders {
    store: Store,
    clock: Clock,
    present: Present,
}

impl Holders {
    /// Those of the plan that `present` keeps.
    pub fn new(store: Store, clock: Clock, present: Present) -> Self {
        Self {
            store,
            clock,
            present,
        }
    }

    /// The plan as it stands.
    pub fn present(&self) -> &Present {
        &self.present
    }

    /// The firing alerts, of servers that are seen, that a silence with these conditions would hold
    /// back now: the first of them, the youngest last, and how many there are.
    pub async fn matched(
        &self,
        may: &Allowed<may::AlertsRead>,
        matchers: &LabelMatch,
    ) -> Result<SilencePreview, BookError> {
        let wrong = check_matchers("matchers", matchers, Demand::Narrow);
        if !wrong.is_empty() {
            return Err(BookError::Invalid(wrong));
        }
        let filter = Filter::new(&matchers.0).unwrap_or_default();
        let mut turn = self.turn().await?;
        let scope = may.scope().clone();
        let read = self.store.read(move |conn| {
            let (mut wanted, mut total) = (Vec::new(), 0);
            for row in tables::alert::firing(conn, None)? {
                let subject = turn.subject(conn, &row)?;
                if scope.sees(subject.group()) && subject.meets(&filter) {
                    total += 1;
                    if wanted.len() < LISTED {
                        wanted.push(row);
                    }
                }
            }
            Ok::<_, StoreError>((wanted, total))
        });
        let (wanted, total) = read.await?;
        let alerts = self.shown(wanted).await?;
        Ok(SilencePreview { alerts, total })
    }

    /// Alerts as they are shown, with who holds each one back that is not over.
    pub async fn shown(&self, rows: Vec<AlertRow>) -> Result<Vec<Alert>, StoreError> {
        if rows.iter().all(|row| row.resolved_at.is_some()) {
            return Ok(rows.into_iter().map(Alert::from).collect());
        }
        let mut turn = self.turn().await?;
        let read = self.store.read(move |conn| {
            let mut alerts = Vec::with_capacity(rows.len());
            for row in rows {
                let subject = turn.subject(conn, &row)?;
                let is_over = row.resolved_at.is_some();
                let mut alert = Alert::from(row);
                if !is_over {
                    let holding = turn.holding(conn, &subject)?;
                    alert.silenced_by = holding.silenced_by;
                    alert.muted_by = holding.muted_by;
                    alert.inhibited_by = holding.inhibited_by;
                }
                alerts.push(alert);
            }
            Ok(alerts)
        });
        read.await
    }

    async fn turn(&self) -> Result<Turn, StoreError> {
        let now = self.clock.now();
        let plan = self.present.when_reading(&self.store, now).await?;
        Ok(Turn::new(plan, now))
    }
}
