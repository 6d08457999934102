//! Pushed values as they are read, one at a time: checked, each series kept once; never stored here.

use super::error::{Fault, Flaw, Place, PushError};
use super::{DAY_MS, FUTURE_MS};
use crate::ingest::Values;
use common::exposition;
use common::ids::ServerId;
use common::metric::Metric;
use common::series::names::{is_label_name, is_metric_name};
use common::series::{Labels, MetricName, SeriesKey};
use common::time::UnixMs;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Values of one push at most: some 12 MB.
const MOST_SAMPLES: usize = 500_000;
/// Flaws that are told; reading ends with the last.
const MOST_FLAWS: usize = 20;
const METRIC_MOST: usize = 200;
const LABELS_MOST: usize = 32;
const LABEL_MOST: usize = 1_024;
/// Names and values of all labels of a series, so that the most series have some 40 MB.
const LABELS_BYTES_MOST: usize = 4_096;
/// What of a bad name is told, in characters.
const TOLD: usize = 60;

/// Whose manners values come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// A person's script: labels that Watchpost gives series when they leave get another name, and
    /// values are finite.
    Custom,
    /// Prometheus: `instance` and `job` are what dashboards ask for, and any float is a value.
    Prometheus,
}

impl Manner {
    /// Labels that become `exported_…`.
    fn renamed(self) -> &'static [&'static str] {
        match self {
            Self::Custom => &["instance", "job", "server"],
            Self::Prometheus => &["server"],
        }
    }
}

/// What is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepts {
    /// The time by the own clock.
    pub now: UnixMs,
    /// Series that the server may have.
    pub most_series: usize,
    /// Days back for which values are taken: as long as they are kept.
    pub retention_days: u32,
    /// Watchpost reads the catalogue's metrics there itself.
    pub is_sampled: bool,
    /// Whose manners they come in.
    pub manner: Manner,
}

/// One value as it was pushed.
#[derive(Debug, Clone)]
pub struct Given<'a> {
    /// Name of the metric.
    pub metric: &'a str,
    /// Labels in any order.
    pub labels: Vec<(&'a str, Cow<'a, str>)>,
    /// The value.
    pub value: f64,
    /// When it was so; `None`: now.
    pub at: Option<UnixMs>,
}

impl<'a> From<exposition::Sample<'a>> for Given<'a> {
    fn from(sample: exposition::Sample<'a>) -> Self {
        let exposition::Sample {
            metric,
            labels,
            value,
            at,
        } = sample;
        Self {
            metric,
            labels,
            value,
            at,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    at: i64,
    series: usize,
    value: f64,
}

/// Which series, whatever the server.
type Name = (MetricName, Labels);

/// What came so far. Its memory is bounded: by the series of a server and the values of a push.
#[derive(Debug)]
pub struct Gathering {
    accepts: Accepts,
    places: HashMap<Name, usize>,
    series: Vec<Name>,
    samples: Vec<Sample>,
    flaws: Vec<Flaw>,
    limit: Option<PushError>,
}

/// What a push brought: nothing in it breaks a rule.
#[derive(Debug)]
pub struct Pushed {
    series: Vec<Name>,
    /// By time, then series; each once.
    samples: Vec<Sample>,
}

impl Gathering {
    /// Nothing yet.
    pub fn new(accepts: Accepts) -> Self {
        Self {
            accepts,
            places: HashMap::new(),
            series: Vec::new(),
            samples: Vec::new(),
            flaws: Vec::new(),
            limit: None,
        }
    }

    /// Takes a value; `Break` when reading on is of no use.
    pub fn add(&mut self, place: Place, given: &Given<'_>) -> ControlFlow<()> {
        let now = self.accepts.now;
        let at = given.at.unwrap_or(now);
        let checked = self.name(given).and_then(|name| {
            check_value(given.value, at, &self.accepts)?;
            Ok(name)
        });
        let name = match checked {
            Ok(name) => name,
            Err(fault) => return self.refuse(place, fault),
        };
        let Some(series) = self.place(name) else {
            return ControlFlow::Break(());
        };
        if self.samples.len() == MOST_SAMPLES {
            let limit = MOST_SAMPLES;
            self.limit = Some(PushError::TooManySamples { limit });
            return ControlFlow::Break(());
        }
        self.samples.push(Sample {
            at: at.0,
            series,
            value: given.value,
        });
        ControlFlow::Continue(())
    }

    /// Notes a flaw; `Break` when there are enough.
    pub fn refuse(&mut self, place: Place, fault: Fault) -> ControlFlow<()> {
        self.flaws.push(Flaw { place, fault });
        if self.flaws.len() < MOST_FLAWS {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    /// All that came, unless something of it breaks a rule. Of a series and time the last value stands.
    pub fn done(mut self) -> Result<Pushed, PushError> {
        if let Some(limit) = self.limit {
            return Err(limit);
        }
        if !self.flaws.is_empty() {
            return Err(PushError::Refused(self.flaws));
        }
        let which = |sample: &Sample| (sample.at, sample.series);
        self.samples.sort_by_key(which);
        self.samples.dedup_by(|later, earlier| {
            let is_same = which(later) == which(earlier);
            if is_same {
                *earlier = *later;
            }
            is_same
        });
        Ok(Pushed {
            series: self.series,
            samples: self.samples,
        })
    }

    /// The number of a series; `None` when there are too many.
    fn place(&mut self, name: Name) -> Option<usize> {
        if let Some(place) = self.places.get(&name) {
            return Some(*place);
        }
        let place = self.series.len();
        let limit = self.accepts.most_series;
        if place == limit {
            self.limit = Some(PushError::TooManySeriesAtOnce { limit });
            return None;
        }
        self.series.push(name.clone());
        self.places.insert(name, place);
        Some(place)
    }

    fn name(&self, given: &Given<'_>) -> Result<Name, Fault> {
        if given.metric.len() > METRIC_MOST {
            return Err(Fault::MetricTooLong { most: METRIC_MOST });
        }
        if !is_metric_name(given.metric) {
            return Err(Fault::MetricName);
        }
        if self.accepts.is_sampled && Metric::find(given.metric).is_some() {
            return Err(Fault::BuiltIn);
        }
        let labels = labels(&given.labels, self.accepts.manner)?;
        Ok((given.metric.into(), labels))
    }
}

fn check_value(value: f64, at: UnixMs, accepts: &Accepts) -> Result<(), Fault> {
    let (now, days) = (accepts.now, i64::from(accepts.retention_days));
    if accepts.manner == Manner::Custom && !value.is_finite() {
        return Err(Fault::NotFinite);
    }
    if now.since_ms(at) > days * DAY_MS {
        return Err(Fault::TooOld { days });
    }
    if at.since_ms(now) > FUTURE_MS {
        let minutes = FUTURE_MS / 60_000;
        return Err(Fault::FromTheFuture { minutes });
    }
    Ok(())
}

/// The labels as they are kept: an empty one is none, and Watchpost's own names stay free.
fn labels(given: &[(&str, Cow<'_, str>)], manner: Manner) -> Result<Labels, Fault> {
    if given.len() > LABELS_MOST {
        return Err(Fault::TooManyLabels { most: LABELS_MOST });
    }
    let mut kept: Vec<(Cow<'_, str>, &str)> = Vec::with_capacity(given.len());
    let mut bytes = 0;
    for (name, value) in given {
        check_label(name, value)?;
        bytes += name.len() + value.len();
        let name = if manner.renamed().contains(name) {
            Cow::Owned(format!("exported_{name}"))
        } else {
            Cow::Borrowed(*name)
        };
        if kept.iter().any(|(known, _)| *known == name) {
            return Err(Fault::LabelTwice(name.into_owned()));
        }
        kept.push((name, value));
    }
    if bytes > LABELS_BYTES_MOST {
        let most = LABELS_BYTES_MOST;
        return Err(Fault::LabelsTooLong { most });
    }
    kept.retain(|(_, value)| !value.is_empty());
    Ok(kept.into_iter().collect())
}

fn check_label(name: &str, value: &str) -> Result<(), Fault> {
    let told = || name.chars().take(TOLD).collect();
    if name.len() > LABEL_MOST || value.len() > LABEL_MOST {
        return Err(Fault::LabelTooLong {
            name: told(),
            most: LABEL_MOST,
        });
    }
    if !is_label_name(name) {
        return Err(Fault::LabelName(told()));
    }
    if name.starts_with("__") {
        return Err(Fault::LabelReserved(told()));
    }
    if value.contains('\0') {
        return Err(Fault::LabelNul(told()));
    }
    Ok(())
}

impl Pushed {
    /// How many values there are.
    pub fn samples(&self) -> usize {
        self.samples.len()
    }

    /// How many series they are of.
    pub fn series(&self) -> usize {
        self.series.len()
    }

    /// The series as those of a server.
    pub(super) fn keys(&self, server: ServerId) -> Vec<SeriesKey> {
        let names = self.series.iter().cloned();
        names
            .map(|(metric, labels)| SeriesKey::new(server, metric, labels))
            .collect()
    }

    /// The values by time, oldest first; `keys` are those of [`Pushed::keys`].
    pub(super) fn moments(&self, keys: &[SeriesKey]) -> Vec<(UnixMs, Values)> {
        let by_time = self.samples.chunk_by(|a, b| a.at == b.at);
        by_time
            .filter_map(|moment| {
                let at = UnixMs(moment.first()?.at);
                let values = moment.iter().filter_map(|sample| {
                    let key = keys.get(sample.series)?;
                    Some((key.clone(), sample.value))
                });
                Some((at, values.collect()))
            })
            .collect()
    }
}
