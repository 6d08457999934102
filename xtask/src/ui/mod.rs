//! Builds the dashboard with trunk and makes of it what the server embeds; never runs in the server.

mod assets;
mod budget;
mod compress;
mod digest;
pub(crate) mod files;
mod page;
pub(crate) mod pieces;
mod wasm;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use self::pieces::Pieces;
use crate::place::Place;
use crate::run::Run;
use crate::say;
use crate::setup::UiTools;

/// All that the dashboard is made of, this program included: it does the last steps.
const SOURCES: [&str; 8] = [
    "frontend/Cargo.toml",
    "frontend/index.html",
    "frontend/src",
    "common",
    "assets",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
];

/// Views of one type make the WebAssembly 6 % smaller; relocations tell where it can be cut.
const RUST_FLAGS: &str = "--cfg erase_components -Clink-arg=--emit-relocs";

/// How much work the build takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build, for `dev`: not optimised, not compressed.
    Dev,
    /// What people load: small, compressed ahead of time.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Dev => &[],
            Self::Release => &["--release", "--cargo-profile", "wasm-release"],
        }
    }
}

/// Builds the dashboard into `dist/`, or takes the last build of the same sources; tells which files
/// of `dist/` changed.
pub(crate) fn build(place: &Place, tools: &UiTools, profile: Profile) -> Result<bool> {
    let done = place.target.join("ui").join(format!(
        "{}-{}",
        profile.name(),
        sources_digest(place, tools)?
    ));
    if done.is_dir() {
        say::line("dashboard: unchanged since it was built");
    } else {
        say::step(&format!("dashboard, {}", profile.name()));
        let stage = done.with_extension("stage");
        files::remove(&stage)?;
        let pieces = Pieces {
            folder: place.wasm_target().join("pieces"),
            bindgen: &tools.bindgen,
            splitter: &tools.splitter,
        };
        trunk(place, tools, profile, &stage, &pieces)?;
        let loader = pieces.place(&stage)?;
        finish(place, &stage, profile, &loader)?;
        fs::rename(&stage, &done).with_context(|| format!("{}", done.display()))?;
        files::keep_newest(&place.target.join("ui"), 4)?;
    }
    files::mirror(&done, &place.dist())
}

/// Fails when the dashboard in `dist/` is too large to load.
pub(crate) fn check_budget(place: &Place) -> Result<()> {
    say::line(&budget::check(&place.dist())?);
    Ok(())
}

fn sources_digest(place: &Place, tools: &UiTools) -> Result<String> {
    let mut digest = digest::Digest::new();
    digest.add(tools.versions.as_bytes());
    digest.add(RUST_FLAGS.as_bytes());
    for source in SOURCES.iter().chain(&["xtask/src/ui"]) {
        for (name, file) in files::below(&place.root.join(source))? {
            digest.add(source.as_bytes());
            digest.add(name.as_bytes());
            digest.add(&fs::read(&file).with_context(|| format!("{}", file.display()))?);
        }
    }
    Ok(digest.name())
}

fn trunk(
    place: &Place,
    tools: &UiTools,
    profile: Profile,
    stage: &Path,
    pieces: &Pieces,
) -> Result<()> {
    let run = Run::new(&tools.trunk)
        .arg("build")
        .args(profile.arguments())
        .arg("--dist")
        .arg(stage)
        .folder(&place.root)
        .env("CARGO_TARGET_DIR", place.wasm_target())
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", RUST_FLAGS)
        // A panic names its line all the same; the tables for debuggers take seconds to cut.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env("RUST_BACKTRACE", "0")
        // It takes only `true` and `false` there, where the custom is `1`.
        .without_env("NO_COLOR")
        // Cargo's own, for the libraries of another compiler.
        .without_env("LD_LIBRARY_PATH")
        // They would win over the flags of the target.
        .without_env("RUSTFLAGS")
        .without_env("CARGO_ENCODED_RUSTFLAGS");
    let environment = tools.compiler.environment().into_iter();
    let run = environment.fold(run, |run, (name, value)| run.env(name, value));
    pieces.hook(run, &tools.path)?.show()
}

/// From what trunk left to what is served: no inline script, one stylesheet, names that carry the
/// digest of what they hold, compressed files beside the others.
fn finish(place: &Place, stage: &Path, profile: Profile, loader: &str) -> Result<()> {
    let index = stage.join("index.html");
    let html = fs::read_to_string(&index).context("trunk left no index.html")?;
    let (html, script) = page::take_start_script(&html)?;
    let script_name = format!("start-{}.js", digest::of(script.as_bytes()));
    fs::write(stage.join(&script_name), script)?;
    let style_name = assets::write(&place.root.join("assets"), stage)?;
    let html = html
        .replace(page::START_SCRIPT, &format!("/{script_name}"))
        .replace("\"/style.css\"", &format!("\"/{style_name}\""))
        .replace("</head>", &page::preload_script(loader));
    fs::write(&index, html)?;
    if profile == Profile::Release {
        say::line("compressing");
        compress::folder(stage)?;
    }
    Ok(())
}
