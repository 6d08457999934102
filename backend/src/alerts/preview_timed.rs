//! Tries rules that do not follow samples: turn by turn over what is stored; never changes an alert.

use std::collections::BTreeMap;

use common::metric::Metric;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;

use super::measure::{MeasureError, bounded, question, selector, server_of, unnamed};
use super::preview::Found;
use super::trial::Trial;
use crate::query::promql::{At, Series, Value};
use crate::query::{QueryError, Reader};
use crate::rules::{CONDITION_LOOKBACK_MS, Observation, RateWindow, TurnRun, Turns, Worth, join};

/// Turns that PromQL is asked about at once; it answers 11,000 at most.
const TURNS_AT_ONCE: i64 = 10_000;

impl Trial {
    /// Rates, series by series.
    pub(super) fn over_rates(
        &self,
        reader: &mut Reader,
        found: &mut Found,
    ) -> Result<(), QueryError> {
        let rule = &self.rule;
        let keys = reader.series(&self.selector(&rule.metric)?)?;
        reader.afford(&keys, &self.range)?;
        let is_counter = Metric::is_counter(&rule.metric);
        for key in &keys {
            let mut window = RateWindow::new(rule.window_seconds, is_counter);
            let mut run = TurnRun::default();
            let mut turns = self.turns().iter().peekable();
            let mut evaluate = |window: &mut RateWindow, turn: i64| {
                let now = UnixMs(turn);
                if let Some(reading) = window.reading(now) {
                    run.turn(rule, Observation::Reading(reading), now);
                }
            };
            reader.samples(key, &self.range, |series| {
                for (at, value) in series.points() {
                    while let Some(turn) = turns.next_if(|turn| *turn < at) {
                        evaluate(&mut window, turn);
                    }
                    window.push(at, value);
                }
            })?;
            turns.for_each(|turn| evaluate(&mut window, turn));
            found.take(key.server, &key.labels, run.finish());
        }
        Ok(())
    }

    /// An expression, some thousand turns at once.
    pub(super) fn over_worths(
        &self,
        reader: &mut Reader,
        found: &mut Found,
    ) -> Result<(), MeasureError> {
        if self.targets.is_empty() {
            return Ok(());
        }
        let turns: Vec<i64> = self.turns().iter().collect();
        let mut runs: BTreeMap<Labels, TurnRun> = BTreeMap::new();
        let at_once = usize::try_from(TURNS_AT_ONCE).unwrap_or(usize::MAX);
        for some in turns.chunks(at_once) {
            let (Some(first), Some(last)) = (some.first(), some.last()) else {
                continue;
            };
            let at = At::Range {
                start_ms: *first,
                end_ms: *last,
                step_ms: self.turns().step_ms(),
            };
            let question = question(&self.rule, &self.targets, at)?;
            let Value::Matrix(series) = reader.evaluate(&question)?.value else {
                return Err(MeasureError::NoNumbers);
            };
            bounded(series.len())?;
            let mut given = by_alert(series)?;
            for labels in given.keys() {
                runs.entry(labels.clone()).or_default();
            }
            for (labels, run) in &mut runs {
                let points = given.remove(labels).unwrap_or_default();
                self.expression_turns(run, some, &points);
            }
            bounded(runs.len())?;
        }
        for (labels, run) in runs {
            if let Some(server) = server_of(&labels, &self.targets) {
                found.take(server, &labels, run.finish());
            }
        }
        Ok(())
    }

    fn expression_turns(&self, run: &mut TurnRun, turns: &[i64], points: &[(i64, f64)]) {
        let mut points = points.iter().peekable();
        for turn in turns {
            let value = points
                .next_if(|(at, _)| at == turn)
                .map(|(_, value)| *value);
            if value.is_none() && run.is_blank() {
                continue;
            }
            let at = UnixMs(*turn);
            let worth = Worth { at, value };
            run.turn(&self.rule, Observation::Worth(worth), at);
        }
    }

    /// Composite rules, server by server.
    pub(super) fn over_conditions(
        &self,
        reader: &mut Reader,
        found: &mut Found,
    ) -> Result<(), QueryError> {
        let mut keys: Vec<(usize, SeriesKey)> = Vec::new();
        for (place, condition) in self.rule.conditions.iter().enumerate() {
            let (metric, matchers) = (&condition.metric, &condition.matchers);
            let own = reader.series(&selector(metric, matchers, &self.targets, &self.range)?)?;
            reader.afford(&own, &self.range)?;
            keys.extend(own.into_iter().map(|key| (place, key)));
        }
        for target in &self.targets {
            let of_server = keys.iter().filter(|(_, key)| key.server == target.id);
            let mut sampled: Vec<(usize, Vec<f64>)> = Vec::new();
            for (place, key) in of_server {
                sampled.push((*place, self.at_turns(reader, key)?));
            }
            let run = self.condition_turns(&sampled);
            found.take(target.id, &Labels::none(), run.finish());
        }
        Ok(())
    }

    fn condition_turns(&self, sampled: &[(usize, Vec<f64>)]) -> TurnRun {
        let mut run = TurnRun::default();
        for (index, turn) in self.turns().iter().enumerate() {
            let mut values = vec![Vec::new(); self.rule.conditions.len()];
            for (place, column) in sampled {
                values[*place].extend(column.get(index).filter(|value| value.is_finite()));
            }
            let at = UnixMs(turn);
            if let Some(joined) = join(&self.rule, at, &values) {
                run.turn(&self.rule, Observation::Joined(joined), at);
            }
        }
        run
    }

    /// The newest value of a series at each turn; no number where there is none.
    fn at_turns(&self, reader: &mut Reader, key: &SeriesKey) -> Result<Vec<f64>, QueryError> {
        let range = self.range.start.saturating_sub(CONDITION_LOOKBACK_MS)..self.range.end;
        let mut turns = self.turns().iter().peekable();
        let mut newest: Option<(i64, f64)> = None;
        let mut values = Vec::new();
        let value_at = |newest: Option<(i64, f64)>, turn: i64| {
            let fresh = newest.filter(|(at, _)| turn - at <= CONDITION_LOOKBACK_MS);
            fresh.map_or(f64::NAN, |(_, value)| value)
        };
        reader.samples(key, &range, |series| {
            for (at, value) in series.points() {
                while let Some(turn) = turns.next_if(|turn| *turn < at) {
                    values.push(value_at(newest, turn));
                }
                newest = Some((at, value));
            }
        })?;
        values.extend(turns.map(|turn| value_at(newest, turn)));
        Ok(values)
    }

    fn turns(&self) -> Turns {
        Turns::new(self.range.clone(), self.rule.interval_seconds)
    }
}

/// The points of each alert: series that differ by the name of their metric alone take turns in it.
fn by_alert(series: Vec<Series>) -> Result<BTreeMap<Labels, Vec<(i64, f64)>>, MeasureError> {
    let mut alerts: BTreeMap<Labels, Vec<(i64, f64)>> = BTreeMap::new();
    for one in series {
        let labels = unnamed(&one.labels);
        let points = alerts.entry(labels.clone()).or_default();
        let is_first = points.is_empty();
        points.extend(one.points);
        if !is_first {
            points.sort_by_key(|(at, _)| *at);
            if points.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err(MeasureError::SameLabels(labels));
            }
        }
    }
    Ok(alerts)
}
