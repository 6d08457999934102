//! What deltas came down to so far: bounded, in memory alone; a start begins at nothing, as a counter does.

use std::collections::HashMap;

use common::ids::ServerId;

use crate::ingest::remote_write::labels::Name;

/// Series whose sums are kept.
const MOST: usize = 100_000;
/// A series whose last delta is older by so much than the newest of all makes room for others.
const FORGOTTEN_AFTER_NS: i64 = 3_600_000_000_000;

/// A sum, and the time of its last delta in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sum {
    value: f64,
    last: i64,
}

/// The sums of one server's series.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Sums(HashMap<Name, Sum>);

/// What a request adds: it counts once the request is stored.
#[derive(Debug, Default)]
pub(super) struct Pending(HashMap<Name, Sum>);

/// The sums by server.
pub(in crate::ingest) type SumsByServer = HashMap<ServerId, Sums>;

impl Sums {
    /// Turns the deltas of one point into sums; the words when it comes too late, or there is no room.
    pub(super) fn add_all(
        &self,
        samples: &mut [(Name, i64, f64)],
        at: i64,
        pending: &mut Pending,
    ) -> Result<(), String> {
        let known = |name: &Name| pending.0.get(name).or_else(|| self.0.get(name)).copied();
        let mut sums = Vec::with_capacity(samples.len());
        for (name, _, delta) in samples.iter() {
            let before = known(name);
            if before.is_some_and(|sum| sum.last >= at) {
                return Err(format!("{}: a delta that comes too late", name.0));
            }
            if before.is_none() && self.0.len() + pending.0.len() >= MOST {
                return Err(format!("{}: more than {MOST} series of deltas", name.0));
            }
            let so_far = before.map_or(0.0, |sum| sum.value);
            // A marker that there is no value says nothing about the sum.
            let value = if delta.is_nan() {
                so_far
            } else {
                so_far + delta
            };
            sums.push(Sum { value, last: at });
        }
        for ((name, _, value), sum) in samples.iter_mut().zip(sums) {
            pending.0.insert(name.clone(), sum);
            if !value.is_nan() {
                *value = sum.value;
            }
        }
        Ok(())
    }

    /// The request is stored.
    pub(super) fn commit(&mut self, pending: Pending) {
        self.0.extend(pending.0);
        if self.0.len() > MOST / 2 {
            let newest = self
                .0
                .values()
                .map(|sum| sum.last)
                .max()
                .unwrap_or_default();
            self.0
                .retain(|_, sum| newest.saturating_sub(sum.last) < FORGOTTEN_AFTER_NS);
        }
    }
}
