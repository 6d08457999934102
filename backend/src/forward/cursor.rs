//! How far a receiver has come; pure.

use std::ops::Range;

use crate::store::metrics::TailFrame;
use crate::store::tables::forward::ForwardRow;

/// Frames of several servers come a little out of order: what was missed begins so much earlier, and
/// ends so much later.
const OVERLAP_MS: i64 = 5_000;

/// How far a receiver has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The number of the last frame that it took.
    pub(super) frame: i64,
    /// The newest time among the frames that it took.
    pub(super) moment: i64,
    /// The times of what it missed because it lies in packs alone.
    pub(super) missed: Option<Range<i64>>,
}

/// How the store numbers frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    /// Below it all frames that were stored lie in packs.
    pub(super) first_unpacked: i64,
    /// No frame has a higher one.
    pub(super) last: i64,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Samples of these times are read from packs.
    Missed(Range<i64>),
    /// These frames are the next.
    Frames(Vec<TailFrame>),
    /// It has all.
    Nothing,
}

impl Cursor {
    /// Of a receiver that gets what comes from now on.
    pub(super) fn new(last_frame: i64, now: i64) -> Self {
        Self {
            frame: last_frame,
            moment: now,
            missed: None,
        }
    }

    /// The next step. `frames` are those after its own; `numbers` are what the store said after it gave
    /// them.
    pub(super) fn step(&mut self, frames: Vec<TailFrame>, numbers: Numbers, now: i64) -> Step {
        if let Some(missed) = &self.missed {
            return Step::Missed(self.first_of(missed));
        }
        let next = self.frame + 1;
        // Without a frame at its start the store begins to number anew.
        let is_anew = self.frame > numbers.last;
        let is_gap = is_anew || numbers.first_unpacked > next;
        let until = match frames.first() {
            Some(first) if first.id == next || !is_gap => return Step::Frames(frames),
            Some(first) => {
                self.frame = first.id - 1;
                // Frames before it may be a little later, or of the same moment.
                first.at.0.saturating_add(OVERLAP_MS)
            }
            None if is_gap => {
                self.frame = numbers.first_unpacked - 1;
                now + 1
            }
            None => return Step::Nothing,
        };
        let missed = self.moment.saturating_sub(OVERLAP_MS)..until;
        if missed.is_empty() {
            return Step::Nothing;
        }
        let first = self.first_of(&missed);
        self.missed = Some(missed);
        Step::Missed(first)
    }

    /// What is next of a span that was missed. What it may have already comes apart from the rest: a
    /// receiver that refuses that is not to refuse others with it.
    fn first_of(&self, missed: &Range<i64>) -> Range<i64> {
        let again = missed.start..missed.end.min(self.moment + 1);
        if again.is_empty() {
            return missed.clone();
        }
        again
    }

    /// Whether it may have samples of that time already.
    pub(super) fn may_have(&self, at: i64) -> bool {
        at <= self.moment
    }

    /// It took these frames.
    pub(super) fn took(&mut self, frames: &[TailFrame]) {
        for frame in frames {
            self.frame = self.frame.max(frame.id);
            self.moment = self.moment.max(frame.at.0);
        }
    }

    /// It took what it missed up to a time.
    pub(super) fn caught_up(&mut self, until: i64) {
        self.moment = self.moment.max(until - 1);
        self.missed = self
            .missed
            .take()
            .map(|missed| until..missed.end)
            .filter(|missed| !missed.is_empty());
    }

    pub(super) fn row(&self, receiver: &str) -> ForwardRow {
        ForwardRow {
            receiver: receiver.to_owned(),
            frame: self.frame,
            moment: self.moment,
            missed_from: self.missed.as_ref().map(|missed| missed.start),
            missed_to: self.missed.as_ref().map(|missed| missed.end),
        }
    }
}

impl From<ForwardRow> for Cursor {
    fn from(row: ForwardRow) -> Self {
        Self {
            frame: row.frame,
            moment: row.moment,
            missed: row
                .missed_from
                .zip(row.missed_to)
                .map(|(from, to)| from..to),
        }
    }
}

#[cfg(test)]
mod tests {
    use common::ids::ServerId;
    use common::time::UnixMs;
    use uuid::Uuid;

    use super::*;

    fn frame(id: i64, at: i64) -> TailFrame {
        TailFrame {
            id,
            server: ServerId(Uuid::nil()),
            at: UnixMs(at),
            values: Vec::new(),
        }
    }

    #[test]
    fn frames_are_followed_and_what_was_packed_is_missed() {
        let (overlap, now) = (OVERLAP_MS, 1_000_000);
        let moment = 500_000;
        let from = moment - overlap;
        // Its number, the frames after it, the first that lies in no pack and the last, what is next, and
        // its number then.
        for (own, ids, first_unpacked, last, step, then) in [
            (10, &[][..], 4, 10, None, 10),
            (10, &[], 11, 10, None, 10),
            (10, &[11, 12], 4, 12, Some(Ok(2)), 10),
            // Packed, and there still.
            (10, &[11, 12], 13, 12, Some(Ok(2)), 10),
            // Number 11 was never given to a frame that stands.
            (10, &[12], 4, 12, Some(Ok(1)), 10),
            (10, &[14], 14, 14, Some(Err(from..605_014)), 13),
            (10, &[], 14, 13, Some(Err(from..now + 1)), 13),
            // Nothing was left at the start.
            (10, &[], 4, 3, Some(Err(from..now + 1)), 3),
        ] {
            let mut cursor = Cursor::new(own, moment);
            let frames: Vec<_> = ids.iter().map(|id| frame(*id, 600_000 + id)).collect();
            let numbers = Numbers {
                first_unpacked,
                last,
            };
            let found = match cursor.step(frames, numbers, now) {
                Step::Nothing => None,
                Step::Frames(frames) => Some(Ok(frames.len())),
                Step::Missed(first) => {
                    assert_eq!(first, from..moment + 1);
                    cursor.missed.clone().map(Err)
                }
            };
            assert_eq!((found, cursor.frame), (step, then), "{own} {ids:?}");
        }
    }

    #[test]
    fn what_was_missed_is_caught_up_across_a_start() {
        let mut cursor = Cursor::new(1, 500_000);
        let numbers = Numbers {
            first_unpacked: 9,
            last: 8,
        };
        let again = cursor.step(Vec::new(), numbers, 600_000);
        assert_eq!(again, Step::Missed(495_000..500_001));
        assert!(cursor.may_have(500_000) && !cursor.may_have(500_001));
        cursor.caught_up(500_001);
        let rest = cursor.step(Vec::new(), numbers, 600_000);
        assert_eq!(rest, Step::Missed(500_001..600_001));
        cursor.caught_up(560_000);
        let mut cursor = Cursor::from(cursor.row("a"));
        assert_eq!(cursor.missed, Some(560_000..600_001));
        cursor.caught_up(600_001);
        assert_eq!(
            (cursor.missed, cursor.frame, cursor.moment),
            (None, 8, 600_000)
        );
    }
}
