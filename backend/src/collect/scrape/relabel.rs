//! Relabelling as Prometheus does it: steps over labels; pure, never where the labels come from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::config::relabel::{Action, Step};
use regex::Regex;

/// Labels while they are changed, the internal ones that begin with `__` included.
pub type LabelMap = BTreeMap<String, String>;

/// Does all steps to `labels`; `false` when one of them drops what has them.
pub fn relabel(steps: &[Step], labels: &mut LabelMap) -> bool {
    steps.iter().all(|step| apply(step, labels))
}

fn apply(step: &Step, labels: &mut LabelMap) -> bool {
    let names = |name: &str| fits(step, name);
    match step.action {
        Action::Keep => return fits(step, &joined(step, labels)),
        Action::Drop => return !fits(step, &joined(step, labels)),
        Action::Replace => replace(step, labels),
        Action::LabelMap => {
            let copied: Vec<_> = labels
                .iter()
                .filter(|(name, _)| names(name))
                .map(|(name, value)| (expanded(step, name, &step.replacement), value.clone()))
                .collect();
            labels.extend(copied);
        }
        Action::LabelDrop => labels.retain(|name, _| !names(name)),
        Action::LabelKeep => labels.retain(|name, _| names(name)),
    }
    true
}

fn replace(step: &Step, labels: &mut LabelMap) {
    let Some(target) = &step.target_label else {
        return;
    };
    let source = joined(step, labels);
    if !fits(step, &source) {
        return;
    }
    let target = expanded(step, &source, target);
    let value = expanded(step, &source, &step.replacement);
    if value.is_empty() {
        labels.remove(&target);
    } else {
        labels.insert(target, value);
    }
}

/// The values of the source labels; those that there are not are empty.
fn joined<'a>(step: &Step, labels: &'a LabelMap) -> Cow<'a, str> {
    let value = |name: &String| labels.get(name).map_or("", String::as_str);
    match step.source_labels.as_slice() {
        [name] => Cow::Borrowed(value(name)),
        names => {
            let values: Vec<&str> = names.iter().map(value).collect();
            Cow::Owned(values.join(&step.separator))
        }
    }
}

fn fits(step: &Step, text: &str) -> bool {
    let regex = step.regex.as_ref();
    regex.is_none_or(|pattern| pattern.regex().is_match(text))
}

/// `replacement` with what the groups of the pattern found; without a pattern `$1` is all of it.
fn expanded(step: &Step, text: &str, replacement: &str) -> String {
    let mut into = String::new();
    match &step.regex {
        Some(pattern) => expand(pattern.regex(), text, replacement, &mut into),
        None => {
            into = replacement.replace("${1}", text).replace("$1", text);
        }
    }
    into
}

fn expand(regex: &Regex, text: &str, replacement: &str, into: &mut String) {
    if let Some(found) = regex.captures(text) {
        found.expand(replacement, into);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(written: &str) -> LabelMap {
        let pairs = written.split(' ').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            })
            .collect()
    }

    /// Labels, steps, and the labels after them.
    const CASES: &str = r"
        a=xy | { action = 'keep', source_labels = ['a'], regex = 'x.*' } | a=xy
        a=xy | { action = 'keep', source_labels = ['a'], regex = 'x' } | dropped
        a=xy | { action = 'keep', source_labels = ['z'], regex = 'x' } | dropped
        a=1 b=2 | { action = 'drop', source_labels = ['a', 'b'], regex = '1;2' } | dropped
        a=1 b=2 | { action = 'drop', source_labels = ['a', 'b'], regex = '1;2', separator = '-' } | a=1 b=2
        a=1 | { source_labels = ['a'], target_label = 'b' } | a=1 b=1
        a=h:80 | { source_labels = ['a'], regex = '(.*):(\d+)', target_label = 'b', replacement = '${2}-$1' } | a=h:80 b=80-h
        a=x | { source_labels = ['a'], regex = '(x)', target_label = 'to_$1', replacement = 'y' } | a=x to_x=y
        a=1 b=2 | { source_labels = ['a'], regex = 'no', target_label = 'b' } | a=1 b=2
        b=2 | { source_labels = ['z'], target_label = 'b' } |
        a=x | { source_labels = ['a'], regex = 'x', replacement = '', target_label = 'a' } |
        a=1 | { replacement = 'v', target_label = 'c' } | a=1 c=v
        __meta_zone=z | { action = 'labelmap', regex = '__meta_(.+)' } | __meta_zone=z zone=z
        a=1 ab=2 b=3 | { action = 'labeldrop', regex = 'a.*' } | b=3
        a=1 ab=2 b=3 | { action = 'labelkeep', regex = 'a.*' } | a=1 ab=2
        a=1 | { source_labels = ['a'], target_label = 'b' }, { action = 'drop', source_labels = ['b'], regex = '1' } | dropped
    ";

    #[test]
    fn steps_do_what_prometheus_does() {
        for case in CASES.trim().lines() {
            let [before, steps, after] = *case.split(" |").collect::<Vec<_>>() else {
                panic!("{case}");
            };
            let steps = format!("steps = [{steps}]");
            let steps: BTreeMap<String, Vec<Step>> = toml::from_str(&steps).unwrap();
            let mut changed = labels(before);
            let is_kept = relabel(&steps["steps"], &mut changed);
            let expected = (after.trim() != "dropped").then(|| labels(after));
            assert_eq!(is_kept.then_some(changed), expected, "{case}");
        }
    }
}
