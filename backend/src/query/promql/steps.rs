//! The moments that a question asks about; never what is found there.

/// Moments at equal distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Steps {
    /// The first, milliseconds since the epoch.
    pub(super) first_ms: i64,
    /// From one to the next.
    pub(super) step_ms: i64,
    /// How many; never 0.
    pub(super) count: usize,
}

impl Steps {
    /// A single moment.
    pub(super) fn one(at_ms: i64) -> Self {
        Self {
            first_ms: at_ms,
            step_ms: 1,
            count: 1,
        }
    }

    /// From the first to the last that is not after `end_ms`.
    pub(super) fn between(first_ms: i64, end_ms: i64, step_ms: i64) -> Self {
        let more = end_ms.saturating_sub(first_ms).max(0) / step_ms.max(1);
        Self {
            first_ms,
            step_ms: step_ms.max(1),
            count: usize::try_from(more)
                .unwrap_or(usize::MAX)
                .saturating_add(1),
        }
    }

    /// The moments, in order.
    pub(super) fn iter(self) -> impl Iterator<Item = i64> {
        (0..self.count).map(move |step| self.at(step))
    }

    /// The moment of a step, which are counted from 0.
    pub(super) fn at(self, step: usize) -> i64 {
        let more = i64::try_from(step).unwrap_or(i64::MAX);
        self.first_ms
            .saturating_add(more.saturating_mul(self.step_ms))
    }

    /// The last moment.
    pub(super) fn last_ms(self) -> i64 {
        self.at(self.count - 1)
    }

    /// All of them earlier by `offset_ms`.
    pub(super) fn earlier(self, offset_ms: i64) -> Self {
        Self {
            first_ms: self.first_ms.saturating_sub(offset_ms),
            ..self
        }
    }
}
