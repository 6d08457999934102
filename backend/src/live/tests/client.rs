//! A client of the live connection that speaks one encoding.

use std::time::Duration;

use common::live::{ClientMessage, Encoding, ServerMessage, Topic};
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::stage::PATIENCE;

/// A client that speaks one encoding.
pub(super) struct Client {
    pub(super) socket: WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>,
    pub(super) encoding: Encoding,
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
        let heard = self.hear_but_fleet().await;
        assert_eq!(heard, ServerMessage::Subscribed { topic });
    }

    /// The next message, but how the servers fare by now: that comes in between, each second, to who has
    /// subscribed to it.
    pub(super) async fn hear_but_fleet(&mut self) -> ServerMessage {
        loop {
            let heard = self.hear().await;
            if !matches!(
                heard,
                ServerMessage::Fleet {
                    snapshot: false,
                    ..
                }
            ) {
                return heard;
            }
        }
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
