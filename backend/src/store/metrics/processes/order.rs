//! The order in which a list came ⇄ next to nothing: the busiest first is how lists come. Pure.

use std::cmp::Ordering;

use common::host::Process;

use super::BadLists;

/// The order of lists that need none stored. Stored packs depend on it: it never changes.
fn usual(a: &Process, b: &Process) -> Ordering {
    let cpu = |process: &Process| process.cpu_percent.unwrap_or(-1.0);
    cpu(b)
        .total_cmp(&cpu(a))
        .then(b.memory_bytes.cmp(&a.memory_bytes))
        .then(a.pid.cmp(&b.pid))
}

/// The places of `list` in which `stored` lies; `None` when that is the usual order of `stored`.
/// `places[n]` is the place in the list of `stored[n]`.
pub(super) fn write(stored: &[&Process], places: &[usize]) -> Option<Vec<i64>> {
    let sorted = usual_order(stored.len(), |place| stored[place]);
    let is_usual = sorted.iter().enumerate();
    let is_usual = is_usual.fold(true, |so_far, (place, from)| {
        so_far && places[*from] == place
    });
    let as_number = |place: &usize| i64::try_from(*place).unwrap_or(i64::MAX);
    (!is_usual).then(|| places.iter().map(as_number).collect())
}

/// The processes in the order in which they came.
pub(super) fn read(stored: Vec<Process>, places: Option<&[i64]>) -> Result<Vec<Process>, BadLists> {
    let Some(places) = places else {
        let mut list = stored;
        list.sort_by(usual);
        return Ok(list);
    };
    let mut list: Vec<Option<Process>> = Vec::new();
    list.resize_with(stored.len(), || None);
    for (process, place) in stored.into_iter().zip(places) {
        let place = usize::try_from(*place).map_err(|_| BadLists)?;
        *list.get_mut(place).ok_or(BadLists)? = Some(process);
    }
    list.into_iter().collect::<Option<_>>().ok_or(BadLists)
}

fn usual_order<'a>(count: usize, process: impl Fn(usize) -> &'a Process) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| usual(process(*a), process(*b)));
    order
}
