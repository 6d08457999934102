//! Sees changed sources by their times; never what changed in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use crate::ui::files;

/// Sources and whether the dashboard and the server are made of them.
const SOURCES: [(&str, Changes); 8] = [
    (
        "frontend",
        Changes {
            dashboard: true,
            server: false,
        },
    ),
    (
        "assets",
        Changes {
            dashboard: true,
            server: false,
        },
    ),
    (
        "Trunk.toml",
        Changes {
            dashboard: true,
            server: false,
        },
    ),
    (
        "common",
        Changes {
            dashboard: true,
            server: true,
        },
    ),
    (
        "Cargo.toml",
        Changes {
            dashboard: true,
            server: true,
        },
    ),
    (
        "Cargo.lock",
        Changes {
            dashboard: true,
            server: true,
        },
    ),
    (
        "backend/src",
        Changes {
            dashboard: false,
            server: true,
        },
    ),
    (
        "backend/migrations",
        Changes {
            dashboard: false,
            server: true,
        },
    ),
];

/// What has to be built anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) dashboard: bool,
    pub(super) server: bool,
}

impl Changes {
    pub(super) fn any(self) -> bool {
        self.dashboard || self.server
    }
}

type Times = BTreeMap<PathBuf, Option<SystemTime>>;

/// The sources as they were when they were looked at last.
pub(super) struct Watch {
    root: PathBuf,
    seen: [Times; SOURCES.len()],
}

impl Watch {
    /// Takes the present state as seen.
    pub(super) fn start(root: &Path) -> Result<Self> {
        let mut watch = Self {
            root: root.to_path_buf(),
            seen: Default::default(),
        };
        watch.look()?;
        Ok(watch)
    }

    /// What changed since the last look.
    pub(super) fn look(&mut self) -> Result<Changes> {
        let mut changes = Changes::default();
        for ((source, makes), seen) in SOURCES.iter().zip(&mut self.seen) {
            let now = times(&self.root.join(source))?;
            if *seen != now {
                *seen = now;
                changes.dashboard |= makes.dashboard;
                changes.server |= makes.server;
            }
        }
        Ok(changes)
    }
}

/// Each file with its time; `None` for one that vanished meanwhile.
fn times(source: &Path) -> Result<Times> {
    let files = files::below(source)?.into_values();
    let times = files.map(|file| {
        let changed = fs::metadata(&file).and_then(|known| known.modified()).ok();
        (file, changed)
    });
    Ok(times.collect())
}
