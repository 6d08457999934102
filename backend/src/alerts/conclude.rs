//! From what rules on their interval found to the changes it makes; never how it was found.

use std::collections::{HashMap, HashSet};

use common::alert::{RuleInput, RuleKind};
use common::api::rules::{EvaluationStatus, RuleEvaluation};
use common::ids::{RuleId, ServerId};
use common::series::Labels;
use common::time::UnixMs;

use super::batch::Batch;
use super::engine::Engine;
use super::measure::{Evaluated, Finding, Measured};
use super::memory::Fingerprint;
use super::rule_index::Active;
use super::weigh::Place;
use crate::rules::{Observation, Worth, join, severity_of_presence};

impl Engine {
    /// Takes what was found, rule by rule. A rule that found out nothing keeps its state.
    pub(super) async fn conclude(&mut self, evaluated: &[Evaluated]) {
        self.follow_clock();
        let mut batch = Batch::default();
        let known = self.known_of(evaluated);
        for one in evaluated {
            let active = self.rules.get(one.rule);
            let Some(active) = active.filter(|active| active.rule.version == one.version) else {
                continue;
            };
            let went = went(&active.rule.input, one);
            self.outside.evaluations.note(one.rule, went);
            match &one.outcome {
                Ok(measured) => {
                    let known = known.get(&one.rule).map_or(&[][..], Vec::as_slice);
                    self.weigh_measured(&mut batch, active, one.at, (measured, known));
                }
                Err(error) => {
                    let rule = &active.rule.input.name;
                    tracing::warn!(%rule, %error, "a rule could not be evaluated");
                }
            }
        }
        self.commit(batch).await;
    }

    /// What is remembered of the rules on expressions among these, by rule.
    fn known_of(&self, evaluated: &[Evaluated]) -> HashMap<RuleId, Vec<&Fingerprint>> {
        let rules = evaluated.iter().map(|one| one.rule);
        let asked = rules.filter(|id| {
            let active = self.rules.get(*id);
            active.is_some_and(|active| active.rule.input.kind == RuleKind::Promql)
        });
        let mut known: HashMap<RuleId, Vec<&Fingerprint>> =
            asked.map(|id| (id, Vec::new())).collect();
        if !known.is_empty() {
            for key in self.memory.0.keys() {
                if let Some(own) = known.get_mut(&key.rule) {
                    own.push(key);
                }
            }
        }
        known
    }

    /// Weighs what was found, and what the expression gave before and does not give now.
    fn weigh_measured(
        &self,
        batch: &mut Batch,
        active: &Active,
        at: UnixMs,
        (found, known): (&[Measured], &[&Fingerprint]),
    ) {
        for one in found {
            let series = (one.server, &one.labels);
            self.weigh_one(batch, active, at, (series, Some(&one.finding)));
        }
        if known.is_empty() {
            return;
        }
        let given: HashSet<(ServerId, &Labels)> =
            found.iter().map(|one| (one.server, &one.labels)).collect();
        for key in known {
            if !given.contains(&(key.server, &key.labels)) {
                let series = (key.server, &key.labels);
                self.weigh_one(batch, active, at, (series, None));
            }
        }
    }

    fn weigh_one(
        &self,
        batch: &mut Batch,
        active: &Active,
        at: UnixMs,
        ((server, labels), finding): ((ServerId, &Labels), Option<&Finding>),
    ) {
        let Some(server) = self.servers.active(server) else {
            return;
        };
        let place = Place {
            active,
            server,
            labels,
        };
        if let Some(observation) = observation(&active.rule.input, finding, at) {
            self.weigh(batch, place, observation);
        }
    }
}

/// What was seen; `None` when nothing was. Without a finding the expression does not give the series any more.
fn observation(rule: &RuleInput, finding: Option<&Finding>, at: UnixMs) -> Option<Observation> {
    let worth = |value| Some(Observation::Worth(Worth { at, value }));
    match finding {
        Some(Finding::Rate(reading)) => Some(Observation::Reading(*reading)),
        Some(Finding::Conditions(values)) => join(rule, at, values).map(Observation::Joined),
        Some(Finding::Worth(value)) => worth(Some(*value)),
        None => worth(None),
    }
}

/// An expression that finds by itself what is wrong has no result while nothing is.
fn went(rule: &RuleInput, evaluated: &Evaluated) -> RuleEvaluation {
    let may_be_empty = rule.kind == RuleKind::Promql && severity_of_presence(rule).is_some();
    let (status, series, error) = match &evaluated.outcome {
        Ok(found) if found.is_empty() && !may_be_empty => (EvaluationStatus::NoData, 0, None),
        Ok(found) => (EvaluationStatus::Ok, found.len(), None),
        Err(error) => (EvaluationStatus::Failing, 0, Some(error.clone())),
    };
    RuleEvaluation {
        status,
        last_at: Some(evaluated.at),
        error,
        series: u64::try_from(series).unwrap_or(u64::MAX),
    }
}
