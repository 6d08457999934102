//! A PostgreSQL server for tests, with its own directory and socket, never one of this machine's: one
//! for all tests of a program, or, when a runner gives each test a program, one for its whole run.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

const INSTALLED: &str = "/usr/lib/postgresql";
/// Nothing of it has to outlive the machine.
const SETTINGS: &str = "-c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c shared_buffers=16MB -c max_connections=100 -c log_min_messages=warning";

/// A running server.
#[derive(Debug)]
struct Server {
    programs: PathBuf,
    /// Whom it runs as: root is refused.
    owner: Option<Owner>,
    directory: PathBuf,
    /// Ends with this value; else with the run of the tests.
    is_own: bool,
}

#[derive(Debug, Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

/// An empty database, for one test.
#[derive(Debug, Clone)]
pub struct Database(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    server: Arc<Server>,
    name: String,
}

impl Database {
    /// A new one on the server that all tests share.
    pub fn create() -> Result<Self> {
        static RUNNING: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let server = if let Some(server) = running.upgrade() {
            server
        } else {
            let server = Arc::new(match std::env::var("NEXTEST_RUN_ID") {
                Ok(run) => Server::of_run(&run)?,
                Err(_) => Server::start()?,
            });
            *running = Arc::downgrade(&server);
            server
        };
        drop(running);
        Self::on(server)
    }

    /// A new one on a server of its own, which may be halted.
    pub fn alone() -> Result<Self> {
        Self::on(Arc::new(Server::start()?))
    }

    fn on(server: Arc<Server>) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        server.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(Self(Arc::new(Inner { server, name })))
    }

    /// Its address, for `database.url`.
    pub fn url(&self) -> String {
        let (name, socket) = (&self.0.name, self.0.server.socket());
        format!("postgres:///{name}?user=postgres&host={socket}")
    }

    /// Runs statements; what they answer, a row a line, its columns between `|`.
    pub fn sql(&self, statements: &str) -> Result<String> {
        self.0.server.sql(&self.0.name, statements)
    }

    /// Cuts off everybody who is connected, as when their process is killed.
    pub fn end_sessions(&self) -> Result<()> {
        let end = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.sql(end).map(drop)
    }

    /// Ends its server, which is its own, without a chance to tidy up.
    pub fn halt(&self) -> Result<()> {
        ensure!(self.0.server.is_own, "others use the server too");
        self.0.server.halt()
    }

    /// Starts its server once more, on the same files and at the same address.
    pub fn go_on(&self) -> Result<()> {
        self.0.server.go_on()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.server.is_own {
            return;
        }
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        if let Err(error) = self.server.sql("postgres", &drop) {
            eprintln!("a database was left behind: {error:#}");
        }
    }
}

impl Server {
    /// One that ends when it is not needed any more.
    fn start() -> Result<Self> {
        let programs = programs()?;
        let owner = owner()?;
        let template = template(&programs, owner)?;
        let server = Self {
            programs,
            owner,
            directory: own_directory(owner)?.keep(),
            is_own: true,
        };
        copy(&template, &server.files())?;
        give(owner, &server.files())?;
        server.go_on()?;
        Ok(server)
    }

    /// The one of a run of tests; its first test starts it, and a watch ends it after the runner.
    fn of_run(run: &str) -> Result<Self> {
        let note = shelf()?.join(format!("postgres-{run}"));
        let _turn = turn()?;
        if let Ok(directory) = fs::read_to_string(&note) {
            return Ok(Self {
                programs: programs()?,
                owner: owner()?,
                directory: directory.into(),
                is_own: false,
            });
        }
        let mut server = Self::start()?;
        server.is_own = false;
        let runner = rustix::process::getppid().context("no runner")?;
        let watch = "while kill -0 \"$0\" 2>/dev/null; do sleep 1; done; \
            kill -QUIT \"$(head -n 1 \"$1/data/postmaster.pid\")\"; rm -rf \"$1\" \"$2\"";
        let mut command = Command::new("setsid");
        command.args(["--fork", "sh", "-c", watch]);
        command.arg(runner.as_raw_nonzero().to_string());
        command.arg(&server.directory).arg(&note);
        run_unheard(&mut command)?;
        fs::write(&note, server.socket())?;
        Ok(server)
    }

    fn halt(&self) -> Result<()> {
        let files = self.files();
        self.control(&["-D", text(&files)?, "-m", "immediate", "-w", "stop"])
    }

    fn go_on(&self) -> Result<()> {
        let files = self.files();
        let log = self.directory.join("log");
        let settings = format!("{SETTINGS} -c unix_socket_directories={}", self.socket());
        let place = ["-D", text(&files)?, "-l", text(&log)?];
        let start = [&place[..], &["-o", &settings, "-w", "start"]].concat();
        self.control(&start)
            .with_context(|| fs::read_to_string(&log).unwrap_or_default())
    }

    fn files(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// The folder of its socket.
    fn socket(&self) -> &str {
        self.directory.to_str().unwrap_or_default()
    }

    fn control(&self, args: &[&str]) -> Result<()> {
        let mut command = Command::new(self.programs.join("pg_ctl"));
        run_unheard(as_owner(command.args(args), self.owner))
    }

    fn sql(&self, database: &str, statements: &str) -> Result<String> {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-v", "ON_ERROR_STOP=1", "-XqAt", "-U", "postgres"]);
        command.args(["-h", self.socket(), "-d", database, "-c", statements]);
        let said = run(as_owner(&mut command, self.owner))?;
        Ok(said.trim_end().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.is_own {
            return;
        }
        let ended = self.halt();
        let removed = fs::remove_dir_all(&self.directory);
        if let Err(error) = ended.and(removed.map_err(Into::into)) {
            eprintln!("PostgreSQL was not ended: {error:#}");
        }
    }
}

/// Where the newest of this machine lies.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir(INSTALLED).into_iter().flatten().flatten();
    let newest = versions
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .max();
    newest.with_context(|| {
        format!("no PostgreSQL below {INSTALLED}: cargo xtask setup installs Debian's")
    })
}

/// The user of the package when this is root; nobody else when it is not.
fn owner() -> Result<Option<Owner>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let people = fs::read_to_string("/etc/passwd").context("/etc/passwd")?;
    let line = people.lines().find(|line| line.starts_with("postgres:"));
    let mut fields = line.context("no user postgres")?.split(':').skip(2);
    let mut number = || fields.next().and_then(|field| field.parse().ok());
    let (user, group) = (number(), number());
    Ok(user.zip(group).map(|(user, group)| Owner { user, group }))
}

/// The files of a server that never ran: making them takes a second, a copy a tenth.
fn template(programs: &Path, owner: Option<Owner>) -> Result<PathBuf> {
    let version = programs.parent().and_then(Path::file_name);
    let version = version.unwrap_or_default().to_string_lossy();
    let shelf = shelf()?;
    let template = shelf.join(format!("postgres-template-{version}"));
    let part = shelf.join(format!("postgres-part-{}", std::process::id()));
    if !template.exists() {
        let place = own_directory(owner)?;
        let made = place.path().join("data");
        let mut command = Command::new(programs.join("initdb"));
        command.args(["-A", "trust", "--no-sync", "-U", "postgres", "-E", "UTF8"]);
        // Another order than that of the bytes, as on a person's server.
        command.args([
            "--locale-provider=icu",
            "--icu-locale=en",
            "--locale=C.UTF-8",
        ]);
        run(as_owner(command.arg("-D").arg(&made), owner))?;
        copy(&made, &part)?;
        // Another program may have been quicker.
        if fs::rename(&part, &template).is_err() {
            fs::remove_dir_all(&part)?;
        }
    }
    Ok(template)
}

/// Where programs of this tree leave each other something: in the folder of what is built.
fn shelf() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(3).context("no target directory")?;
    let shelf = target.join("tmp");
    fs::create_dir_all(&shelf)?;
    Ok(shelf)
}

/// One program at a time, as long as the file is open.
fn turn() -> Result<File> {
    let lock = File::create(shelf()?.join("postgres.lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// A temporary directory that the server may enter.
fn own_directory(owner: Option<Owner>) -> Result<TempDir> {
    let directory = tempfile::tempdir().context("create a directory for PostgreSQL")?;
    give(owner, directory.path())?;
    Ok(directory)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    run(Command::new("cp").arg("-r").arg(from).arg(to)).map(drop)?;
    // A server refuses files that others may read.
    run(Command::new("chmod").arg("-R").arg("go=").arg(to)).map(drop)
}

fn give(owner: Option<Owner>, path: &Path) -> Result<()> {
    let Some(Owner { user, group }) = owner else {
        return Ok(());
    };
    let whose = format!("{user}:{group}");
    run(Command::new("chown").arg("-R").arg(whose).arg(path)).map(drop)
}

fn as_owner(command: &mut Command, owner: Option<Owner>) -> &mut Command {
    match owner {
        Some(Owner { user, group }) => command.uid(user).gid(group).current_dir("/"),
        None => command,
    }
}

fn run(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{command:?}: {said}");
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// As [`run`], for what leaves a program behind: that would keep a pipe open.
fn run_unheard(command: &mut Command) -> Result<()> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.stderr(Stdio::null()).status()?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}
