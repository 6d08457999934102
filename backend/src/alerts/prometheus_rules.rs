//! Rule files of Prometheus as rules: each alert becomes a rule of kind `promql`; never an evaluation.

use std::collections::{BTreeMap, HashMap};

use common::alert::{Comparison, RuleInput, RuleKind};
use common::api::rules::LeftOut;
use common::problem::FieldError;

use super::rule_file::{Read, Written};
use super::yaml::{self, Node};

/// As often as Prometheus evaluates when nobody says otherwise.
const INTERVAL_SECONDS: u32 = 60;
/// What a rule of ours has in place of each of these.
const KNOWN: [&str; 7] = [
    "alert",
    "expr",
    "for",
    "keep_firing_for",
    "labels",
    "annotations",
    "record",
];
const LINK: &str = "runbook_url";

/// The rules of a file.
pub(super) fn read(text: &str) -> Result<Read, Vec<FieldError>> {
    let whole = yaml::read(text).map_err(|wrong| {
        let message = format!("line {}: {}", wrong.line, wrong.message);
        vec![FieldError::new("", message)]
    })?;
    let mut reading = Reading::default();
    match whole.get("groups").and_then(Node::items) {
        Some(groups) => {
            for (at, group) in groups.iter().enumerate() {
                reading.group(&format!("groups[{at}]"), group);
            }
        }
        None => reading.wrong("groups", &whole, "must be a list of groups"),
    }
    if reading.wrong.is_empty() {
        Ok(reading.read)
    } else {
        Err(reading.wrong)
    }
}

#[derive(Default)]
struct Reading {
    read: Read,
    wrong: Vec<FieldError>,
    /// How often each name came.
    names: HashMap<String, usize>,
}

impl Reading {
    fn wrong(&mut self, place: &str, node: &Node, message: &str) {
        let message = format!("line {}: {message}", node.line);
        self.wrong.push(FieldError::new(place, message));
    }

    fn group(&mut self, place: &str, group: &Node) {
        let interval = match group.get("interval") {
            Some(node) => self.seconds(&format!("{place}.interval"), node),
            None => INTERVAL_SECONDS,
        };
        let labels = self.texts(&format!("{place}.labels"), group.get("labels"));
        let Some(rules) = group.get("rules").and_then(Node::items) else {
            self.wrong(&format!("{place}.rules"), group, "must be a list of rules");
            return;
        };
        for (at, rule) in rules.iter().enumerate() {
            let place = format!("{place}.rules[{at}]");
            match (rule.get("alert"), rule.get("record")) {
                (Some(_), None) => self.rule(&place, rule, (interval, &labels)),
                (None, Some(record)) => self.read.left_out.push(LeftOut {
                    place,
                    name: record.text().unwrap_or_default().to_owned(),
                    why: format!("line {}: recording rules are not kept", rule.line),
                }),
                _ => self.wrong(&place, rule, "must have either alert or record"),
            }
        }
    }

    fn rule(&mut self, place: &str, rule: &Node, group: (u32, &BTreeMap<String, String>)) {
        for (name, node) in rule.entries().unwrap_or_default() {
            if !KNOWN.contains(&name.as_str()) {
                self.wrong(&format!("{place}.{name}"), node, "is not known");
            }
        }
        let (interval, shared) = group;
        let mut seconds = |name: &str| {
            let node = rule.get(name);
            node.map_or(0, |node| self.seconds(&format!("{place}.{name}"), node))
        };
        let (for_seconds, clear_for_seconds) = (seconds("for"), seconds("keep_firing_for"));
        let own = self.texts(&format!("{place}.labels"), rule.get("labels"));
        let annotations = self.texts(&format!("{place}.annotations"), rule.get("annotations"));
        let text = |name: &str| rule.get(name).and_then(Node::text).unwrap_or_default();
        let name = self.named(place, text("alert"));
        let is_link = |url: &&String| url.starts_with("http://") || url.starts_with("https://");
        let input = RuleInput {
            kind: RuleKind::Promql,
            expression: Some(text("expr").trim().to_owned()),
            interval_seconds: interval,
            for_seconds,
            clear_for_seconds,
            cooldown_seconds: 0,
            labels: shared.clone().into_iter().chain(own).collect(),
            runbook_url: annotations.get(LINK).filter(is_link).cloned(),
            annotations,
            ..RuleInput::plain(&name, "", Comparison::Above)
        };
        self.read.rules.push(Written {
            place: place.to_owned(),
            line: Some(rule.line),
            input,
        });
    }

    /// Names are unique with us: the second of a name is called so.
    fn named(&mut self, place: &str, name: &str) -> String {
        let count = self.names.entry(name.to_owned()).or_default();
        *count += 1;
        if *count == 1 {
            return name.to_owned();
        }
        let other = format!("{name} ({count})");
        let note = format!("{place}: another alert is called {name}; this one becomes {other}");
        self.read.warnings.push(note);
        other
    }

    fn texts(&mut self, place: &str, node: Option<&Node>) -> BTreeMap<String, String> {
        let Some(node) = node else {
            return BTreeMap::new();
        };
        let Some(entries) = node.entries() else {
            self.wrong(place, node, "must be names with texts");
            return BTreeMap::new();
        };
        let mut texts = BTreeMap::new();
        for (name, node) in entries {
            match node.text() {
                Some(text) => drop(texts.insert(name.clone(), text.to_owned())),
                None => self.wrong(&format!("{place}.{name}"), node, "must be a text"),
            }
        }
        texts
    }

    fn seconds(&mut self, place: &str, node: &Node) -> u32 {
        let seconds = node.text().and_then(duration_seconds);
        seconds.unwrap_or_else(|| {
            self.wrong(place, node, "must be a duration such as 5m or 1h30m");
            0
        })
    }
}

/// `1h30m`, `45s`, `0`; parts of a second count as one.
fn duration_seconds(text: &str) -> Option<u32> {
    if text == "0" {
        return Some(0);
    }
    let mut rest = text;
    let mut total_ms: u64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(end);
        let unit_end = after.find(|c: char| c.is_ascii_digit());
        let (unit, after) = after.split_at(unit_end.unwrap_or(after.len()));
        let unit_ms: u64 = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            "y" => 31_536_000_000,
            _ => return None,
        };
        total_ms = total_ms.checked_add(number.parse::<u64>().ok()?.checked_mul(unit_ms)?)?;
        rest = after;
    }
    (!text.is_empty()).then_some(())?;
    u32::try_from(total_ms.div_ceil(1_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, expected) in [
            ("0", Some(0)),
            ("5m", Some(300)),
            ("1h30m", Some(5_400)),
            ("1d", Some(86_400)),
            ("1500ms", Some(2)),
            ("", None),
            ("5", None),
            ("m", None),
            ("5 m", None),
            ("99999999999999y", None),
        ] {
            assert_eq!(duration_seconds(text), expected, "{text}");
        }
    }
}
