//! A target: where it is asked and which labels its series get; pure, never asked here.

use std::hash::{DefaultHasher, Hash, Hasher};

use common::series::Labels;
use common::series::names::is_label_name;
use url::Url;

use super::job::Job;
use super::relabel::{LabelMap, relabel};

/// Parameters whose names say so are not shown.
const SECRETS: [&str; 6] = ["token", "key", "pass", "secret", "auth", "sig"];

/// An exporter that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Target {
    /// Where.
    pub(super) url: Url,
    /// What its series get, `job` and `instance` among them.
    pub(super) labels: Labels,
}

/// Why an address is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TargetError {
    /// Neither `host` nor `host:port`.
    #[error("`{0}` is no address of the form host:port, without user and path")]
    Address(String),
    /// A label that cannot be one.
    #[error("`{0}` is no name of a label")]
    Label(String),
    /// The scheme is neither.
    #[error("`{0}` is no scheme: http and https are")]
    Scheme(String),
}

impl Target {
    /// The target at `address`, with labels of its own, after relabelling; `None` when it is dropped.
    pub(super) fn new(
        job: &Job,
        address: &str,
        own: &LabelMap,
    ) -> Result<Option<Self>, TargetError> {
        let config = &job.config;
        let mut labels = LabelMap::new();
        let mut set = |name: &str, value: &str| labels.insert(name.to_owned(), value.to_owned());
        for (name, value) in config.labels.iter().chain(own) {
            set(name, value);
        }
        set("__address__", address);
        set("__scheme__", config.scheme.as_str());
        set("__metrics_path__", &config.metrics_path);
        labels
            .entry("job".to_owned())
            .or_insert_with(|| config.name.clone());
        for (name, values) in &config.params {
            let first = values.first().map_or("", String::as_str);
            labels.insert(format!("__param_{name}"), first.to_owned());
        }
        if !relabel(&config.relabel, &mut labels) {
            return Ok(None);
        }
        let url = url(job, &labels)?;
        let address = labels.get("__address__").cloned().unwrap_or_default();
        labels.entry("instance".to_owned()).or_insert(address);
        labels.retain(|name, value| !name.starts_with("__") && !value.is_empty());
        match labels.keys().find(|name| !is_label_name(name)) {
            Some(name) => Err(TargetError::Label(name.clone())),
            None => Ok(Some(Self {
                url,
                labels: labels.into_iter().collect(),
            })),
        }
    }

    /// The address as people may see it.
    pub(super) fn shown_url(&self) -> String {
        let mut url = self.url.clone();
        let is_secret = |name: &str| {
            let name = name.to_ascii_lowercase();
            SECRETS.iter().any(|word| name.contains(word))
        };
        if self.url.query().is_some() {
            let pairs = self.url.query_pairs().map(|(name, value)| {
                let hidden = is_secret(&name);
                (name, if hidden { "***".into() } else { value })
            });
            url.query_pairs_mut().clear().extend_pairs(pairs);
        }
        url.into()
    }

    /// A number that spreads targets over their interval and stays the same.
    pub(super) fn spread(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

fn url(job: &Job, labels: &LabelMap) -> Result<Url, TargetError> {
    let label = |name: &str| labels.get(name).map_or("", String::as_str);
    let (address, scheme) = (label("__address__"), label("__scheme__"));
    if !["http", "https"].contains(&scheme) {
        return Err(TargetError::Scheme(scheme.to_owned()));
    }
    let wrong = || TargetError::Address(address.to_owned());
    if address.is_empty() || address.contains(['/', '?', '#', '@', ' ']) {
        return Err(wrong());
    }
    let written = format!("{scheme}://{address}");
    let mut url = Url::parse(&written).map_err(|_| wrong())?;
    url.set_path(label("__metrics_path__"));
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (name, value) in labels {
        if let Some(name) = name.strip_prefix("__param_") {
            pairs.push((name, value));
        }
    }
    for (name, values) in &job.config.params {
        pairs.extend(
            values
                .iter()
                .skip(1)
                .map(|value| (name.as_str(), value.as_str())),
        );
    }
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::scrape::job::jobs;

    fn target(
        more: &str,
        address: &str,
        own: &[(&str, &str)],
    ) -> Result<Option<Target>, TargetError> {
        let config = toml::from_str(&format!("[[jobs]]\nname = 'node'\n{more}")).unwrap();
        let job = jobs(config, 100).unwrap().remove(0);
        let own = own.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Target::new(&job, address, &own.collect())
    }

    #[test]
    fn a_target_is_what_its_labels_say_after_relabelling() {
        for (more, address, own, url, labels) in [
            (
                "",
                "web:9100",
                &[][..],
                "http://web:9100/metrics",
                r#"instance="web:9100",job="node""#,
            ),
            (
                "scheme = 'https'\nmetrics_path = '/a'\nparams = { m = ['1', '2'] }\nlabels = { zone = 'z' }",
                "[::1]:9",
                &[("rack", "r"), ("empty", "")],
                "https://[::1]:9/a?m=1&m=2",
                r#"instance="[::1]:9",job="node",rack="r",zone="z""#,
            ),
            (
                "relabel = [{ source_labels = ['__meta_name'], target_label = 'instance' }]",
                "web:9100",
                &[("__meta_name", "web")],
                "http://web:9100/metrics",
                r#"instance="web",job="node""#,
            ),
            (
                "relabel = [\
                 { source_labels = ['__address__'], target_label = '__param_target' },\
                 { source_labels = ['__param_target'], target_label = 'instance' },\
                 { target_label = '__address__', replacement = 'probe:9115' }]",
                "site:443",
                &[],
                "http://probe:9115/metrics?target=site%3A443",
                r#"instance="site:443",job="node""#,
            ),
        ] {
            let target = target(more, address, own).unwrap().unwrap();
            assert_eq!(target.url.as_str(), url, "{more}");
            assert_eq!(target.labels.to_string(), labels, "{more}");
        }
        let drop =
            "relabel = [{ action = 'drop', source_labels = ['__address__'], regex = 'web.*' }]";
        assert_eq!(target(drop, "web:1", &[]), Ok(None));
        for address in [
            "",
            "http://web:9100",
            "web:9100/metrics",
            "web:port",
            "web 1",
            "ann:s3cret@web",
        ] {
            assert!(
                matches!(target("", address, &[]), Err(TargetError::Address(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        let more = "params = { api_key = ['s3cret'], module = ['http'] }";
        let target = target(more, "web:9100", &[]).unwrap().unwrap();
        assert!(target.url.as_str().contains("s3cret"));
        assert_eq!(
            target.shown_url(),
            "http://web:9100/metrics?api_key=***&module=http"
        );
    }
}
