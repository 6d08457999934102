//! A bounded run of each fuzz target: always the same inputs, so many and no more.

use tests::dice::Dice;
use tests::fuzz;

const SEED: u64 = 1;

fn check(target: &str, inputs: u64) {
    let found = tempfile::tempdir().unwrap();
    let report = fuzz::run(target, Dice::of(SEED), found.path(), |so_far| {
        so_far < inputs
    });
    let report = report.unwrap_or_else(|error| {
        let input = std::fs::read(found.path().join(target)).unwrap_or_default();
        panic!("{error}\n{:?}", String::from_utf8_lossy(&input))
    });
    assert_eq!(report.inputs, inputs);
    let seeds = fuzz::corpus(target).unwrap().len();
    assert!(report.outcomes > seeds / 2, "{report:?} of {seeds} seeds");
}

#[test]
fn any_promql_is_answered_or_refused() {
    check("promql", 3_000);
}

#[test]
fn any_page_of_an_exporter_is_read_or_refused() {
    check("exposition", 20_000);
}

#[test]
fn any_remote_write_is_stored_whole_or_refused_whole() {
    check("remote_write", 10_000);
}

#[test]
fn any_export_of_otlp_is_taken_or_refused() {
    check("otlp_protobuf", 10_000);
    check("otlp_json", 10_000);
}

#[test]
fn any_steps_of_relabelling_are_done_or_refused() {
    check("relabel", 10_000);
}

#[test]
fn any_file_of_rules_is_read_or_refused() {
    check("rules", 10_000);
}

#[test]
fn every_target_has_a_corpus() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/fuzz");
    let listed = std::fs::read_dir(folder).unwrap();
    let mut folders: Vec<_> = listed
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut names = fuzz::NAMES.to_vec();
    names.sort_unstable();
    assert_eq!(folders, names);
}
