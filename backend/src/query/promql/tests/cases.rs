//! The scripts under `tests/cases/promql`, one a family.

use std::fs;
use std::path::Path;

use super::script;

#[test]
fn the_language_is_that_of_prometheus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/promql");
    let mut scripts = 0;
    let mut failed = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "test") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let found = script::run(&fs::read_to_string(&path).unwrap());
            failed.extend(found.into_iter().map(|what| format!("{name}: {what}")));
            scripts += 1;
        }
    }
    assert!(scripts > 0 && failed.is_empty(), "{}", failed.join("\n"));
}
