//! Changes that are thought out and not yet committed; memory stays as it was until then.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::memory::{Fingerprint, Memory, Series};
use super::steps::Write;
use crate::rules::RuleState;

/// One alert's change.
#[derive(Debug)]
pub(super) struct Change {
    /// Which.
    pub(super) key: Fingerprint,
    /// What memory holds once it is committed.
    pub(super) after: Series,
    /// What has to be written first; empty when only memory changes.
    pub(super) writes: Vec<Write>,
}

/// Changes of several alerts, each at most once.
#[derive(Debug, Default)]
pub(super) struct Batch {
    changes: Vec<Change>,
    places: HashMap<Fingerprint, usize, RandomState>,
}

impl Batch {
    /// The series as it will be once the batch is committed.
    pub(super) fn series<'a>(
        &'a self,
        key: &Fingerprint,
        memory: &'a Memory,
    ) -> Option<&'a Series> {
        match self.places.get(key) {
            Some(place) => Some(&self.changes[*place].after),
            None => memory.0.get(key),
        }
    }

    /// Adds a change; a second one of the same alert follows the first in the same transaction.
    pub(super) fn add(&mut self, key: &Fingerprint, after: Series, writes: Vec<Write>) {
        if let Some(place) = self.places.get(key) {
            let change = &mut self.changes[*place];
            change.after = after;
            change.writes.extend(writes);
            return;
        }
        self.places.insert(key.clone(), self.changes.len());
        self.changes.push(Change {
            key: key.clone(),
            after,
            writes,
        });
    }

    /// Adds a change of the rule's state alone.
    pub(super) fn remember(&mut self, key: &Fingerprint, before: &Series, state: RuleState) {
        let after = Series {
            state,
            is_dirty: before.is_dirty || !state.same_as(&before.state),
            ..before.clone()
        };
        self.add(key, after, Vec::new());
    }

    /// The changes in the order they came.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}
