//! A JSON client of the live connection, as somebody else would write one.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::coding::CloseCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::wait::PATIENCE;

/// A live connection.
#[derive(Debug)]
pub struct Live {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What came: a message, or the end.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// A JSON message.
    Message(Value),
    /// The server closed with this code; `None` without one.
    Closed(Option<u16>),
}

impl Live {
    /// Connects, without authenticating.
    pub async fn connect(base: &str) -> Result<Self> {
        let url = format!("{}/api/v1/ws", base.replacen("http", "ws", 1));
        let mut request = url.into_client_request()?;
        request.headers_mut().insert(
            "Sec-WebSocket-Protocol",
            HeaderValue::from_static("watchpost.v1.json"),
        );
        let (socket, _) = connect_async(request).await.context("open a WebSocket")?;
        Ok(Self { socket })
    }

    /// Connects and authenticates with an access token.
    pub async fn authenticated(base: &str, token: &str) -> Result<Self> {
        let mut live = Self::connect(base).await?;
        live.send(&json!({"type": "authenticate", "token": token}))
            .await?;
        live.until("authenticated").await?;
        Ok(live)
    }

    /// Sends a message.
    pub async fn send(&mut self, message: &Value) -> Result<()> {
        self.send_text(message.to_string()).await
    }

    /// Sends any text.
    pub async fn send_text(&mut self, text: String) -> Result<()> {
        self.socket.send(Message::text(text)).await?;
        Ok(())
    }

    /// Subscribes to a topic and waits for the confirmation.
    pub async fn subscribe(&mut self, topic: &str) -> Result<()> {
        self.send(&json!({"type": "subscribe", "topic": topic}))
            .await?;
        self.until("subscribed").await?;
        Ok(())
    }

    /// The next message of this type; others are passed over.
    pub async fn until(&mut self, kind: &str) -> Result<Value> {
        loop {
            match self.next().await? {
                Received::Message(message) if message["type"] == kind => return Ok(message),
                Received::Message(_) => {}
                Received::Closed(code) => bail!("closed with {code:?} while waiting for {kind}"),
            }
        }
    }

    /// Reads on until the server closes; its close code.
    pub async fn until_closed(&mut self) -> Result<Option<u16>> {
        loop {
            if let Received::Closed(code) = self.next().await? {
                return Ok(code);
            }
        }
    }

    /// What comes next, within the usual patience.
    pub async fn next(&mut self) -> Result<Received> {
        self.next_within(PATIENCE).await
    }

    /// What comes next within this time.
    pub async fn next_within(&mut self, patience: Duration) -> Result<Received> {
        // Pings come while nothing else does.
        let until = tokio::time::Instant::now() + patience;
        loop {
            let message = tokio::time::timeout_at(until, self.socket.next())
                .await
                .context("no message came")?;
            match message {
                Some(Ok(Message::Text(text))) => {
                    return Ok(Received::Message(serde_json::from_str(&text)?));
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map(|it| it.code).map(CloseCode::into);
                    return Ok(Received::Closed(code));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(Received::Closed(None)),
            }
        }
    }
}
