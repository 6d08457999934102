//! Memory and processor time of a server with one host and one viewer, over minutes.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Table;
use super::figures::Figures;
use super::footprint::{Processor, pss_mib};
use super::live::local_server;
use crate::live::{Live, Received};
use crate::server::TestServer;

/// Warm-up before anything is measured.
const WARM_UP: Duration = Duration::from_secs(10);
/// Time between two looks at the memory.
const LOOK: Duration = Duration::from_secs(5);

/// Watches for `minutes`.
pub(super) async fn run(minutes: u32) -> Result<Table> {
    let server = TestServer::builder().start().await?;
    let pid = server.pid().context("the server runs")?;
    let admin = server.login("admin").await?;
    let id = local_server(&admin).await?;
    let mut live = Live::authenticated(&server.base(), admin.token()).await?;
    for topic in ["fleet", "alerts", "inbox", &format!("server:{id}")] {
        live.subscribe(topic).await?;
    }
    listen(&mut live, WARM_UP).await?;
    let processor = Processor::start(pid)?;
    let length = Duration::from_secs(60 * u64::from(minutes));
    let (mut all, mut first, mut last) =
        (Figures::default(), Figures::default(), Figures::default());
    let started = Instant::now();
    while started.elapsed() < length {
        listen(&mut live, LOOK).await?;
        let pss = pss_mib(pid)?;
        all.add(pss);
        if started.elapsed() <= length / 10 {
            first.add(pss);
        }
        if started.elapsed() >= length * 9 / 10 {
            last.add(pss);
        }
    }
    let percent = processor.percent()?;
    let mut table = Table::of_figures("one host, one viewer");
    table.figures("PSS, MiB", &all, "38.1");
    table.figures("PSS in the first tenth, MiB", &first, "");
    table.figures("PSS in the last tenth, MiB", &last, "as the first");
    table.row([
        "CPU, % of one core".to_owned(),
        "1".to_owned(),
        format!("{percent:.2}"),
        String::new(),
        String::new(),
        "2".to_owned(),
    ]);
    Ok(table)
}

/// Reads what comes for a while, as a browser does.
async fn listen(live: &mut Live, length: Duration) -> Result<()> {
    let until = Instant::now() + length;
    while Instant::now() < until {
        if let Received::Closed(code) = live.next().await? {
            bail!("the live connection was closed with {code:?}");
        }
    }
    Ok(())
}
