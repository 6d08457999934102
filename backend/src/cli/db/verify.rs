//! `watchpost db verify`: reads everything once; never mends what it finds.

use clap::Args;

use super::{say, say_json};
use crate::cli::CliError;
use crate::store::Look;

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Verify {
    /// As JSON, with every damaged pack
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Ends badly when something is damaged.
    pub(super) fn run(self, look: &Look) -> Result<(), CliError> {
        let verified = look.verify()?;
        if self.json {
            say_json(&verified)?;
        } else {
            say(&verified.to_string())?;
        }
        if verified.is_whole() {
            Ok(())
        } else {
            Err(CliError::Damaged)
        }
    }
}
