//! `watchpost db health`: how the databases are; never their content.

use std::fmt::Write as _;

use clap::Args;
use common::time::UnixMs;
use common::units::binary_size;
use serde::Serialize;

use super::{say, say_json};
use crate::cli::CliError;
use crate::store::{Glance, Look};

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Health {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    healthy: bool,
    #[serde(flatten)]
    glance: Option<Glance>,
    faults: Vec<String>,
}

impl Health {
    /// Ends badly when a file is damaged.
    pub(super) fn run(self, look: &Look) -> Result<(), CliError> {
        let faults = look.faults();
        let healthy = faults.is_empty();
        let glance = match look.glance() {
            // Said already.
            Err(_) if !healthy => None,
            glance => Some(glance?),
        };
        if self.json {
            let report = Report {
                healthy,
                glance,
                faults,
            };
            say_json(&report)?;
        } else {
            say(text(look, glance.as_ref(), &faults).trim_end())?;
        }
        if healthy {
            Ok(())
        } else {
            Err(CliError::Damaged)
        }
    }
}

fn text(look: &Look, glance: Option<&Glance>, faults: &[String]) -> String {
    let mut lines = glance.map_or_else(Vec::new, sizes);
    let checked = if !faults.is_empty() {
        "DAMAGED"
    } else if look.is_of_files() {
        "both files are whole"
    } else {
        "left to the server: pg_amcheck looks for damage"
    };
    lines.push(("check".to_owned(), checked.to_owned()));
    lines.extend(faults.iter().map(|fault| (String::new(), fault.clone())));
    lines
        .into_iter()
        .fold(String::new(), |mut text, (name, line)| {
            // Writing to a string cannot fail.
            let _infallible = writeln!(text, "{name:<14} {line}");
            text
        })
}

/// What there is: names and values.
fn sizes(glance: &Glance) -> Vec<(String, String)> {
    let held_by = glance.held_by.map_or_else(
        || "stopped".to_owned(),
        |pid| format!("running, process {pid}"),
    );
    let time = |at: Option<UnixMs>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let mut lines = vec![("server".to_owned(), held_by)];
    for file in &glance.files {
        let [bytes, log, free] = [file.bytes, file.log_bytes, file.free_bytes].map(binary_size);
        let line = format!("{bytes}, {free} of it free; {log} of changes to be folded in");
        lines.push((file.name.clone(), line));
    }
    let packs = format!(
        "{} packs, {} turns not packed yet",
        glance.packs, glance.frames
    );
    lines.push(("samples".to_owned(), packs));
    lines.push(("oldest pack".to_owned(), time(glance.oldest_at)));
    lines.push(("newest sample".to_owned(), time(glance.newest_at)));
    lines
}
