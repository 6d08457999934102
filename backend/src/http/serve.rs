//! The web server: workers, connections, layers; never a route.

use std::any::Any;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Extensions, Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{NormalizePath, TrailingSlash, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::{HttpServer, web};
use socket2::{SockRef, Socket};

use super::headers::with_headers;
use super::request_id::with_request_id;
use super::{routes, traffic, ui};
use crate::app::App;

/// Few, because each costs memory; what blocks runs elsewhere.
const WORKERS: usize = 2;
/// Connections over all workers: each may hold a request of 1 MiB.
const CONNECTIONS_A_WORKER: usize = 2048;
/// How long a client that stopped reading may keep unsent bytes before the kernel resets it.
const UNREAD_LIMIT: Duration = Duration::from_secs(10);
/// What the kernel takes for a client that does not read.
const SEND_BUFFER_BYTES: usize = 128 * 1024;
/// How long a client may take to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// How long open requests may run on when the server stops.
const STOP_SECONDS: u64 = 5;

/// The socket under a request (`request.conn_data::<Connection>()`), to end it from outside:
/// a WebSocket whose client does not read cannot be closed in any other way.
#[derive(Debug, Clone)]
pub struct Connection(Arc<Socket>);

impl Connection {
    /// The socket, to be looked at.
    pub(super) fn socket(&self) -> Arc<Socket> {
        Arc::clone(&self.0)
    }

    /// Ends the connection at once, whatever is unsent.
    pub fn shutdown(&self) {
        // Fails only when the connection is gone already.
        self.0.shutdown(std::net::Shutdown::Both).ok();
    }
}

/// The web server on `listener`: await it to run it, end it through its handle.
pub fn server(app: web::Data<App>, listener: TcpListener) -> io::Result<Server> {
    let server = HttpServer::new(move || application(app.clone()))
        .workers(WORKERS)
        .max_connections(CONNECTIONS_A_WORKER)
        .client_request_timeout(HEAD_LIMIT)
        .shutdown_timeout(STOP_SECONDS)
        .disable_signals()
        .on_connect(prepare)
        .listen(listener)?;
    Ok(server.run())
}

/// Routes and the layers around them, as one service; tests call it without a socket.
pub fn application(
    app: web::Data<App>,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let public_url = app.config.server.public_url.as_deref();
    let tls = public_url.is_some_and(|url| url.starts_with("https:"));
    actix_web::App::new()
        .app_data(app)
        .configure(routes::configure)
        .configure(ui::configure)
        .wrap(NormalizePath::new(TrailingSlash::Trim))
        .wrap(from_fn(with_request_id))
        .wrap(from_fn(traffic::count))
        .wrap(from_fn(move |request, next| {
            with_headers(tls, request, next)
        }))
}

/// Bounds what the kernel keeps for a client that does not read.
fn prepare(stream: &dyn Any, connection: &mut Extensions) {
    let Some(stream) = stream.downcast_ref::<TcpStream>() else {
        return;
    };
    let socket = SockRef::from(stream);
    let bounded = socket
        .set_tcp_user_timeout(Some(UNREAD_LIMIT))
        .and_then(|()| socket.set_send_buffer_size(SEND_BUFFER_BYTES))
        .and_then(|()| socket.try_clone());
    match bounded {
        Ok(socket) => {
            connection.insert(Connection(Arc::new(socket)));
        }
        Err(error) => tracing::debug!(%error, "a connection was gone before it was set up"),
    }
}
