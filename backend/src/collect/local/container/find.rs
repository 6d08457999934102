//! Which control groups are containers, by how Docker, Podman, containerd, CRI-O, LXC and nspawn call them.

use crate::collect::local::kept::entries;
use std::path::{Path, PathBuf};

/// Containers in pods lie this deep.
const DEEPEST: usize = 6;

/// A container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Container {
    /// Its whole id, or its name where that is the id.
    pub(super) id: String,
    /// Its name, where the control group bears it.
    pub(super) name: Option<String>,
    /// Its control group.
    pub(super) folder: PathBuf,
}

/// All containers below a folder, ordered by place; groups within one are its own affair.
pub(super) fn containers(root: &Path) -> Vec<Container> {
    let mut found = Vec::new();
    look(root, 0, &mut found);
    found
}

fn look(folder: &Path, depth: usize, found: &mut Vec<Container>) {
    for entry in entries(folder).unwrap_or_default() {
        let folder = folder.join(&entry);
        if !folder.is_dir() {
            continue;
        }
        match recognise(&entry) {
            Some((id, name)) => found.push(Container {
                id: id.to_owned(),
                name: name.map(str::to_owned),
                folder,
            }),
            None if depth < DEEPEST => look(&folder, depth + 1, found),
            None => {}
        }
    }
}

/// Id and, where it is told, name of a container whose group is called so.
fn recognise(group: &str) -> Option<(&str, Option<&str>)> {
    let scope = group.strip_suffix(".scope").unwrap_or(group);
    let named = [
        ("lxc.payload.", ""),
        ("machine-", ".scope"),
        ("systemd-nspawn@", ".service"),
    ]
    .iter()
    .find_map(|(begin, end)| group.strip_prefix(begin)?.strip_suffix(end));
    if let Some(name) = named {
        return Some((name, Some(name)));
    }
    let id = ["docker-", "libpod-", "cri-containerd-", "crio-"]
        .iter()
        .find_map(|engine| scope.strip_prefix(engine))
        .unwrap_or(scope);
    let is_id = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then_some((id, None))
}

#[cfg(test)]
mod tests {
    use super::{containers, recognise};

    #[test]
    fn containers_are_known_by_their_group() {
        let id = "0123456789abcdef".repeat(4);
        for (group, expected) in [
            (id.clone(), Some((id.as_str(), None))),
            (format!("docker-{id}.scope"), Some((id.as_str(), None))),
            (format!("libpod-{id}.scope"), Some((id.as_str(), None))),
            (
                format!("cri-containerd-{id}.scope"),
                Some((id.as_str(), None)),
            ),
            ("lxc.payload.web".to_owned(), Some(("web", Some("web")))),
            (
                "systemd-nspawn@build.service".to_owned(),
                Some(("build", Some("build"))),
            ),
            (format!("libpod-conmon-{id}.scope"), None),
            ("ssh.service".to_owned(), None),
            ("user.slice".to_owned(), None),
        ] {
            assert_eq!(recognise(&group), expected, "{group}");
        }
    }

    #[test]
    fn they_are_found_in_slices_and_not_within_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let id = |digit: &str| digit.repeat(64);
        for place in [
            format!("system.slice/docker-{}.scope/inner/{}", id("a"), id("b")),
            format!(
                "kubepods.slice/burstable.slice/pod1.slice/crio-{}.scope",
                id("c")
            ),
            "init.scope".to_owned(),
        ] {
            std::fs::create_dir_all(dir.path().join(place)).unwrap();
        }
        let found: Vec<String> = containers(dir.path()).into_iter().map(|it| it.id).collect();
        assert_eq!(found, [id("c"), id("a")]);
    }
}
