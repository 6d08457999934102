//! What one scrape said: an exposition into series with their target's labels, within the job's
//! limits; pure, all or nothing.

use std::collections::HashMap;

use common::exposition::{FamilyKind, Format, Line, LineFault, Sample, lines};
use common::series::{Labels, MetricName};
use common::time::UnixMs;

use super::job::Job;
use super::relabel::{LabelMap, relabel};
use super::target::Target;

const NAME: &str = "__name__";
/// What of a long series is told, in characters.
const TOLD: usize = 200;

/// A value of a series, on its way to the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Scraped {
    /// The line that said it, from 1; 0 for what no line says.
    pub line: usize,
    /// The metric.
    pub metric: MetricName,
    /// Its labels, those of the target included.
    pub labels: Labels,
    /// The value; it may be infinite or no number.
    pub value: f64,
    /// When it was so; `None`: when it was scraped.
    pub at: Option<UnixMs>,
}

/// What an exporter says about a family of metrics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Family {
    /// How its values behave; `None` when it does not say.
    pub kind: Option<FamilyKind>,
    /// What it is, for a person; empty when it does not say.
    pub help: String,
    /// What it is counted in; empty when it does not say.
    pub unit: String,
}

/// Families by name.
pub type Families = HashMap<String, Family>;

/// What one scrape said.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The values that are kept.
    pub(super) samples: Vec<Scraped>,
    /// How many values there were before `metric_relabel`.
    pub(super) read: usize,
    /// What it says about them.
    pub(super) families: Families,
}

/// Why nothing of a page is taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum PageFault {
    /// A line cannot be read.
    #[error("line {line}: {fault}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong.
        fault: LineFault,
    },
    /// The same series and time stand there twice.
    #[error("line {line}: the series {series} stands there already, in line {before}")]
    Repeated {
        /// From 1.
        line: usize,
        /// The line with the same series.
        before: usize,
        /// The series, cut to what a person can read.
        series: String,
    },
    /// A family is said to be of two types.
    #[error("line {line}: the type of {metric} was {before} and is {kind}")]
    TypeChanged {
        /// From 1.
        line: usize,
        /// The family.
        metric: String,
        /// The type that was said before.
        before: &'static str,
        /// The type that is said now.
        kind: &'static str,
    },
    /// A family is not of the type that the scrape before said.
    #[error("the type of {metric} was {before} at the last scrape and is {kind}")]
    TypeChangedSince {
        /// The family.
        metric: String,
        /// The type that was said then.
        before: &'static str,
        /// The type that is said now.
        kind: &'static str,
    },
    /// There is more of something than the job's settings allow.
    #[error("line {line}: more than {most} {of} (`{setting}`)")]
    Limit {
        /// From 1.
        line: usize,
        /// The most.
        most: usize,
        /// Of what.
        of: &'static str,
        /// The setting that says so.
        setting: &'static str,
    },
}

/// Reads a page; the first fault ends it.
pub(super) fn read(
    job: &Job,
    target: &Target,
    format: Format,
    text: &[u8],
) -> Result<Page, PageFault> {
    let mut page = Page::default();
    let mut seen = HashMap::new();
    for (line, read) in lines(format, text) {
        let said = read.map_err(|fault| PageFault::Line { line, fault })?;
        if let Line::Sample(sample) = said {
            page.read += 1;
            if let Some(sample) = take(job, target, line, sample)? {
                remember(&mut seen, &sample)?;
                page.samples.push(sample);
                check_count(job, line, page.samples.len())?;
            }
        } else {
            page.describe(line, said)?;
            check_families(job, line, page.families.len())?;
        }
    }
    Ok(page)
}

impl Page {
    /// Takes note of what is said about a family.
    fn describe(&mut self, line: usize, said: Line<'_>) -> Result<(), PageFault> {
        let families = &mut self.families;
        match said {
            Line::Sample(_) => {}
            Line::Help { metric, text } => family(families, metric).help = text.into_owned(),
            Line::Unit { metric, unit } => unit.clone_into(&mut family(families, metric).unit),
            Line::Type { metric, kind } => {
                let before = family(families, metric).kind.replace(kind);
                if let Some(before) = before.filter(|before| *before != kind) {
                    return Err(PageFault::TypeChanged {
                        line,
                        metric: metric.to_owned(),
                        before: before.word(),
                        kind: kind.word(),
                    });
                }
            }
        }
        Ok(())
    }
}

/// A family, whether it was there or not.
fn family<'a>(families: &'a mut Families, metric: &str) -> &'a mut Family {
    families.entry(metric.to_owned()).or_default()
}

/// The line that said a series with its time first.
type Seen = HashMap<(MetricName, Labels, Option<UnixMs>), usize>;

fn remember(seen: &mut Seen, sample: &Scraped) -> Result<(), PageFault> {
    let key = (sample.metric.clone(), sample.labels.clone(), sample.at);
    match seen.insert(key, sample.line) {
        None => Ok(()),
        Some(before) => {
            let series = format!("{}{{{}}}", sample.metric, sample.labels);
            Err(PageFault::Repeated {
                line: sample.line,
                before,
                series: series.chars().take(TOLD).collect(),
            })
        }
    }
}

fn check_count(job: &Job, line: usize, count: usize) -> Result<(), PageFault> {
    let own = limit(job.config.sample_limit);
    let (most, setting) = match own {
        Some(own) if own <= job.most_series => (own, "sample_limit"),
        _ => (job.most_series, "metrics.max_series_per_server"),
    };
    if count <= most {
        return Ok(());
    }
    let of = "samples";
    Err(PageFault::Limit {
        line,
        most,
        of,
        setting,
    })
}

/// Families are kept in memory, so there are no more of them than series.
fn check_families(job: &Job, line: usize, count: usize) -> Result<(), PageFault> {
    let most = job.most_series;
    if count <= most {
        return Ok(());
    }
    Err(PageFault::Limit {
        line,
        most,
        of: "families of metrics",
        setting: "metrics.max_series_per_server",
    })
}

/// A limit of the settings, where 0 is none.
fn limit(setting: u32) -> Option<usize> {
    (setting > 0).then(|| usize::try_from(setting).unwrap_or(usize::MAX))
}

/// A value with its target's labels; `None` when relabelling drops it.
fn take(
    job: &Job,
    target: &Target,
    line: usize,
    sample: Sample<'_>,
) -> Result<Option<Scraped>, PageFault> {
    let mut labels: LabelMap = sample
        .labels
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into_owned()))
        .collect();
    add_own(&mut labels, target, job.config.honor_labels);
    labels.insert(NAME.to_owned(), sample.metric.to_owned());
    if !relabel(&job.config.metric_relabel, &mut labels) {
        return Ok(None);
    }
    labels.retain(|_, value| !value.is_empty());
    check_labels(job, line, &labels)?;
    let Some(metric) = labels.remove(NAME) else {
        return Ok(None);
    };
    labels.retain(|name, _| !name.starts_with("__"));
    Ok(Some(Scraped {
        line,
        metric: metric.into(),
        labels: labels.into_iter().collect(),
        value: sample.value,
        at: sample.at.filter(|_| job.config.honor_timestamps),
    }))
}

/// Adds the target's labels. One that the exporter gives as well is kept beside as `exported_…`,
/// unless exporters are honoured.
fn add_own(labels: &mut LabelMap, target: &Target, honor_labels: bool) {
    for (name, value) in target.labels.iter() {
        let given = labels.get(name).is_some_and(|given| !given.is_empty());
        if given && honor_labels {
            continue;
        }
        if let Some(given) = labels.insert(name.to_owned(), value.to_owned())
            && !given.is_empty()
        {
            let mut other = format!("exported_{name}");
            while labels.contains_key(&other) {
                other.insert_str(0, "exported_");
            }
            labels.insert(other, given);
        }
    }
}

fn check_labels(job: &Job, line: usize, labels: &LabelMap) -> Result<(), PageFault> {
    let longest = |length: fn((&String, &String)) -> usize| labels.iter().map(length).max();
    let config = &job.config;
    for (found, most, of, setting) in [
        (
            Some(labels.len()),
            config.label_limit,
            "labels, the metric's name included,",
            "label_limit",
        ),
        (
            longest(|(name, _)| name.len()),
            config.label_name_length_limit,
            "bytes in the name of a label",
            "label_name_length_limit",
        ),
        (
            longest(|(_, value)| value.len()),
            config.label_value_length_limit,
            "bytes in the value of a label",
            "label_value_length_limit",
        ),
    ] {
        if let Some(most) = limit(most)
            && found > Some(most)
        {
            return Err(PageFault::Limit {
                line,
                most,
                of,
                setting,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
