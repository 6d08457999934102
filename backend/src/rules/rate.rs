//! How much a series changes a second over the last time: counters without their restarts, gauges
//! as they are; never what is thought of it.

use std::collections::VecDeque;

use super::threshold::Reading;
use common::time::UnixMs;

/// The samples of one series in the time before a moment, fed in their order.
#[derive(Debug, Clone)]
pub struct RateWindow {
    width_ms: i64,
    is_counter: bool,
    samples: VecDeque<(i64, f64)>,
    /// When a counter began again, and what it had counted before.
    restarts: VecDeque<(i64, f64)>,
}

impl RateWindow {
    /// An empty window.
    pub fn new(width_seconds: u32, is_counter: bool) -> Self {
        Self {
            width_ms: i64::from(width_seconds) * 1_000,
            is_counter,
            samples: VecDeque::new(),
            restarts: VecDeque::new(),
        }
    }

    /// Takes the next sample.
    pub fn push(&mut self, at: i64, value: f64) {
        if let Some((_, before)) = self.samples.back()
            && self.is_counter
            && value < *before
        {
            self.restarts.push_back((at, *before));
        }
        self.samples.push_back((at, value));
    }

    /// The change a second of what lies in the window that ends with `now`, at the time of its newest
    /// sample; `None` with fewer than two samples.
    pub fn reading(&mut self, now: UnixMs) -> Option<Reading> {
        let start = now.0.saturating_sub(self.width_ms);
        while self.samples.front().is_some_and(|(at, _)| *at <= start) {
            self.samples.pop_front();
        }
        let (first_at, first) = *self.samples.front()?;
        while self.restarts.front().is_some_and(|(at, _)| *at <= first_at) {
            self.restarts.pop_front();
        }
        let (last_at, last) = *self.samples.back()?;
        if last_at <= first_at {
            return None;
        }
        let counted: f64 = self.restarts.iter().map(|(_, before)| before).sum();
        let seconds = seconds(last_at - first_at);
        Some(Reading {
            at: UnixMs(last_at),
            value: Some((last - first + counted) / seconds),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a window has few milliseconds")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use common::metric::Metric;

    /// What it is; whether it counts; samples by second; now; when the rate is of, and how large.
    type Case = (
        &'static str,
        bool,
        &'static [(i64, f64)],
        i64,
        Option<(i64, f64)>,
    );

    const CASES: &[Case] = &[
        ("nothing", true, &[], 60, None),
        ("one sample", true, &[(50, 5.0)], 60, None),
        (
            "steady",
            true,
            &[(10, 0.0), (40, 30.0), (60, 50.0)],
            60,
            Some((60, 1.0)),
        ),
        (
            "a restart",
            true,
            &[(20, 90.0), (30, 100.0), (40, 5.0), (60, 10.0)],
            60,
            Some((60, 0.5)),
        ),
        (
            "two restarts",
            true,
            &[(20, 8.0), (30, 2.0), (40, 1.0), (60, 1.0)],
            60,
            Some((60, 3.0 / 40.0)),
        ),
        (
            "a gauge falls",
            false,
            &[(20, 90.0), (60, 10.0)],
            60,
            Some((60, -2.0)),
        ),
        (
            "what is older is left out",
            true,
            &[(0, 0.0), (1, 100.0), (30, 130.0), (60, 160.0)],
            60,
            Some((60, 1.0)),
        ),
        (
            "a restart that is older too",
            true,
            &[(0, 500.0), (1, 100.0), (30, 130.0), (60, 160.0)],
            60,
            Some((60, 1.0)),
        ),
        (
            "of its newest sample",
            true,
            &[(10, 0.0), (20, 10.0)],
            65,
            Some((20, 1.0)),
        ),
    ];

    #[test]
    fn a_rate_is_the_change_between_the_ends_without_restarts() {
        for (case, is_counter, samples, now, expected) in CASES {
            let mut window = RateWindow::new(59, *is_counter);
            for (at, value) in *samples {
                window.push(at * 1_000, *value);
            }
            let expected = expected.map(|(at, value)| Reading {
                at: UnixMs(at * 1_000),
                value: Some(value),
            });
            assert_eq!(window.reading(UnixMs(now * 1_000)), expected, "{case}");
        }
    }

    #[test]
    fn counters_are_known_by_the_catalogue_or_their_names() {
        for (metric, expected) in [
            ("node_network_receive_bytes_total", true),
            ("host_cpu_usage_percent", false),
            ("http_requests_total", true),
            ("queue_length", false),
        ] {
            assert_eq!(Metric::is_counter(metric), expected, "{metric}");
        }
    }
}
