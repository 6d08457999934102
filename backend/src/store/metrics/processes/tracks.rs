//! Which process is in which lists: each is followed through all of them, so that what did not
//! change stands beside itself. Pure.

use std::collections::{BTreeMap, HashMap};

use common::host::Process;

use super::{BadLists, List};

/// A process, by its number; a list may hold a number twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) pid: u32,
    pub(super) copy: u32,
}

/// A process in one list: the number of the list, its place there.
pub(super) struct Seen<'a> {
    pub(super) list: usize,
    pub(super) place: usize,
    pub(super) process: &'a Process,
}

/// All processes by key, each with the lists that hold it, in their order.
pub(super) fn of(lists: &[List]) -> BTreeMap<Key, Vec<Seen<'_>>> {
    let mut tracks: BTreeMap<Key, Vec<Seen>> = BTreeMap::new();
    for (list, (_, processes)) in lists.iter().enumerate() {
        let mut copies: HashMap<u32, u32> = HashMap::with_capacity(processes.len());
        for (place, process) in processes.iter().enumerate() {
            let copies = copies.entry(process.pid).or_default();
            let key = Key {
                pid: process.pid,
                copy: *copies,
            };
            *copies += 1;
            let seen = Seen {
                list,
                place,
                process,
            };
            tracks.entry(key).or_default().push(seen);
        }
    }
    tracks
}

/// Numbers of lists as how many follow each other: lists between, lists in a row, and again.
pub(super) fn runs(lists: impl Iterator<Item = usize>) -> Vec<i64> {
    let mut runs: Vec<i64> = Vec::new();
    let mut next = 0;
    for list in lists {
        match runs.last_mut() {
            Some(length) if list == next => *length += 1,
            _ => {
                runs.push(i64::try_from(list - next).unwrap_or(i64::MAX));
                runs.push(1);
            }
        }
        next = list + 1;
    }
    runs
}

/// The numbers of lists, below `count`, that [`runs`] tells.
pub(super) fn lists(runs: &[i64], count: usize) -> Result<Vec<usize>, BadLists> {
    let mut lists = Vec::new();
    let mut next = 0_usize;
    let (pairs, rest) = runs.as_chunks::<2>();
    for [between, length] in pairs {
        let whole = |number: i64| usize::try_from(number).map_err(|_| BadLists);
        let start = next.checked_add(whole(*between)?).ok_or(BadLists)?;
        next = start.checked_add(whole(*length)?).ok_or(BadLists)?;
        if next > count {
            return Err(BadLists);
        }
        lists.extend(start..next);
    }
    if rest.is_empty() {
        Ok(lists)
    } else {
        Err(BadLists)
    }
}
