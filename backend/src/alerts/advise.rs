//! What other thresholds of a rule would have done: each tried as the only one on the same samples; never
//! a change of the rule.
//!
//! What hours came down to says which of them can change anything: only those are decoded, once for all
//! thresholds.

use std::ops::Range;

use common::alert::{RuleInput, RuleKind, Severity};
use common::api::rules::{Advice, Candidate, Observed, Recommendation};
use common::problem::FieldError;
use common::series::SeriesKey;
use common::time::UnixMs;

use super::error::RuleError;
use super::rule_book::RuleBook;
use super::trial::Trial;
use crate::auth::{Allowed, may};
use crate::query::{Ask, HOUR_MS, Period, QueryError, Reader, Rollup};
use crate::rules::{Spread, ThresholdRun, candidates, first_within, looks_up};

const DAY_SECONDS: f64 = 86_400.0;

impl RuleBook {
    /// What thresholds between the observed values would have done on the servers that the person sees. Dropping the future ends the work.
    pub async fn advise(
        &self,
        may: &Allowed<may::RulesWrite>,
        rule: RuleInput,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Advice, RuleError> {
        let refused = |field: &str, message: &str| {
            let fault = FieldError::new(field, message);
            Err(RuleError::Invalid(vec![fault]))
        };
        if rule.kind != RuleKind::Threshold {
            return refused("rule.kind", "only threshold rules are advised");
        }
        let Some(looks_up) = looks_up(rule.comparison) else {
            let message = "must look for large or for small values";
            return refused("rule.comparison", message);
        };
        // Somebody who asks for advice may have no threshold yet.
        let tried = RuleInput {
            warning: rule.warning.or(rule.critical).or(Some(0.0)),
            critical: rule.critical,
            ..rule.clone()
        };
        let mut trial = self.trial(may.scope(), tried, (from, to)).await?;
        trial.rule = rule;
        let work = self
            .query
            .work(move |reader| trial.advise(reader, looks_up));
        work.await.map_err(RuleError::Tried)
    }
}

/// What the hours of a series came down to, by their starts.
type Hours = Vec<(i64, Rollup)>;

impl Trial {
    fn advise(&self, reader: &mut Reader, looks_up: bool) -> Result<Advice, QueryError> {
        let keys = reader.series(&self.selector(&self.rule.metric)?)?;
        let mut all: Vec<(SeriesKey, Hours)> = Vec::new();
        for key in keys {
            let hours = self.hours(reader, &key)?;
            if !hours.is_empty() {
                all.push((key, hours));
            }
        }
        let Some((observed, spread)) = observed(&all, looks_up) else {
            return Ok(Advice::default());
        };
        let own: Vec<f64> = [self.rule.warning, self.rule.critical]
            .into_iter()
            .flatten()
            .collect();
        let values = candidates(spread, looks_up, &own);
        let alone: Vec<RuleInput> = values.iter().map(|value| self.alone(*value)).collect();
        let mut found: Vec<Candidate> = values.iter().map(|value| self.untried(*value)).collect();
        for (key, hours) in &all {
            self.try_each(reader, (key, hours), &alone, &mut found)?;
        }
        let series = observed.series;
        let (warning, critical) = self.recommended(&found, series);
        Ok(Advice {
            observed: Some(observed),
            candidates: found,
            warning,
            critical,
        })
    }

    fn hours(&self, reader: &mut Reader, key: &SeriesKey) -> Result<Hours, QueryError> {
        let ask = Ask {
            period: Period::Hour,
            with_sketch: true,
        };
        let range = Period::Hour.start(self.range.start)..self.range.end;
        Ok(reader.rollups(key, range, ask)?.into_iter().collect())
    }

    /// The rule with one threshold and no other.
    fn alone(&self, value: f64) -> RuleInput {
        RuleInput {
            warning: Some(value),
            critical: None,
            ..self.rule.clone()
        }
    }

    fn untried(&self, value: f64) -> Candidate {
        let is = |own: Option<f64>| own == Some(value);
        let critical = is(self.rule.critical).then_some(Severity::Critical);
        let warning = is(self.rule.warning).then_some(Severity::Warning);
        Candidate {
            value,
            firings: 0,
            firing_seconds: 0.0,
            chosen: critical.or(warning),
        }
    }

    fn try_each(
        &self,
        reader: &mut Reader,
        (key, hours): (&SeriesKey, &Hours),
        alone: &[RuleInput],
        found: &mut [Candidate],
    ) -> Result<(), QueryError> {
        let mut runs: Vec<ThresholdRun> = alone.iter().map(ThresholdRun::new).collect();
        for (start, hour) in hours {
            let wants = |run: &ThresholdRun| !run.stays_between(hour.min, hour.max);
            let wanting: Vec<bool> = runs.iter().map(wants).collect();
            if !wanting.contains(&true) {
                continue;
            }
            let range = self.within(*start..start + HOUR_MS);
            let set = reader.together(std::slice::from_ref(key), range)?;
            for series in &set.series {
                let wanting = runs.iter_mut().zip(&wanting).filter(|(_, wants)| **wants);
                for (run, _) in wanting {
                    run.feed(&series.times, &series.values);
                }
            }
        }
        let end = UnixMs(self.range.end);
        for (run, candidate) in runs.into_iter().zip(found) {
            let (episodes, _) = run.finish();
            candidate.firings += episodes.all.len() as u64;
            let firing_ms: i64 = episodes.all.iter().map(|it| it.firing_ms(end)).sum();
            candidate.firing_seconds += number(firing_ms) / 1_000.0;
        }
        Ok(())
    }

    fn within(&self, hour: Range<i64>) -> Range<i64> {
        hour.start.max(self.range.start)..hour.end.min(self.range.end)
    }

    /// A warning that comes at most once a week from a series, and a critical one at most once a month.
    fn recommended(
        &self,
        found: &[Candidate],
        series: u64,
    ) -> (Option<Recommendation>, Option<Recommendation>) {
        let firings: Vec<u64> = found.iter().map(|it| it.firings).collect();
        let days = number(self.range.end - self.range.start) / 1_000.0 / DAY_SECONDS;
        let series = number(i64::try_from(series).unwrap_or(i64::MAX));
        let at = |every_days: f64, from: usize| {
            first_within(&firings, (days / every_days).max(1.0) * series, from)
        };
        let warning = at(7.0, 0);
        let critical = warning.and_then(|warning| at(30.0, warning + 1));
        let told = |at: Option<usize>, pace: &str| {
            let at = at?;
            Some(Recommendation {
                value: found[at].value,
                why: why(found, at, (days, pace)),
            })
        };
        (told(warning, "once a week"), told(critical, "once a month"))
    }
}

/// "fires 4 times in 30 days, at most once a week a series; at 73 it would be 14 times"
fn why(found: &[Candidate], at: usize, (days, pace): (f64, &str)) -> String {
    let times = |count: u64| match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let own = times(found[at].firings);
    let milder = at.checked_sub(1).map(|before| &found[before]);
    let milder = milder.map_or_else(String::new, |milder| {
        format!("; at {} {}", milder.value, times(milder.firings))
    });
    let span = if days < 2.0 {
        format!("{:.0} hours", days * 24.0)
    } else {
        format!("{days:.0} days")
    };
    format!("fires {own} in {span}, at most {pace} a series{milder}")
}

/// What the values of all series were like.
fn observed(all: &[(SeriesKey, Hours)], looks_up: bool) -> Option<(Observed, Spread)> {
    let hours = all.iter().flat_map(|(_, hours)| hours);
    let joined = Rollup::joined(hours.map(|(_, rollup)| rollup.clone()))?;
    let sketch = joined.sketch.as_ref();
    let quantile = |share: f64| {
        let found = sketch.and_then(|sketch| sketch.quantile(share));
        found.unwrap_or(joined.mean).clamp(joined.min, joined.max)
    };
    let tail = [0.05, 0.01, 0.001].map(|rest| quantile(if looks_up { 1.0 - rest } else { rest }));
    let spread = Spread {
        min: joined.min,
        median: quantile(0.5),
        tail,
        max: joined.max,
    };
    let observed = Observed {
        series: all.len() as u64,
        samples: joined.count,
        min: joined.min,
        median: spread.median,
        p95: quantile(0.95),
        p99: quantile(0.99),
        max: joined.max,
    };
    Some((observed, spread))
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn number(count: i64) -> f64 {
    count as f64
}
