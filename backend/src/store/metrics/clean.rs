//! Removes what is older than is kept, a little at a time; never decides
//! how far: `retention` does.

use std::fmt;

use common::ids::ServerId;
use common::time::UnixMs;

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::retention::{Plan, Retention, plan};
use crate::query::Period;
use crate::store::Connection;
use crate::store::actor::Actor;
use crate::store::error::StoreError;
use crate::store::tables;

const ACTOR: Actor = Actor::System("clean up");
/// Rows that are removed in one transaction: the writer is needed each second.
const ROWS: i64 = 64;
/// Series whose aggregates are looked at in one transaction: mostly there is nothing to remove.
const SERIES: usize = 256;
/// What is kept of a series for as long.
const PERIODS: [Period; 2] = [Period::Hour, Period::Day];

/// What a clean-up removed, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Packs of samples.
    pub packs: usize,
    /// Lists of processes.
    pub processes: usize,
    /// Hours and days of series.
    pub aggregates: usize,
}

impl fmt::Display for Cleaned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            packs,
            processes,
            aggregates,
        } = self;
        write!(
            f,
            "{packs} packs of samples, {processes} lists of processes, {aggregates} hourly aggregates"
        )
    }
}

impl Metrics {
    /// What a clean-up may do at `now`; it removes nothing.
    pub async fn plan_cleanup(
        &self,
        now: UnixMs,
        retention: Retention,
        confirmed: bool,
    ) -> Result<Plan, StoreError> {
        let servers = self.servers();
        self.database
            .read(move |conn| {
                let (last, oldest) = gone_and_there(conn, &servers)?;
                Ok(plan(now, retention, last, oldest, confirmed))
            })
            .await
    }

    /// What a clean-up to these moments would remove.
    pub async fn count_cleanup(
        &self,
        samples_before: i64,
        aggregates_before: i64,
    ) -> Result<Cleaned, StoreError> {
        let servers = self.servers();
        self.database
            .read(move |conn| {
                let mut cleaned = Cleaned::default();
                for period in PERIODS {
                    let start = aggregates_before.div_euclid(period.ms());
                    cleaned.aggregates += tables::aggregate::count_before(conn, period, start)?;
                }
                for server in servers {
                    cleaned.packs += tables::pack_past::count_before(conn, server, samples_before)?;
                    cleaned.processes +=
                        tables::processes::count_before(conn, server, samples_before)?
                            + tables::process_pack::count_before(conn, server, samples_before)?;
                }
                Ok(cleaned)
            })
            .await
    }

    /// Removes samples and processes from before `samples_before`, and aggregates from before
    /// `aggregates_before`. An interrupted one goes on with the next.
    pub async fn clean_up(
        &self,
        samples_before: i64,
        aggregates_before: i64,
    ) -> Result<Cleaned, StoreError> {
        let _alone = self.removing.lock().await;
        let mut cleaned = Cleaned::default();
        for server in self.servers() {
            cleaned.packs += self
                .in_turns(move |conn| {
                    tables::pack_past::remove_before(conn, server, samples_before, ROWS)
                })
                .await?;
            self.listed.changed(server);
            cleaned.processes += self
                .in_turns(move |conn| {
                    tables::processes::remove_before(conn, server, samples_before, ROWS)
                })
                .await?;
            cleaned.processes += self
                .in_turns(move |conn| {
                    tables::process_pack::remove_before(conn, server, samples_before, ROWS)
                })
                .await?;
        }
        for series in self.numbers_of_all().chunks(SERIES) {
            let series = series.to_vec();
            cleaned.aggregates += self
                .database
                .change(ACTOR, move |conn| {
                    let mut removed = 0;
                    for (number, period) in
                        series.into_iter().flat_map(|it| PERIODS.map(|p| (it, p)))
                    {
                        let start = aggregates_before.div_euclid(period.ms());
                        removed += tables::aggregate::remove_before(conn, period, number, start)?;
                    }
                    Ok::<_, StoreError>(removed)
                })
                .await?;
        }
        self.database
            .change(ACTOR, move |conn| {
                let day = aggregates_before.div_euclid(Period::Day.ms());
                tables::stale_day::remove_before(conn, day)?;
                tables::cleanup::record(conn, samples_before)
            })
            .await?;
        Ok(cleaned)
    }

    /// Runs `remove` until it removes less than a turn's rows; how many went.
    async fn in_turns(
        &self,
        remove: impl Fn(&mut Connection) -> Result<usize, StoreError> + Clone + Send + 'static,
    ) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let removed = self.database.change(ACTOR, remove.clone()).await?;
            all += removed;
            if i64::try_from(removed).is_ok_and(|removed| removed < ROWS) {
                return Ok(all);
            }
        }
    }

    pub(super) fn servers(&self) -> Vec<ServerId> {
        self.dictionary().servers().collect()
    }

    fn numbers_of_all(&self) -> Vec<SeriesNumber> {
        let dictionary = self.dictionary();
        let servers = dictionary.servers();
        servers
            .flat_map(|server| dictionary.of_server(server))
            .collect()
    }
}

/// How far the last clean-up went, when it left anything, and the time of the oldest sample or list.
fn gone_and_there(
    conn: &mut Connection,
    servers: &[ServerId],
) -> Result<(Option<i64>, Option<i64>), StoreError> {
    let mut oldest = tables::pack_past::oldest(conn, servers)?;
    for server in servers {
        let single = tables::processes::first_in(conn, *server, &(i64::MIN..i64::MAX))?;
        let packed = tables::process_pack::oldest(conn, *server)?;
        oldest = oldest.into_iter().chain(single).chain(packed).min();
    }
    let last = match oldest {
        None if !tables::aggregate::is_any(conn)? => None,
        _ => tables::cleanup::last(conn)?,
    };
    Ok((last, oldest))
}
