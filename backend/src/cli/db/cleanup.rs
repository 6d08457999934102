//! `watchpost db cleanup`: remove what is older than is kept; never how long that is.

use clap::Args;

use crate::cli::CliError;
use crate::clock::Clock;
use crate::store::Store;
use crate::store::metrics::{Plan, Retention};

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Cleanup {
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Give the space back to the file system, and empty the logs
    #[arg(long)]
    vacuum: bool,
    /// Also when more than a day of samples goes at once
    #[arg(long)]
    confirm: bool,
}

impl Cleanup {
    /// What was done, in a sentence.
    pub(super) async fn run(self, store: &Store, retention: Retention) -> Result<String, CliError> {
        let metrics = store.metrics();
        let now = Clock::system().now();
        let is_confirmed = self.confirm || self.dry_run;
        let plan = metrics.plan_cleanup(now, retention, is_confirmed).await?;
        let (samples_before, aggregates_before) = match plan {
            Plan::Held { days } => return Err(CliError::NotConfirmed { days }),
            Plan::Go {
                samples_before,
                aggregates_before,
            } => (samples_before, aggregates_before),
        };
        if self.dry_run {
            let counted = metrics.count_cleanup(samples_before, aggregates_before);
            return Ok(format!("would remove {}", counted.await?));
        }
        let cleaned = metrics.clean_up(samples_before, aggregates_before).await?;
        if !self.vacuum {
            return Ok(format!("removed {cleaned}"));
        }
        let bytes = store.give_back_space(0).await?;
        let size = common::units::binary_size(bytes);
        Ok(format!("removed {cleaned}; gave back {size}"))
    }
}
