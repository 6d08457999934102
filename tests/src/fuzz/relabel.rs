//! Steps of relabelling as settings have them, and labels that they are done to; never a target.

use std::collections::BTreeMap;

use backend::collect::scrape::relabel;
use backend::config::relabel::Step;
use serde_json::Value;

use super::Target;

/// Reads an input as an object of `steps` and `labels`, and does the steps.
#[derive(Debug)]
pub(super) struct Steps;

impl Target for Steps {
    fn take(&mut self, input: &[u8]) -> String {
        let Ok(mut read) = serde_json::from_slice::<Value>(input) else {
            return "no JSON".to_owned();
        };
        let steps: Vec<Step> = match serde_json::from_value(read["steps"].take()) {
            Ok(steps) => steps,
            Err(error) => {
                let words = error.to_string();
                return words.split('`').next().unwrap_or_default().to_owned();
            }
        };
        let labels = read["labels"].take();
        let Ok(before) = serde_json::from_value::<BTreeMap<String, String>>(labels) else {
            return "no labels".to_owned();
        };
        let mut labels = before.clone();
        let is_kept = relabel(&steps, &mut labels);
        let actions: Vec<_> = steps.iter().take(3).map(|step| step.action).collect();
        format!("{is_kept} {} {actions:?}", labels == before)
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "{\"action\":\"labelmap\",\"regex\":\"(.*)\",\"replacement\":\"$1$1\"},",
            "{\"action\":\"drop\",\"regex\":\"(a*)*b\",\"source_labels\":[\"a\"]},",
            "\"separator\":\"\",",
            "\"target_label\":\"${1}_$2\",",
            "(?P<n>.+)",
            "\\\\pL{1,1000}",
            "$${1}",
        ]
    }
}
