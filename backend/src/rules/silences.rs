//! An absence rule over the times at which something came; never over values.

use super::absence::{self, Silence};
use super::episodes::Episodes;
use super::state::{Open, RuleState};
use super::{Input, Observation, decide};
use common::alert::RuleInput;
use common::time::UnixMs;

/// An alert becomes calm with a minute.
const MINUTE_MS: i64 = 60_000;

/// A back-test of an absence rule on one server, fed with times in their order.
#[derive(Debug)]
pub struct SilenceRun<'a> {
    rule: &'a RuleInput,
    limit_ms: i64,
    /// When something last came; `None` before the first, when its absence is no silence.
    heard_at: Option<UnixMs>,
    state: RuleState,
    episodes: Episodes,
    points: u64,
}

impl<'a> SilenceRun<'a> {
    /// Begins at a moment from which on silence counts; with `None` it counts after the first sample.
    pub fn new(rule: &'a RuleInput, interval_seconds: u32, since: Option<UnixMs>) -> Self {
        Self {
            rule,
            limit_ms: absence::limit_ms(rule, interval_seconds),
            heard_at: since,
            state: RuleState::default(),
            episodes: Episodes::default(),
            points: 0,
        }
    }

    /// Takes the next times, in milliseconds; they ascend.
    pub fn feed(&mut self, times: &[i64]) {
        self.points += times.len() as u64;
        for time in times {
            let now = UnixMs(*time);
            self.be_silent_until(now);
            self.heard_at = Some(now);
            let waits = self.state.critical.since().is_some() || self.state.flaps.is_flapping();
            if waits || self.state.open != Open::Nothing {
                self.look(now);
            }
        }
    }

    /// Looks at the moments at which silence can have changed an alert: at its limit, when the cooldown
    /// that held it back is over, and with each minute while it flaps.
    fn be_silent_until(&mut self, now: UnixMs) {
        let Some(heard_at) = self.heard_at else {
            return;
        };
        let limit = heard_at.plus_ms(self.limit_ms);
        let mut looked_at = heard_at;
        loop {
            let cooldown_ms = i64::from(self.rule.cooldown_seconds) * 1_000;
            let over = self.state.fired.map(|it| it.at.plus_ms(cooldown_ms));
            let over = over.filter(|over| *over > limit);
            let minute = UnixMs(looked_at.0.div_euclid(MINUTE_MS) * MINUTE_MS + MINUTE_MS);
            let minute = self.state.flaps.is_flapping().then_some(minute);
            let moments = [Some(limit), over, minute].into_iter().flatten();
            let ahead = moments.filter(|moment| looked_at < *moment && *moment < now);
            let Some(next) = ahead.min() else {
                return;
            };
            self.look(next);
            looked_at = next;
        }
    }

    fn look(&mut self, now: UnixMs) {
        let silence = Silence {
            silent_ms: self.heard_at.map_or(0, |heard| now.since_ms(heard)),
            limit_ms: self.limit_ms,
        };
        let input = Input::new(Observation::Silence(silence), self.state, now);
        let outcome = decide(self.rule, &input);
        self.state = outcome.state();
        self.episodes.take(&outcome);
    }

    /// The alerts until `end`, and how many times were looked at.
    pub fn finish(mut self, end: UnixMs) -> (Episodes, u64) {
        self.be_silent_until(end);
        (self.episodes, self.points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::default_rules;

    /// The same, looked at each second as the engine does.
    fn looked_at_each_second(rule: &RuleInput, times: &[i64], end: i64) -> Episodes {
        let (mut state, mut heard, mut episodes) = (RuleState::default(), 0, Episodes::default());
        for second in 1..end {
            if times.contains(&second) {
                heard = second;
            }
            let silence = Silence {
                silent_ms: (second - heard) * 1_000,
                limit_ms: absence::limit_ms(rule, 1),
            };
            let observation = Observation::Silence(silence);
            let input = Input::new(observation, state, UnixMs(second * 1_000));
            let outcome = decide(rule, &input);
            state = outcome.state();
            episodes.take(&outcome);
        }
        episodes
    }

    #[test]
    fn what_flaps_is_told_as_it_is_by_the_engine() {
        let [_, _, _, rule, _] = default_rules();
        let rule = RuleInput {
            cooldown_seconds: 0,
            ..rule
        };
        let gaps = |every: i64, count: i64| (1..=count).map(|at| at * every).collect::<Vec<_>>();
        for (case, times, end) in [
            ("silent at last", gaps(40, 20), 3_600),
            (
                "samples at last",
                [gaps(40, 20), (801..3_600).collect()].concat(),
                3_600,
            ),
            ("seldom", gaps(600, 6), 4_200),
            (
                "often, then seldom",
                [gaps(45, 12), vec![1_000, 2_000, 2_030, 4_000]].concat(),
                5_000,
            ),
        ] {
            let expected = looked_at_each_second(&rule, &times, end);
            let times: Vec<i64> = times.iter().map(|second| second * 1_000).collect();
            let mut run = SilenceRun::new(&rule, 1, Some(UnixMs(0)));
            run.feed(&times);
            let (found, _) = run.finish(UnixMs(end * 1_000));
            assert_eq!(found, expected, "{case}");
        }
    }

    fn episodes(times: &[i64], since: Option<i64>, end: i64) -> Vec<(i64, Option<i64>)> {
        let [_, _, _, rule, _] = default_rules();
        let moment = |second: i64| UnixMs(second * 1_000);
        let times: Vec<i64> = times.iter().map(|second| second * 1_000).collect();
        let mut run = SilenceRun::new(&rule, 1, since.map(moment));
        run.feed(&times);
        let (episodes, points) = run.finish(moment(end));
        assert_eq!(points, times.len() as u64);
        let second = |at: UnixMs| at.0 / 1_000;
        let all = episodes.all.iter();
        all.map(|it| (second(it.started_at), it.ended_at.map(second)))
            .collect()
    }

    #[test]
    fn silence_fires_at_its_limit_and_ends_with_the_next_sample() {
        for (case, times, since, end, expected) in [
            ("a sample in time", vec![1, 15, 29], Some(0), 30, vec![]),
            ("never heard", vec![], Some(0), 60, vec![(15, None)]),
            ("never heard, and not missed", vec![], None, 60, vec![]),
            (
                "a gap",
                vec![1, 2, 30, 31],
                Some(0),
                32,
                vec![(17, Some(30))],
            ),
            (
                "a second gap within the cooldown fires when that is over",
                vec![1, 30, 2_000],
                Some(0),
                2_001,
                vec![(16, Some(30)), (916, Some(2_000))],
            ),
        ] {
            assert_eq!(episodes(&times, since, end), expected, "{case}");
        }
    }
}
