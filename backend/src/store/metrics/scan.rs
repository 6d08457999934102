//! Frames back into series: reads only the columns that are wanted.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::PoisonError;

use common::ids::ServerId;
use common::series::{Series, SeriesKey, SeriesSet};
use diesel::SqliteConnection;

use super::Metrics;
use super::dictionary::{Columns, News, SeriesNumber};
use super::frame::Body;
use crate::query::{Budget, QueryError, Selector, Source};
use crate::store::connection::snapshot;
use crate::store::error::StoreError;
use crate::store::tables;

impl From<StoreError> for QueryError {
    fn from(error: StoreError) -> Self {
        Self::Source(Box::new(error))
    }
}

impl Source for Metrics {
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        let dictionary = self
            .dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let mut servers: Vec<ServerId> = match &selector.servers {
            Some(servers) => servers.clone(),
            None => dictionary.servers().collect(),
        };
        servers.sort_unstable();
        servers.dedup();
        let metric = &selector.metric;
        Ok(servers
            .into_iter()
            .flat_map(|server| {
                dictionary
                    .of_metric(server, metric)
                    .filter(|labels| selector.wants(labels))
                    .map(move |labels| SeriesKey::new(server, metric.clone(), labels.clone()))
            })
            .collect())
    }

    fn bounds(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        snapshot(self.database.readers(), |conn| {
            let mut bounds: Option<Range<i64>> = None;
            for server in by_server(keys).into_keys() {
                if let Some((first, last)) = tables::frame::span(conn, server, range)? {
                    let seen = bounds.unwrap_or(first..last + 1);
                    bounds = Some(seen.start.min(first)..seen.end.max(last + 1));
                }
            }
            Ok(bounds)
        })
    }

    fn samples(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        let mut set = SeriesSet {
            series: keys.iter().cloned().map(Series::empty).collect(),
        };
        snapshot(self.database.readers(), |conn| {
            for (server, places) in by_server(keys) {
                let mut scan = Scan {
                    wanted: self.wanted(keys, &places),
                    into: &mut set.series,
                    budget,
                    plans: HashMap::new(),
                    corrupt: 0,
                };
                self.scan(conn, server, &range, &mut scan)?;
            }
            Ok(set)
        })
    }
}

/// The places of keys in the answer, by server.
fn by_server(keys: &[SeriesKey]) -> HashMap<ServerId, Vec<usize>> {
    let mut places: HashMap<ServerId, Vec<usize>> = HashMap::new();
    for (place, key) in keys.iter().enumerate() {
        places.entry(key.server).or_default().push(place);
    }
    places
}

impl Metrics {
    /// Reads the frames of one server in `range` and hands what is wanted of each to `scan`.
    fn scan(
        &self,
        conn: &mut SqliteConnection,
        server: ServerId,
        range: &Range<i64>,
        scan: &mut Scan<'_>,
    ) -> Result<(), QueryError> {
        let mut start = range.start;
        loop {
            let stopped = tables::frame::each(conn, server, start..range.end, |at, body| {
                scan.frame(at, body)
            });
            match stopped {
                Ok(()) => break,
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::NewLayout { layout, at }) => {
                    let columns = self.columns(conn, layout)?;
                    scan.learn(layout, columns.as_deref());
                    start = at;
                }
            }
        }
        self.report_corrupt(server, scan.corrupt);
        Ok(())
    }

    /// The columns of a layout, from memory or from the database; `None` when there is no such.
    pub(super) fn columns(
        &self,
        conn: &mut SqliteConnection,
        layout: u32,
    ) -> Result<Option<Columns>, StoreError> {
        let known = self
            .dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .columns(layout);
        if known.is_some() {
            return Ok(known);
        }
        let Some(columns) = tables::series::columns_of(conn, layout)? else {
            return Ok(None);
        };
        let columns = Columns::from(columns);
        let mut news = News::default();
        news.layouts.push((layout, Columns::clone(&columns)));
        self.dictionary
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .learn(news);
        Ok(Some(columns))
    }

    fn wanted(&self, keys: &[SeriesKey], places: &[usize]) -> Vec<(SeriesNumber, usize)> {
        let dictionary = self
            .dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        places
            .iter()
            .filter_map(|place| Some((dictionary.number(&keys[*place])?, *place)))
            .collect()
    }
}

/// Where a wanted series is in frames of one layout, and where it goes in the answer.
#[derive(Debug, Clone, Copy)]
struct Pick {
    column: usize,
    place: usize,
}

/// What frames of one layout have of the wanted series.
#[derive(Debug, Clone)]
struct Plan {
    columns: usize,
    picks: Vec<Pick>,
}

/// The frames of one server on their way into series.
struct Scan<'a> {
    wanted: Vec<(SeriesNumber, usize)>,
    into: &'a mut [Series],
    budget: &'a mut Budget,
    /// `None` for a layout that does not exist.
    plans: HashMap<u32, Option<Plan>>,
    corrupt: u64,
}

/// Why a scan stops before its end.
enum Stop {
    /// The plan of this layout has to be made; the frame of that time was not taken.
    NewLayout {
        layout: u32,
        at: i64,
    },
    Failed(QueryError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl Scan<'_> {
    fn frame(&mut self, at: i64, body: &[u8]) -> Result<(), Stop> {
        let Ok(body) = Body::read(body) else {
            self.corrupt += 1;
            return Ok(());
        };
        let layout = body.layout();
        let Some(plan) = self.plans.get(&layout) else {
            return Err(Stop::NewLayout { layout, at });
        };
        let Some(plan) = plan.as_ref().filter(|plan| plan.columns == body.columns()) else {
            self.corrupt += 1;
            return Ok(());
        };
        self.budget.take(plan.picks.len()).map_err(Stop::Failed)?;
        for pick in &plan.picks {
            if let Some(value) = body.value(pick.column) {
                self.into[pick.place].push(at, value);
            }
        }
        Ok(())
    }

    fn learn(&mut self, layout: u32, columns: Option<&[SeriesNumber]>) {
        let plan = columns.map(|columns| Plan {
            columns: columns.len(),
            picks: self
                .wanted
                .iter()
                .filter_map(|(number, place)| {
                    let column = columns.binary_search(number).ok()?;
                    Some(Pick {
                        column,
                        place: *place,
                    })
                })
                .collect(),
        });
        self.plans.insert(layout, plan);
    }
}
