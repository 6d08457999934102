//! Netdata with its defaults and nobody looking; its own folders, so that nothing of this machine's
//! Netdata is touched.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;

use super::measured::Measured;
use crate::bench::footprint::{cpu_seconds_of, pss_mib};
use crate::bench::http::Http;
use crate::peer::{Peer, root};

/// Where Debian's package has it.
pub(super) const PROGRAM: &str = "usr/sbin/netdata";
/// Until its charts are there.
const WARM_UP: Duration = Duration::from_secs(5);

/// Its own process; what the programs that it starts take would come on top.
pub(super) fn measured(seconds: u32) -> Result<Measured> {
    let peer = Peer::start(PROGRAM, |address, directory| {
        let file = directory.join("netdata.conf");
        // Without its file it would not start on that port, which is said then.
        drop(std::fs::write(&file, settings(address, directory)));
        ["-D", "-c", &file.display().to_string()]
            .map(str::to_owned)
            .into()
    })?;
    std::thread::sleep(WARM_UP);
    let (began, spent) = (Instant::now(), cpu_seconds_of(peer.pid())?);
    std::thread::sleep(Duration::from_secs(seconds.into()));
    let spent = cpu_seconds_of(peer.pid())? - spent;
    let wall_seconds = began.elapsed().as_secs_f64();
    let charts: Value =
        serde_json::from_slice(&Http::connect(&peer.address, "")?.get("/api/v1/charts")?)?;
    Ok(Measured {
        name: "Netdata, without its plug-ins".to_owned(),
        readings: charts["dimensions_count"]
            .as_f64()
            .context("Netdata tells its dimensions")?,
        turns: f64::from(seconds),
        cpu_seconds: spent,
        wall_seconds,
        pss_mib: pss_mib(peer.pid())?,
    })
}

fn settings(address: &str, directory: &Path) -> String {
    let (host, port) = address.split_once(':').unwrap_or((address, ""));
    let here = directory.display();
    let stock = root().join("usr/lib/netdata");
    let plugins = stock.join("plugins.d");
    format!(
        "[global]\n    run as user = root\n\
         [directories]\n    config = {here}\n    stock config = {}\n    log = {here}\n    web = {here}\n    \
         cache = {here}\n    lib = {here}\n    home = {here}\n    plugins = \"{}\"\n\
         [logs]\n    access = none\n    error = none\n    debug = none\n    health = none\n\
         [web]\n    bind to = {host}\n    default port = {port}\n",
        stock.join("conf.d").display(),
        plugins.display(),
    )
}
