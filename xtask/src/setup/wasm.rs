//! A compiler for the browser: rustup's target, or Debian's compiler where that is missing; never
//! asks rustup for a toolchain, as a machine that cannot download one would fail at every call.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Result, bail};

use super::apt;
use crate::place::on_path;
use crate::run::Run;
use crate::say;

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "lld-22"];
const DEBIAN_LINKER: &str = "wasm-ld-22";
/// The oldest compiler that the workspace accepts: its `rust-version`.
const OLDEST_MINOR: u32 = 95;

/// Which compiler builds the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmCompiler {
    /// The usual one, with its ready-made standard library.
    Rustup,
    /// Debian's, which compiles the standard library from source.
    Debian,
}

impl WasmCompiler {
    /// What cargo needs in its environment to compile for the browser.
    pub(crate) fn environment(self) -> Vec<(&'static str, OsString)> {
        match self {
            Self::Rustup => Vec::new(),
            Self::Debian => [
                ("RUSTC", DEBIAN_RUSTC),
                // What the nightly-only settings below ask for.
                ("RUSTC_BOOTSTRAP", "1"),
                ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER),
            ]
            .map(|(name, value)| (name, OsString::from(value)))
            .to_vec(),
        }
    }

    /// The compiler's name and version.
    pub(crate) fn version(self) -> Result<String> {
        let program = match self {
            Self::Rustup => "rustc",
            Self::Debian => DEBIAN_RUSTC,
        };
        Ok(format!(
            "{self:?} {}",
            Run::new(program).arg("--version").read()?.trim()
        ))
    }
}

/// The compiler of this machine, installed where it can be.
pub(crate) fn find_or_install() -> Result<WasmCompiler> {
    if rustup_has_target() {
        say::line(&format!("{TARGET}: there"));
        return Ok(WasmCompiler::Rustup);
    }
    if debian_is_there() {
        say::line("Debian's compiler for the browser: there");
        return Ok(WasmCompiler::Debian);
    }
    if apt::offers(&DEBIAN_PACKAGES) {
        say::line("Debian's compiler for the browser: installing, about 20 seconds");
        apt::install(&DEBIAN_PACKAGES)?;
        if debian_is_there() {
            return Ok(WasmCompiler::Debian);
        }
    }
    if on_path("rustup").is_some() {
        say::line(&format!("{TARGET}: installing, some seconds"));
        if Run::new("rustup")
            .args(["target", "add", TARGET])
            .show()
            .is_ok()
        {
            return Ok(WasmCompiler::Rustup);
        }
    }
    bail!("no compiler for the browser; run this once: rustup target add {TARGET}")
}

fn rustup_has_target() -> bool {
    Run::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .read()
        .is_ok_and(|folder| {
            std::fs::read_dir(folder.trim()).is_ok_and(|mut files| files.next().is_some())
        })
}

fn debian_is_there() -> bool {
    let Ok(version) = Run::new(DEBIAN_RUSTC).arg("--version").read() else {
        return false;
    };
    minor(&version).is_some_and(|minor| minor >= OLDEST_MINOR)
        && Path::new("/usr/lib/rustlib/src/rust/library/Cargo.toml").exists()
        && on_path(DEBIAN_LINKER).is_some()
}

/// 96 of `rustc 1.96.0 (…)`.
fn minor(version: &str) -> Option<u32> {
    version
        .strip_prefix("rustc 1.")?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn reads_the_minor_version_of_a_compiler() {
        let cases = [
            ("rustc 1.96.0 (ac68faa20 2026-05-25)", Some(96)),
            ("rustc 1.63.0", Some(63)),
            ("rustc 2.0.0", None),
            ("", None),
        ];
        for (version, want) in cases {
            assert_eq!(minor(version), want, "{version}");
        }
    }
}
