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
use common::api::status::RealtimeStatus;
use common::host::{HostSample, Process};
use common::ids::{AlertId, RuleId, ServerId, SessionId, UserId};
use common::live::{ClientMessage, Encoding, ServerMessage, Topic};
use common::problem::Problem;
use common::time::UnixMs;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, SinkExt, StreamExt};
use socket2::{SockRef, Socket};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use crate::clock::Clock;
use crate::live::{
    Credential, Hub, Limits, LiveEvent, Newest, Publisher, Settings, Sources, Viewer, Watched,
    channel, upgrade,
};
use crate::tasks::Tasks;

pub(super) const AT: UnixMs = UnixMs(1_767_323_045_678);
pub(super) const SERVER: ServerId = ServerId(Uuid::from_u128(1));
pub(super) const USER: UserId = UserId(Uuid::from_u128(2));
pub(super) const SESSION: SessionId = SessionId(Uuid::from_u128(3));
/// The number of the last change of an alert before the test.
pub(super) const SEQ: u64 = 40;
pub(super) const TOKEN: &str = "good";
const PATIENCE: Duration = Duration::from_secs(5);

/// One server, one person, one alert.
struct Made {
    role: Mutex<Option<Role>>,
    seq: Mutex<u64>,
}

impl Sources for Made {
    fn authenticate(&self, credential: Credential) -> BoxFuture<'_, Result<Viewer, Problem>> {
        let good = matches!(credential, Credential::Token(token) if token == TOKEN);
        let viewer = Viewer {
            user: USER,
            session: SESSION,
            username: "ada".into(),
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

    fn role(&self, _: SessionId) -> Option<Role> {
        *self.role.lock().unwrap()
    }

    fn fleet(&self) -> Vec<RealtimeStatus> {
        Vec::new()
    }

    fn knows(&self, server: ServerId) -> bool {
        server == SERVER
    }

    fn newest(&self, _: ServerId) -> Option<Newest> {
        Some(Newest {
            at: AT,
            sample: Arc::default(),
        })
    }

    fn alerts(&self) -> BoxFuture<'_, Result<(u64, Vec<Alert>), Problem>> {
        let seq = *self.seq.lock().unwrap();
        async move { Ok((seq, vec![alert()])) }.boxed()
    }

    fn inbox(&self, _: UserId) -> BoxFuture<'_, Result<(u32, Vec<InboxItem>), Problem>> {
        async { Ok((1, Vec::new())) }.boxed()
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
            role: Mutex::new(Some(Role::Admin)),
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
        *self.made.role.lock().unwrap() = role;
        self.access.send_replace(());
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

/// A client that speaks one encoding.
pub(super) struct Client {
    socket: WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>,
    encoding: Encoding,
}

impl Client {
    pub(super) async fn say(&mut self, message: &ClientMessage) {
        let bytes = self.encoding.encode(message).unwrap();
        let message = match self.encoding {
            Encoding::Json => Message::text(String::from_utf8(bytes).unwrap()),
            Encoding::Postcard => Message::binary(bytes),
        };
        self.write(message).await;
    }

    pub(super) async fn write(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Writes what the server may refuse half-way.
    pub(super) async fn try_write(&mut self, message: Message) {
        self.socket.send(message).await.ok();
    }

    pub(super) async fn authenticate(&mut self, token: &str) {
        let (token, ticket) = (Some(token.to_owned()), None);
        self.say(&ClientMessage::Authenticate { token, ticket })
            .await;
    }

    /// Subscribes and takes the confirmation.
    pub(super) async fn subscribe(&mut self, topic: Topic) {
        let since = None;
        self.say(&ClientMessage::Subscribe { topic, since }).await;
        assert_eq!(self.hear().await, ServerMessage::Subscribed { topic });
    }

    /// The next message; fails when the server closes instead.
    pub(super) async fn hear(&mut self) -> ServerMessage {
        self.hear_within(PATIENCE).await
    }

    pub(super) async fn hear_within(&mut self, patience: Duration) -> ServerMessage {
        loop {
            let heard = timeout(patience, self.socket.next()).await;
            match heard.expect("a message in time").unwrap().unwrap() {
                Message::Text(text) if self.encoding == Encoding::Json => {
                    return self.encoding.decode(text.as_bytes()).unwrap();
                }
                Message::Binary(bytes) if self.encoding == Encoding::Postcard => {
                    return self.encoding.decode(&bytes).unwrap();
                }
                Message::Ping(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// Reads on until the server closes; the code.
    pub(super) async fn closed(&mut self) -> u16 {
        loop {
            let heard = timeout(PATIENCE, self.socket.next()).await;
            match heard.expect("a close in time") {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                end => panic!("no close but {end:?}"),
            }
        }
    }

    /// Reads on; whether the connection ends.
    pub(super) async fn is_cut(&mut self) -> bool {
        timeout(PATIENCE, async {
            while let Some(Ok(_)) = self.socket.next().await {}
        })
        .await
        .is_ok()
    }

    /// Part `number` of a message that is not finished.
    pub(super) fn part(number: usize, length: usize) -> Message {
        let first = number == 0;
        let code = OpCode::Data(if first { Data::Text } else { Data::Continue });
        Message::Frame(Frame::message(vec![b'x'; length], code, false))
    }
}
