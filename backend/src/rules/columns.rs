//! A threshold rule over columns of values: what [`decide`] makes of each, without asking it about values that
//! cannot change anything.

use super::episodes::Episodes;
use super::state::{RuleState, Track};
use super::threshold::{self, Reading};
use super::{GAP_MS, Input, Observation, decide};
use common::alert::{Comparison, RuleInput, Severity};
use common::time::UnixMs;

/// A back-test of a threshold rule on one series, fed column by column in the order of time.
#[derive(Debug)]
pub struct ThresholdRun<'a> {
    rule: &'a RuleInput,
    state: RuleState,
    episodes: Episodes,
    points: u64,
}

impl<'a> ThresholdRun<'a> {
    /// Begins with a series that was never seen.
    pub fn new(rule: &'a RuleInput) -> Self {
        Self {
            rule,
            state: RuleState::default(),
            episodes: Episodes::default(),
            points: 0,
        }
    }

    /// Takes the next values, each with its time in milliseconds; their times ascend.
    pub fn feed(&mut self, times: &[i64], values: &[f64]) {
        self.points += times.len() as u64;
        let mut at = 0;
        while let (Some(time), Some(value)) = (times.get(at), values.get(at)) {
            let before = self.state;
            self.step(UnixMs(*time), *value);
            at += 1;
            // A change may have another in its train: an alert takes one step with each value.
            if !self.state.same_as(&before) {
                continue;
            }
            let same = self.same_from(times, values, at);
            if same > 0 {
                at += same;
                self.state.seen_at = Some(UnixMs(times[at - 1]));
            }
        }
    }

    fn step(&mut self, at: UnixMs, value: f64) {
        let observation = Observation::Reading(Reading {
            at,
            value: Some(value),
        });
        let outcome = decide(self.rule, &Input::new(observation, self.state, at));
        self.state = outcome.state();
        self.episodes.take(&outcome);
    }

    /// How many of the values from `from` on leave the state as it is: each crosses and clears the
    /// same thresholds as the one before, and no wait ends before the last of them. None while the
    /// alert flaps: it becomes calm by the time alone.
    fn same_from(&self, times: &[i64], values: &[f64], from: usize) -> usize {
        if self.state.flaps.is_flapping() {
            return 0;
        }
        let Some(before) = values.get(from.wrapping_sub(1)).filter(|it| it.is_finite()) else {
            return 0;
        };
        let class = threshold::class(self.rule, *before);
        let deadline = self.deadline(times[from - 1]);
        let mut last = times[from - 1];
        let rest = times[from..].iter().zip(&values[from..]);
        rest.take_while(|(time, value)| {
            let same = **time < deadline
                && **time - last <= GAP_MS
                && value.is_finite()
                && threshold::class(self.rule, **value) == class;
            last = **time;
            same
        })
        .count()
    }

    /// The first moment after `now` at which a wait ends; the end of time without one.
    fn deadline(&self, now: i64) -> i64 {
        let waits = threshold::waits(self.rule);
        let after = |since: UnixMs, seconds: u32| since.0 + i64::from(seconds) * 1_000;
        let of_track = |track: Track| match track {
            Track::Crossed { since } => Some(after(since, waits.fire)),
            Track::Active { clearing_since, .. } => {
                clearing_since.map(|since| after(since, waits.clear))
            }
            Track::Muted { until } => Some(until.0),
            Track::Clear => None,
        };
        let cooldown = self.state.fired.map(|it| after(it.at, waits.cooldown));
        [of_track(self.state.warning), of_track(self.state.critical)]
            .into_iter()
            .chain([cooldown])
            .flatten()
            .filter(|moment| *moment > now)
            .min()
            .unwrap_or(i64::MAX)
    }

    /// Whether values that all lie between two leave the state as it is, whenever they came: nothing
    /// waits, the alert does not flap, and neither of the two would change it.
    pub fn stays_between(&self, min: f64, max: f64) -> bool {
        let is_exact = matches!(
            self.rule.comparison,
            Comparison::Equal | Comparison::NotEqual
        );
        if is_exact || self.state.flaps.is_flapping() {
            return false;
        }
        Severity::ALL.into_iter().all(|severity| {
            let of = |value| threshold::verdict_of(self.rule, severity, value);
            let Some((low, high)) = of(min).zip(of(max)) else {
                return true;
            };
            match self.state.track(severity) {
                Track::Clear => !low.crossed && !high.crossed,
                Track::Active {
                    clearing_since: None,
                    ..
                } => !low.cleared && !high.cleared,
                Track::Active { .. } | Track::Crossed { .. } | Track::Muted { .. } => false,
            }
        })
    }

    /// The alerts that came of it, and how many values were looked at.
    pub fn finish(self) -> (Episodes, u64) {
        (self.episodes, self.points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMPARISONS: [Comparison; 6] = Comparison::ALL;

    fn rule() -> impl Strategy<Value = RuleInput> {
        let waits = (0_u32..40, 0_u32..40, 0_u32..200);
        let levels = (
            prop::option::of(2_u32..7),
            prop::option::of(0_u32..4),
            0_u32..3,
        );
        (waits, levels, 0..COMPARISONS.len()).prop_map(|(waits, levels, comparison)| {
            let [plain, ..] = super::super::default_rules();
            let (warning, above, margin) = levels;
            let comparison = COMPARISONS[comparison];
            let base = f64::from(warning.unwrap_or(5));
            let further = above.map(f64::from).map(|above| match comparison {
                Comparison::Below | Comparison::AtMost => base - above,
                _ => base + above,
            });
            RuleInput {
                comparison,
                warning: warning.map(f64::from),
                critical: further,
                clear_margin: f64::from(margin),
                for_seconds: waits.0,
                clear_for_seconds: waits.1,
                cooldown_seconds: waits.2,
                ..plain
            }
        })
    }

    /// Runs of values, mostly a second apart, sometimes beyond the gap.
    fn columns() -> impl Strategy<Value = (Vec<i64>, Vec<f64>)> {
        let gap = prop_oneof![20 => Just(1_000_i64), 2 => 1_i64..90_000, 1 => Just(GAP_MS + 1)];
        let value = prop_oneof![30 => (0_u32..11).prop_map(f64::from), 1 => Just(f64::NAN)];
        let run = (1_usize..60, gap, value);
        prop::collection::vec(run, 1..30).prop_map(|runs| {
            let (mut times, mut values, mut now) = (Vec::new(), Vec::new(), 1_700_000_000_000);
            for (count, gap, value) in runs {
                for second in 0..count {
                    now += if second == 0 { gap } else { 1_000 };
                    times.push(now);
                    values.push(value);
                }
            }
            (times, values)
        })
    }

    #[test]
    fn a_change_with_another_in_its_train_is_followed() {
        let [plain, ..] = super::super::default_rules();
        let rule = RuleInput {
            comparison: Comparison::Below,
            warning: Some(3.0),
            critical: Some(2.0),
            clear_margin: 1.0,
            for_seconds: 0,
            clear_for_seconds: 0,
            cooldown_seconds: 148,
            ..plain
        };
        let values = [[2.0; 3], [4.0; 3], [0.0; 3]].concat();
        let times: Vec<_> = (1..=9).map(|second| second * 1_000).collect();
        let (mut slow, mut fast) = (ThresholdRun::new(&rule), ThresholdRun::new(&rule));
        for (time, value) in times.iter().zip(&values) {
            slow.step(UnixMs(*time), *value);
        }
        fast.feed(&times, &values);
        assert!(fast.state.same_as(&slow.state), "{:?}", fast.state);
    }

    proptest! {
        #[test]
        fn leaving_values_out_changes_nothing(rule in rule(), (times, values) in columns(), cut in 0_usize..200) {
            let mut slow = ThresholdRun::new(&rule);
            for (time, value) in times.iter().zip(&values) {
                slow.step(UnixMs(*time), *value);
            }
            let mut fast = ThresholdRun::new(&rule);
            let cut = cut.min(times.len());
            fast.feed(&times[..cut], &values[..cut]);
            fast.feed(&times[cut..], &values[cut..]);
            prop_assert_eq!(&fast.episodes, &slow.episodes);
            prop_assert!(fast.state.same_as(&slow.state), "{:?} {:?}", fast.state, slow.state);
        }

        #[test]
        fn what_stays_between_can_be_left_out(rule in rule(), (times, values) in columns()) {
            let mut whole = ThresholdRun::new(&rule);
            whole.feed(&times, &values);
            let mut parts = ThresholdRun::new(&rule);
            for (times, values) in times.chunks(25).zip(values.chunks(25)) {
                let finite = || values.iter().copied().filter(|it| it.is_finite());
                let (min, max) = (finite().reduce(f64::min), finite().reduce(f64::max));
                match min.zip(max) {
                    Some((min, max)) if parts.stays_between(min, max) => {}
                    _ => parts.feed(times, values),
                }
            }
            prop_assert_eq!(&parts.episodes, &whole.episodes);
        }
    }
}
