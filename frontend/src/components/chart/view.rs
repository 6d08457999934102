//! Which stretch of time the charts of a page show; pure, never a signal.

use common::chart::TimeWindow;
use common::time::UnixMs;

/// No closer than this.
const SHORTEST_MS: f64 = 10_000.0;
/// No further than this.
const LONGEST_MS: f64 = 31.0 * 86_400_000.0;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The last so many milliseconds: the window slides.
    Live {
        /// Its length.
        span_ms: i64,
    },
    /// One stretch of time that stays where it is.
    Fixed(TimeWindow),
}

impl View {
    /// The stretch of time when `newest` is the moment of the newest reading.
    pub fn window(self, newest: UnixMs) -> TimeWindow {
        match self {
            Self::Live { span_ms } => TimeWindow::ending(newest, span_ms),
            Self::Fixed(window) => window,
        }
    }

    /// The same shorter (`factor` < 1) or longer, with `centre` in its place.
    #[must_use]
    pub fn zoomed(self, newest: UnixMs, centre: UnixMs, factor: f64) -> Self {
        let window = self.window(newest);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a month")]
        let span = window.span_ms() as f64;
        let factor = factor.clamp(SHORTEST_MS / span, LONGEST_MS / span);
        Self::Fixed(window.zoomed(centre, factor)).before(newest)
    }

    /// The same earlier or later.
    #[must_use]
    pub fn moved(self, newest: UnixMs, ms: i64) -> Self {
        Self::Fixed(self.window(newest).moved(ms)).before(newest)
    }

    /// A stretch that a person marked; `None` when it is too short to be meant.
    pub fn marked(a: UnixMs, b: UnixMs) -> Option<Self> {
        let window = TimeWindow {
            from: a.min(b),
            to: a.max(b),
        };
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a month")]
        let span = window.span_ms() as f64;
        (span >= SHORTEST_MS).then_some(Self::Fixed(window))
    }

    /// Nothing lies after the newest reading.
    fn before(self, newest: UnixMs) -> Self {
        match self {
            Self::Fixed(window) if window.to > newest => {
                Self::Fixed(window.moved(newest.since_ms(window.to)))
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::View;
    use common::chart::TimeWindow;
    use common::time::UnixMs;

    const NOW: UnixMs = UnixMs(1_000_000);
    const LIVE: View = View::Live { span_ms: 300_000 };

    fn ends(view: View) -> (i64, i64) {
        let window = view.window(NOW);
        (window.from.0, window.to.0)
    }

    #[test]
    fn a_live_view_ends_at_the_newest_reading() {
        assert_eq!(ends(LIVE), (700_000, 1_000_000));
        assert_eq!(LIVE.window(NOW.plus_ms(1_000)).from, UnixMs(701_000));
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        assert_eq!(
            ends(LIVE.zoomed(NOW, UnixMs(900_000), 0.5)),
            (800_000, 950_000)
        );
        let closest = LIVE.zoomed(NOW, UnixMs(900_000), 0.000_1);
        assert_eq!(closest.window(NOW).span_ms(), 10_000);
        let out = LIVE.zoomed(NOW, UnixMs(900_000), 2.0);
        assert_eq!(ends(out), (400_000, 1_000_000), "never beyond the newest");
    }

    #[test]
    fn a_view_moves_and_stops_at_the_newest_reading() {
        assert_eq!(ends(LIVE.moved(NOW, -100_000)), (600_000, 900_000));
        assert_eq!(ends(LIVE.moved(NOW, 100_000)), (700_000, 1_000_000));
    }

    #[test]
    fn a_mark_is_a_stretch_in_either_direction() {
        let expected = View::Fixed(TimeWindow {
            from: UnixMs(0),
            to: UnixMs(60_000),
        });
        assert_eq!(View::marked(UnixMs(60_000), UnixMs(0)), Some(expected));
        assert_eq!(View::marked(UnixMs(0), UnixMs(500)), None);
    }
}
