//! Which targets there are now, each on a task of its own, spread over its interval; never what one
//! says.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::Deliver;
use super::board::{Board, TargetState};
use super::discovery::{Files, Group};
use super::fetch::Connections;
use super::job::{BadJob, Job, jobs};
use super::memory::Memory;
use super::round::Round;
use super::target::Target;
use crate::clock::Clock;
use crate::config::scrape::ScrapeConfig;
use crate::egress::Reach;
use crate::tasks::Tasks;

/// Time between two looks at files that name targets.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What scraping needs.
#[derive(Clone)]
pub struct Parts {
    /// Where the time comes from.
    pub clock: Clock,
    /// The running tasks.
    pub tasks: Tasks,
    /// Where connections may go.
    pub egress: Reach,
    /// Takes what was scraped.
    pub deliver: Arc<dyn Deliver>,
    /// Shows how it goes.
    pub board: Board,
    /// Series that a server may have.
    pub most_series: usize,
}

/// Starts all jobs of the settings.
pub fn start(config: ScrapeConfig, parts: &Parts) -> Result<(), BadJob> {
    let ids = Arc::<AtomicU64>::default();
    for job in jobs(config, parts.most_series)? {
        let running = Running {
            connections: Arc::new(Connections::new(parts.egress.clone())),
            job: Arc::new(job),
            parts: parts.clone(),
            ids: Arc::clone(&ids),
            targets: HashMap::new(),
        };
        parts.tasks.spawn("scrape job", running.run());
    }
    Ok(())
}

/// A job with the targets that it has now.
struct Running {
    job: Arc<Job>,
    connections: Arc<Connections>,
    parts: Parts,
    ids: Arc<AtomicU64>,
    /// Each with what ends it.
    targets: HashMap<Target, CancellationToken>,
}

impl Running {
    async fn run(mut self) {
        let token = self.parts.tasks.token();
        let mut files = Files::new(self.job.config.files.clone());
        let fixed = Group {
            targets: self.job.config.targets.clone(),
            labels: BTreeMap::new(),
        };
        let mut before = None;
        loop {
            let looked = tokio::task::spawn_blocking(move || (files.look(), files)).await;
            let Ok((found, again)) = looked else { return };
            files = again;
            if before.as_ref() != Some(&found) {
                let groups = found.iter().chain([&fixed]);
                self.change(self.targets_of(groups));
                before = Some(found);
            }
            if self.job.config.files.is_empty() {
                return;
            }
            let wait = tokio::time::sleep(LOOK_EVERY);
            if token.run_until_cancelled(wait).await.is_none() {
                return;
            }
        }
    }

    /// The targets of groups, each once; what is none is left out and said.
    fn targets_of<'a>(&self, groups: impl Iterator<Item = &'a Group>) -> HashSet<Target> {
        let mut targets = HashSet::new();
        for group in groups {
            for address in &group.targets {
                match Target::new(&self.job, address, &group.labels) {
                    Ok(Some(target)) => {
                        targets.insert(target);
                    }
                    Ok(None) => {}
                    Err(error) => {
                        let job = &self.job.config.name;
                        tracing::warn!(job, %error, "a scrape target is left out");
                    }
                }
            }
        }
        targets
    }

    /// Ends targets that are gone and starts those that are new.
    fn change(&mut self, wanted: HashSet<Target>) {
        self.targets.retain(|target, token| {
            let stays = wanted.contains(target);
            if !stays {
                token.cancel();
            }
            stays
        });
        for target in wanted {
            if !self.targets.contains_key(&target) {
                let token = CancellationToken::new();
                self.targets.insert(target.clone(), token.clone());
                self.begin(target, token);
            }
        }
    }

    fn begin(&self, target: Target, gone: CancellationToken) {
        let (job, parts) = (Arc::clone(&self.job), &self.parts);
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let wait = first_wait(target.spread(), job.interval, parts.clock.now().0);
        let state = TargetState {
            job: job.config.name.clone(),
            url: target.shown_url(),
            server: job.config.server.clone(),
            labels: target.labels.clone(),
            interval: job.interval,
            timeout: job.timeout,
            last: None,
            failures: 0,
            next_at: parts.clock.now().plus_ms(millis(wait)),
        };
        parts.board.show(id, state);
        let round = Round {
            job,
            target,
            connections: Arc::clone(&self.connections),
            clock: parts.clock.clone(),
            deliver: Arc::clone(&parts.deliver),
            memory: Memory::default(),
        };
        let board = parts.board.clone();
        let stop = parts.tasks.token();
        let task = follow(round, (board, id), wait, gone, stop);
        parts.tasks.spawn("scrape target", task);
    }
}

/// Scrapes a target by its interval until it is gone, when its series end, or until the process
/// stops, when they do not: it will be scraped again.
async fn follow(
    mut round: Round,
    (board, id): (Board, u64),
    wait: Duration,
    gone: CancellationToken,
    stop: CancellationToken,
) {
    let mut turns = interval_at(Instant::now() + wait, round.job.interval);
    turns.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = gone.cancelled() => break,
            _ = turns.tick() => {}
        }
        let next_at = round.clock.now().plus_ms(millis(round.job.interval));
        tokio::select! {
            () = stop.cancelled() => return,
            last = round.scrape() => board.note(id, last, next_at),
        }
    }
    round.end().await;
    board.forget(id);
}

/// Time to a target's first scrape: each has its own place in the interval, whenever it is started.
fn first_wait(spread: u64, interval: Duration, now_ms: i64) -> Duration {
    let interval = u64::try_from(interval.as_millis())
        .unwrap_or(u64::MAX)
        .max(1);
    let now = now_ms.unsigned_abs() % interval;
    Duration::from_millis((spread % interval + interval - now) % interval)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_keeps_its_place_in_the_interval() {
        let interval = Duration::from_secs(10);
        for (spread, now_ms, wait_ms) in [
            (0, 0, 0),
            (3_000, 0, 3_000),
            (3_000, 1_000, 2_000),
            (3_000, 4_000, 9_000),
            (23_000, 1_700_000_003_000, 0),
            (u64::MAX, 5, 1_610),
        ] {
            let wait = first_wait(spread, interval, now_ms);
            assert_eq!(wait, Duration::from_millis(wait_ms), "{spread} {now_ms}");
        }
    }
}
