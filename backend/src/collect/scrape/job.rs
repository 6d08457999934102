//! A job as its settings say, checked; never a target of it.

use std::collections::HashSet;
use std::time::Duration;

use crate::config::relabel::{Action, Step};
use crate::config::scrape::{JobConfig, ScrapeConfig};
use common::series::names::is_label_name;

const USUAL_TIMEOUT_SECONDS: u32 = 10;

/// A job whose settings make sense.
#[derive(Debug)]
pub(super) struct Job {
    /// The settings.
    pub(super) config: JobConfig,
    /// Time between two scrapes.
    pub(super) interval: Duration,
    /// Time after which one is given up.
    pub(super) timeout: Duration,
    /// Series that one scrape may bring: what its server may have.
    pub(super) most_series: usize,
}

/// Why a job cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("scrape job \"{job}\": {problem}")]
pub struct BadJob {
    /// Its name.
    pub job: String,
    /// What is wrong.
    pub problem: String,
}

/// All jobs of the settings. A server may have at most `most_series` series.
pub(super) fn jobs(config: ScrapeConfig, most_series: usize) -> Result<Vec<Job>, BadJob> {
    let mut names = HashSet::new();
    let each = config.jobs.into_iter().map(|config| {
        let problem = if names.insert(config.name.clone()) {
            problem(&config)
        } else {
            Some("another job has that name".to_owned())
        };
        match problem {
            None => Ok(job(config, most_series)),
            Some(problem) => Err(BadJob {
                job: config.name,
                problem,
            }),
        }
    });
    each.collect()
}

fn job(config: JobConfig, most_series: usize) -> Job {
    let interval = config.interval_seconds;
    let timeout = config.timeout_seconds.unwrap_or(USUAL_TIMEOUT_SECONDS);
    let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
    Job {
        interval: seconds(interval),
        timeout: seconds(timeout.min(interval)),
        most_series,
        config,
    }
}

fn problem(config: &JobConfig) -> Option<String> {
    let secrets = [
        config.basic_auth.is_some(),
        config.bearer_token.is_some(),
        config.bearer_token_file.is_some(),
    ];
    let has_both_passwords = config
        .basic_auth
        .as_ref()
        .is_some_and(|auth| auth.password.is_some() && auth.password_file.is_some());
    let bad_label = config.labels.keys().find(|name| !is_label_name(name));
    let bad_file = config.files.iter().find(|path| !is_file(path));
    let mut steps = config.relabel.iter().chain(&config.metric_relabel);
    if config.name.is_empty() {
        Some("the name is missing".to_owned())
    } else if config.timeout_seconds > Some(config.interval_seconds) {
        Some("`timeout_seconds` is more than `interval_seconds`".to_owned())
    } else if secrets.into_iter().filter(|is_there| *is_there).count() > 1 {
        Some("only one of `basic_auth`, `bearer_token` and `bearer_token_file`".to_owned())
    } else if has_both_passwords {
        Some("only one of `password` and `password_file`".to_owned())
    } else if !config.metrics_path.starts_with('/') {
        Some("`metrics_path` has to begin with `/`".to_owned())
    } else if let Some(name) = bad_label {
        Some(format!("`{name}` is no name of a label"))
    } else if let Some(path) = bad_file {
        Some(format!(
            "`{path}` has to end with `.json`, and only its last part may have a `*`"
        ))
    } else {
        steps.find_map(step_problem)
    }
}

fn step_problem(step: &Step) -> Option<String> {
    let needs_source = matches!(step.action, Action::Keep | Action::Drop);
    if step.action == Action::Replace && step.target_label.is_none() {
        Some("a step that replaces needs `target_label`".to_owned())
    } else if needs_source && step.source_labels.is_empty() {
        Some("a step that keeps or drops needs `source_labels`".to_owned())
    } else if step.action != Action::Replace && !needs_source && step.regex.is_none() {
        Some("a step on names of labels needs `regex`".to_owned())
    } else {
        None
    }
}

fn is_file(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_json = name.rsplit_once('.').is_some_and(|(_, end)| end == "json");
    is_json && !folder.contains('*') && name.matches('*').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_said_with_the_job() {
        for (more, says) in [
            ("", None),
            ("timeout_seconds = 15", None),
            ("files = ['targets/*.json', '/etc/a.json']", None),
            ("timeout_seconds = 16", Some("timeout_seconds")),
            (
                "bearer_token = 'a'\nbearer_token_file = 'b'",
                Some("only one of"),
            ),
            (
                "basic_auth = { username = 'a', password = 'b', password_file = 'c' }",
                Some("password_file"),
            ),
            ("metrics_path = 'metrics'", Some("metrics_path")),
            ("labels = { 'a-b' = 'c' }", Some("`a-b`")),
            ("files = ['targets/*.yml']", Some(".json")),
            ("files = ['*/a.json']", Some("last part")),
            (
                "relabel = [{ source_labels = ['a'] }]",
                Some("target_label"),
            ),
            (
                "metric_relabel = [{ action = 'keep' }]",
                Some("source_labels"),
            ),
            ("metric_relabel = [{ action = 'labeldrop' }]", Some("regex")),
            ("[[jobs]]\nname = 'node'", Some("another job")),
        ] {
            let config = toml::from_str(&format!("[[jobs]]\nname = 'node'\n{more}")).unwrap();
            let said = jobs(config, 100).err().map(|error| error.to_string());
            assert_eq!(said.is_some(), says.is_some(), "{more}: {said:?}");
            let said = said.unwrap_or_default();
            assert!(said.contains(says.unwrap_or_default()), "{more}: {said}");
        }
    }

    #[test]
    fn a_timeout_is_never_longer_than_the_interval() {
        for (more, seconds) in [
            ("", 10),
            ("interval_seconds = 3", 3),
            ("timeout_seconds = 2", 2),
        ] {
            let config = toml::from_str(&format!("[[jobs]]\nname = 'node'\n{more}")).unwrap();
            let job = jobs(config, 100).unwrap().remove(0);
            assert_eq!(job.timeout, Duration::from_secs(seconds), "{more}");
        }
    }
}
