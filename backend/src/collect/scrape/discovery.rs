//! Targets that files name, in the form of Prometheus's `file_sd_configs`; read again when changed.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;

use super::relabel::LabelMap;

/// A file of targets is small; a longer one is something else.
const MOST_BYTES: u64 = 16 << 20;

/// Addresses with the labels that they share.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Group {
    /// `host:port` of each.
    pub(super) targets: Vec<String>,
    /// Their labels.
    #[serde(default)]
    pub(super) labels: LabelMap,
}

/// What of a file tells that it changed.
type Stamp = (Option<SystemTime>, u64);

/// The files of a job, as they were read last.
#[derive(Debug)]
pub(super) struct Files {
    patterns: Vec<String>,
    read: HashMap<PathBuf, (Stamp, Vec<Group>)>,
}

impl Files {
    /// Nothing is read yet.
    pub(super) fn new(patterns: Vec<String>) -> Self {
        Self {
            patterns,
            read: HashMap::new(),
        }
    }

    /// What the files say now; of one that cannot be read, what it said before. Blocks on the disk.
    pub(super) fn look(&mut self) -> Vec<Group> {
        let found = self.patterns.iter().flat_map(|pattern| matching(pattern));
        let found: BTreeMap<PathBuf, Stamp> = found.collect();
        self.read.retain(|path, _| found.contains_key(path));
        for (path, stamp) in found {
            let known = self.read.get(&path);
            if known.is_some_and(|(read, _)| *read == stamp) {
                continue;
            }
            let before = known.map(|(_, groups)| groups.clone());
            let groups = read(&path).unwrap_or_else(|error| {
                let file = path.display();
                tracing::warn!(%file, %error, "a file of scrape targets cannot be used; what it said before stands");
                before.unwrap_or_default()
            });
            self.read.insert(path, (stamp, groups));
        }
        let mut paths: Vec<_> = self.read.iter().collect();
        paths.sort_unstable_by_key(|(path, _)| *path);
        paths
            .into_iter()
            .flat_map(|(_, (_, groups))| groups.clone())
            .collect()
    }
}

/// The files that a pattern names, with what tells that they changed.
fn matching(pattern: &str) -> Vec<(PathBuf, Stamp)> {
    let path = Path::new(pattern);
    let (folder, name) = (path.parent(), path.file_name());
    let name = name.and_then(|name| name.to_str()).unwrap_or_default();
    let paths = match name.split_once('*') {
        None => vec![path.to_owned()],
        Some((start, end)) => {
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            let entries = std::fs::read_dir(folder.unwrap_or(Path::new(".")));
            let entries = entries.into_iter().flatten().flatten();
            let fits = |name: &str| {
                name.len() >= start.len() + end.len()
                    && name.starts_with(start)
                    && name.ends_with(end)
            };
            let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(fits));
            named.map(|entry| entry.path()).collect()
        }
    };
    let stamped = paths.into_iter().filter_map(|path| {
        let meta = std::fs::metadata(&path).ok()?;
        let stamp = (meta.modified().ok(), meta.len());
        meta.is_file().then_some((path, stamp))
    });
    stamped.collect()
}

/// The groups of a file, each with the file's name among its labels.
fn read(path: &Path) -> Result<Vec<Group>, String> {
    let length = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if length.len() > MOST_BYTES {
        return Err(format!("it has more than {MOST_BYTES} bytes"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut groups = parse(&text).map_err(|error| error.to_string())?;
    for group in &mut groups {
        let name = path.display().to_string();
        group.labels.insert("__meta_filepath".to_owned(), name);
    }
    Ok(groups)
}

/// `[{"targets": ["host:port"], "labels": {"name": "value"}}]`
fn parse(text: &str) -> serde_json::Result<Vec<Group>> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(files: &mut Files) -> Vec<String> {
        let groups = files.look();
        groups.into_iter().flat_map(|group| group.targets).collect()
    }

    #[test]
    fn files_are_read_again_when_they_change() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str| dir.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(file(name), text).unwrap();
        let pattern = file("web-*.json").display().to_string();
        let mut files = Files::new(vec![pattern, file("one.json").display().to_string()]);
        assert!(files.look().is_empty());
        write("web-2.json", r#"[{"targets": ["b:1", "b:2"]}]"#);
        write(
            "web-1.json",
            r#"[{"targets": ["a:1"], "labels": {"zone": "z"}}, {"targets": []}]"#,
        );
        write("db.json", r#"[{"targets": ["never:1"]}]"#);
        let groups = files.look();
        assert_eq!(groups[0].labels["zone"], "z");
        assert!(groups[0].labels["__meta_filepath"].ends_with("/web-1.json"));
        assert_eq!(addresses(&mut files), ["a:1", "b:1", "b:2"]);
        write("one.json", r#"[{"targets": ["c:1"]}]"#);
        write("web-2.json", "[{");
        assert_eq!(addresses(&mut files), ["c:1", "a:1", "b:1", "b:2"]);
        write("web-2.json", "[]");
        std::fs::remove_file(file("one.json")).unwrap();
        assert_eq!(addresses(&mut files), ["a:1"]);
    }

    #[test]
    fn what_is_no_list_of_targets_is_refused() {
        for (text, is_good) in [
            ("[]", true),
            (r#"[{"targets": []}]"#, true),
            (
                r#"[{"targets": ["a"], "labels": {"a": "b"}, "more": 1}]"#,
                true,
            ),
            ("", false),
            ("{}", false),
            (r#"[{"labels": {}}]"#, false),
            (r#"[{"targets": "a"}]"#, false),
            (r#"[{"targets": ["a"], "labels": {"a": 1}}]"#, false),
        ] {
            assert_eq!(parse(text).is_ok(), is_good, "{text}");
        }
    }
}
