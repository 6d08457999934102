//! Series that were sent before, found by the bytes in which a sender names them: a known one costs a
//! hash and a comparison. In memory only; never which series a server has.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use common::ids::ServerId;
use common::series::SeriesKey;

/// Series remembered of a server that may have fewer; with more of them all are forgotten.
const SPARE: usize = 1_000;

/// Where a series stands among those that are remembered.
pub(super) type Place = u32;

/// The series of one server.
#[derive(Debug, Default)]
pub(super) struct Known {
    places: HashMap<Box<[u8]>, Place, foldhash::fast::RandomState>,
    series: Vec<Series>,
    /// How often all were forgotten: a place means something in its era alone.
    era: u64,
}

/// A series that was sent.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) key: SeriesKey,
    /// It was committed; before that it may be new to the store.
    pub(super) is_stored: bool,
}

impl Known {
    /// Makes room when more are remembered than a server may have.
    pub(super) fn make_room(&mut self, most: usize) {
        if self.series.len() > most.saturating_add(SPARE) {
            self.places.clear();
            self.series.clear();
            self.era += 1;
        }
    }

    /// The series that the labels in these bytes name.
    #[inline]
    pub(super) fn find(&self, section: &[u8]) -> Option<(Place, &Series)> {
        let place = *self.places.get(section)?;
        Some((place, self.series.get(usize::try_from(place).ok()?)?))
    }

    /// Remembers a series; `None` when there is no room at all.
    pub(super) fn add(&mut self, section: &[u8], key: SeriesKey) -> Option<(Place, &Series)> {
        let place = Place::try_from(self.series.len()).ok()?;
        self.series.push(Series {
            key,
            is_stored: false,
        });
        self.places.insert(section.into(), place);
        self.series.last().map(|series| (place, series))
    }

    /// Which era this is.
    pub(super) fn era(&self) -> u64 {
        self.era
    }

    /// Notes that series were committed.
    pub(super) fn stored(&mut self, era: u64, places: &[Place]) {
        if era != self.era {
            return;
        }
        for place in places {
            let series = usize::try_from(*place).ok();
            if let Some(series) = series.and_then(|place| self.series.get_mut(place)) {
                series.is_stored = true;
            }
        }
    }
}

/// The series of all servers. Clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::ingest) struct KnownSeries(Arc<Mutex<HashMap<ServerId, Arc<Mutex<Known>>>>>);

impl KnownSeries {
    /// Those of one server.
    pub(super) fn of(&self, server: ServerId) -> Arc<Mutex<Known>> {
        let mut servers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(servers.entry(server).or_default())
    }
}
