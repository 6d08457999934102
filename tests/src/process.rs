//! A child process that ends with its owner; never decides what it runs.

use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Resource, Rlimit, Signal};

/// Where a program is: the variable when set, else beside the running test.
pub(crate) fn program(variable: &str, default: impl Into<PathBuf>) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| default.into(), PathBuf::from)
}

/// The `watchpost` binary: `WATCHPOST_BIN`, else the one built beside this program.
pub(crate) fn watchpost() -> PathBuf {
    let name = PathBuf::from("watchpost");
    let beside = std::env::current_exe().ok().and_then(|exe| {
        let folders = exe.ancestors().skip(1).take(2);
        folders
            .map(|folder| folder.join(&name))
            .find(|it| it.is_file())
    });
    program("WATCHPOST_BIN", beside.unwrap_or(name))
}

/// Asks a process to stop (SIGTERM) and waits for its exit status.
pub(crate) fn stop(child: &mut Child, patience: Duration) -> Result<ExitStatus> {
    if let Some(status) = child.try_wait()? {
        return Ok(status);
    }
    rustix::process::kill_process(Pid::from_child(child), Signal::TERM).context("send SIGTERM")?;
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed() > patience {
            kill(child)?;
            bail!("still running {} s after SIGTERM", patience.as_secs());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Ends a process at once (SIGKILL).
pub(crate) fn kill(child: &mut Child) -> Result<()> {
    child.kill().context("send SIGKILL")?;
    child.wait().context("wait for a killed process")?;
    Ok(())
}

/// Lets no file that a process writes grow beyond so many bytes; `None` ends that.
pub(crate) fn limit_files(child: &Child, bytes: Option<u64>) -> Result<()> {
    let pid = Pid::from_child(child);
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    rustix::process::prlimit(Some(pid), Resource::Fsize, limit).context("limit its files")?;
    Ok(())
}
