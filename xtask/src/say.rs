//! What a person reads while a task runs; never the output of the programs it starts.
#![expect(
    clippy::print_stdout,
    reason = "the one place of this program that prints"
)]

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A step that begins.
pub(crate) fn step(text: &str) {
    println!("==> {text}");
}

/// Something about the step that is under way.
pub(crate) fn line(text: &str) {
    println!("    {text}");
}

/// Why the task failed, with its causes.
pub(crate) fn failure(error: &anyhow::Error) {
    println!("\nerror: {error:#}");
}

/// Says every half minute, until it is dropped, that a long step is alive.
pub(crate) struct Ticker {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts to tick for the step called `what`.
    pub(crate) fn start(what: &str) -> Self {
        let (stop, stopped) = sync_channel(0);
        let what = what.to_owned();
        let begun = Instant::now();
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(Duration::from_secs(30)) == Err(RecvTimeoutError::Timeout) {
                line(&format!("… {what}: {} s so far", begun.elapsed().as_secs()));
            }
        });
        Self {
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A ticker that panicked has nothing left to say.
            drop(thread.join());
        }
    }
}
