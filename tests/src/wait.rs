//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Longer than anything in a healthy product takes, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until `probe` has an answer; an error names `what` when patience ends.
pub async fn until<T, F>(what: &str, probe: F) -> Result<T>
where
    F: AsyncFnMut() -> Result<Option<T>>,
{
    until_within(what, PATIENCE, probe).await
}

/// As [`until`], with another patience.
pub async fn until_within<T, F>(what: &str, patience: Duration, mut probe: F) -> Result<T>
where
    F: AsyncFnMut() -> Result<Option<T>>,
{
    let started = Instant::now();
    let mut last_error = None;
    loop {
        match probe().await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => {}
            Err(error) => last_error = Some(error),
        }
        if started.elapsed() > patience {
            let hint = last_error.map_or_else(String::new, |error| format!("; last: {error:#}"));
            bail!("waited {} s for {what}{hint}", patience.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
