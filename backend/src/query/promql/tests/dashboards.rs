//! What people ask already: the common dashboard of node exporters, and the community's rules for hosts.

use std::fs;
use std::path::Path;

use common::metric::CATALOGUE;
use common::series::matcher::NAME_LABEL;

use super::memory::Memory;
use crate::query::promql::{At, LabelSet};

const MINUTE_MS: i64 = 60_000;

/// Two series of each built-in metric for the two values that each of its labels has, of two hosts.
fn hosts() -> Memory {
    let mut memory = Memory::default();
    for (number, metric) in CATALOGUE.iter().enumerate() {
        for host in ["web-1", "web-2"] {
            for variant in ["a", "b"] {
                let variant = if metric.labels.is_empty() {
                    ""
                } else {
                    variant
                };
                let own = metric.labels.iter().map(|label| (*label, variant));
                let all = own.chain([
                    (NAME_LABEL, metric.name),
                    ("instance", host),
                    ("job", "node"),
                ]);
                let labels = LabelSet::of(all);
                if memory.has(&labels) {
                    continue;
                }
                let samples: Vec<(i64, f64)> = (0..120_u32)
                    .map(|at| {
                        let value = f64::from(u32::try_from(number).unwrap()) + f64::from(at * at);
                        (i64::from(at) * 15_000, value)
                    })
                    .collect();
                memory.add(&labels, &samples);
            }
        }
    }
    memory
}

#[test]
fn every_expression_of_dashboards_and_rules_has_an_answer() {
    let memory = hosts();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/promql");
    let mut failed = Vec::new();
    for (file, at_least) in [("node_exporter_full.txt", 200), ("host_rules.txt", 30)] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let expressions = text.lines().filter(|line| !line.starts_with('#'));
        let mut asked = 0;
        for expression in expressions {
            asked += 1;
            let range = At::Range {
                start_ms: 0,
                end_ms: 29 * MINUTE_MS,
                step_ms: MINUTE_MS,
            };
            for at in [At::Instant(29 * MINUTE_MS), range] {
                if let Err(error) = memory.ask(expression, at) {
                    failed.push(format!("{file}: {expression}\n    {error}"));
                }
            }
        }
        assert!(asked >= at_least, "{file} has {asked} expressions");
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
