//! Containers by their control groups (version 2), named by Docker or Podman where that answers;
//! never what runs in them.

mod find;
mod group;
mod socket;

use super::error::ReadError;
use super::found::{Collect, Found};
use super::root::Root;
use common::series::Labels;
use std::collections::HashMap;
use std::path::PathBuf;

/// Sockets that tell the names of containers.
const SOCKETS: &[&str] = &["run/docker.sock", "run/podman/podman.sock"];

/// More series than of so many containers nobody looks at.
const MOST: usize = 200;

/// The containers.
pub(super) struct Containers {
    groups: PathBuf,
    sockets: Vec<PathBuf>,
    names: HashMap<String, String>,
}

impl Containers {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            groups: root.path("sys/fs/cgroup"),
            sockets: SOCKETS.iter().map(|socket| root.path(socket)).collect(),
            names: HashMap::new(),
        }
    }

    /// The name of a container; its short id when nobody tells one.
    fn name<'a>(&'a self, container: &'a find::Container) -> &'a str {
        match &container.name {
            Some(name) => name,
            None => self
                .names
                .get(&container.id)
                .map_or(short(&container.id), String::as_str),
        }
    }

    /// Asks for names when a container is new, and forgets those that are gone.
    fn learn(&mut self, containers: &[find::Container]) {
        let is_known = |it: &find::Container| it.name.is_some() || self.names.contains_key(&it.id);
        if containers.iter().all(is_known) {
            return;
        }
        self.names.clear();
        for socket in &self.sockets {
            self.names.extend(socket::names(socket).unwrap_or_default());
        }
        for container in containers {
            let id = || short(&container.id).to_owned();
            self.names.entry(container.id.clone()).or_insert_with(id);
        }
    }
}

impl Collect for Containers {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        // Only version 2 has this file in its root.
        if !self.groups.join("cgroup.controllers").exists() {
            return Err(ReadError::Absent);
        }
        let mut containers = find::containers(&self.groups);
        containers.truncate(MOST);
        self.learn(&containers);
        for container in &containers {
            let labels =
                Labels::of(&[("id", short(&container.id)), ("name", self.name(container))]);
            group::tell(&container.folder, &labels, &mut found.details);
        }
        Ok(())
    }
}

/// As Docker shows it: twelve characters.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
