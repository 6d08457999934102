//! Starts other programs and says plainly how they ended; never through a shell.

use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::say::Ticker;

/// A program that is about to be started.
pub(crate) struct Run {
    command: Command,
    title: String,
}

impl Run {
    /// A program with the environment of this one, without what cargo told this one about itself.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let title = Path::new(program.as_ref())
            .file_name()
            .unwrap_or(program.as_ref())
            .to_string_lossy()
            .into_owned();
        let mut command = Command::new(program);
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            let own = [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_BIN_",
                "CARGO_CRATE_",
            ];
            if own.iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        Self { command, title }
    }

    /// Cargo in the clone.
    pub(crate) fn cargo(place: &Place) -> Self {
        Self::new("cargo")
            .folder(&place.root)
            .env("CARGO_TARGET_DIR", &place.target)
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes a variable of its environment.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets the folder that it starts in.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it with its output on the screen; an exit code other than 0 is an error.
    pub(crate) fn show(mut self) -> Result<()> {
        let ticker = Ticker::start(&self.title);
        let status = self
            .command
            .stdin(Stdio::null())
            .status()
            .with_context(|| format!("{} could not be started", self.title))?;
        drop(ticker);
        if !status.success() {
            bail!("`{}` ended with {status}", self.line());
        }
        Ok(())
    }

    /// Runs it and returns what it wrote to its standard output; an exit code other than 0 is an error.
    pub(crate) fn read(mut self) -> Result<String> {
        let output = self
            .command
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} could not be started", self.title))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`{}` ended with {}: {}",
                self.line(),
                output.status,
                said.trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it in silence and tells whether it went well.
    pub(crate) fn succeeds(self) -> bool {
        self.read().is_ok()
    }

    /// What was started, as a person would type it.
    fn line(&self) -> String {
        self.command
            .get_args()
            .fold(self.title.clone(), |line, arg| {
                format!("{line} {}", arg.to_string_lossy())
            })
    }

    /// The command, for what the functions above do not cover.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }
}
