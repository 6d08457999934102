//! Stylesheets joined into one, fonts under names with their digest; never changes what they say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{digest, files};

/// Sheets that come before the others, which follow by name.
const FIRST: [&str; 2] = ["tokens.css", "base.css"];

/// Writes the assets into the built dashboard and returns the name of the one stylesheet.
///
/// Fonts get their digest into their names and the stylesheet follows; the other folders are copied
/// as they are.
pub(super) fn write(assets: &Path, stage: &Path) -> Result<String> {
    let mut style = join(&files::below(&assets.join("css"))?)?;
    for (name, file) in files::below(assets)? {
        if name.starts_with("css/") {
            continue;
        }
        let content = fs::read(&file).with_context(|| format!("{}", file.display()))?;
        let served = if name.starts_with("fonts/") {
            digested(&name, &content)
        } else {
            name.clone()
        };
        style = style.replace(&format!("/{name}"), &format!("/{served}"));
        files::write(&stage.join(&served), &content)?;
    }
    let name = digested("style.css", style.as_bytes());
    files::write(&stage.join(&name), style.as_bytes())?;
    Ok(name)
}

/// `a/b-<digest>.c` for `a/b.c`.
fn digested(name: &str, content: &[u8]) -> String {
    let digest = digest::of(content);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{digest}.{extension}"),
        None => format!("{name}-{digest}"),
    }
}

fn join(sheets: &BTreeMap<String, PathBuf>) -> Result<String> {
    let mut names: Vec<&String> = sheets.keys().collect();
    names.sort_by_key(|name| order(name));
    let mut all = String::new();
    for name in names {
        let sheet = fs::read_to_string(&sheets[name]).with_context(|| name.clone())?;
        all.push_str(sheet.trim());
        all.push('\n');
    }
    Ok(all)
}

fn order(name: &str) -> (usize, &str) {
    let place = FIRST.iter().position(|first| *first == name);
    (place.unwrap_or(FIRST.len()), name)
}

#[cfg(test)]
mod tests {
    use super::{digested, order};

    #[test]
    fn tokens_and_base_come_before_the_other_sheets() {
        let mut names = ["table.css", "base.css", "alert.css", "tokens.css"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["tokens.css", "base.css", "alert.css", "table.css"]);
    }

    #[test]
    fn a_digested_name_keeps_folder_and_extension() {
        let name = digested("fonts/inter.woff2", b"x");
        let digest = name
            .strip_prefix("fonts/inter-")
            .and_then(|rest| rest.strip_suffix(".woff2"));
        assert_eq!(digest.map(str::len), Some(16), "{name}");
    }
}
