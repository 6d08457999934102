//! From a sample or a silence to the changes it makes: finds the rules, lets `rules` decide; never commits.

use common::alert::RuleKind;
use common::series::Labels;

use super::batch::Batch;
use super::engine::Engine;
use super::memory::Fingerprint;
use super::rule_index::Active;
use super::steps::{self, Found};
use super::watched::Watched;
use crate::ingest::{Origin, Stored};
use crate::rules::{
    Input, Observation, REPORTING, Reading, RuleState, Silence, Telling, absence_limit_ms, decide,
    matches_labels, watches,
};

/// What a rule is evaluated on.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) active: &'a Active,
    pub(super) server: &'a Watched,
    pub(super) labels: &'a Labels,
}

impl Engine {
    /// Notes that the server, and each metric that an absence rule waits for, came. What somebody
    /// pushes says nothing about the server itself.
    pub(super) fn hear(&mut self, sample: &Stored) {
        let now = self.clock.monotonic();
        if sample.origin == Origin::Host {
            self.servers.heard(sample.server, now);
        }
        if !self.rules.waits_for_metrics() {
            return;
        }
        for (key, _) in sample.values.iter() {
            for active in self.rules.on(sample.server, &key.metric) {
                let rule = &active.rule;
                if rule.input.kind == RuleKind::Absence && matches_labels(&rule.input, &key.labels)
                {
                    self.metric_heard.insert((rule.id, sample.server), now);
                }
            }
        }
    }

    /// Evaluates the rules on the values of a sample, and those that waited for it.
    pub(super) fn weigh_sample(&self, batch: &mut Batch, sample: &Stored) {
        let Some(server) = self.servers.active(sample.server) else {
            return;
        };
        for (key, value) in sample.values.iter() {
            for active in self.rules.on(sample.server, &key.metric) {
                let rule = &active.rule.input;
                if rule.kind != RuleKind::Threshold
                    || !watches(rule, server.id, server.group.as_deref())
                    || !matches_labels(rule, &key.labels)
                {
                    continue;
                }
                let reading = Reading {
                    at: sample.at,
                    value: Some(*value),
                };
                let place = Place {
                    active,
                    server,
                    labels: &key.labels,
                };
                self.weigh(batch, place, Observation::Reading(reading));
            }
        }
        for active in self.rules.absences() {
            self.weigh_silence(batch, active, server);
        }
    }

    /// Evaluates an absence rule on the time since something came.
    pub(super) fn weigh_silence(&self, batch: &mut Batch, active: &Active, server: &Watched) {
        let rule = &active.rule.input;
        if !watches(rule, server.id, server.group.as_deref()) {
            return;
        }
        let heard_at = if rule.metric == REPORTING {
            Some(server.heard_at)
        } else {
            let heard = self.metric_heard.get(&(active.rule.id, server.id));
            heard.map(|heard| *heard.max(&server.active_since))
        };
        // A metric that never came is not missed.
        let Some(heard_at) = heard_at else {
            return;
        };
        let silent = self.clock.monotonic().saturating_sub(heard_at);
        let silence = Silence {
            silent_ms: i64::try_from(silent.as_millis()).unwrap_or(i64::MAX),
            limit_ms: absence_limit_ms(rule, server.interval_seconds),
        };
        let place = Place {
            active,
            server,
            labels: &Labels::none(),
        };
        self.weigh(batch, place, Observation::Silence(silence));
    }

    /// Evaluates one rule on one series and adds what comes of it to the batch.
    pub(super) fn weigh(&self, batch: &mut Batch, place: Place, observation: Observation) {
        let key = Fingerprint {
            rule: place.active.rule.id,
            server: place.server.id,
            metric: place.active.metric.clone(),
            labels: place.labels.clone(),
        };
        let known = batch.series(&key, &self.memory);
        let state = known.map_or_else(RuleState::default, |series| series.state);
        let input = Input::new(observation, state, self.clock.now());
        let outcome = decide(&place.active.rule.input, &input);
        let after = outcome.state();
        if known.is_none() && outcome.transition.is_none() && after.is_blank() {
            return;
        }
        let before = known.cloned().unwrap_or_default();
        if outcome.transition.is_none() && outcome.telling != Telling::Calmed {
            batch.remember(&key, &before, after);
            return;
        }
        let found = Found {
            active: place.active,
            server: &place.server.name,
            key: &key,
            input: &input,
            outcome: &outcome,
        };
        let (series, writes) = steps::by_rule(found, &before);
        batch.add(&key, series, writes);
    }
}
