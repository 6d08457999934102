//! When a collector is due and how its readings went; never what it reads.

use super::error::ReadError;
use super::found::Details;
use super::rate::seconds_between;
use crate::config::collector::Collector;
use common::series::Labels;
use std::time::Duration;

/// A collector that fails is tried again after twice this at the earliest.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
/// A collector that fails is tried again after this long at the latest.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The state of one collector.
#[derive(Debug)]
pub(super) struct Schedule {
    collector: Collector,
    labels: Labels,
    every: Duration,
    tried: Option<Duration>,
    read: Option<Duration>,
    failures: u32,
}

impl Schedule {
    /// A collector that has not read yet; `every` is zero for one that reads in every turn.
    pub(super) fn new(collector: Collector, every: Duration) -> Self {
        Self {
            collector,
            labels: Labels::one("collector", collector.name()),
            every,
            tried: None,
            read: None,
            failures: 0,
        }
    }

    /// Whose schedule it is.
    pub(super) fn collector(&self) -> Collector {
        self.collector
    }

    /// Whether it is time to read, a tenth of the pause forgiven for ticks that come early.
    pub(super) fn due(&self, now: Duration) -> bool {
        let pause = self.pause();
        self.tried
            .is_none_or(|tried| now.saturating_sub(tried) >= pause * 9 / 10)
    }

    /// After each failure in a row it is twice as long.
    fn pause(&self) -> Duration {
        if self.failures == 0 {
            return self.every;
        }
        let longer = self.every.max(SHORTEST_PAUSE) * 2_u32.pow(self.failures.min(10));
        longer.min(LONGEST_PAUSE.max(self.every))
    }

    /// It has no interval of its own.
    pub(super) fn reads_in_every_turn(&self) -> bool {
        self.every.is_zero()
    }

    /// It reads now.
    pub(super) fn begin(&mut self, now: Duration) {
        self.tried = Some(now);
    }

    /// Seconds since its last reading that went well; `None` without one.
    pub(super) fn elapsed(&self, now: Duration) -> Option<f64> {
        seconds_between(self.read, now)
    }

    /// The reading that began last has ended: keeps how, tells it as series, and logs a change.
    pub(super) fn end(
        &mut self,
        result: Result<(), ReadError>,
        took: Duration,
        details: &mut Details,
    ) {
        let absent = matches!(result, Err(ReadError::Absent));
        match result {
            Ok(()) => self.went_well(),
            Err(error) => self.failed(&error),
        }
        if !absent {
            let success = f64::from(u8::from(self.failures == 0));
            let success_name = "node_scrape_collector_success";
            details.labelled(success_name, &self.labels, success);
            let duration_name = "node_scrape_collector_duration_seconds";
            details.labelled(duration_name, &self.labels, took.as_secs_f64());
        }
    }

    fn went_well(&mut self) {
        self.read = self.tried;
        if std::mem::take(&mut self.failures) > 0 {
            tracing::debug!(collector = self.collector.name(), "a collector reads again");
        }
    }

    fn failed(&mut self, error: &ReadError) {
        let collector = self.collector.name();
        if self.failures == 0 && !matches!(error, ReadError::Absent) {
            tracing::warn!(collector, %error, "a collector failed; it is tried again less often");
        } else {
            tracing::debug!(collector, %error, "a collector read nothing");
        }
        self.failures = self.failures.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;
    use crate::collect::local::error::ReadError;
    use crate::collect::local::found::Details;
    use crate::config::collector::Collector;
    use std::time::Duration;

    const NOTHING: Duration = Duration::ZERO;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_failing_collector_is_tried_less_and_less_often() {
        let mut schedule = Schedule::new(Collector::Cpu, NOTHING);
        let mut details = Details::default();
        let mut tries = Vec::new();
        for second in 0..200 {
            if schedule.due(seconds(second)) {
                tries.push(second);
                schedule.begin(seconds(second));
                schedule.end(Err(ReadError::Stuck), NOTHING, &mut details);
            }
        }
        assert_eq!(tries, [0, 2, 6, 14, 29, 58, 112, 166]);
        schedule.end(Ok(()), NOTHING, &mut details);
        assert!(schedule.due(seconds(167)));
    }

    #[test]
    fn rates_span_what_failed_in_between() {
        let mut schedule = Schedule::new(Collector::Cpu, seconds(1));
        assert_eq!(schedule.elapsed(seconds(1)), None);
        schedule.begin(seconds(1));
        schedule.end(Ok(()), NOTHING, &mut Details::default());
        schedule.begin(seconds(2));
        schedule.end(Err(ReadError::Ended), NOTHING, &mut Details::default());
        assert_eq!(schedule.elapsed(seconds(4)), Some(3.0));
    }

    #[test]
    fn what_is_absent_is_no_failure() {
        for (result, expected) in [
            (Ok(()), Some(1.0)),
            (Err(ReadError::Stuck), Some(0.0)),
            (Err(ReadError::Absent), None),
        ] {
            let mut details = Details::default();
            Schedule::new(Collector::Cpu, seconds(1)).end(result, NOTHING, &mut details);
            let values = details.into_values();
            let success = values
                .iter()
                .find(|it| it.metric == "node_scrape_collector_success");
            assert_eq!(success.map(|it| it.value), expected);
        }
    }
}
