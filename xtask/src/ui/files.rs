//! Folders of built files: list, mirror, prune; never follows a link out of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The files below a folder by their name relative to it, with `/` in it; a file stands for itself
/// under the empty name; what does not exist has none.
pub(crate) fn below(path: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    if path.is_file() {
        found.insert(String::new(), path.to_path_buf());
    } else if path.is_dir() {
        collect(path, "", &mut found)?;
    }
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name, entry.path());
        }
    }
    Ok(())
}

/// Makes `to` hold exactly the files of `from` and tells whether it did not before. New files come
/// first, then the page that names them, then old files go: a server that reads `to` sees a whole one.
pub(super) fn mirror(from: &Path, to: &Path) -> Result<bool> {
    let wanted = below(from)?;
    let present = below(to)?;
    let mut names: Vec<&String> = wanted.keys().collect();
    names.sort_by_key(|name| name.starts_with("index.html"));
    let mut changed = false;
    for name in names {
        let (source, target) = (from.join(name), to.join(name));
        let content = fs::read(&source).with_context(|| format!("{}", source.display()))?;
        if fs::read(&target).is_ok_and(|old| old == content) {
            continue;
        }
        write(&target, &content)?;
        changed = true;
    }
    for (name, file) in present {
        if !wanted.contains_key(&name) {
            fs::remove_file(file)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Writes a file whole, its folder first.
pub(super) fn write(file: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    fs::write(file, content).with_context(|| format!("{}", file.display()))
}

/// Removes a folder if it is there.
pub(super) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Removes all but the newest folders in a folder.
pub(super) fn keep_newest(folder: &Path, count: usize) -> Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        entries.push((entry.metadata()?.modified()?, entry.path()));
    }
    entries.sort();
    let old = entries.len().saturating_sub(count);
    for (_, path) in entries.drain(..old) {
        remove(&path)?;
    }
    Ok(())
}
