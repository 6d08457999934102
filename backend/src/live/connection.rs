//! From an HTTP request to a live connection, and its loop until it ends; never what messages mean.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError};
use common::live::{CloseCode, Encoding, MAX_CLIENT_FRAME_BYTES};
use tokio::time::{Interval, MissedTickBehavior, interval_at, sleep_until};

use super::conversation::Conversation;
use super::frame_guard::FrameGuard;
use super::hub::Hub;
use super::queue::Next;
use super::wire::{End, Wire};

/// Ends the connection under a WebSocket, whatever is unsent: a client that does not read takes no close.
pub type HangUp = Box<dyn FnOnce()>;

/// Answers the handshake and starts the connection. The first subprotocol that the client
/// offers and we know decides the encoding; without any it is JSON.
pub async fn upgrade(
    hub: &Hub,
    request: &HttpRequest,
    body: web::Payload,
    hang_up: HangUp,
) -> Result<HttpResponse, Error> {
    let guard = FrameGuard::new(body.into_inner(), MAX_CLIENT_FRAME_BYTES as u64);
    let mut guarded: Payload = Payload::Stream {
        payload: Box::pin(guard),
    };
    let body = web::Payload::from_request(request, &mut guarded).await?;
    let protocols = Encoding::ALL.map(Encoding::protocol);
    let (response, session, stream) = actix_ws::handle_with_protocols(request, body, &protocols)?;
    let encoding = response
        .headers()
        .get(actix_web::http::header::SEC_WEBSOCKET_PROTOCOL)
        .and_then(|name| Encoding::from_protocol(name.to_str().ok()?))
        .unwrap_or(Encoding::Json);
    let stream = stream
        .max_frame_size(MAX_CLIENT_FRAME_BYTES)
        .aggregate_continuations()
        .max_continuation_size(MAX_CLIENT_FRAME_BYTES);
    let (hub, shared) = (hub.clone(), Arc::clone(&hub.shared));
    let wire = Wire::new(session, encoding, shared.settings.limits.write_within);
    shared
        .settings
        .tasks
        .spawn_local("live connection", async move {
            serve(hub, wire, stream, hang_up).await;
        });
    Ok(response)
}

async fn serve(hub: Hub, mut wire: Wire, stream: AggregatedMessageStream, hang_up: HangUp) {
    let end = match hub.enter() {
        Err(code) => End::Close(code),
        Ok(guest) => {
            let mut conversation = Conversation::new(guest);
            converse(&mut conversation, &mut wire, stream).await
        }
    };
    let taken = match end {
        End::Gone => true,
        End::Close(code) => {
            tracing::debug!(?code, "closing a live connection");
            wire.close(code).await
        }
    };
    if !taken {
        hang_up();
    }
}

/// Reads, writes and pings until one of the sides has had enough.
async fn converse(
    conversation: &mut Conversation,
    wire: &mut Wire,
    mut stream: AggregatedMessageStream,
) -> End {
    let limits = conversation.limits();
    let started = tokio::time::Instant::now();
    let mut heartbeat = beats(started, limits.heartbeat);
    let mut alive = true;
    if let Err(end) = wire.say(conversation.welcome()).await {
        return end;
    }
    loop {
        let done = tokio::select! {
            next = conversation.next() => match next {
                Next::Send(frame) => wire.send(&frame).await,
                Next::Close(code) => Err(End::Close(code)),
            },
            heard = stream.recv() => {
                alive = true;
                hear(conversation, wire, heard).await
            }
            _ = heartbeat.tick() => {
                if std::mem::take(&mut alive) {
                    wire.ping().await
                } else {
                    Err(End::Close(CloseCode::TooSlow))
                }
            }
            () = sleep_until(started + limits.authenticate_within),
                if !conversation.is_authenticated() =>
            {
                Err(End::Close(CloseCode::NotAuthenticated))
            }
        };
        if let Err(end) = done {
            return end;
        }
    }
}

fn beats(started: tokio::time::Instant, every: std::time::Duration) -> Interval {
    let mut heartbeat = interval_at(started + every, every);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}

async fn hear(
    conversation: &mut Conversation,
    wire: &mut Wire,
    heard: Option<Result<AggregatedMessage, ProtocolError>>,
) -> Result<(), End> {
    let message = match heard {
        None => return Err(End::Gone),
        Some(Ok(message)) => message,
        Some(Err(error)) => return Err(broken(&error)),
    };
    if !conversation.may_speak() {
        return Err(End::Close(CloseCode::TooMany));
    }
    match message {
        AggregatedMessage::Text(text) => conversation.hear(wire, text.as_bytes()).await,
        AggregatedMessage::Binary(bytes) => conversation.hear(wire, &bytes).await,
        AggregatedMessage::Ping(bytes) => wire.pong(bytes).await,
        AggregatedMessage::Pong(_) => Ok(()),
        AggregatedMessage::Close(_) => Err(End::Close(CloseCode::Normal)),
    }
}

/// What a broken stream means: too long, or not WebSocket at all. A lost connection looks
/// like the first; nobody hears the difference then.
fn broken(error: &ProtocolError) -> End {
    tracing::debug!(%error, "a live client broke the protocol");
    match error {
        ProtocolError::Overflow => End::Close(CloseCode::TooLarge),
        ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::Other => {
            End::Close(CloseCode::TooLarge)
        }
        _ => End::Close(CloseCode::Protocol),
    }
}
