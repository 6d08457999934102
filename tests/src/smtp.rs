//! A real mail server, aiosmtpd, on a port of its own; never the mails of others.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::{process, server, wait};

const PROGRAM: &str = include_str!("smtp.py");

/// How it wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Without TLS.
    Plain,
    /// TLS is asked for first.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

impl Mode {
    /// As the configuration of a channel says it.
    pub fn security(self) -> &'static str {
        match self {
            Self::Plain => "none",
            Self::Starttls => "starttls",
            Self::Tls => "tls",
        }
    }
}

/// A running mail server.
#[derive(Debug)]
pub struct MailServer {
    /// Where it listens on this machine.
    pub port: u16,
    child: Child,
    folder: TempDir,
}

impl MailServer {
    /// Starts one whose certificate and key are these files; it takes the login `watch`, `pass word`.
    pub fn start(mode: Mode, certificate: &Path, key: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = server::free_port()?;
        let word = match mode {
            Mode::Plain => "plain",
            Mode::Starttls | Mode::Tls => mode.security(),
        };
        let mut child = Command::new("python3")
            .args(["-c", PROGRAM, &port.to_string()])
            .arg(folder.path())
            .arg(word)
            .args([certificate, key])
            .env("PYTHONPATH", process::program("WATCHPOST_SMTP", "/"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("start a mail server: `cargo xtask setup` installs it")?;
        let mut said = String::new();
        let out = child.stdout.take().context("its output")?;
        BufReader::new(out).read_line(&mut said)?;
        let own = Self {
            port,
            child,
            folder,
        };
        ensure!(said.trim() == "listening", "the mail server did not start");
        Ok(own)
    }

    /// Waits for its mail of that number, from 1: `from`, `to`, `tls`, `login`, `mail`.
    pub async fn mail(&self, number: usize) -> Result<Value> {
        let file = self.folder.path().join(format!("{number}.json"));
        wait::until("a mail", async || {
            let text = std::fs::read_to_string(&file).ok();
            Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
        })
        .await
    }

    /// How many mails came.
    pub fn count(&self) -> Result<usize> {
        let files = std::fs::read_dir(self.folder.path())?;
        Ok(files.filter(|file| is_mail(file.as_ref().ok())).count())
    }
}

fn is_mail(file: Option<&std::fs::DirEntry>) -> bool {
    file.is_some_and(|file| file.path().extension().is_some_and(|end| end == "json"))
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(process::kill(&mut self.child));
    }
}
