//! Tools that cargo compiles, each in a folder of its own named by its version; never in cargo's own.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::place::Place;
use crate::run::Run;
use crate::say;

/// A tool and how it is compiled: quickly, as their own speed hardly matters.
pub(crate) struct CargoTool<'a> {
    package: &'static str,
    program: &'static str,
    version: &'a str,
    locked: bool,
    features: &'static str,
    opt_level: &'static str,
    /// On two cores.
    minutes: &'static str,
}

/// Drives the build of the dashboard.
pub(crate) fn trunk(version: &str) -> CargoTool<'_> {
    CargoTool {
        package: "trunk",
        program: "trunk",
        version,
        locked: true,
        features: "",
        opt_level: "0",
        minutes: "about 3 minutes",
    }
}

/// Makes the JavaScript half; not `locked`, as one of the versions it locks is no longer served.
pub(crate) fn wasm_bindgen(version: &str) -> CargoTool<'_> {
    CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        locked: false,
        features: "",
        opt_level: "1",
        minutes: "about 2 minutes",
    }
}

/// Cuts WebAssembly into pieces; the version that fits the crate `wasm_split_helpers` of leptos.
pub(crate) fn wasm_split(version: &str) -> CargoTool<'_> {
    CargoTool {
        package: "wasm_split_cli_support",
        program: "wasm-split-cli",
        version,
        locked: false,
        features: "build-binary",
        opt_level: "1",
        minutes: "about a minute",
    }
}

/// The folder that the tool's program lies in.
pub(crate) fn find_or_install(place: &Place, tool: &CargoTool) -> Result<PathBuf> {
    let name = format!("{}-{}", tool.package, tool.version);
    let home = place.tools.join(&name);
    let folder = home.join("bin");
    if folder.join(tool.program).is_file() {
        say::line(&format!("{} {}: there", tool.package, tool.version));
        return Ok(folder);
    }
    say::line(&format!(
        "{} {}: installing, {}",
        tool.package, tool.version, tool.minutes
    ));
    let build = place.tools.join(format!("{name}.build"));
    Run::new("cargo")
        .args(["install", tool.package, "--version", tool.version])
        .args(tool.locked.then_some("--locked"))
        .args((!tool.features.is_empty()).then(|| format!("--features={}", tool.features)))
        .arg("--root")
        .arg(&home)
        .arg("--target-dir")
        .arg(&build)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level)
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .show()
        .with_context(|| {
            format!(
                "run this once: cargo install {} --version {} --root {}",
                tool.package,
                tool.version,
                home.display()
            )
        })?;
    std::fs::remove_dir_all(&build).with_context(|| format!("{}", build.display()))?;
    Ok(folder)
}
