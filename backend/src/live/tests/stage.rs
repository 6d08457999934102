//! A hub with made-up sources behind a real web server, and a client for it.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpRequest, HttpServer, web};
use common::access::Role;
use common::alert::{Alert, AlertChange, AlertState, Severity};
use common::api::inbox::InboxItem;
use common::api::servers::ServerStatus;
use common::api::status::{AlertCounts, RealtimeStatus};
use common::host::{HostSample, Process};
use common::ids::{AlertId, RuleId, ServerId, SessionId, UserId};
use common::live::{Encoding, ServerMessage};
use common::problem::Problem;
use common::time::UnixMs;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use socket2::{SockRef, Socket};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

use super::client::Client;
use crate::auth::Scope;
use crate::clock::Clock;
use crate::live::{
    Access, Credential, Hub, Limits, LiveEvent, Newest, Publisher, Settings, Sources, Viewer,
    Watched, channel, upgrade,
};
use crate::tasks::Tasks;

pub(super) const AT: UnixMs = UnixMs(1_767_323_045_678);
pub(super) const SERVER: ServerId = ServerId(Uuid::from_u128(1));
pub(super) const USER: UserId = UserId(Uuid::from_u128(2));
pub(super) const SESSION: SessionId = SessionId(Uuid::from_u128(3));
/// The number of the last change of an alert before the test.
pub(super) const SEQ: u64 = 40;
pub(super) const TOKEN: &str = "good";
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// One server, one person, one alert.
struct Made {
    access: Mutex<Option<Access>>,
    /// The group of the one server.
    group: Mutex<Option<String>>,
    seq: Mutex<u64>,
}

impl Sources for Made {
    fn authenticate(&self, credential: Credential) -> BoxFuture<'_, Result<Viewer, Problem>> {
        let good = matches!(credential, Credential::Token(token) if token == TOKEN);
        let viewer = Viewer {
            user: USER,
            session: SESSION,
            username: "ada".into(),
            scope: self.scope(),
        };
        async move {
            if good {
                Ok(viewer)
            } else {
                Err(unauthorized())
            }
        }
        .boxed()
    }

    fn access(&self, _: SessionId) -> Option<Access> {
        self.access.lock().unwrap().clone()
    }

    fn fleet(&self) -> Vec<RealtimeStatus> {
        vec![line(self.group.lock().unwrap().clone())]
    }

    fn knows(&self, scope: &Scope, server: ServerId) -> bool {
        server == SERVER && scope.sees(self.group.lock().unwrap().as_deref())
    }

    fn newest(&self, _: ServerId) -> Option<Newest> {
        Some(Newest {
            at: AT,
            sample: Arc::default(),
        })
    }

    fn alerts(&self, scope: Scope) -> BoxFuture<'_, Result<(u64, Vec<Alert>), Problem>> {
        let seq = *self.seq.lock().unwrap();
        let is_seen = self.knows(&scope, SERVER);
        let alerts = if is_seen { vec![alert()] } else { Vec::new() };
        async move { Ok((seq, alerts)) }.boxed()
    }

    fn inbox(&self, _: UserId, _: Scope) -> BoxFuture<'_, Result<(u32, Vec<InboxItem>), Problem>> {
        async { Ok((1, Vec::new())) }.boxed()
    }
}

impl Made {
    fn scope(&self) -> Scope {
        let access = self.access.lock().unwrap();
        access.as_ref().map_or(Scope::All, |it| it.scope.clone())
    }
}

/// The one server as the fleet shows it.
pub(super) fn line(group: Option<String>) -> RealtimeStatus {
    RealtimeStatus {
        server_id: SERVER,
        name: "web-1".into(),
        group,
        tags: Vec::new(),
        status: ServerStatus::Unknown,
        health_score: None,
        cpu_percent: None,
        memory_percent: None,
        disk_percent: None,
        network_received_bytes_per_second: None,
        network_sent_bytes_per_second: None,
        load: None,
        alerts: AlertCounts::default(),
        last_seen_at: None,
    }
}

fn unauthorized() -> Problem {
    Problem {
        kind: "unauthorized".into(),
        title: String::new(),
        status: 401,
        detail: String::new(),
        errors: Vec::new(),
        request_id: String::new(),
    }
}

pub(super) fn alert() -> Alert {
    Alert {
        id: AlertId(Uuid::from_u128(4)),
        rule_id: RuleId(Uuid::from_u128(5)),
        rule: "CPU".into(),
        rule_version: 1,
        server_id: SERVER,
        server: "web-1".into(),
        labels: std::collections::BTreeMap::new(),
        severity: Severity::Warning,
        state: AlertState::Firing,
        value: None,
        threshold: None,
        message: String::new(),
        started_at: AT,
        acknowledged_at: None,
        acknowledged_by: None,
        assignee: None,
        flapping: false,
        resolved_at: None,
        resolved_by: None,
        silenced_by: Vec::new(),
        muted_by: Vec::new(),
        inhibited_by: Vec::new(),
    }
}

/// The message for an empty sample.
pub(super) fn sample(at: UnixMs, snapshot: bool) -> ServerMessage {
    ServerMessage::Sample {
        server: SERVER,
        at,
        snapshot,
        sample: Box::default(),
    }
}

/// A sample of some hundred kilobytes.
pub(super) fn big_sample() -> Arc<HostSample> {
    let process = Process {
        name: "x".repeat(1000),
        ..Process::default()
    };
    Arc::new(HostSample {
        processes: Some(vec![process; 300]),
        ..HostSample::default()
    })
}

/// A running hub.
pub(super) struct Stage {
    pub(super) publisher: Publisher,
    watched: Watched,
    hub: Hub,
    access: watch::Sender<()>,
    made: Arc<Made>,
    tasks: Tasks,
    server: ServerHandle,
    port: u16,
}

impl Stage {
    pub(super) fn new(limits: Limits) -> Self {
        let (publisher, inflow) = channel();
        let (tasks, watched) = (Tasks::new(), Watched::default());
        let (access, changes) = watch::channel(());
        let made = Arc::new(Made {
            access: Mutex::new(Some(Access {
                role: Role::Admin,
                scope: Scope::All,
            })),
            group: Mutex::default(),
            seq: Mutex::new(SEQ),
        });
        let settings = Settings {
            build: "test".into(),
            limits,
            clock: Clock::system(),
            tasks: tasks.clone(),
            watched: watched.clone(),
            access: changes,
        };
        let hub = Hub::start(settings, Arc::<Made>::clone(&made), inflow);
        let shared = web::Data::new(hub.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/ws", web::get().to(connect))
        })
        .workers(1)
        .on_connect(|stream, extensions| {
            let stream: &TcpStream = stream.downcast_ref().unwrap();
            let socket = SockRef::from(stream);
            socket.set_send_buffer_size(64 * 1024).unwrap();
            extensions.insert(Arc::new(socket.try_clone().unwrap()));
        })
        .bind(("127.0.0.1", 0))
        .unwrap();
        let port = server.addrs()[0].port();
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self {
            publisher,
            watched,
            hub,
            access,
            made,
            tasks,
            server: handle,
            port,
        }
    }

    /// Connects and authenticates.
    pub(super) async fn client(&self, encoding: Encoding) -> Client {
        let mut client = self.connect(Some(encoding)).await;
        client.authenticate(TOKEN).await;
        let username = "ada".into();
        assert_eq!(
            client.hear().await,
            ServerMessage::Authenticated { username }
        );
        client
    }

    /// Connects and takes the welcome; without an encoding no subprotocol is offered.
    pub(super) async fn connect(&self, encoding: Option<Encoding>) -> Client {
        let url = format!("ws://127.0.0.1:{}/ws", self.port);
        let mut request = url.into_client_request().unwrap();
        if let Some(encoding) = encoding {
            let offered = format!("unknown, {}", encoding.protocol());
            let offered = offered.parse().unwrap();
            request
                .headers_mut()
                .insert("Sec-WebSocket-Protocol", offered);
        }
        let (socket, answer) = connect_async(request).await.unwrap();
        let taken = answer.headers().get("Sec-WebSocket-Protocol");
        let taken = taken.map(|name| name.to_str().unwrap());
        assert_eq!(taken, encoding.map(Encoding::protocol));
        let encoding = encoding.unwrap_or(Encoding::Json);
        let mut client = Client { socket, encoding };
        let welcome = client.hear().await;
        assert!(matches!(welcome, ServerMessage::Welcome { build, .. } if build == "test"));
        client
    }

    pub(super) fn publish_sample(&self, at: UnixMs, sample: Arc<HostSample>) {
        let server = SERVER;
        self.publisher
            .publish(LiveEvent::Sample { server, at, sample });
    }

    /// Changes the one alert.
    pub(super) fn change_alert(&self, change: AlertChange) {
        let mut seq = self.made.seq.lock().unwrap();
        *seq += 1;
        self.publisher.publish(LiveEvent::Alert {
            seq: *seq,
            change,
            alert: Box::new(alert()),
        });
    }

    /// Changes the role of the one session; `None` ends it.
    pub(super) fn set_role(&self, role: Option<Role>) {
        let scope = self.made.scope();
        *self.made.access.lock().unwrap() = role.map(|role| Access { role, scope });
        self.access.send_replace(());
    }

    /// Limits the one session to some groups.
    pub(super) fn set_groups(&self, groups: &[&str]) {
        let groups: Vec<_> = groups.iter().map(|&group| group.to_owned()).collect();
        let scope = Scope::of(&groups);
        let role = Role::Viewer;
        *self.made.access.lock().unwrap() = Some(Access { role, scope });
        self.access.send_replace(());
    }

    /// Moves the one server into a group.
    pub(super) fn move_to(&self, group: &str) {
        *self.made.group.lock().unwrap() = Some(group.to_owned());
        self.publisher.publish(LiveEvent::Servers);
    }

    /// Whether somebody looks at the one server.
    pub(super) fn is_watched(&self) -> bool {
        self.watched.flag(SERVER).load(Ordering::Relaxed)
    }

    pub(super) fn connections(&self) -> usize {
        self.hub.with(|state| state.roster.connections())
    }

    /// Stops the hub, its connections and the web server, each within its patience.
    pub(super) async fn stop(self) {
        let tasks = self.tasks.clone();
        let stopped = timeout(PATIENCE, self.tasks.stop(PATIENCE)).await;
        assert!(stopped.is_ok() && tasks.running().is_empty());
        self.server.stop(false).await;
    }
}

async fn connect(
    hub: web::Data<Hub>,
    request: HttpRequest,
    body: web::Payload,
) -> actix_web::Result<actix_web::HttpResponse> {
    let socket = request.conn_data::<Arc<Socket>>().cloned().unwrap();
    let hang_up = move || socket.shutdown(std::net::Shutdown::Both).unwrap();
    upgrade(&hub, &request, body, Box::new(hang_up)).await
}
