//! Requests to one receiver, and what its answers mean; never what is in them.

use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;

use super::error::ForwardError;
use crate::config::remote_write::ReceiverConfig;
use crate::config::secret::Secret;
use crate::egress::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
    USER_AGENT,
};
use crate::egress::{
    Answer, Client, Limits, Method, Reach, Redirects, Request, Settings, StatusCode,
};

/// What of an answer is read.
const ANSWER_BYTES: usize = 64 * 1024;
/// A receiver's `Retry-After` is followed up to this.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was taken.
    Taken,
    /// It cannot be taken; parts of it may be.
    Bad(String),
    /// Nothing like it is taken.
    Refused(String),
    /// It is to be sent again, not before so long.
    Later(String, Option<Duration>),
}

/// The way to one receiver.
#[derive(Debug)]
pub(super) struct Connection {
    config: ReceiverConfig,
    client: Client,
    headers: HeaderMap,
}

impl Connection {
    pub(super) fn new(config: &ReceiverConfig, targets: &Reach) -> Result<Self, ForwardError> {
        let settings = Settings {
            tls: config.tls.clone(),
            redirects: Redirects::SameHost,
        };
        let client = Client::new(targets, &settings, &config.url.0);
        let client = client.map_err(|source| ForwardError::Connection {
            name: config.name.clone(),
            source,
        })?;
        Ok(Self {
            headers: headers(config)?,
            config: config.clone(),
            client,
        })
    }

    /// Sends a packed message.
    pub(super) async fn send(&self, body: Vec<u8>) -> Outcome {
        let mut headers = self.headers.clone();
        match self.authorization().await {
            Ok(Some(value)) => {
                headers.insert(AUTHORIZATION, value);
            }
            Ok(None) => {}
            Err(words) => return Outcome::Later(words, None),
        }
        let request = Request {
            method: Method::POST,
            url: self.config.url.0.clone(),
            headers,
            body: Bytes::from(body),
        };
        let limits = Limits {
            timeout: Duration::from_secs(self.config.timeout_seconds.into()),
            most_bytes: ANSWER_BYTES,
        };
        match self.client.send(request, limits).await {
            Ok(answer) => meaning(&answer),
            Err(error) => Outcome::Later(error.to_string(), None),
        }
    }

    async fn authorization(&self) -> Result<Option<HeaderValue>, String> {
        let text = if let Some(basic) = &self.config.basic_auth {
            let password = secret(
                basic.password.as_ref().map(Secret::reveal),
                basic.password_file.as_deref(),
            )
            .await?;
            let pair = format!("{}:{}", basic.username, password.unwrap_or_default());
            format!("Basic {}", BASE64_STANDARD.encode(pair))
        } else {
            let given = self.config.bearer_token.as_ref().map(Secret::reveal);
            match secret(given, self.config.bearer_token_file.as_deref()).await? {
                Some(token) => format!("Bearer {token}"),
                None => return Ok(None),
            }
        };
        let value = HeaderValue::from_str(&text);
        let mut value = value.map_err(|_| "the password or token cannot be sent".to_owned())?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// A secret as it is given, or the first line of its file.
async fn secret(given: Option<&str>, file: Option<&Path>) -> Result<Option<String>, String> {
    if let Some(given) = given {
        return Ok(Some(given.to_owned()));
    }
    let Some(file) = file.map(Path::to_owned) else {
        return Ok(None);
    };
    let name = file.display().to_string();
    let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(file)).await;
    match read {
        Ok(Ok(text)) => Ok(Some(text.lines().next().unwrap_or_default().to_owned())),
        Ok(Err(error)) => Err(format!("read {name}: {error}")),
        Err(_) => Err("the server is stopping".to_owned()),
    }
}

fn headers(config: &ReceiverConfig) -> Result<HeaderMap, ForwardError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &config.headers {
        let fault = || ForwardError::Header {
            name: config.name.clone(),
            header: name.clone(),
        };
        let known: HeaderName = name.parse().map_err(|_| fault())?;
        let value = HeaderValue::from_str(value.reveal()).map_err(|_| fault())?;
        headers.insert(known, value);
    }
    let agent = concat!("Watchpost/", env!("CARGO_PKG_VERSION"));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("snappy"));
    let kind = HeaderValue::from_static("application/x-protobuf");
    headers.insert(CONTENT_TYPE, kind);
    let version = HeaderName::from_static("x-prometheus-remote-write-version");
    headers.insert(version, HeaderValue::from_static("0.1.0"));
    Ok(headers)
}

fn meaning(answer: &Answer) -> Outcome {
    if answer.status.is_success() {
        return Outcome::Taken;
    }
    let text = String::from_utf8_lossy(&answer.body);
    let line = text.lines().next().unwrap_or_default();
    let words = format!("{}: {line}", answer.status);
    if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
        let after = answer.headers.get(RETRY_AFTER);
        let after = after.and_then(|after| after.to_str().ok()?.trim().parse().ok());
        let after = after.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
        return Outcome::Later(words, after);
    }
    match answer.status {
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNPROCESSABLE_ENTITY
        | StatusCode::CONFLICT => Outcome::Bad(words),
        _ => Outcome::Refused(words),
    }
}
