//! A process in one list ⇄ whole numbers; exact, whatever its readings are. Pure.

use common::host::Process;

use super::BadLists;
use super::fields::{differs, hundredths, percent_of, restored, seconds, share_of, ticks_of};

/// Numbers of a process in a list.
pub(super) const CELLS: usize = 13;
/// Processor time stands for itself: all others are told as differences to the list before.
pub(super) const CPU: usize = 2;
/// No reading, where readings are counts.
const NONE: i64 = -1;

/// One process in one list.
pub(super) type Cells = [i64; CELLS];

/// What the numbers are set against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Against {
    /// The host's memory in bytes; 0 when it is not known.
    pub(super) memory: i64,
    /// The time over which processor time was read, in nanoseconds; 0 when it is not known.
    pub(super) interval: i64,
}

/// The numbers of a process, whose name and user are these words.
pub(super) fn write(process: &Process, name: i64, user: Option<i64>, against: Against) -> Cells {
    let share = process.cpu_percent;
    let ticks = share.map(|share| ticks_of(share, against.interval).unwrap_or_default());
    let percent = percent_of(process.memory_bytes, against.memory);
    let start = process.started_at_seconds.map(hundredths);
    let or_none = |count: Option<u32>| count.map_or(NONE, i64::from);
    let off = |value: Option<f64>, predicted| value.map_or(0, |it| differs(it, predicted));
    [
        name,
        user.unwrap_or(NONE),
        ticks.unwrap_or(NONE),
        off(share, share_of(ticks.unwrap_or_default(), against.interval)),
        process.memory_bytes.cast_signed(),
        i64::from(process.memory_percent.is_some()),
        off(process.memory_percent, percent),
        process.virtual_bytes.cast_signed(),
        or_none(process.threads),
        or_none(process.open_files),
        i64::from(start.is_some()),
        start.unwrap_or_default(),
        off(
            process.started_at_seconds,
            seconds(start.unwrap_or_default()),
        ),
    ]
}

/// The process of these numbers.
pub(super) fn read(
    pid: u32,
    cells: &Cells,
    words: &[String],
    against: Against,
) -> Result<Process, BadLists> {
    let [
        name,
        user,
        ticks,
        share_off,
        memory,
        has_percent,
        percent_off,
        virtual_bytes,
        threads,
        open_files,
        has_start,
        start,
        start_off,
    ] = *cells;
    let word = |number: i64| {
        let word = usize::try_from(number).ok().and_then(|at| words.get(at));
        word.cloned().ok_or(BadLists)
    };
    let count = |number: i64| {
        let some = (number != NONE).then(|| u32::try_from(number).map_err(|_| BadLists));
        some.transpose()
    };
    let memory_bytes = memory.cast_unsigned();
    let percent = percent_of(memory_bytes, against.memory);
    let share = share_of(ticks.max(0), against.interval);
    Ok(Process {
        pid,
        name: word(name)?,
        user: (user != NONE).then(|| word(user)).transpose()?,
        cpu_percent: (ticks != NONE).then(|| restored(share_off, share)),
        memory_bytes,
        memory_percent: (has_percent != 0).then(|| restored(percent_off, percent)),
        virtual_bytes: virtual_bytes.cast_unsigned(),
        threads: count(threads)?,
        open_files: count(open_files)?,
        started_at_seconds: (has_start != 0).then(|| restored(start_off, seconds(start))),
    })
}
