//! Bodies beyond the usual limit, few at a time, compressed or not; never what is in them.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::{Decompress, Payload};
use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, pin_mut};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::body::{LIMIT_BYTES, incomplete};
use crate::http::problem::Problem;

/// What a large body may have at most as it is sent.
const SENT_MOST: usize = 32 * 1024 * 1024;
/// What it may have at most once it is decompressed.
const WHOLE_MOST: usize = 64 * 1024 * 1024;
/// How much of a body that is too large is read and dropped, so that the client gets to read the answer.
const DROPPED_BYTES: usize = 128 * 1024 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a body waits for others before it is sent away.
const WAIT: Duration = Duration::from_secs(10);

/// Bodies beyond the usual limit that are in memory at once; each waits until it may go on.
static LARGE: Semaphore = Semaphore::const_new(2);

/// A body, and the room that it takes until it is dropped.
#[derive(Debug)]
pub(super) struct LargeBody {
    pub(super) bytes: Bytes,
    room: Option<SemaphorePermit<'static>>,
}

/// Reads the whole body; 413 beyond a limit, 415 for an encoding that is not known, 503 when too
/// many others are being read.
pub(super) async fn read(request: &HttpRequest, payload: Payload) -> Result<LargeBody, Problem> {
    let reading = async {
        match encoding(request)? {
            Encoding::Plain => collect(payload, None).await,
            Encoding::Gzip => {
                // A few bytes may become many.
                let room = Some(room().await?);
                let sent = limited(payload);
                collect(Decompress::from_headers(sent, request.headers()), room).await
            }
        }
    };
    patiently(reading).await
}

async fn patiently<T>(reading: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    tokio::time::timeout(PATIENCE, reading)
        .await
        .unwrap_or_else(|_| {
            let detail = "The body did not arrive within two minutes.";
            Err(Problem::new(StatusCode::BAD_REQUEST, detail))
        })
}

/// A body packed as one block of snappy, as remote write sends it.
#[derive(Debug)]
pub(super) struct SnappyBody {
    sent: LargeBody,
    /// Bytes that it says it has.
    whole: usize,
}

impl SnappyBody {
    /// Reads the packed bytes; 413 when they, or what they say that they become, are beyond a limit.
    pub(super) async fn read(payload: Payload) -> Result<Self, Problem> {
        let reading = async {
            let mut sent = collect(payload, None).await?;
            let whole = snap::raw::decompress_len(&sent.bytes).map_err(no_snappy)?;
            if whole > WHOLE_MOST {
                return Err(too_large(WHOLE_MOST));
            }
            if whole > LIMIT_BYTES && sent.room.is_none() {
                sent.room = Some(room().await?);
            }
            Ok(Self { sent, whole })
        };
        patiently(reading).await
    }

    /// The bytes as they were before; 400 when there are others. Takes a while: blocks.
    pub(super) fn unpack(&self) -> Result<Bytes, Problem> {
        let mut whole = vec![0; self.whole];
        let length = snap::raw::Decoder::new().decompress(&self.sent.bytes, &mut whole);
        whole.truncate(length.map_err(no_snappy)?);
        Ok(Bytes::from(whole))
    }
}

fn no_snappy(error: snap::Error) -> Problem {
    let detail = "The body is no snappy block.";
    Problem::new(StatusCode::BAD_REQUEST, detail).caused_by(error)
}

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
}

fn encoding(request: &HttpRequest) -> Result<Encoding, Problem> {
    let Some(named) = request.headers().get(header::CONTENT_ENCODING) else {
        return Ok(Encoding::Plain);
    };
    match named.to_str().unwrap_or_default().trim() {
        "" | "identity" => Ok(Encoding::Plain),
        "gzip" => Ok(Encoding::Gzip),
        _ => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body may be compressed with gzip only.",
        )),
    }
}

/// The compressed bytes up to their limit, then an error.
fn limited(payload: Payload) -> impl Stream<Item = Result<Bytes, PayloadError>> + Unpin {
    let mut length: usize = 0;
    payload.map(move |chunk| {
        let chunk = chunk?;
        length += chunk.len();
        if length > SENT_MOST {
            Err(PayloadError::Overflow)
        } else {
            Ok(chunk)
        }
    })
}

async fn collect(
    chunks: impl Stream<Item = Result<Bytes, PayloadError>>,
    mut room_taken: Option<SemaphorePermit<'static>>,
) -> Result<LargeBody, Problem> {
    pin_mut!(chunks);
    let most = if room_taken.is_some() {
        WHOLE_MOST
    } else {
        SENT_MOST
    };
    let mut body = BytesMut::new();
    let mut length: usize = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = match chunk {
            Err(PayloadError::Overflow) => return Err(too_large(SENT_MOST)),
            chunk => chunk.map_err(incomplete)?,
        };
        length += chunk.len();
        if length > LIMIT_BYTES && room_taken.is_none() {
            room_taken = Some(room().await?);
        }
        if length <= most {
            body.extend_from_slice(&chunk);
        } else if length > DROPPED_BYTES {
            break;
        } else {
            body = BytesMut::new();
        }
    }
    if length > most {
        return Err(too_large(most));
    }
    Ok(LargeBody {
        bytes: body.freeze(),
        room: room_taken,
    })
}

fn too_large(most: usize) -> Problem {
    let mebibytes = most / (1024 * 1024);
    let packed = if most == WHOLE_MOST {
        ", decompressed,"
    } else {
        ""
    };
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("The body{packed} is larger than {mebibytes} MiB ({most} bytes)."),
    )
}

async fn room() -> Result<SemaphorePermit<'static>, Problem> {
    let busy = "too many large bodies at once";
    let room = tokio::time::timeout(WAIT, LARGE.acquire()).await;
    match room {
        Ok(Ok(room)) => Ok(room),
        Ok(Err(_)) | Err(_) => Err(Problem::unavailable(
            "Too many large requests at once.",
            WAIT,
            busy,
        )),
    }
}
