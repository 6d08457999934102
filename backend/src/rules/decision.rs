//! The one entrance to every kind of rule: what was seen and what is remembered, to what follows.
//! Both can be written down and evaluated again; never a rule's own arithmetic.

use super::absence::{self, Silence};
use super::composite::{self, Joined};
use super::expression::{self, Worth};
use super::flapping::Telling;
use super::state::{Open, RuleState};
use super::threshold::{self, Reading};
use super::transition::Transition;
use common::alert::RuleInput;
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// What a rule is evaluated on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observation {
    /// A value of a series.
    Reading(Reading),
    /// For how long nothing has come.
    Silence(Silence),
    /// What one series of an expression is worth.
    Worth(Worth),
    /// What the conditions of a composite rule come to.
    Joined(Joined),
    /// A person ended the alert.
    ResolvedByPerson,
}

/// All that a decision depends on, beside the rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What was seen.
    pub observation: Observation,
    /// What the rule remembered of the series.
    pub before: RuleState,
    /// Time of the last reading before; it is part of what is remembered and not written with it.
    pub seen_at: Option<UnixMs>,
    /// When.
    pub now: UnixMs,
}

impl Input {
    /// What was seen at `now`, after `before`.
    pub const fn new(observation: Observation, before: RuleState, now: UnixMs) -> Self {
        Self {
            observation,
            seen_at: before.seen_at,
            before,
            now,
        }
    }
}

/// What a decision is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What the rule remembers from now on.
    pub after: RuleState,
    /// Time of the last reading, as in [`Input`].
    pub seen_at: Option<UnixMs>,
    /// What changed; `None` when nothing did.
    pub transition: Option<Transition>,
    /// How that is told.
    pub telling: Telling,
}

impl Outcome {
    /// What the rule remembers from now on, whole.
    pub const fn state(&self) -> RuleState {
        let mut state = self.after;
        state.seen_at = self.seen_at;
        state
    }
}

/// Decides. The same input and rule have the same outcome, always.
pub fn decide(rule: &RuleInput, input: &Input) -> Outcome {
    let before = RuleState {
        seen_at: input.seen_at,
        ..input.before
    };
    let now = input.now;
    let (after, transition) = match input.observation {
        Observation::Reading(reading) => threshold::evaluate(rule, reading, &before, now),
        Observation::Silence(silence) => absence::evaluate(rule, silence, &before, now),
        Observation::Worth(worth) => expression::evaluate(rule, worth, &before, now),
        Observation::Joined(joined) => composite::evaluate(rule, joined, &before, now),
        Observation::ResolvedByPerson => {
            (before.resolved_by_person(rule.cooldown_seconds, now), None)
        }
    };
    let fires = matches!(after.open, Open::Firing(_));
    let step = transition.map(|transition| transition.step);
    let (flaps, telling) = after.flaps.note(step, fires, now);
    Outcome {
        seen_at: after.seen_at,
        after: RuleState { flaps, ..after },
        transition,
        telling,
    }
}

#[cfg(test)]
mod tests {
    use common::alert::RuleInput;
    use proptest::prelude::*;

    use super::*;
    use crate::rules::default_rules;

    /// Values around the thresholds, gaps, and a clock that now and then jumps.
    fn inputs() -> impl Strategy<Value = Vec<(i64, Option<f64>, bool)>> {
        let passed = prop_oneof![
            20 => 500..120_000_i64,
            1 => -4_000_000..4_000_000_i64,
        ];
        let value = proptest::option::weighted(0.95, 0.0..120.0_f64);
        proptest::collection::vec((passed, value, proptest::bool::weighted(0.02)), 1..200)
    }

    fn written<T: Serialize>(value: &T) -> String {
        serde_json::to_string(value).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_was_written_down_is_decided_alike(
            steps in inputs(),
            is_absence: bool,
            cooldown in 0..2_000_u32,
        ) {
            let [cpu, _, _, absence, _] = default_rules();
            let rule = RuleInput {
                cooldown_seconds: cooldown,
                ..if is_absence { absence } else { cpu }
            };
            let (mut state, mut now) = (RuleState::default(), UnixMs(1_700_000_000_000));
            for (passed, value, by_hand) in steps {
                now = now.plus_ms(passed);
                let observation = match (by_hand, is_absence) {
                    (true, _) => Observation::ResolvedByPerson,
                    (_, true) => Observation::Silence(Silence {
                        silent_ms: passed.abs(),
                        limit_ms: 60_000,
                    }),
                    _ => Observation::Reading(Reading { at: now, value }),
                };
                let input = Input::new(observation, state, now);
                let outcome = decide(&rule, &input);
                let rule: RuleInput = serde_json::from_str(&written(&rule)).unwrap();
                let again: Input = serde_json::from_str(&written(&input)).unwrap();
                prop_assert_eq!(written(&decide(&rule, &again)), written(&outcome));
                state = outcome.state();
            }
        }
    }
}
