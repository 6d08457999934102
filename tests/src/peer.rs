//! A program of somebody else beside ours: started on a free port and a directory of its own, ended
//! with its owner; never what is asked of it.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{process, server};

const PATIENCE: Duration = Duration::from_mins(1);

/// Where Debian's packages of the peers are unpacked: `WATCHPOST_PEERS`, else the machine's own.
pub fn root() -> PathBuf {
    process::program("WATCHPOST_PEERS", "/")
}

/// A running peer.
#[derive(Debug)]
pub struct Peer {
    child: Child,
    program: String,
    arguments: Vec<String>,
    /// Where it listens.
    pub address: String,
    directory: TempDir,
}

impl Peer {
    /// Starts `usr/bin/…` of the peers; `arguments` get its address and its directory.
    pub fn start(program: &str, arguments: impl Fn(&str, &Path) -> Vec<String>) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let address = format!("127.0.0.1:{}", server::free_port()?);
        let arguments = arguments(&address, directory.path());
        let mut peer = Self {
            child: spawn(program, &arguments, directory.path())?,
            program: program.to_owned(),
            arguments,
            address,
            directory,
        };
        peer.until_listening()?;
        Ok(peer)
    }

    /// Runs a program of the peers to its end; `paths` are given after `arguments`.
    pub fn run(program: &str, arguments: &[&str], paths: &[&Path]) -> Result<Output> {
        let root = root();
        let path = root.join(program);
        Command::new(&path)
            .args(arguments)
            .args(paths)
            .env("LD_LIBRARY_PATH", root.join("usr/lib/x86_64-linux-gnu"))
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("run {}", path.display()))
    }

    /// `kill -9`; its directory stays.
    pub fn kill(&mut self) -> Result<()> {
        process::kill(&mut self.child)
    }

    /// Starts it again on its directory and its address.
    pub fn start_again(&mut self) -> Result<()> {
        self.child = spawn(&self.program, &self.arguments, self.directory.path())?;
        self.until_listening()
    }

    /// The first line of what it prints about its version.
    pub fn version(program: &str, argument: &str) -> Result<String> {
        let root = root();
        let output = Command::new(root.join(program))
            .arg(argument)
            .env("LD_LIBRARY_PATH", root.join("usr/lib/x86_64-linux-gnu"))
            .output()?;
        let printed = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&printed);
        let mut lines = text.lines().filter(|line| !line.is_empty());
        Ok(lines.next().unwrap_or_default().to_owned())
    }

    /// Name and version of a package, as its list of changes begins.
    pub fn packaged(package: &str) -> Result<String> {
        let changes = format!("usr/share/doc/{package}/changelog.Debian.gz");
        let path = root().join(changes);
        let file =
            std::fs::File::open(&path).with_context(|| format!("open {}", path.display()))?;
        let mut line = String::new();
        BufReader::new(flate2::read::GzDecoder::new(file)).read_line(&mut line)?;
        let named = line.split(';').next().unwrap_or_default();
        Ok(named
            .split(") ")
            .next()
            .unwrap_or_default()
            .replace(" (", ", version "))
    }

    /// Runs a program of the peers to its end, with `input`; its exit code and all that it prints.
    pub fn feed(program: &str, arguments: &[&str], input: &str) -> Result<(Option<i32>, String)> {
        let root = root();
        let mut child = Command::new(root.join(program))
            .args(arguments)
            .env("LD_LIBRARY_PATH", root.join("usr/lib/x86_64-linux-gnu"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {program}"))?;
        let stdin = child.stdin.take().context("its input")?;
        let text = input.to_owned();
        // Beside: it may print before it has read all.
        let write =
            std::thread::spawn(move || std::io::Write::write_all(&mut { stdin }, text.as_bytes()));
        let output = child.wait_with_output()?;
        // It may end without having read.
        drop(write.join());
        let printed = [output.stdout, output.stderr].concat();
        Ok((
            output.status.code(),
            String::from_utf8_lossy(&printed).into_owned(),
        ))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its directory, which goes with it.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Asks it to end and waits until it has written what it holds; its directory stays.
    pub fn stop(&mut self) -> Result<()> {
        process::stop(&mut self.child, PATIENCE).map(drop)
    }

    fn until_listening(&mut self) -> Result<()> {
        let started = Instant::now();
        while TcpStream::connect(&self.address).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended with {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("it does not listen on {}", self.address);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

fn spawn(program: &str, arguments: &[String], directory: &Path) -> Result<Child> {
    let root = root();
    let path = root.join(program);
    Command::new(&path)
        .args(arguments)
        .env("LD_LIBRARY_PATH", root.join("usr/lib/x86_64-linux-gnu"))
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("start {}", path.display()))
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Nobody is left to be told.
        drop(process::kill(&mut self.child));
    }
}
