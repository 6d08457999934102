//! The real server in a directory and on a port of its own; stopped, and checked, when dropped.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tempfile::TempDir;

use crate::api::Api;
use crate::postgres::Database;
use crate::{process, wait};

/// Password of everybody whom the harness creates.
pub const PASSWORD: &str = "correct horse battery";
const DATABASE_URL: &str = "WATCHPOST_DATABASE__URL";
const STOP_PATIENCE: Duration = Duration::from_secs(10);

tokio::task_local! {
    static ON_POSTGRES: ();
}

/// Runs a test whose servers keep their data on PostgreSQL, unless they are built otherwise.
pub async fn on_postgres(test: impl Future<Output = ()>) {
    ON_POSTGRES.scope((), test).await;
}

/// What a server is started with.
#[derive(Debug, Default)]
pub struct Builder {
    roles: Vec<&'static str>,
    env: Vec<(String, String)>,
    generated_password: bool,
    database: Option<Database>,
    may_fill: bool,
}

impl Builder {
    /// Creates a person of this role, named like the role.
    #[must_use]
    pub fn with_user(mut self, role: &'static str) -> Self {
        self.roles.push(role);
        self
    }

    /// Sets an environment variable of the server.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets [`TestServer::limit_files`] make its writes fail; by itself such a limit ends a process.
    #[must_use]
    pub fn with_disk_that_fills(mut self) -> Self {
        self.may_fill = true;
        self
    }

    /// Keeps its data in a database on PostgreSQL.
    #[must_use]
    pub fn with_database(mut self, database: Database) -> Self {
        self.database = Some(database);
        self
    }

    /// Leaves the first password to the server, as on a person's machine.
    #[must_use]
    pub fn with_generated_password(mut self) -> Self {
        self.generated_password = true;
        self
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(self) -> Result<TestServer> {
        let dir = tempfile::tempdir().context("create a data directory")?;
        let port = free_port()?;
        let is_on_postgres = ON_POSTGRES.try_with(|()| ()).is_ok();
        let database = match self.database {
            None if is_on_postgres => Some(Database::create()?),
            given => given,
        };
        let mut server = TestServer {
            dir,
            database,
            port,
            env: self.env,
            may_fill: self.may_fill,
            child: None,
        };
        if let Some(url) = server.database().map(Database::url) {
            server.set_database(&url);
        }
        if !self.generated_password {
            let password = ("WATCHPOST_ADMIN_PASSWORD".to_owned(), PASSWORD.to_owned());
            server.env.push(password);
        }
        server.start().await?;
        server.create_people(&self.roles).await?;
        Ok(server)
    }
}

/// A running server.
#[derive(Debug)]
pub struct TestServer {
    dir: TempDir,
    database: Option<Database>,
    port: u16,
    env: Vec<(String, String)>,
    may_fill: bool,
    child: Option<Child>,
}

impl TestServer {
    /// Says what to start.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Its database on PostgreSQL; `None` when it keeps files.
    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// Lets it use the database at this address from its next start on.
    pub fn set_database(&mut self, url: &str) {
        self.set_env(DATABASE_URL, url);
    }

    /// Sets an environment variable of the server from its next start on.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// `watchpost db …` on its data, with its settings.
    pub fn db_command(&self, args: &[&str]) -> Command {
        let mut command = db_command(&self.data_dir(), args);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// All that it has printed since its first start.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Its process id; `None` while it is down.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// A caller without credentials.
    pub fn anonymous(&self) -> Result<Api> {
        Api::anonymous(&self.base())
    }

    /// A person created by the builder, or `admin`, logged in.
    pub async fn login(&self, username: &str) -> Result<Api> {
        Api::login(&self.base(), username, PASSWORD).await
    }

    /// Lets none of its files grow beyond so many bytes from now on, as a full disk would; `None` gives
    /// the room back. Only on a server that was built [`Builder::with_disk_that_fills`].
    pub fn limit_files(&self, bytes: Option<u64>) -> Result<()> {
        let child = self.child.as_ref().context("the server is not running")?;
        process::limit_files(child, bytes)
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        match self.child.take() {
            Some(mut child) => process::kill(&mut child),
            None => bail!("the server is not running"),
        }
    }

    /// Asks it to stop and gives its exit code.
    pub fn stop(&mut self) -> Result<Option<i32>> {
        match self.child.take() {
            Some(mut child) => Ok(process::stop(&mut child, STOP_PATIENCE)?.code()),
            None => bail!("the server is not running"),
        }
    }

    /// Starts it on the same directory and port, and waits until it is ready.
    pub async fn start(&mut self) -> Result<()> {
        self.child = Some(self.spawn()?);
        let ready = format!("{}/health/ready", self.base());
        let client = reqwest::Client::builder().no_proxy().build()?;
        let started = wait::until("the server to be ready", async || {
            if let Some(status) = self.child.as_mut().and_then(|it| it.try_wait().ok()?) {
                return Ok(Some(Err(status)));
            }
            let answer = client.get(&ready).send().await?;
            Ok(answer.status().is_success().then_some(Ok(())))
        })
        .await
        .with_context(|| self.log())?;
        match started {
            Ok(()) => Ok(()),
            Err(status) => bail!("the server ended with {status}:\n{}", self.log()),
        }
    }

    fn spawn(&self) -> Result<Child> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file())?;
        let binary = process::watchpost();
        let mut command = if self.may_fill {
            let mut shell = own_settings_only(Path::new("sh"));
            let deaf = "trap '' XFSZ; exec \"$0\" \"$@\"";
            shell.args(["-c", deaf]).arg(&binary);
            shell.arg("serve").arg("--data-dir").arg(self.data_dir());
            shell
        } else {
            command(&binary, &self.data_dir())
        };
        command
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("start {}", binary.display()))
    }

    async fn create_people(&self, roles: &[&str]) -> Result<()> {
        if roles.is_empty() {
            return Ok(());
        }
        let admin = self.login("admin").await?;
        for role in roles {
            let person = json!({"username": role, "role": role, "password": PASSWORD});
            admin.post("/api/v1/users", &person).await?.expect(201)?;
        }
        Ok(())
    }

    fn log_file(&self) -> PathBuf {
        self.dir.path().join("server.log")
    }
}

impl Drop for TestServer {
    /// A server must end cleanly and must never have panicked.
    fn drop(&mut self) {
        let exit = match self.child.take() {
            Some(mut child) => process::stop(&mut child, STOP_PATIENCE).map(|it| it.code()),
            None => Ok(Some(0)),
        };
        let log = self.log();
        if std::thread::panicking() {
            eprintln!("--- log of the server ---\n{log}");
            return;
        }
        assert!(!log.contains("panicked at"), "the server panicked:\n{log}");
        assert!(
            matches!(exit, Ok(Some(0))),
            "the server did not end cleanly ({exit:?}):\n{log}"
        );
    }
}

/// `watchpost serve` on a data directory, free of this machine's settings; for starts that are meant to fail.
pub fn serve_command(data_dir: &Path) -> Command {
    command(&process::watchpost(), data_dir)
}

/// `watchpost db …` on a data directory, without settings from the environment.
pub fn db_command(data_dir: &Path, args: &[&str]) -> Command {
    let mut command = own_settings_only(&process::watchpost());
    command.arg("db").args(args).arg("--data-dir").arg(data_dir);
    command
}

fn command(binary: &Path, data_dir: &Path) -> Command {
    let mut command = own_settings_only(binary);
    command.arg("serve").arg("--data-dir").arg(data_dir);
    command
}

fn own_settings_only(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WATCHPOST_") {
            command.env_remove(name);
        }
    }
    command
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
    Ok(listener.local_addr()?.port())
}
