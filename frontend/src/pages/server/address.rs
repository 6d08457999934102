//! What the address of a server's page says: range, zoom, cursor; pure, never the browser's history.

use common::chart::TimeWindow;
use common::time::UnixMs;

use crate::components::chart::View;

/// How much of the past is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Range {
    /// Five minutes.
    #[default]
    FiveMinutes,
    /// An hour.
    Hour,
    /// Six hours.
    SixHours,
    /// A day.
    Day,
}

impl Range {
    /// Every range, the shortest first.
    pub const ALL: [Self; 4] = [Self::FiveMinutes, Self::Hour, Self::SixHours, Self::Day];

    /// Its name in the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FiveMinutes => "5m",
            Self::Hour => "1h",
            Self::SixHours => "6h",
            Self::Day => "24h",
        }
    }

    /// Its name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FiveMinutes => "5 m",
            Self::Hour => "1 h",
            Self::SixHours => "6 h",
            Self::Day => "24 h",
        }
    }

    /// Its length in milliseconds.
    pub const fn span_ms(self) -> i64 {
        match self {
            Self::FiveMinutes => 300_000,
            Self::Hour => 3_600_000,
            Self::SixHours => 6 * 3_600_000,
            Self::Day => 24 * 3_600_000,
        }
    }

    /// The view that it stands for.
    pub const fn view(self) -> View {
        View::Live {
            span_ms: self.span_ms(),
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.name() == name)
    }
}

/// The part of the address behind the question mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Address {
    /// The range.
    pub range: Range,
    /// The zoom; `None`: the range up to now.
    pub zoom: Option<TimeWindow>,
    /// The pinned moment.
    pub at: Option<UnixMs>,
}

impl Address {
    /// Reads the parameters; what is not understood is as if it were not there.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let moment = |name: &str| get(name).as_deref().and_then(UnixMs::parse);
        let zoom = moment("from").zip(moment("to"));
        Self {
            range: get("range")
                .and_then(|name| Range::of_name(&name))
                .unwrap_or_default(),
            zoom: zoom
                .map(|(from, to)| TimeWindow { from, to })
                .filter(|window| window.from < window.to),
            at: moment("at"),
        }
    }

    /// The parameters, without those that say what holds anyway.
    pub fn write(self) -> String {
        let mut parts = Vec::new();
        if self.range != Range::default() {
            parts.push(format!("range={}", self.range.name()));
        }
        if let Some(window) = self.zoom {
            parts.push(format!("from={}&to={}", window.from.0, window.to.0));
        }
        if let Some(at) = self.at {
            parts.push(format!("at={}", at.0));
        }
        if parts.is_empty() {
            String::new()
        } else {
            format!("?{}", parts.join("&"))
        }
    }

    /// What the charts show: a moment that the range does not reach gets a window around it.
    pub fn view(self, now: UnixMs) -> View {
        let span_ms = self.range.span_ms();
        match (self.zoom, self.at) {
            (Some(window), _) => View::Fixed(window),
            (None, Some(at)) if now.since_ms(at) > span_ms => {
                View::Fixed(TimeWindow::ending(at.plus_ms(span_ms / 2), span_ms))
            }
            (None, _) => self.range.view(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Range};
    use common::chart::TimeWindow;
    use common::time::UnixMs;

    fn read(query: &str) -> Address {
        Address::read(|wanted| {
            query
                .split('&')
                .filter_map(|part| part.split_once('='))
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn the_address_is_the_state() {
        let zoom = TimeWindow {
            from: UnixMs(1_000),
            to: UnixMs(61_000),
        };
        for (query, address) in [
            ("", Address::default()),
            (
                "range=1h",
                Address {
                    range: Range::Hour,
                    ..Address::default()
                },
            ),
            (
                "range=24h&from=1000&to=61000&at=5000",
                Address {
                    range: Range::Day,
                    zoom: Some(zoom),
                    at: Some(UnixMs(5_000)),
                },
            ),
        ] {
            assert_eq!(read(query), address, "{query}");
            assert_eq!(address.write().trim_start_matches('?'), query);
        }
    }

    #[test]
    fn a_moment_out_of_reach_gets_a_window_of_its_own() {
        let now = UnixMs(10_000_000);
        let shown = |query: &str| read(query).view(now).window(now);
        assert_eq!(shown("at=9900000"), TimeWindow::ending(now, 300_000));
        let around = TimeWindow {
            from: UnixMs(850_000),
            to: UnixMs(1_150_000),
        };
        assert_eq!(shown("at=1000000"), around);
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_there() {
        for query in ["range=2w", "from=5", "from=9&to=5", "at=noon", "x=y"] {
            assert_eq!(read(query), Address::default(), "{query}");
        }
    }
}
