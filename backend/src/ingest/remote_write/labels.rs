//! The labels of a series as remote write sends them, checked and named as they are kept; never its
//! samples.

use std::borrow::Cow;

use common::metric::Metric;
use common::series::names::{is_label_name, is_metric_name};
use common::series::{Labels, MetricName};

use super::error::LabelFault;
use crate::protobuf::{BadMessage, Fields};

/// The label that holds the name of the metric.
const NAME: &str = "__name__";
/// The label by which Watchpost selects servers: one that comes gets another name.
const SERVER: &str = "server";
const LABELS_MOST: usize = 64;
/// Names and values of all labels of a series together.
const BYTES_MOST: usize = 4_096;
/// What of a name is told, in characters.
const TOLD: usize = 60;

/// A series, whatever the server.
pub(crate) type Name = (MetricName, Labels);

/// Reads the labels out of their section of a message: sorted by name, each name once, one of them
/// the metric's. An empty value is as good as no label.
pub(super) fn read(section: &[u8], is_sampled: bool) -> Result<Name, LabelFault> {
    let mut labels: Vec<(&str, &str)> = Vec::new();
    let mut fields = Fields::of(section);
    while let Some(field) = fields.read()? {
        let label = label(field.bytes()?)?;
        if let Some((before, _)) = labels.last()
            && *before >= label.0
        {
            return Err(if *before == label.0 {
                LabelFault::Twice(told(label.0))
            } else {
                LabelFault::Unsorted(told(label.0))
            });
        }
        labels.push(label);
    }
    named(&labels, is_sampled)
}

/// The name of the metric of a series, whatever is wrong with it.
pub(super) fn metric(series: &[u8]) -> Option<String> {
    let mut fields = Fields::of(series);
    while let Some(field) = fields.read().ok()? {
        if field.number == 1
            && let (NAME, metric) = label(field.bytes().ok()?).ok()?
        {
            return Some(told(metric));
        }
    }
    None
}

/// A label of a message: name and value.
fn label(message: &[u8]) -> Result<(&str, &str), BadMessage> {
    let (mut name, mut value) = ("", "");
    let mut fields = Fields::of(message);
    while let Some(field) = fields.read()? {
        match field.number {
            1 => name = field.text()?,
            2 => value = field.text()?,
            _ => {}
        }
    }
    Ok((name, value))
}

/// The series that labels name; each of them once, in any order.
pub(crate) fn named(labels: &[(&str, &str)], is_sampled: bool) -> Result<Name, LabelFault> {
    let mut metric = "";
    let mut kept: Vec<(Cow<'_, str>, &str)> = Vec::with_capacity(labels.len());
    for (name, value) in labels {
        if *name == NAME {
            metric = value;
            continue;
        }
        check(name, value)?;
        if !value.is_empty() {
            kept.push((Cow::Borrowed(name), value));
        }
    }
    if !is_metric_name(metric) {
        return Err(if metric.is_empty() {
            LabelFault::NoMetric
        } else {
            LabelFault::MetricName(told(metric))
        });
    }
    let bytes = kept.iter().map(|(name, value)| name.len() + value.len());
    if bytes.sum::<usize>() + metric.len() > BYTES_MOST {
        return Err(LabelFault::TooLong { most: BYTES_MOST });
    }
    if kept.len() > LABELS_MOST {
        return Err(LabelFault::TooMany { most: LABELS_MOST });
    }
    let has = |wanted: &str| kept.iter().any(|(name, _)| name == wanted);
    let is_foreign = has("instance") || has("job");
    if is_sampled && !is_foreign && Metric::find(metric).is_some() {
        return Err(LabelFault::BuiltIn(metric.to_owned()));
    }
    keep_server_free(&mut kept);
    Ok((metric.into(), kept.into_iter().collect()))
}

fn check(name: &str, value: &str) -> Result<(), LabelFault> {
    if !is_label_name(name) {
        return Err(LabelFault::LabelName(told(name)));
    }
    if value.contains('\0') {
        return Err(LabelFault::Nul(told(name)));
    }
    Ok(())
}

/// `server` becomes `exported_server`, as often prefixed as makes it the only one.
fn keep_server_free(labels: &mut [(Cow<'_, str>, &str)]) {
    let mut free = SERVER.to_owned();
    while labels.iter().any(|(name, _)| *name == free) {
        free.insert_str(0, "exported_");
    }
    if let Some((name, _)) = labels.iter_mut().find(|(name, _)| name == SERVER) {
        *name = Cow::Owned(free);
    }
}

fn told(name: &str) -> String {
    name.chars().take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::remote_write::testing::label_section;

    #[test]
    fn labels_are_kept_but_for_server() {
        for (labels, is_sampled, metric, kept) in [
            (&[("__name__", "up")][..], true, "up", &[][..]),
            (
                &[
                    ("__name__", "up"),
                    ("__replica__", "a"),
                    ("empty", ""),
                    ("instance", "a:9100"),
                    ("job", "node"),
                    ("server", "s"),
                ],
                true,
                "up",
                &[
                    ("__replica__", "a"),
                    ("exported_server", "s"),
                    ("instance", "a:9100"),
                    ("job", "node"),
                ],
            ),
            (
                &[
                    ("A", "before"),
                    ("__name__", "up"),
                    ("exported_server", "a"),
                    ("server", "s"),
                ],
                true,
                "up",
                &[
                    ("A", "before"),
                    ("exported_exported_server", "s"),
                    ("exported_server", "a"),
                ],
            ),
            (
                &[("__name__", "node_load1"), ("job", "node")],
                true,
                "node_load1",
                &[("job", "node")],
            ),
            (&[("__name__", "node_load1")], false, "node_load1", &[]),
        ] {
            let (name, found) = read(&label_section(labels), is_sampled).unwrap();
            assert_eq!((name.as_str(), found), (metric, Labels::of(kept)));
        }
    }

    #[test]
    fn bad_labels_are_said() {
        let long = "x".repeat(BYTES_MOST);
        let many: Vec<String> = (0..=LABELS_MOST).map(|at| format!("l{at:02}")).collect();
        let mut many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "v")).collect();
        many.insert(0, ("__name__", "up"));
        let up = ("__name__", "up");
        for (labels, fault) in [
            (&[][..], LabelFault::NoMetric),
            (&[("a", "b")], LabelFault::NoMetric),
            (
                &[("__name__", "a b")],
                LabelFault::MetricName("a b".to_owned()),
            ),
            (&[up, ("", "v")], LabelFault::Unsorted(String::new())),
            (
                &[("", "v"), ("__name__", "up")],
                LabelFault::LabelName(String::new()),
            ),
            (&[up, ("a.b", "v")], LabelFault::LabelName("a.b".to_owned())),
            (
                &[up, ("b", "v"), ("a", "v")],
                LabelFault::Unsorted("a".to_owned()),
            ),
            (
                &[up, ("a", "v"), ("a", "w")],
                LabelFault::Twice("a".to_owned()),
            ),
            (&[up, ("a", "\0")], LabelFault::Nul("a".to_owned())),
            (
                &[up, ("a", &long)],
                LabelFault::TooLong { most: BYTES_MOST },
            ),
            (&many, LabelFault::TooMany { most: LABELS_MOST }),
            (
                &[("__name__", "node_load1")],
                LabelFault::BuiltIn("node_load1".to_owned()),
            ),
        ] {
            let section = label_section(labels);
            assert_eq!(read(&section, true), Err(fault), "{labels:?}");
        }
        let wrong = [0x08, 1];
        let kind = LabelFault::Message(BadMessage::WrongKind(1));
        assert_eq!(read(&wrong, true), Err(kind));
    }
}
