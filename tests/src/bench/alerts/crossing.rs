//! Value pushed → message at the receiver, while 2,000 series are watched; never a slow provider.

use std::collections::HashMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::told::{Stage, millis};
use crate::bench::figures::Figures;
use crate::receiver::Received;

const SERVERS: u32 = 100;
const RULES: u32 = 20;
const SECONDS: u32 = 100;
const CROSSING: u32 = 5;

/// A server and one of the rules.
type Crossed = (u32, u32);

/// Five series cross their threshold each second, and stay there; for one `part` of the time.
pub(super) async fn run(stage: &Stage, part: u32) -> Result<Figures> {
    for rule in 0..RULES {
        stage.rule(&format!("bench_m{rule}")).await?;
    }
    let mut sent: HashMap<Crossed, Instant> = HashMap::new();
    let began = Instant::now();
    for second in 0..SECONDS / part {
        let crossing: Vec<Crossed> = (0..CROSSING)
            .map(|n| {
                let place = second * CROSSING + n;
                (place % SERVERS, place / SERVERS * 3 + n % 3)
            })
            .collect();
        let body = values(&sent, &crossing)?;
        let at = Instant::now();
        sent.extend(crossing.into_iter().map(|it| (it, at)));
        stage.push(body).await?;
        let next = began + Duration::from_secs(u64::from(second) + 1);
        tokio::time::sleep_until(next.into()).await;
    }
    let came = stage.receiver.until(sent.len(), |it| about(it).is_some());
    let came: HashMap<_, _> = came
        .await?
        .iter()
        .filter_map(|it| Some((about(it)?, it.at)))
        .collect();
    let mut figures = Figures::default();
    for (crossed, at) in &sent {
        if let Some(came) = came.get(crossed) {
            figures.add(millis(came.saturating_duration_since(*at)));
        }
    }
    Ok(figures)
}

/// What all series are now.
fn values(high: &HashMap<Crossed, Instant>, crossing: &[Crossed]) -> Result<String> {
    let mut body = String::new();
    for rule in 0..RULES {
        for server in 0..SERVERS {
            let is_high = high.contains_key(&(server, rule)) || crossing.contains(&(server, rule));
            let value = u8::from(is_high);
            writeln!(body, "bench_m{rule}{{host=\"{server}\"}} {value}")?;
        }
    }
    Ok(body)
}

/// Which series a message is about.
fn about(request: &Received) -> Option<Crossed> {
    let body = request.json();
    let rule = body["alert"]["rule"].as_str()?.strip_prefix("bench_m")?;
    let server = body["alert"]["labels"]["host"].as_str()?;
    Some((server.parse().ok()?, rule.parse().ok()?))
}
