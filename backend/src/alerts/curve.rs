//! What a rule compares with its thresholds for one alert, over a stretch of time; never how that is shown.

use std::ops::Range;

use common::alert::{AlertState, RuleInput, RuleKind, Severity};
use common::metric::Metric;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use common::units::Unit;

use super::measure::{MeasureError, question, selector, unnamed};
use super::timetable::Target;
use super::trial;
use super::wording::{unit_of, unit_of_rate};
use crate::query::promql::{At, EvaluateError, Series, Value};
use crate::query::{Engine, QueryError, Reader};
use crate::rules::{CONDITION_LOOKBACK_MS, LATE_MS, REPORTING, RateWindow, Turns, deciding};
use crate::store::tables::alert::AlertRow;
use crate::store::{Connection, StoreError, tables};

/// Turns that are looked at, at most.
const MOST_TURNS: u32 = 400;
/// Seconds from one to the next, at most: between rare turns it is looked as well, so that there is a line to see.
const LONGEST_STEP: u32 = 60;
/// What is shown of a server that does not report: where its samples end.
const IN_ITS_PLACE: &str = "host_cpu_usage_percent";

/// What a rule compares for one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What it is of, in a few words.
    pub name: String,
    /// What its values are counted in.
    pub unit: Unit,
    /// What they are compared with, for a warning and for critical.
    pub thresholds: [Option<f64>; 2],
    /// The values.
    pub values: CurveValues,
}

/// The values of a curve.
#[derive(Debug, Clone, PartialEq)]
pub enum CurveValues {
    /// The readings of a series, as they are.
    Readings(SeriesKey),
    /// What is found turn by turn.
    Found {
        /// Milliseconds since 1970, ascending, with finite values; nothing was found at a turn that is not there.
        points: Vec<(i64, f64)>,
        /// From one turn to the next, milliseconds.
        step_ms: i64,
    },
}

/// Why it is not known what a rule compared.
#[derive(Debug, thiserror::Error)]
pub enum CurveError {
    /// Stored series were not read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The expression has no answer over that time.
    #[error("{0}")]
    Expression(String),
}

impl From<MeasureError> for CurveError {
    fn from(error: MeasureError) -> Self {
        match error {
            MeasureError::Query(error) | MeasureError::Evaluate(EvaluateError::Query(error)) => {
                Self::Query(error)
            }
            other => Self::Expression(other.to_string()),
        }
    }
}

/// The curve of an alert, before a value of it is read.
#[derive(Debug, Clone)]
pub struct CurveOf {
    alert: AlertRow,
    /// `None` when it is not known any more.
    rule: Option<RuleInput>,
    /// The servers that the rule looks at for this alert.
    targets: Vec<Target>,
}

impl CurveOf {
    /// Finds the alert's rule: as it is now while the alert goes on, as it was last when it is over.
    pub fn alert(conn: &mut Connection, alert: AlertRow) -> Result<Self, StoreError> {
        let now = tables::rule::find(conn, alert.rule_id.0)?.map(|row| row.definition.0);
        let last = tables::decision::definition(conn, alert.rule_id.0, alert.rule_version)?;
        let rule = if alert.state.0 == AlertState::Resolved {
            last.or(now)
        } else {
            now.or(last)
        };
        // One that looks at something else by now says nothing about this alert.
        let rule = rule.filter(|rule| rule.metric == alert.metric);
        let targets = match rule.as_ref().filter(|it| it.kind == RuleKind::Promql) {
            Some(rule) => in_scope(conn, rule)?,
            None => vec![itself(&alert)],
        };
        Ok(Self {
            alert,
            rule,
            targets,
        })
    }

    /// The curve over a range of milliseconds. Dropping the future ends the work.
    pub async fn over(self, query: &Engine, range: Range<i64>) -> Result<Curve, CurveError> {
        let work = query.work(move |reader| Ok(self.read(reader, &range)));
        Ok(work.await??)
    }

    fn read(&self, reader: &mut Reader, range: &Range<i64>) -> Result<Curve, MeasureError> {
        let Some(rule) = &self.rule else {
            return Ok(self.crossed());
        };
        match rule.kind {
            RuleKind::Threshold | RuleKind::Absence => {
                Ok(self.plain([rule.warning, rule.critical]))
            }
            RuleKind::Rate => Ok(self.rates(reader, rule, range)?),
            RuleKind::Promql => self.worths(reader, rule, range),
            RuleKind::Composite => Ok(self.condition(reader, rule)?),
        }
    }

    /// Without a rule: the one threshold that was crossed.
    fn crossed(&self) -> Curve {
        let crossed = self.alert.threshold.map(|it| it.0);
        let own = self.alert.severity.0;
        self.plain(Severity::ALL.map(|severity| crossed.filter(|_| severity == own)))
    }

    /// The alert's own series.
    fn plain(&self, thresholds: [Option<f64>; 2]) -> Curve {
        match self.alert.metric.as_str() {
            // Expressions and composite rules have none.
            "" => Curve {
                name: self.alert.rule_name.clone(),
                unit: Unit::None,
                thresholds,
                values: CurveValues::Found {
                    points: Vec::new(),
                    step_ms: 1,
                },
            },
            REPORTING => readings(self.series(IN_ITS_PLACE), thresholds),
            metric => readings(self.series(metric), thresholds),
        }
    }

    fn series(&self, metric: &str) -> SeriesKey {
        let alert = &self.alert;
        SeriesKey::new(alert.server_id.0, metric, alert.series_labels.0.clone())
    }

    /// What the alert's series changes a second.
    fn rates(
        &self,
        reader: &mut Reader,
        rule: &RuleInput,
        range: &Range<i64>,
    ) -> Result<Curve, QueryError> {
        let key = self.series(&rule.metric);
        let before_ms = i64::from(rule.window_seconds) * 1_000;
        let needed = range.start.saturating_sub(before_ms)..range.end;
        reader.afford(std::slice::from_ref(&key), &needed)?;
        let turns = turns(rule, range);
        let mut ahead = turns.iter().peekable();
        let mut window = RateWindow::new(rule.window_seconds, Metric::is_counter(&rule.metric));
        let mut points = Vec::new();
        let mut look = |window: &mut RateWindow, turn: i64| {
            let reading = window.reading(UnixMs(turn));
            // What is late is not now, for the rule as well.
            let timely = reading.filter(|reading| turn - reading.at.0 <= LATE_MS);
            let value = timely.and_then(|reading| reading.value);
            points.extend(value.filter(|it| it.is_finite()).map(|it| (turn, it)));
        };
        reader.samples(&key, &needed, |series| {
            for (at, value) in series.points() {
                while let Some(turn) = ahead.next_if(|turn| *turn < at) {
                    look(&mut window, turn);
                }
                window.push(at, value);
            }
        })?;
        ahead.for_each(|turn| look(&mut window, turn));
        let name = name_of(&key);
        Ok(Curve {
            name: format!("change a second over {} s of {name}", rule.window_seconds),
            unit: unit_of_rate(&rule.metric),
            thresholds: [rule.warning, rule.critical],
            values: CurveValues::Found {
                points,
                step_ms: turns.step_ms(),
            },
        })
    }

    /// What the expression is worth for the alert's labels.
    fn worths(
        &self,
        reader: &Reader,
        rule: &RuleInput,
        range: &Range<i64>,
    ) -> Result<Curve, MeasureError> {
        let turns = turns(rule, range);
        let mut points = Vec::new();
        if let (Some(start_ms), Some(end_ms)) = (turns.iter().next(), turns.iter().last()) {
            let at = At::Range {
                start_ms,
                end_ms,
                step_ms: turns.step_ms(),
            };
            let question = question(rule, &self.targets, at)?;
            let Value::Matrix(series) = reader.evaluate(&question)?.value else {
                return Err(MeasureError::NoNumbers);
            };
            points = labelled(series, &self.alert.series_labels.0);
        }
        let text = rule.expression.as_deref().unwrap_or_default();
        Ok(Curve {
            name: text.split_whitespace().collect::<Vec<_>>().join(" "),
            unit: Unit::None,
            thresholds: [rule.warning, rule.critical],
            values: CurveValues::Found {
                points,
                step_ms: turns.step_ms(),
            },
        })
    }

    /// Several conditions come down to true or false. Shown is the series whose value is told of the alert, with the
    /// thresholds of its condition: the one that decided when the alert began.
    fn condition(&self, reader: &mut Reader, rule: &RuleInput) -> Result<Curve, QueryError> {
        let Some((at, key)) = self.decided(reader, rule)? else {
            return Ok(self.crossed());
        };
        let condition = &rule.conditions[at];
        let mut curve = readings(key, [condition.warning, condition.critical]);
        let not = if condition.not { "not " } else { "" };
        let (nth, all) = (at + 1, rule.conditions.len());
        curve.name = format!("condition {nth} of {all}: {not}{}", curve.name);
        Ok(curve)
    }

    /// The place of the condition that decided, and the series.
    fn decided(
        &self,
        reader: &mut Reader,
        rule: &RuleInput,
    ) -> Result<Option<(usize, SeriesKey)>, QueryError> {
        let began = self.alert.started_at.0;
        let range = began.plus_ms(-CONDITION_LOOKBACK_MS).0..began.0 + 1;
        let mut keys: Vec<Vec<SeriesKey>> = Vec::new();
        let mut values: Vec<Vec<f64>> = Vec::new();
        for condition in &rule.conditions {
            let (metric, matchers) = (&condition.metric, &condition.matchers);
            let found = reader.series(&selector(metric, matchers, &self.targets, &range)?)?;
            let newest = reader.newest(&found, range.clone())?;
            let own = found.into_iter().zip(newest).filter_map(|(key, newest)| {
                let (_, value) = newest.filter(|(_, value)| value.is_finite())?;
                Some((key, value))
            });
            let (own_keys, own_values) = own.unzip();
            keys.push(own_keys);
            values.push(own_values);
        }
        let decided = deciding(rule, &values);
        Ok(decided.map(|(at, nth)| (at, keys[at].swap_remove(nth))))
    }
}

/// All servers in a rule's scope, whether or not they are watched now: those that were not have no samples of then.
fn in_scope(conn: &mut Connection, rule: &RuleInput) -> Result<Vec<Target>, StoreError> {
    let mut rows = tables::server::all(conn)?;
    rows.retain(|row| rule.scope.covers(row.id.0, row.group_name.as_deref()));
    Ok(trial::targets(rows))
}

/// The alert's server.
fn itself(alert: &AlertRow) -> Target {
    Target {
        id: alert.server_id.0,
        name: alert.server_name.clone(),
        group: None,
        is_local: false,
    }
}

fn readings(key: SeriesKey, thresholds: [Option<f64>; 2]) -> Curve {
    Curve {
        name: name_of(&key),
        unit: unit_of(&key.metric),
        thresholds,
        values: CurveValues::Readings(key),
    }
}

/// `requests_total{code="500"}`
fn name_of(key: &SeriesKey) -> String {
    if key.labels.is_empty() {
        key.metric.as_str().to_owned()
    } else {
        format!("{}{{{}}}", key.metric, key.labels)
    }
}

/// The rule's own turns, fewer of them when they are too many.
fn turns(rule: &RuleInput, range: &Range<i64>) -> Turns {
    let seconds = range.end.saturating_sub(range.start) / 1_000;
    let shortest = u32::try_from(seconds)
        .unwrap_or(u32::MAX)
        .div_ceil(MOST_TURNS);
    let interval = rule.interval_seconds.max(1);
    let step = if interval < shortest {
        interval.saturating_mul(shortest.div_ceil(interval))
    } else {
        interval / interval.div_ceil(LONGEST_STEP)
    };
    Turns::new(range.clone(), step)
}

/// The finite values with an alert's labels. Series that differ by the name of their metric alone take turns; at a turn
/// that has two the rule is not evaluated.
fn labelled(series: Vec<Series>, labels: &Labels) -> Vec<(i64, f64)> {
    let own = series
        .into_iter()
        .filter(|one| unnamed(&one.labels) == *labels);
    let mut points: Vec<(i64, f64)> = own.flat_map(|one| one.points).collect();
    points.sort_by_key(|(at, _)| *at);
    let alone = points
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|turn| match turn {
            [only] => Some(*only),
            _ => None,
        });
    alone.filter(|(_, value)| value.is_finite()).collect()
}
