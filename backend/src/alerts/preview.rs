//! Tries a rule on what is stored: the engine's own evaluation over past samples; never changes an alert.

use common::alert::{RuleInput, RuleKind};
use common::api::rules::{MAX_INTERVALS, Preview, PreviewInterval, PreviewStep};
use common::ids::ServerId;
use common::problem::FieldError;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;

use super::error::RuleError;
use super::measure::MeasureError;
use super::rule_book::RuleBook;
use super::trial::Trial;
use crate::auth::{Allowed, may};
use crate::query::promql::EvaluateError;
use crate::query::{QueryError, Reader};
use crate::rules::{Episodes, REPORTING, SilenceRun, ThresholdRun};

/// Comes with every sample of a host: where it is, the host reported.
pub(super) const ALWAYS_THERE: &str = "host_memory_usage_percent";

impl RuleBook {
    /// When a rule would have fired between two moments on the servers that the person sees. Before the first nothing is known: what is
    /// crossed there begins to be crossed. Dropping the future ends the work.
    pub async fn preview(
        &self,
        may: &Allowed<may::RulesWrite>,
        rule: RuleInput,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Preview, RuleError> {
        let trial = self.trial(may.scope(), rule, (from, to)).await?;
        let work = self.query.work(move |reader| Ok(trial.preview(reader)));
        let preview = work.await.map_err(RuleError::Tried)?;
        preview.map_err(not_tried)
    }
}

impl Trial {
    fn preview(&self, reader: &mut Reader) -> Result<Preview, MeasureError> {
        let mut found = Found::new(self);
        match self.rule.kind {
            RuleKind::Threshold => self.over_values(reader, &mut found)?,
            RuleKind::Absence => self.over_silence(reader, &mut found)?,
            RuleKind::Rate => self.over_rates(reader, &mut found)?,
            RuleKind::Promql => self.over_worths(reader, &mut found)?,
            RuleKind::Composite => self.over_conditions(reader, &mut found)?,
        }
        Ok(found.finish())
    }

    fn over_values(&self, reader: &mut Reader, found: &mut Found) -> Result<(), QueryError> {
        let keys = reader.series(&self.selector(&self.rule.metric)?)?;
        reader.afford(&keys, &self.range)?;
        for key in &keys {
            let mut run = ThresholdRun::new(&self.rule);
            reader.samples(key, &self.range, |series| {
                run.feed(&series.times, &series.values);
            })?;
            found.take(key.server, &key.labels, run.finish());
        }
        Ok(())
    }

    /// A server reports when its host's samples come; a metric when any of its series does.
    fn over_silence(&self, reader: &mut Reader, found: &mut Found) -> Result<(), QueryError> {
        let of_host = self.rule.metric == REPORTING;
        let selector = if of_host {
            self.selector(ALWAYS_THERE)?
        } else {
            self.selector(&self.rule.metric)?
        };
        let keys = reader.series(&selector)?;
        reader.afford(&keys, &self.range)?;
        for of_server in keys.chunk_by(|a, b| a.server == b.server) {
            let server = of_server[0].server;
            let interval = self.intervals.get(&server).copied().unwrap_or(1);
            let times = self.times(reader, of_server)?;
            let since = of_host
                .then(|| times.first().copied().map(UnixMs))
                .flatten();
            let mut run = SilenceRun::new(&self.rule, interval, since);
            run.feed(&times);
            found.take(server, &Labels::none(), run.finish(UnixMs(self.range.end)));
        }
        Ok(())
    }

    /// The moments at which any of the series has a sample.
    fn times(&self, reader: &mut Reader, keys: &[SeriesKey]) -> Result<Vec<i64>, QueryError> {
        let mut times = Vec::new();
        for key in keys {
            let before = times.len();
            reader.samples(key, &self.range, |series| {
                times.extend_from_slice(&series.times);
            })?;
            if before > 0 {
                times.sort_unstable();
                times.dedup();
            }
        }
        Ok(times)
    }
}

/// What was found so far.
pub(super) struct Found<'a> {
    trial: &'a Trial,
    preview: Preview,
}

impl<'a> Found<'a> {
    fn new(trial: &'a Trial) -> Self {
        Self {
            trial,
            preview: Preview::default(),
        }
    }

    /// Adds the alerts of one series.
    pub(super) fn take(
        &mut self,
        server: ServerId,
        labels: &Labels,
        (episodes, points): (Episodes, u64),
    ) {
        let target = self.trial.targets.iter().find(|it| it.id == server);
        let name = target.map(|it| it.name.clone()).unwrap_or_default();
        let end = UnixMs(self.trial.range.end);
        self.preview.evaluated_points += points;
        self.preview.notifications += episodes.notifications;
        self.preview.fired += episodes.all.len() as u64;
        let own = labels.iter();
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let labels: std::collections::BTreeMap<_, _> =
            own.chain(self.trial.rule.labels.clone()).collect();
        for episode in episodes.all {
            self.preview.firing_seconds += seconds(episode.firing_ms(end));
            self.preview.intervals.push(PreviewInterval {
                server_id: server,
                server: name.clone(),
                labels: labels.clone(),
                severity: episode.severity(),
                started_at: episode.started_at,
                ended_at: episode.ended_at,
                steps: steps(episode.steps),
            });
        }
        // Those of many series would fill the memory.
        if self.preview.intervals.len() > 2 * MAX_INTERVALS {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        let intervals = &mut self.preview.intervals;
        intervals.sort_by_key(|interval| interval.started_at);
        intervals.truncate(MAX_INTERVALS);
    }

    fn finish(mut self) -> Preview {
        self.shorten();
        self.preview
    }
}

/// What the expression itself is to blame for is said at its field.
fn not_tried(error: MeasureError) -> RuleError {
    match error {
        MeasureError::Query(error) | MeasureError::Evaluate(EvaluateError::Query(error)) => {
            RuleError::Tried(error)
        }
        other => {
            let fault = FieldError::new("rule.expression", other.to_string());
            RuleError::Invalid(vec![fault])
        }
    }
}

fn steps(steps: Vec<(UnixMs, common::alert::Severity)>) -> Vec<PreviewStep> {
    let steps = steps.into_iter();
    steps
        .map(|(at, severity)| PreviewStep { at, severity })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a month has few milliseconds")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}
