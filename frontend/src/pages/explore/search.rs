//! The metrics that there are and how a search ranks them; pure, never a request.

use common::api::catalogue::MetricInfo;
use common::api::metrics::StoredMetric;
use common::metric::{Category, MetricKind};
use common::units::Unit;

/// A metric of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub info: MetricInfo,
    /// How many series it has; 0: none.
    pub series: usize,
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Narrow {
    /// Of this category only; `None`: of each.
    pub category: Option<Category>,
    /// Also those without series.
    pub silent: bool,
}

/// The categories: name in the list of choices, word on the screen.
pub const CATEGORIES: [(Category, &str, &str); 5] = [
    (Category::System, "system", "System"),
    (Category::Process, "process", "Processes"),
    (Category::Network, "network", "Network"),
    (Category::Disk, "disk", "Disks"),
    (Category::Custom, "custom", "Custom"),
];

/// What a metric is that others push: nothing more is known of it.
pub fn custom(name: &str) -> MetricInfo {
    MetricInfo {
        name: name.to_owned(),
        unit: Unit::None,
        kind: MetricKind::Gauge,
        help: "A metric of your own.".to_owned(),
        labels: Vec::new(),
        category: Category::Custom,
    }
}

/// The catalogue with how many series each metric has, and the metrics that it lacks.
pub fn join(catalogue: Vec<MetricInfo>, stored: Vec<StoredMetric>) -> Vec<Known> {
    let mut all: Vec<Known> = catalogue
        .into_iter()
        .map(|info| Known { info, series: 0 })
        .collect();
    for metric in stored {
        match all.iter_mut().find(|it| it.info.name == metric.metric) {
            Some(known) => known.series = metric.series,
            None => all.push(Known {
                info: custom(&metric.metric),
                series: metric.series,
            }),
        }
    }
    all.sort_by(|a, b| a.info.name.cmp(&b.info.name));
    all
}

/// The metrics that hold every word of `text`, those first that a person most likely means.
pub fn search(all: &[Known], text: &str, narrow: Narrow) -> Vec<Known> {
    let text = text.to_lowercase();
    let words: Vec<&str> = split(&text).collect();
    let mut found: Vec<(u32, &Known)> = all
        .iter()
        .filter(|it| narrow.silent || it.series > 0)
        .filter(|it| narrow.category.is_none_or(|one| it.info.category == one))
        .filter_map(|it| Some((distance(&it.info, &words)?, it)))
        .collect();
    // Without words the order of names stays as it is.
    found.sort_by_key(|(distance, it)| {
        let length = if words.is_empty() {
            0
        } else {
            it.info.name.len()
        };
        (*distance, it.series == 0 && !words.is_empty(), length)
    });
    found.into_iter().map(|(_, it)| it.clone()).collect()
}

/// How far a metric is from the words; `None` when it lacks one.
fn distance(info: &MetricInfo, words: &[&str]) -> Option<u32> {
    let name = info.name.to_lowercase();
    let help = info.help.to_lowercase();
    let of_word = |word: &&str| {
        if split(&name).any(|part| part == *word) {
            Some(0)
        } else if split(&name).any(|part| part.starts_with(*word)) {
            Some(1)
        } else if name.contains(*word) {
            Some(2)
        } else {
            help.contains(*word).then_some(4)
        }
    };
    words.iter().map(of_word).sum()
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    let is_border = |c: char| c.is_whitespace() || c == '_' || c == ':';
    text.split(is_border).filter(|word| !word.is_empty())
}

/// A unit in words; empty for plain numbers.
pub const fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::None => "",
        Unit::Percent => "%",
        Unit::Bytes => "bytes",
        Unit::BytesPerSecond => "bytes/s",
        Unit::Seconds => "seconds",
        Unit::PerSecond => "per second",
        Unit::Celsius => "°C",
        Unit::Hertz => "Hz",
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, Narrow, join, search};
    use common::api::metrics::StoredMetric;
    use common::metric::{CATALOGUE, Category};

    fn all() -> Vec<Known> {
        let stored = |metric: &str, series| StoredMetric {
            metric: metric.to_owned(),
            series,
        };
        join(
            CATALOGUE.iter().map(Into::into).collect(),
            vec![
                stored("backlog", 2),
                stored("host_cpu_usage_percent", 1),
                stored("node_load1", 1),
            ],
        )
    }

    fn names(text: &str, narrow: Narrow) -> Vec<String> {
        let found = search(&all(), text, narrow).into_iter();
        found.map(|it| it.info.name).collect()
    }

    #[test]
    fn what_is_pushed_stands_beside_the_catalogue() {
        let all = all();
        assert_eq!(all.len(), CATALOGUE.len() + 1);
        let own = all.iter().find(|it| it.info.name == "backlog").unwrap();
        assert_eq!((own.series, own.info.category), (2, Category::Custom));
        assert!(all.iter().any(|it| it.series == 0));
        assert!(all.is_sorted_by_key(|it| &it.info.name));
    }

    #[test]
    fn words_find_the_metric_that_is_meant() {
        let wide = Narrow {
            silent: true,
            ..Narrow::default()
        };
        for (text, first) in [
            ("cpu usage", "host_cpu_usage_percent"),
            ("CPU_usage", "host_cpu_usage_percent"),
            ("node_load1", "node_load1"),
            ("usage cpu perc", "host_cpu_usage_percent"),
            ("back", "backlog"),
        ] {
            let found = names(text, wide);
            assert_eq!(found.first().map(String::as_str), Some(first), "{text}");
        }
        assert!(names("no such thing", wide).is_empty());
    }

    #[test]
    fn the_list_is_narrowed() {
        assert_eq!(
            names("", Narrow::default()),
            ["backlog", "host_cpu_usage_percent", "node_load1"]
        );
        let own = Narrow {
            category: Some(Category::Custom),
            silent: true,
        };
        assert_eq!(names("", own), ["backlog"]);
    }
}
