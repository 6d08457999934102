//! `watchpost db aggregate`: hours sealed and days rolled up, now; never when that is due by itself.

use clap::{Args, ValueEnum};
use common::time::UnixMs;

use crate::cli::CliError;
use crate::clock::Clock;
use crate::query::{DAY_MS, HOUR_MS, Period};
use crate::store::Store;

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Aggregate {
    /// Only what begins at this time or later: RFC 3339 or milliseconds since 1970
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<UnixMs>,
    /// Only what begins before this time; what has not ended is left alone
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<UnixMs>,
    /// Only hours or only days; both, when left out
    #[arg(long)]
    period: Option<Choice>,
    /// Also what was brought down to aggregates already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    #[value(alias = "hourly")]
    Hour,
    #[value(alias = "daily")]
    Day,
}

fn time(text: &str) -> Result<UnixMs, String> {
    let number = text.parse().ok().map(UnixMs);
    let moment = number.or_else(|| UnixMs::parse(text));
    moment.ok_or_else(|| "is no time: use RFC 3339 or milliseconds since 1970".to_owned())
}

impl Aggregate {
    /// What was done, in a sentence.
    pub(super) async fn run(self, store: &Store) -> Result<String, CliError> {
        let metrics = store.metrics();
        let now = Clock::system().now();
        metrics.pack_windows(now).await?;
        let mut done = Vec::new();
        for (choice, period, length, unit) in [
            (Choice::Hour, Period::Hour, HOUR_MS, "hours"),
            (Choice::Day, Period::Day, DAY_MS, "days"),
        ] {
            if self.period.is_none_or(|only| only == choice) {
                let range = self.range(now, length);
                let count = metrics.aggregate(range, period, self.force).await?;
                done.push(format!("{count} {unit}"));
            }
        }
        metrics.drop_layouts().await?;
        Ok(format!("aggregated {} of servers", done.join(" and ")))
    }

    /// What begins in it has ended by `now`.
    fn range(self, now: UnixMs, length: i64) -> std::ops::Range<i64> {
        let ended = now.0.div_euclid(length) * length;
        let to = self.to.map_or(ended, |to| to.0.min(ended));
        self.from.map_or(i64::MIN, |from| from.0)..to
    }
}
