//! Asks a target for its page, with the job's credentials; never reads what it says.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use common::exposition::Format;

use super::job::Job;
use super::target::Target;
use crate::egress::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    USER_AGENT,
};
use crate::egress::{Client, EgressError, Limits, Method, Reach, Redirects, Request, Settings};

const FORMATS: &str = "application/openmetrics-text;version=1.0.0;q=0.75,\
                       text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const AGENT: &str = concat!("Watchpost/", env!("CARGO_PKG_VERSION"));
const TIMEOUT: HeaderName = HeaderName::from_static("x-prometheus-scrape-timeout-seconds");

/// Why a target gave no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// There is no whole answer.
    #[error(transparent)]
    Egress(#[from] EgressError),
    /// The answer is none with a page.
    #[error("answered with HTTP status {0}")]
    Status(u16),
    /// A file with a secret cannot be read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A secret has characters that no header has.
    #[error("the user, password or token has a character that cannot be sent")]
    Secret,
}

/// The connections of a job's targets. They are made when the first is needed, so that a file that
/// is not there yet is an error of the scrape and not of the start.
#[derive(Debug)]
pub(super) struct Connections {
    targets: Reach,
    shared: Mutex<Option<Client>>,
}

impl Connections {
    /// None yet.
    pub(super) fn new(targets: Reach) -> Self {
        Self {
            targets,
            shared: Mutex::default(),
        }
    }

    /// A client for a target. With a name of its own for certificates it is that target's alone.
    fn client(&self, job: &Job, target: &Target) -> Result<Client, EgressError> {
        let settings = Settings {
            tls: job.config.tls.clone(),
            redirects: Redirects::SameHost,
        };
        let make = || Client::new(&self.targets, &settings, &target.url);
        if settings.tls.server_name.is_some() {
            return make();
        }
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = shared.as_ref() {
            return Ok(client.clone());
        }
        Ok(shared.insert(make()?).clone())
    }

    /// What a target says now, and in which format.
    pub(super) async fn fetch(
        &self,
        job: &Job,
        target: &Target,
    ) -> Result<(Format, Bytes), FetchError> {
        let client = self.client(job, target)?;
        let request = Request {
            method: Method::GET,
            url: target.url.clone(),
            headers: headers(job).await?,
            body: Bytes::new(),
        };
        let limits = Limits {
            timeout: job.timeout,
            most_bytes: usize::try_from(job.config.body_size_limit).unwrap_or(usize::MAX),
        };
        let answer = client.send(request, limits).await?;
        if answer.status.as_u16() != 200 {
            return Err(FetchError::Status(answer.status.as_u16()));
        }
        let kind = answer.headers.get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        Ok((Format::of(kind), answer.body))
    }
}

async fn headers(job: &Job) -> Result<HeaderMap, FetchError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(FORMATS));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(TIMEOUT, HeaderValue::from(job.timeout.as_secs()));
    if let Some(credentials) = credentials(job).await? {
        let value = HeaderValue::from_str(&credentials);
        let mut value = value.map_err(|_| FetchError::Secret)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

/// What stands after `Authorization:`; files are read anew, so that they can be changed.
async fn credentials(job: &Job) -> Result<Option<String>, FetchError> {
    let config = &job.config;
    if let Some(auth) = &config.basic_auth {
        let password = match (&auth.password, &auth.password_file) {
            (Some(password), _) => password.reveal().to_owned(),
            (None, Some(path)) => secret(path).await?,
            (None, None) => String::new(),
        };
        let both = STANDARD.encode(format!("{}:{password}", auth.username));
        return Ok(Some(format!("Basic {both}")));
    }
    let token = match (&config.bearer_token, &config.bearer_token_file) {
        (Some(token), _) => token.reveal().to_owned(),
        (None, Some(path)) => secret(path).await?,
        (None, None) => return Ok(None),
    };
    Ok(Some(format!("Bearer {token}")))
}

/// The text of a file without the line's end that editors add.
async fn secret(path: &Path) -> Result<String, FetchError> {
    let owned = path.to_owned();
    let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(owned)).await;
    let read = read.unwrap_or_else(|_| Err(std::io::Error::other("reading it was interrupted")));
    let text = read.map_err(|source| FetchError::File {
        path: path.display().to_string(),
        source,
    })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
