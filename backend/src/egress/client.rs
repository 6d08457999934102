//! Requests to a target: each within its time and size; never retried, never through a proxy.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HOST, HeaderMap, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{ClientBuilder, Method, Response, StatusCode};
use url::{Host, Url};

use super::body::Body;
use super::error::EgressError;
use super::policy::Reach;
use super::resolver::Checked;
use super::tls;
use crate::config::tls::TlsConfig;

/// Redirects that are followed, one after the other.
const MOST_REDIRECTS: usize = 3;

/// How a client behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How TLS connections are made.
    pub tls: TlsConfig,
    /// What happens when the answer leads elsewhere.
    pub redirects: Redirects,
}

/// What happens when an answer leads elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    /// It is the answer.
    Ignore,
    /// It is followed within the same scheme, host and port; elsewhere is an error.
    SameHost,
}

/// One request.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: Method,
    /// Where to; user and password in it are sent as basic auth.
    pub url: Url,
    /// What it says of itself.
    pub headers: HeaderMap,
    /// What it brings; empty for none.
    pub body: Bytes,
}

/// How far a request may go.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the look-up of the name to the answer's last byte.
    pub timeout: Duration,
    /// Bytes of the answer's body, unpacked.
    pub most_bytes: usize,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// How it went.
    pub status: StatusCode,
    /// What it says of itself.
    pub headers: HeaderMap,
    /// The whole body; packed by gzip it is unpacked.
    pub body: Bytes,
}

/// Sends requests and keeps connections for the next ones. Clones share them.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
    reach: Reach,
    server_name: Option<String>,
}

impl Client {
    /// A client for messages, to any host. A redirect is the answer.
    pub fn messages(reach: &Reach) -> Result<Self, EgressError> {
        let checked = Checked {
            reach: reach.clone(),
            stands_for: None,
        };
        let built = builder(checked, Redirects::Ignore).build();
        Ok(Self {
            inner: built.map_err(|error| EgressError::from_client(error, "any host"))?,
            reach: reach.clone(),
            server_name: None,
        })
    }

    /// A client for `url`'s host. Certificates are read here.
    pub fn new(reach: &Reach, settings: &Settings, url: &Url) -> Result<Self, EgressError> {
        let host = url.host_str().ok_or(EgressError::NoHost)?;
        let server_name = settings.tls.server_name.clone();
        if server_name.as_deref().is_some_and(|name| !is_name(name)) {
            return Err(EgressError::TlsOptions("`server_name` has to be a name"));
        }
        let checked = Checked {
            reach: reach.clone(),
            stands_for: server_name.clone().map(|name| (name, bare(host))),
        };
        let builder = builder(checked, settings.redirects);
        let built = tls::apply(builder, &settings.tls)?.build();
        Ok(Self {
            inner: built.map_err(|error| EgressError::from_client(error, host))?,
            reach: reach.clone(),
            server_name,
        })
    }

    /// Sends a request to the client's host and reads the whole answer.
    pub async fn send(&self, request: Request, limits: Limits) -> Result<Answer, EgressError> {
        self.within(request, limits, false).await
    }

    /// The same, but of a body that is longer than the limit the rest is left unread.
    pub async fn skim(&self, request: Request, limits: Limits) -> Result<Answer, EgressError> {
        self.within(request, limits, true).await
    }

    async fn within(
        &self,
        request: Request,
        limits: Limits,
        is_cut: bool,
    ) -> Result<Answer, EgressError> {
        let host = authority(&request.url)?;
        let asked = async {
            let answer = self.ask(request, &host).await?;
            read(answer, &host, limits.most_bytes, is_cut).await
        };
        let timed = tokio::time::timeout(limits.timeout, asked).await;
        timed.unwrap_or(Err(EgressError::TimedOut {
            after: limits.timeout,
        }))
    }

    async fn ask(&self, request: Request, host: &str) -> Result<Response, EgressError> {
        let Request {
            method,
            mut url,
            mut headers,
            body,
        } = request;
        // Addresses are not resolved, so the resolver does not see them.
        if let Some(address) = address(&url) {
            self.reach.check(&address.to_string(), address)?;
        }
        if let Some(server_name) = &self.server_name
            && url.scheme() == "https"
        {
            let own = HeaderValue::from_str(host).map_err(|_| EgressError::NoHost)?;
            headers.entry(HOST).or_insert(own);
            url.set_host(Some(server_name))
                .map_err(|_| EgressError::NoHost)?;
        }
        let asked = self.inner.request(method, url).headers(headers);
        let asked = if body.is_empty() {
            asked
        } else {
            asked.body(body)
        };
        let sent = asked.send().await;
        sent.map_err(|error| EgressError::from_client(error, host))
    }
}

fn builder(checked: Checked, redirects: Redirects) -> ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .dns_resolver(checked)
        .pool_max_idle_per_host(1)
        .redirect(Policy::custom(move |attempt| follow(redirects, attempt)))
}

async fn read(
    mut response: Response,
    host: &str,
    most_bytes: usize,
    is_cut: bool,
) -> Result<Answer, EgressError> {
    let mut body = Body::new(response.headers(), most_bytes);
    let broken = |error| EgressError::from_client(error, host);
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        match body.take(&chunk) {
            Err(EgressError::TooLarge { .. }) if is_cut => break,
            taken => taken?,
        }
    }
    Ok(Answer {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: if is_cut { body.kept() } else { body.done()? },
    })
}

fn follow(redirects: Redirects, attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let origin = |url: &Url| url.origin();
    let is_same = attempt
        .previous()
        .last()
        .is_some_and(|before| origin(before) == origin(attempt.url()));
    if redirects == Redirects::Ignore {
        attempt.stop()
    } else if !is_same {
        let to = origin(attempt.url()).ascii_serialization();
        attempt.error(EgressError::Redirected { to })
    } else if attempt.previous().len() > MOST_REDIRECTS {
        let most = MOST_REDIRECTS;
        attempt.error(EgressError::RedirectedTooOften { most })
    } else {
        attempt.follow()
    }
}

/// Host and port, as in the header `Host`: no user, no path.
fn authority(url: &Url) -> Result<String, EgressError> {
    let host = url.host_str().ok_or(EgressError::NoHost)?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err(EgressError::NoHost);
    }
    Ok(url
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// The address that a URL names itself.
fn address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

/// An address of version 6 without the brackets that it has in a URL.
fn bare(host: &str) -> String {
    host.trim_matches(['[', ']']).to_owned()
}

fn is_name(text: &str) -> bool {
    matches!(Host::parse(text), Ok(Host::Domain(name)) if name == text)
}

#[cfg(test)]
mod tests;
