//! 10,000 changes in a minute to a provider that fails one request in ten; never a slow one.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::told::{Stage, millis};
use crate::api::Api;
use crate::bench::figures::Figures;
use crate::receiver::{Answer, Received};
use crate::wait;

const METRIC: &str = "bench_many";
/// Series that fire and recover within the minute: twice as many changes.
const MANY: u32 = 5_000;
const SECONDS: u32 = 60;
/// One request in so many is answered with 503.
const FAILING: usize = 10;
/// What is promised of those that are told while the provider answers.
const PROMISED: Duration = Duration::from_secs(5);

/// Which series a message is about, and what happened.
fn about(request: &Received) -> Option<(u32, bool)> {
    let body = request.json();
    let series = body["alert"]["labels"]["n"].as_str()?.parse().ok()?;
    match body["event"].as_str()? {
        "fired" => Some((series, true)),
        "resolved" => Some((series, false)),
        _ => None,
    }
}

/// What came of many changes.
pub(super) struct Many {
    pub(super) delays: Figures,
    /// Percent of all.
    pub(super) in_time: f64,
    pub(super) lost: usize,
    /// Changes that the receiver took more than once.
    pub(super) twice: usize,
}

fn is_taken(before: usize) -> bool {
    before % FAILING != FAILING - 1
}

/// All series fire in the first half of the minute and recover in the second; one `part` of both.
pub(super) async fn run(stage: &Stage, part: u32) -> Result<Many> {
    let (many, seconds) = (MANY / part, SECONDS / part);
    stage.rule(METRIC).await?;
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    stage.receiver.answer(move |_, before| {
        counted.fetch_add(usize::from(is_taken(before)), Ordering::Relaxed);
        Answer::status(if is_taken(before) { 200 } else { 503 })
    });
    let mut sent = HashMap::new();
    let began = Instant::now();
    let per_second = many / (seconds / 2);
    for second in 0..seconds {
        let is_firing = second < seconds / 2;
        let first = (second % (seconds / 2)) * per_second;
        let last = if second % (seconds / 2) == seconds / 2 - 1 {
            many
        } else {
            first + per_second
        };
        let mut body = String::new();
        for n in first..last {
            writeln!(body, "{METRIC}{{n=\"{n}\"}} {}", u8::from(is_firing))?;
            sent.insert((n, is_firing), Instant::now());
        }
        stage.push(body).await?;
        let next = began + Duration::from_secs(u64::from(second) + 1);
        tokio::time::sleep_until(next.into()).await;
    }
    // What has not come by then is counted as lost.
    let all = wait::until_within(
        "all changes to arrive",
        Duration::from_mins(2),
        async || Ok((taken.load(Ordering::Relaxed) >= sent.len()).then_some(())),
    );
    all.await.ok();
    until_empty(&stage.api).await?;
    // The receiver counts from 0 in the order in which it keeps.
    let (mut arrived, mut twice) = (HashMap::new(), 0);
    for (before, request) in stage.receiver.received().iter().enumerate() {
        if let Some(change) = about(request).filter(|_| is_taken(before)) {
            twice += usize::from(arrived.insert(change, request.at).is_some());
        }
    }
    Ok(Many {
        twice,
        ..judged(&sent, &arrived)
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn judged(sent: &HashMap<(u32, bool), Instant>, arrived: &HashMap<(u32, bool), Instant>) -> Many {
    let (mut delays, mut in_time, mut lost) = (Figures::default(), 0_usize, 0);
    for (change, at) in sent {
        let Some(came) = arrived.get(change) else {
            lost += 1;
            continue;
        };
        let delay = came.saturating_duration_since(*at);
        in_time += usize::from(delay <= PROMISED);
        delays.add(millis(delay));
    }
    Many {
        delays,
        in_time: in_time as f64 * 100.0 / sent.len() as f64,
        lost,
        twice: 0,
    }
}

/// Waits until nothing is due any more.
async fn until_empty(api: &Api) -> Result<()> {
    let path = "/api/v1/notifications/deliveries?state=due&limit=1";
    wait::until_within("an empty outbox", Duration::from_mins(5), async || {
        let answer = api.get(path).await?.expect(200)?;
        let is_empty = answer["items"].as_array().is_some_and(Vec::is_empty);
        Ok(is_empty.then_some(()))
    })
    .await
}
