//! Finds or installs what the tasks need and says so; never touches what is there already.

mod apt;
mod axe;
mod browser;
mod cargo_tool;
mod checks;
mod peers;
mod postgres;
mod smtp;
mod wasm;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

pub(crate) use self::browser::Browser;
pub(crate) use self::wasm::WasmCompiler;
use crate::lockfile;
use crate::place::Place;
use crate::run::Run;
use crate::say;

/// The newest trunk that the compiler of this workspace can build.
const TRUNK: &str = "0.21.14";
const WASM_SPLIT: &str = "0.2.4";

/// What building the dashboard needs.
pub(crate) struct UiTools {
    /// The compiler for the browser.
    pub(crate) compiler: WasmCompiler,
    /// A PATH on which trunk finds its helpers.
    pub(crate) path: OsString,
    /// Drives the build.
    pub(crate) trunk: PathBuf,
    /// Makes the JavaScript half.
    pub(crate) bindgen: PathBuf,
    /// Cuts the WebAssembly into pieces.
    pub(crate) splitter: PathBuf,
    /// Names the versions, so that another tool means another build.
    pub(crate) versions: String,
}

/// `cargo xtask setup`.
pub(crate) fn everything(place: &Place) -> Result<()> {
    for_ui(place)?;
    for_accessibility(place)?;
    for_browser_tests()?;
    for_comparing_tests(place)?;
    for_mail_tests(place)?;
    for_database_tests()
}

/// Finds or installs nextest, deny and shear; returns the folder they lie in.
pub(crate) fn for_checks(place: &Place) -> Result<PathBuf> {
    say::step("tools for checks and tests");
    checks::find_or_install(place)
}

/// Finds or installs a component of the toolchain: `clippy`, `rustfmt`.
pub(crate) fn component(name: &str) -> Result<()> {
    let program = if name == "clippy" {
        "cargo-clippy"
    } else {
        name
    };
    if Run::new(program).arg("--version").succeeds() {
        return Ok(());
    }
    say::line(&format!("{name}: installing, some seconds"));
    Run::new("rustup").args(["component", "add", name]).show()
}

/// Finds or installs Chromium and its driver.
pub(crate) fn for_browser_tests() -> Result<Browser> {
    browser::find_or_install()
}

/// Finds or unpacks the program that the collectors are compared with; returns its root folder.
pub(crate) fn for_comparing_tests(place: &Place) -> Result<PathBuf> {
    peers::for_tests(place)
}

/// Finds or unpacks the programs that the benchmarks compare with; returns their root folder.
pub(crate) fn for_benches(place: &Place) -> Result<PathBuf> {
    say::step("programs to compare with");
    peers::for_benches(place)
}

/// Finds or installs PostgreSQL, which tests start for themselves.
pub(crate) fn for_database_tests() -> Result<()> {
    postgres::find_or_install()
}

/// Finds or installs the accessibility checker; returns its script.
pub(crate) fn for_accessibility(place: &Place) -> Result<PathBuf> {
    let checks = for_checks(place)?;
    axe::find_or_install(place, &checks)
}

/// Finds or installs the mail server that tests send to; returns the folder of its Python packages.
pub(crate) fn for_mail_tests(place: &Place) -> Result<PathBuf> {
    let checks = for_checks(place)?;
    smtp::find_or_install(place, &checks)
}

/// Finds or installs what building the dashboard needs.
pub(crate) fn for_ui(place: &Place) -> Result<UiTools> {
    say::step("tools for the dashboard");
    let lock = fs::read_to_string(place.root.join("Cargo.lock")).context("Cargo.lock")?;
    let bindgen =
        lockfile::version_of(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")?;
    let compiler = wasm::find_or_install()?;
    let tool = |tool| cargo_tool::find_or_install(place, &tool);
    let trunk = tool(cargo_tool::trunk(TRUNK))?.join("trunk");
    let bindgen_folder = tool(cargo_tool::wasm_bindgen(&bindgen))?;
    let splitter = tool(cargo_tool::wasm_split(WASM_SPLIT))?.join("wasm-split-cli");
    let mut folders = vec![bindgen_folder.clone()];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    Ok(UiTools {
        versions: format!(
            "trunk {TRUNK}, wasm-bindgen {bindgen}, wasm-split {WASM_SPLIT}, {}",
            compiler.version()?
        ),
        path: env::join_paths(folders)?,
        trunk,
        bindgen: bindgen_folder.join("wasm-bindgen"),
        splitter,
        compiler,
    })
}
