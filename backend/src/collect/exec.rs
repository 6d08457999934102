//! The only place that starts a program: an argument vector, never a shell; bounded in time and output.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// What a program may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// It is killed after this long.
    pub(super) time: Duration,
    /// More output is an error.
    pub(super) bytes: u64,
}

/// Why a program gave no output.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExecError {
    /// There is no such program.
    #[error("there is no such program")]
    NotThere,
    /// It could not be started or read.
    #[error("{0}")]
    Io(io::Error),
    /// It took too long and was killed.
    #[error("it took longer than {0:?}")]
    TooLong(Duration),
    /// It wrote too much and was killed.
    #[error("it wrote more than {0} bytes")]
    TooMuch(u64),
    /// It failed.
    #[error("it ended with {0}")]
    Status(std::process::ExitStatus),
}

/// Runs a program of the system in an empty environment; what it wrote, as text.
pub(super) fn output(program: &str, args: &[&str], limits: Limits) -> Result<String, ExecError> {
    let mut child = start(program, args)?;
    let result = wait(&mut child, limits);
    if result.is_err() {
        // One that has ended already needs no killing.
        drop(child.kill());
    }
    let status = child.wait().map_err(ExecError::Io)?;
    let text = result?;
    if status.success() {
        Ok(text)
    } else {
        Err(ExecError::Status(status))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one home of starting programs"
)]
fn start(program: &str, args: &[&str]) -> Result<Child, ExecError> {
    Command::new(program)
        .args(args)
        .env_clear()
        .env(
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        )
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ExecError::NotThere,
            _ => ExecError::Io(error),
        })
}

/// Takes the output until it ends.
fn wait(child: &mut Child, limits: Limits) -> Result<String, ExecError> {
    let output = follow(child, limits.bytes).map_err(ExecError::Io)?;
    let bytes = match output.recv_timeout(limits.time) {
        Ok(read) => read.map_err(ExecError::Io)?,
        Err(RecvTimeoutError::Timeout) => return Err(ExecError::TooLong(limits.time)),
        Err(RecvTimeoutError::Disconnected) => Vec::new(),
    };
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limits.bytes) {
        return Err(ExecError::TooMuch(limits.bytes));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads the output on a thread, so that waiting for it can end.
fn follow(child: &mut Child, bytes: u64) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let (answer, output) = sync_channel(1);
    let stdout = child.stdout.take();
    let read = move || {
        let mut bytes_read = Vec::new();
        let result = stdout.map_or(Ok(0), |stdout| {
            stdout.take(bytes + 1).read_to_end(&mut bytes_read)
        });
        // Nobody waits any more after the time is over.
        drop(answer.send(result.map(|_| bytes_read)));
    };
    std::thread::Builder::new()
        .name("exec-output".to_owned())
        .spawn(read)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::{ExecError, Limits, output};
    use std::time::Duration;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(20),
        bytes: 100,
    };

    #[test]
    fn output_comes_with_success_only() {
        assert_eq!(
            output("echo", &["a b", "$HOME"], LIMITS).unwrap(),
            "a b $HOME\n"
        );
        let short = Limits {
            time: Duration::from_millis(50),
            ..LIMITS
        };
        for (program, args, limits, is_expected) in [
            (
                "false",
                &[][..],
                LIMITS,
                (|error| matches!(error, ExecError::Status(_))) as fn(&ExecError) -> bool,
            ),
            ("no-such-program", &[], LIMITS, |error| {
                matches!(error, ExecError::NotThere)
            }),
            ("sleep", &["60"], short, |error| {
                matches!(error, ExecError::TooLong(_))
            }),
            ("yes", &[], LIMITS, |error| {
                matches!(error, ExecError::TooMuch(_))
            }),
        ] {
            let error = output(program, args, limits).unwrap_err();
            assert!(is_expected(&error), "{program}: {error}");
        }
    }
}
