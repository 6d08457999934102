//! Work that ends when its client has gone; never a change: what was begun there is finished.

use std::convert::Infallible;
use std::future::{Future, Ready, pending, ready};
use std::io;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use socket2::Socket;
use tokio::net::TcpStream;

use crate::http::Connection;

/// Who waits for an answer. The web server itself looks at a client only while it writes to it.
#[derive(Debug, Clone)]
pub struct Client(Option<Arc<Socket>>);

impl FromRequest for Client {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let connection = request.conn_data::<Connection>();
        ready(Ok(Self(connection.map(Connection::socket))))
    }
}

impl Client {
    /// What `work` comes to; `None` when the client closed its connection before.
    pub async fn waits_for<T>(self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.gone() => None,
        }
    }

    /// Waits until the client has closed its side; for ever, when that cannot be seen.
    async fn gone(self) {
        let Some(stream) = self.0.and_then(|socket| watched(&socket).ok()) else {
            return pending().await;
        };
        if let Ok(1..) = stream.peek(&mut [0]).await {
            // What it sends already is the next request; the web server reads it later.
            pending::<()>().await;
        }
    }
}

/// A socket of its own for the same connection, to be looked at beside the web server.
fn watched(socket: &Socket) -> io::Result<TcpStream> {
    TcpStream::from_std(socket.try_clone()?.into())
}
