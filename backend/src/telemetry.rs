//! The own log: text or JSON lines on standard error; never metrics of servers.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config::log::{LogConfig, LogFormat};

/// Starts the log of the process. A second call changes nothing.
pub fn start(config: &LogConfig) {
    let builder = tracing_subscriber::fmt()
        .with_writer(BoxMakeWriter::new(std::io::stderr))
        .with_env_filter(filter(config));
    let started = match config.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log was already started");
    }
}

/// The configured level for our own parts; dependencies only from `warn` on, unless it is stricter.
fn filter(config: &LogConfig) -> EnvFilter {
    let level = config.level.as_str();
    let others = match level {
        "error" | "off" => level,
        _ => "warn",
    };
    EnvFilter::new(format!("{others},backend={level},watchpost={level}"))
}
