//! `watchpost serve`: builds the parts, listens, stops on a signal; never handles a request.

use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use actix_web::dev::ServerHandle;
use actix_web::web;
use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::CliError;
use crate::app::{App, StartError};
use crate::auth::FirstPassword;
use crate::clock::Clock;
use crate::config::server::ServerConfig;
use crate::config::{self, Environment, Overrides};
use crate::http;
use crate::telemetry;

/// The first administrator's password: not a setting, read at the first start only.
const ADMIN_PASSWORD: &str = "WATCHPOST_ADMIN_PASSWORD";

const DATA_DIR_HELP: &str =
    "Where the databases live [default: $STATE_DIRECTORY, else $XDG_DATA_HOME/watchpost]";

/// Options of `watchpost serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where the databases live
    #[arg(long, value_name = "DIR", help = DATA_DIR_HELP)]
    data_dir: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// A TOML file with settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Serve {
    /// Serves until SIGTERM or SIGINT; a second one ends the process at once.
    pub async fn run(self) -> Result<(), CliError> {
        let overrides = Overrides {
            file: self.config,
            data_dir: self.data_dir,
            listen: self.listen,
        };
        let environment = Environment::of_process();
        let config = config::load(&overrides, &environment)?;
        telemetry::start(&config.log);
        let mut signals = Signals::new()?;
        let listener = listen(config.server.listen)?;
        let address = listener.local_addr()?;
        let app = App::build(config, Clock::system()).await?;
        let chosen = environment.get(ADMIN_PASSWORD);
        let first = app.auth.first_start(chosen).await;
        if let Some(first) = first.map_err(StartError::Auth)? {
            show(&first, &entrance(&app.config.server, address))?;
        }
        let outcome = serve(&app, listener, &mut signals).await;
        tokio::select! {
            () = app.stop() => {}
            () = signals.next() => {
                tracing::warn!("second signal: ended at once");
                std::process::exit(1);
            }
        }
        tracing::info!("stopped");
        outcome
    }
}

/// Shows the generated password, once, where the person who starts the server looks.
fn show(first: &FirstPassword, entrance: &str) -> std::io::Result<()> {
    let FirstPassword { username, password } = first;
    writeln!(
        std::io::stdout(),
        "\n  Log in at {entrance}\n\n    user name: {username}\n    password:  {password}\n\n  \
         It is shown only this once and has to be changed at the first login.\n"
    )
}

/// Where a browser gets in: the public address, else this machine's when it listens everywhere.
fn entrance(server: &ServerConfig, address: SocketAddr) -> String {
    match &server.public_url {
        Some(url) => url.clone(),
        None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
        None => format!("http://{address}"),
    }
}

/// Answers requests until a signal comes or a task panics.
async fn serve(app: &App, listener: TcpListener, signals: &mut Signals) -> Result<(), CliError> {
    let address = listener.local_addr()?;
    let shared = web::Data::new(app.clone());
    let server = http::server(shared, listener)?;
    let handle = server.handle();
    let stop = app.tasks.token();
    app.tasks.spawn("http", async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the web server ended");
        }
    });
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening on http://{address}");
    tokio::select! {
        () = signals.next() => tracing::info!("stopping"),
        () = stop.cancelled() => {}
    }
    // First, because they never end by themselves.
    app.live.close();
    drain(&handle, signals).await;
    app.tasks
        .panicked()
        .map_or(Ok(()), |task| Err(CliError::Panicked(task)))
}

/// Lets open requests end; not after a second signal.
async fn drain(handle: &ServerHandle, signals: &mut Signals) {
    tokio::select! {
        () = handle.stop(true) => {}
        () = signals.next() => {
            tracing::warn!("second signal: ended at once");
            std::process::exit(1);
        }
    }
}

/// Takes the address before anything else is started, with an answer that helps when it is taken.
fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|source| {
        let advice = match source.kind() {
            ErrorKind::AddrInUse => {
                "another program uses that port: stop it or choose another with --listen"
            }
            ErrorKind::PermissionDenied => "choose a port above 1023 with --listen",
            ErrorKind::AddrNotAvailable => {
                "this machine has no such address: choose another with --listen"
            }
            _ => "choose another with --listen",
        };
        StartError::Listen {
            address,
            source,
            advice,
        }
    })
}

/// SIGTERM and SIGINT as one stream.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_says_what_to_do() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let said = listen(address).unwrap_err().to_string();
        assert!(said.contains(&address.to_string()), "{said}");
        assert!(said.contains("--listen"), "{said}");
    }
}
