//! How the evaluation of each rule that does not follow samples went last; never of what came of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use common::api::rules::RuleEvaluation;
use common::ids::RuleId;

/// The last evaluation by rule. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Evaluations(Arc<Mutex<HashMap<RuleId, RuleEvaluation>>>);

impl Evaluations {
    /// How it went; `None` before the first time.
    pub(super) fn of(&self, rule: RuleId) -> Option<RuleEvaluation> {
        self.lock().get(&rule).cloned()
    }

    /// Notes how it went.
    pub(super) fn note(&self, rule: RuleId, evaluation: RuleEvaluation) {
        self.lock().insert(rule, evaluation);
    }

    /// Forgets rules that there are no more.
    pub(super) fn keep(&self, is_there: impl Fn(RuleId) -> bool) {
        self.lock().retain(|id, _| is_there(*id));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RuleId, RuleEvaluation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
