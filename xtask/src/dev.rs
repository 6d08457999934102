//! `cargo xtask dev`: builds and restarts on change; the page reloads itself when it sees another
//! build. Never touches the data of an installed server: its own lies in `target/dev`.

mod watch;

use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use self::watch::{Changes, Watch};
use crate::place::Place;
use crate::run::Run;
use crate::setup::{self, UiTools};
use crate::{say, ui};

const POLL: Duration = Duration::from_millis(300);

/// Runs until it is interrupted.
pub(crate) fn run(place: &Place, args: &[String]) -> Result<()> {
    let mut dev = Dev {
        place,
        tools: setup::for_ui(place)?,
        args,
        server: None,
    };
    let mut watch = Watch::start(&place.root)?;
    dev.rebuild(Changes {
        dashboard: true,
        server: true,
    });
    loop {
        thread::sleep(POLL);
        let changes = watch.look()?;
        if changes.any() {
            dev.rebuild(changes);
        }
        dev.notice_exit()?;
    }
}

struct Dev<'a> {
    place: &'a Place,
    tools: UiTools,
    args: &'a [String],
    server: Option<Child>,
}

impl Dev<'_> {
    /// Builds what changed and restarts the server; what does not build leaves the old one running.
    fn rebuild(&mut self, changes: Changes) {
        let built = self.build(changes).and_then(|()| {
            self.stop()?;
            self.start()
        });
        if let Err(error) = built {
            say::failure(&error);
            say::line("waiting for the next change");
        }
    }

    fn build(&self, changes: Changes) -> Result<()> {
        if changes.dashboard {
            ui::build(self.place, &self.tools, ui::Profile::Dev)?;
        }
        if changes.server {
            say::step("server, debug");
            Run::cargo(self.place)
                .args(["build", "--workspace", "--bin", "watchpost"])
                .show()?;
        }
        Ok(())
    }

    fn start(&mut self) -> Result<()> {
        say::step("watchpost serve (Ctrl-C stops it)");
        let mut run = Run::new(self.place.target.join("debug").join("watchpost")).arg("serve");
        if !self.args.iter().any(|arg| arg.starts_with("--data-dir")) {
            let data = self.place.root.join("target").join("dev");
            run = run.arg("--data-dir").arg(data);
        }
        let mut command = run.args(self.args).into_command();
        self.server = Some(command.stdin(Stdio::null()).spawn()?);
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        let Some(mut server) = self.server.take() else {
            return Ok(());
        };
        Run::new("kill").arg(server.id().to_string()).show()?;
        server.wait()?;
        Ok(())
    }

    /// Says once that the server ended by itself.
    fn notice_exit(&mut self) -> Result<()> {
        if let Some(server) = &mut self.server
            && let Some(status) = server.try_wait()?
        {
            say::line(&format!(
                "the server ended with {status}; waiting for the next change"
            ));
            self.server = None;
        }
        Ok(())
    }
}
