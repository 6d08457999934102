//! Where things lie: the clone, the target directories, the tools of this person; never creates them.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that the tasks work in, all absolute.
pub(crate) struct Place {
    /// The clone.
    pub(crate) root: PathBuf,
    /// Where cargo compiles for this machine.
    pub(crate) target: PathBuf,
    /// Tools, one folder each, named by name and version: `<user cache>/watchpost/tools`.
    pub(crate) tools: PathBuf,
}

impl Place {
    /// From the environment that cargo gives its programs; fails outside of `cargo run`.
    pub(crate) fn find() -> Result<Self> {
        let own = env::var_os("CARGO_MANIFEST_DIR").context("start it as `cargo xtask`")?;
        let root = Path::new(&own)
            .parent()
            .context("xtask lies in the clone")?
            .to_path_buf();
        let target = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"]
            .iter()
            .find_map(env::var_os)
            .map_or_else(|| Ok(root.join("target")), std::path::absolute)?;
        Ok(Self {
            root,
            target,
            tools: user_cache()?.join("watchpost").join("tools"),
        })
    }

    /// Where the dashboard lies that the server embeds.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Cargo's directory for the browser: its compiler may be another one than this machine's.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The release binary as a person finds it, wherever it was compiled.
    pub(crate) fn release_binary(&self) -> PathBuf {
        self.root.join("target").join("release").join("watchpost")
    }
}

/// The person's cache directory, by the custom of the platform.
fn user_cache() -> Result<PathBuf> {
    if let Some(cache) = env::var_os("XDG_CACHE_HOME").filter(|cache| !cache.is_empty()) {
        return Ok(PathBuf::from(cache));
    }
    let home = PathBuf::from(env::var_os("HOME").context("HOME is not set")?);
    Ok(if cfg!(target_os = "macos") {
        home.join("Library").join("Caches")
    } else {
        home.join(".cache")
    })
}

/// The first program of that name on the PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
