//! The tree keeps its own rules; each failure names the document or file to change.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file longer than this holds more than one idea.
const MOST_LINES: usize = 400;

/// Which folders of `backend/src` a folder may `use`; beside them the base, which is open to all but the pure ones.
/// The same table stands in ARCHITECTURE.md, "Who may use whom".
const MAY_USE: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("query", &[]),
    ("exposition", &[]),
    ("egress", &[]),
    ("collect", &[]),
    ("store", &["query"]),
    ("ingest", &["collect", "store", "query"]),
    (
        "fleet",
        &["auth", "exposition", "ingest", "rules", "store", "query"],
    ),
    ("auth", &["store"]),
    ("forward", &["auth", "ingest", "store", "query"]),
    ("jobs", &["auth", "store"]),
    (
        "alerts",
        &["auth", "fleet", "ingest", "rules", "store", "query"],
    ),
    (
        "notify",
        &[
            "alerts", "auth", "fleet", "ingest", "rules", "store", "query",
        ],
    ),
    ("live", &["auth"]),
    (
        "http",
        &[
            "alerts",
            "app",
            "auth",
            "collect",
            "exposition",
            "fleet",
            "forward",
            "ingest",
            "jobs",
            "live",
            "notify",
            "query",
            "rules",
        ],
    ),
    ("cli", &["app", "auth", "http", "query", "store"]),
];
const PURE: &[&str] = &["rules", "query", "exposition"];
const BASE: &[&str] = &[
    "clock",
    "tasks",
    "config",
    "egress",
    "protobuf",
    "sealed",
    "telemetry",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Files below a folder of the tree with this ending, as paths from the root.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    ["common", "backend", "frontend", "tests", "xtask"]
        .into_iter()
        .flat_map(|member| files(member, ".rs"))
        .collect()
}

fn expect_none(wrong: &[String], what_to_do: &str) {
    assert!(wrong.is_empty(), "{what_to_do}:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(name, _)| name)
        .collect();
    expect_none(
        &silent,
        "begin these files with `//!`: what they are and never do",
    );
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > MOST_LINES)
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    expect_none(&long, "split these files, each into one idea");
}

#[test]
fn imports_go_with_the_arrow() {
    let mut wrong = Vec::new();
    for (name, text) in files("backend/src", ".rs") {
        let Some(folder) = name
            .strip_prefix("backend/src/")
            .and_then(|it| it.split('/').next())
        else {
            continue;
        };
        let Some((_, may_use)) = MAY_USE.iter().find(|(own, _)| *own == folder) else {
            continue;
        };
        for used in used_folders(&text) {
            let base = BASE.contains(&used.as_str()) && !PURE.contains(&folder);
            // Errors of the store become answers in one place.
            let is_mapping = name.starts_with("backend/src/http/problem") && used == "store";
            if used != folder && !base && !is_mapping && !may_use.contains(&used.as_str()) {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    expect_none(&wrong, "against ARCHITECTURE.md, “Who may use whom”");
}

/// Top folders that a file of the backend names by `crate::…`, outside comments.
fn used_folders(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect()
        })
        .filter(|name: &String| !name.is_empty())
        .collect()
}

#[test]
fn sql_stays_in_the_store() {
    let wrong: Vec<_> = files("backend/src", ".rs")
        .into_iter()
        .filter(|(name, text)| !name.starts_with("backend/src/store/") && text.contains("diesel"))
        .map(|(name, _)| name)
        .collect();
    expect_none(&wrong, "move what needs Diesel to backend/src/store/");
}

#[test]
fn every_migration_can_be_undone() {
    for (name, _) in files("backend/migrations", "up.sql") {
        let down = root().join(name.replace("up.sql", "down.sql"));
        assert!(down.exists(), "{} is missing", down.display());
    }
}

#[test]
fn the_map_shows_the_folders_that_are_there() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let drawn: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("/` |"))
        .map(|(folder, _)| folder.to_owned())
        .collect();
    let mut there = BTreeSet::new();
    for parent in [
        "common/src",
        "backend",
        "backend/src",
        "frontend/src",
        "tests",
        "assets",
        "backend/migrations",
    ] {
        for entry in fs::read_dir(root().join(parent)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && !["src", "target"].contains(&name.as_str()) {
                there.insert(format!("{parent}/{name}"));
            }
        }
    }
    let missing: Vec<_> = there.difference(&drawn).collect();
    let gone: Vec<_> = drawn
        .difference(&there)
        .filter(|it| !root().join(it).is_dir())
        .collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md, “The map”, lacks {missing:?}"
    );
    assert!(
        gone.is_empty(),
        "ARCHITECTURE.md, “The map”, still draws {gone:?}"
    );
}
